"""Export the rows on the screen to a CSV file."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from archive.service.exporting import export_rows
from archive.service.exporting import export_view as write_view
from archive.service.folder import home_folder
from archive.service.listing import Listing
from archive.text import _, plural
from archive.ui.screens.base import ArchiveScreen
from archive.ui.screens.dialogs import LineScreen

Write = Callable[[Path | None], Path]


def export_view(
    screen: ArchiveScreen[None], listing: Listing, ids: Sequence[str], *, ask: bool = False
) -> None:
    """Export these rows with the columns of the list; with `ask`, ask for the file name first."""
    _export(screen, lambda target: write_view(screen.archive, listing, ids, target), len(ids), ask=ask)


def export_lines(
    screen: ArchiveScreen[None], name: str, lines: Sequence[Sequence[str]], *, ask: bool = False
) -> None:
    """Export these lines, a header first, to a file named after `name`, the date and the time.

    With `ask`, ask for the file name first.
    """
    _export(screen, lambda target: export_rows(screen.archive, name, lines, target), len(lines) - 1, ask=ask)


def _export(screen: ArchiveScreen[None], write: Write, count: int, *, ask: bool) -> None:
    def begin(target: Path | None) -> None:
        screen.run_worker(_written(screen, write, count, target), group="export", exit_on_error=False)

    def take(name: str | None) -> None:
        if name and name.strip():
            begin(home_folder(name.strip()))

    if ask:
        screen.app.push_screen(LineScreen(_("Export to which file?"), placeholder="customers.csv"), take)
    else:
        begin(None)


async def _written(screen: ArchiveScreen[None], write: Write, count: int, target: Path | None) -> None:
    path = await screen.owner.change(lambda: write(target))
    if path is not None:
        rows = plural("{n} row", "{n} rows", count)
        words = _("{rows} written: {name}, in {folder}")
        screen.owner.say(words.format(rows=rows, name=path.name, folder=path.parent))
