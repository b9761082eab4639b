"""Calculate insights about customers in the background, again after each change of the archive."""

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

AFTER = 0.4  # seconds without another request, to delay neither the first screen nor a moving cursor
MANY = 20_000  # with more customers, only an open profile requests insights, because that takes seconds


class InsightsCache:
    """Caches the insights of each customer from the last calculation; `LookedOver` announces new ones."""

    def __init__(
        self, app: App[None], archive: Callable[[], Archive], reporting: Callable[[], Reporting]
    ) -> None:
        self._app = app
        self._archive = archive
        self._reporting = reporting
        self._calculated_for: tuple[int, date] | None = None  # revision and day of the last calculation
        self._waiting = False

    def of(self, customer: str, *, at_any_size: bool = False) -> list[Insight]:
        """Return a customer's insights, empty before the first calculation; recalculate soon if they are outdated.

        Args:
            customer: The uid of the customer.
            at_any_size: Whether to recalculate even if the archive has more than `MANY` customers.
        """
        archive = self._archive()
        if self._calculated_for != (archive.revision, archive.clock().date()) and (
            at_any_size or archive.count("customers") <= MANY
        ):
            self._look_soon()
        return self._reporting().about(customer) if self._calculated_for else []

    def _look_soon(self) -> None:
        if not self._waiting:
            self._waiting = True
            self._app.set_timer(AFTER, self._look)

    def _look(self) -> None:
        # Late, so as not to delay the first screen.
        from archive.analysis.request import Cancelled, make_request

        archive = self._archive()
        revision, today = archive.revision, archive.ctx.today

        def look() -> None:
            try:
                self._reporting().look_over(make_request(today, cancelled=lambda: not self._app.is_running))
            except Cancelled:
                return
            self._app.call_from_thread(self._looked, revision, today)

        self._app.run_worker(look, thread=True, group="insights", exit_on_error=False)

    def _looked(self, revision: int, day: date) -> None:
        self._calculated_for, self._waiting = (revision, day), False
        self._app.screen.post_message(LookedOver())
