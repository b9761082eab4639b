"""The records behind a figure or a row of a report: a browser restricted to them."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from archive.service.views import View
from archive.text import N_
from archive.ui.commands import command
from archive.ui.screens.browser import BrowserScreen


class OpenedScreen(BrowserScreen):
    """A browser of some records of a table; `about` names their figure or row."""

    def __init__(self, table: str, uids: Sequence[str], about: str) -> None:
        super().__init__(table)
        self._among = frozenset(uids)
        self._about = about

    def answer(self, view: View, cancelled: Callable[[], bool]) -> Sequence[str]:
        """Return the uids that still exist and match the search."""
        return [uid for uid in super().answer(view, cancelled) if uid in self._among]

    def show_title(self, title: str, detail: str = "") -> None:
        super().show_title(title, self._about)

    @command("escape", N_("Back"))
    async def action_back(self) -> None:
        """Clear the marks, then the search, then go back to the report."""
        if self.records.marks or self.view.query:
            await super().action_back()
        else:
            self.dismiss()

    @command("q", N_("Back"))
    async def action_leave(self) -> None:
        """Go back to the report."""
        self.dismiss()
