"""Writing what is on the screen to a CSV file."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from archive.service.exporting import export_view as write_view
from archive.service.listing import Listing
from archive.text import _, plural
from archive.ui.screens.base import ArchiveScreen
from archive.ui.screens.questions import LineScreen


def export_view(
    screen: ArchiveScreen[None], listing: Listing, ids: Sequence[str], *, ask: bool = False
) -> None:
    """Write these rows with the columns of the list; `ask` for the file first."""

    def write(target: Path | None) -> None:
        screen.run_worker(_write(screen, listing, ids, target), group="export", exit_on_error=False)

    def take(name: str | None) -> None:
        if name and name.strip():
            write(Path(name.strip()).expanduser())

    if ask:
        screen.app.push_screen(LineScreen(_("Export to which file?"), placeholder="customers.csv"), take)
    else:
        write(None)


async def _write(
    screen: ArchiveScreen[None], listing: Listing, ids: Sequence[str], target: Path | None
) -> None:
    path = await screen.owner.change(lambda: write_view(screen.archive, listing, ids, target))
    if path is not None:
        rows = plural("{n} row", "{n} rows", len(ids))
        words = _("{rows} written: {name}, in {folder}")
        screen.owner.say(words.format(rows=rows, name=path.name, folder=path.parent))
