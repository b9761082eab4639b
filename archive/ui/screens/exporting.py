"""Writing what is on the screen to a CSV file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from archive.service.exporting import export_view as write_view
from archive.text import _, plural
from archive.ui.screens.questions import LineScreen

if TYPE_CHECKING:
    from archive.ui.screens.browser import BrowserScreen


def export_view(browser: BrowserScreen, *, ask: bool = False) -> None:
    """Write the shown rows and columns; `ask` for the file first."""
    if not ask:
        browser.run_worker(_write(browser, None), group="export", exit_on_error=False)
        return

    def take(name: str | None) -> None:
        if name and name.strip():
            browser.run_worker(
                _write(browser, Path(name.strip()).expanduser()), group="export", exit_on_error=False
            )

    browser.app.push_screen(LineScreen(_("Export to which file?"), placeholder="customers.csv"), take)


async def _write(browser: BrowserScreen, target: Path | None) -> None:
    listing, ids = browser.listing, list(browser.records.ids)
    if listing is None:
        return
    path = await browser.owner.change(lambda: write_view(browser.archive, listing, ids, target))
    if path is not None:
        rows = plural("{n} row", "{n} rows", len(ids))
        words = _("{rows} written: {name}, in {folder}")
        browser.owner.say(words.format(rows=rows, name=path.name, folder=path.parent))
