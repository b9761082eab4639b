"""Export the rows on the screen to a file."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from textual.app import ComposeResult
from textual.binding import Binding
from textual.content import Content
from textual.widgets import Input, Static

from archive.errors import UsageError
from archive.exchange.format import Format, Table
from archive.exchange.formats import format_for, writable
from archive.service.exporting import export_rows
from archive.service.exporting import export_view as write_view
from archive.service.folder import home_folder
from archive.service.listing import Listing
from archive.text import N_, _, plural
from archive.ui.error_guard import on
from archive.ui.safe_text import template
from archive.ui.screens.base import ArchiveScreen
from archive.ui.screens.dialogs import Answer, Question

Write = Callable[[Path | None], Path]


class FileName(Answer):
    """An input for the name of a file; enter exports to it."""

    BINDINGS = [Binding("enter", "submit", N_("Export"))]


class ExportScreen(Question[str]):
    """Enter the name of a file; below, its format and what the format loses."""

    DEFAULT_CSS = """
    ExportScreen #format { height: auto; margin: 1 0 0 0; }
    ExportScreen.-flat #format { margin: 0; }
    """

    def __init__(self, table: Table) -> None:
        super().__init__(_("Export to which file?"))
        self._table = table

    def compose_answer(self) -> ComposeResult:
        usual = format_for("")
        yield FileName(placeholder=f"{self._table.name}{usual.suffixes[0]}", max_length=1000)
        yield Static(format_lines("", self._table), id="format")

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        self.query_one("#format", Static).update(format_lines(event.value, self._table))

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        if _format_or_error(event.value)[0]:
            self.dismiss(event.value)


def _format_or_error(name: str) -> tuple[Format | None, str]:
    try:
        return format_for(name.strip()), ""
    except UsageError as error:
        return None, str(error)


def format_lines(name: str, table: Table) -> Content:
    """Return lines about the format for a file name, the suffixes of all formats, and what the format loses."""
    form, error = _format_or_error(name)
    if form is None:
        return template("[$text-error]! $error[/]", error=error)
    label = _("Format: {name}.").format(name=_(form.label))
    others = [suffix for other in writable().values() if other != form for suffix in other.suffixes]
    if others:
        label += " " + _("Other suffixes: {suffixes}.").format(suffixes=", ".join(others))
    lines = [template("[$foreground 60%]$label[/]", label=label)]
    lines += [template("[$text-warning]! $sentence[/]", sentence=sentence) for sentence in form.loses(table)]
    return Content("\n").join(lines)


def export_view(
    screen: ArchiveScreen[None], listing: Listing, ids: Sequence[str], *, ask: bool = False
) -> None:
    """Export these rows with the columns of the list; with `ask`, ask for the file name first."""
    table = Table(listing.table, next(listing.for_file([])), ())
    _export(screen, lambda target: write_view(screen.archive, listing, ids, target), table, len(ids), ask=ask)


def export_lines(
    screen: ArchiveScreen[None], name: str, lines: Sequence[Sequence[str]], *, ask: bool = False
) -> None:
    """Export these lines, a header first, to a file named after `name`, the date and the time.

    With `ask`, ask for the file name first.
    """
    table = Table(name, lines[0], ())
    _export(
        screen,
        lambda target: export_rows(screen.archive, name, lines, target),
        table,
        len(lines) - 1,
        ask=ask,
    )


def _export(screen: ArchiveScreen[None], write: Write, table: Table, count: int, *, ask: bool) -> None:
    def begin(target: Path | None) -> None:
        screen.run_worker(_written(screen, write, count, target), group="export", exit_on_error=False)

    def take(name: str | None) -> None:
        if name and name.strip():
            begin(home_folder(name.strip()))

    if ask:
        screen.app.push_screen(ExportScreen(table), take)
    else:
        begin(None)


async def _written(screen: ArchiveScreen[None], write: Write, count: int, target: Path | None) -> None:
    path = await screen.owner.change(lambda: write(target))
    if path is not None:
        rows = plural("{n} row", "{n} rows", count)
        words = _("{rows} written to {name} in {folder}")
        screen.owner.say(words.format(rows=rows, name=path.name, folder=path.parent))
