"""Export the list on the screen to a file: at once, or after a dialog about name, rows, columns and headings."""

from __future__ import annotations

from typing import Any

from textual.app import ComposeResult
from textual.binding import Binding
from textual.content import Content
from textual.widgets import Input, Static

from archive.errors import UsageError
from archive.exchange.format import Format, Table
from archive.exchange.formats import format_for, writable
from archive.service.folder import short_path
from archive.service.list_export import (
    Exported,
    ExportOptions,
    default_stem,
    export_folder,
    export_list,
    sheet_table,
)
from archive.service.listing import Listing
from archive.service.sheets import Sheet, listing_sheet
from archive.text import N_, _
from archive.ui.commands import command
from archive.ui.error_guard import on
from archive.ui.safe_text import template
from archive.ui.screens.base import ArchiveScreen
from archive.ui.screens.dialogs import Answer, Question
from archive.ui.screens.working import worked
from archive.ui.widgets.table import RecordTable
from archive.ui.widgets.toggle import Toggle


class FileName(Answer):
    """An input for the name of a file; enter exports to it."""

    BINDINGS = [
        Binding("enter", "submit", N_("Export")),
        Binding("down", "app.focus_next", N_("Options"), key_display="tab"),
        Binding("up", "app.focus_previous", show=False),
    ]


class ExportScreen(Question[ExportOptions]):
    """File name, rows, columns and headings; below, the format and what it leaves out."""

    DEFAULT_CSS = """
    ExportScreen > #box { width: 76; }
    ExportScreen Input { margin: 0 0 1 0; }
    ExportScreen #format { height: auto; margin: 1 0 0 0; }
    ExportScreen.-low #format, ExportScreen.-low Input { margin: 0; }
    ExportScreen.-flat #format, ExportScreen.-flat Input { margin: 0; }
    """

    def __init__(self, sheet: Sheet) -> None:
        super().__init__(_("Export {records}").format(records=sheet.records))
        self._sheet = sheet

    def compose_answer(self) -> ComposeResult:
        sheet = self._sheet
        yield FileName(placeholder=self._default_name(), max_length=1000)
        marked, shown = f"{len(sheet.marked):,}", f"{len(sheet.shown):,}"
        if sheet.marked:
            rows = [_("marked ({n})").format(n=marked), _("all shown ({n})").format(n=shown)]
            yield Toggle(_("Rows"), rows, id="rows")
        columns = [
            _("on the screen ({n})").format(n=len(sheet.columns)),
            _("all ({n})").format(n=len(sheet.all_columns)),
        ]
        yield Toggle(_("Columns"), columns, id="columns")
        yield Toggle(_("Headings"), [_("as on the screen"), _("stored keys")], id="headings")
        yield Static(id="format")

    def on_mount(self) -> None:
        self.query_one(FileName).focus()
        self._show_format()

    def _default_name(self) -> str:
        return default_stem(self.archive, self._sheet) + format_for("").suffixes[0]

    @property
    def options(self) -> ExportOptions:
        """The options as chosen so far."""
        turned = {toggle.id: bool(toggle.index) for toggle in self.query(Toggle)}
        name = self.query_one(FileName).value
        return ExportOptions(name, turned.get("rows", False), turned["columns"], turned["headings"])

    @on(Input.Changed)
    @on(Toggle.Turned)
    def _show_format(self) -> None:
        options = self.options
        lines = format_lines(options.name, sheet_table(self._sheet, options))
        where = _("Folder: {folder}").format(folder=export_folder(self.archive))
        folder = template("[$foreground 60%]$where[/]", where=where)
        self.query_one("#format", Static).update(Content("\n").join([folder, lines]))

    @on(Input.Submitted)
    @on(Toggle.Submitted)
    def _submitted(self) -> None:
        self.action_export()

    @command("ctrl+s,f2", N_("Export"), footer=True, priority=True)
    def action_export(self) -> None:
        """Write the file. Enter does the same."""
        if _format_or_error(self.options.name)[0]:
            self.dismiss(self.options)


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


def export_listing(screen: ArchiveScreen[Any], listing: Listing, records: RecordTable, *, ask: bool) -> None:
    """Export a list of records with its columns."""
    export_sheet(screen, listing_sheet(screen.archive, listing, records.ids, records.marked), ask=ask)


def export_sheet(screen: ArchiveScreen[Any], sheet: Sheet, *, ask: bool = False) -> None:
    """Export a list; with `ask`, ask for the name, rows, columns and headings first."""

    def take(options: ExportOptions | None) -> None:
        if options is not None:
            screen.run_worker(_export(screen, sheet, options), group="export", exit_on_error=False)

    if ask:
        screen.app.push_screen(ExportScreen(sheet), take)
    elif sheet.shown:
        take(ExportOptions())
    else:
        screen.owner.say(_("There is nothing to export in this list."))


async def _export(screen: ArchiveScreen[Any], sheet: Sheet, options: ExportOptions) -> None:
    exported = await worked(
        screen,
        _("Exporting"),
        _("Export stopped. No file was written."),
        lambda progress: export_list(screen.archive, sheet, options, progress),
    )
    if exported is not None:
        screen.owner.say(exported_words(sheet, exported))


def exported_words(sheet: Sheet, exported: Exported) -> str:
    """Return what was exported and where to."""
    words = (
        _("{n} {records} exported to {name} in {folder}")
        if exported.rows == sheet.total
        else _("{n} of {total} {records} exported to {name} in {folder}")
    )
    return words.format(
        n=f"{exported.rows:,}",
        total=f"{sheet.total:,}",
        records=sheet.records,
        name=exported.path.name,
        folder=short_path(exported.path.parent),
    )
