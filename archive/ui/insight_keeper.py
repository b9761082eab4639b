"""What the reports know about customers, worked out beside the screen and again when the archive has changed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING

from textual.app import App

from archive.service.archive import Archive
from archive.ui.messages import LookedOver

if TYPE_CHECKING:
    from archive.analysis.about import Insight
    from archive.service.reporting import Reporting

AFTER = (
    0.4  # seconds without another question, so that neither the first screen nor a quick cursor waits for it
)
MANY = 20_000  # customers from which on only an opened profile asks: it takes seconds then


class InsightKeeper:
    """The lines of each customer by the archive as it was looked over last; `LookedOver` tells of new ones."""

    def __init__(
        self, app: App[None], archive: Callable[[], Archive], reporting: Callable[[], Reporting]
    ) -> None:
        self._app = app
        self._archive = archive
        self._reporting = reporting
        self._seen: tuple[int, date] | None = None  # the revision that was looked over, and the day
        self._waiting = False

    def of(self, customer: str, *, at_any_size: bool = False) -> list[Insight]:
        """The lines of a customer, none before the first look; asks for a look where the archive has changed."""
        archive = self._archive()
        if self._seen != (archive.revision, archive.clock().date()) and (
            at_any_size or archive.count("customers") <= MANY
        ):
            self._look_soon()
        return self._reporting().about(customer) if self._seen else []

    def _look_soon(self) -> None:
        if not self._waiting:
            self._waiting = True
            self._app.set_timer(AFTER, self._look)

    def _look(self) -> None:
        from archive.analysis.question import Cancelled, asked  # when the first screen stands

        archive = self._archive()
        revision, today = archive.revision, archive.ctx.today

        def look() -> None:
            try:
                self._reporting().look_over(asked(today, cancelled=lambda: not self._app.is_running))
            except Cancelled:
                return
            self._app.call_from_thread(self._looked, revision, today)

        self._app.run_worker(look, thread=True, group="insights", exit_on_error=False)

    def _looked(self, revision: int, day: date) -> None:
        self._seen, self._waiting = (revision, day), False
        self._app.screen.post_message(LookedOver())
