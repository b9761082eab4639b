"""Count what is due today in the background, again after each change of the archive and at midnight."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from textual.app import App
from textual.signal import Signal

from archive.errors import ArchiveError
from archive.service.archive import Archive
from archive.text import _

AFTER = 0.5  # seconds, to delay neither the first screen nor a series of changes


class TodayCount:
    """The words about what is due now, such as "Today 9", in the title bar of every screen; "" for nothing."""

    def __init__(self, app: App[None], archive: Callable[[], Archive | None]) -> None:
        self._app = app
        self._archive = archive
        self._counted_for: tuple[int, date, str] | None = None  # revision, day and name of the user
        self._is_waiting = False
        self.words = ""
        self.changed = Signal[str](app, "today-count")
        """Published with the new words."""

    def follow(self) -> None:
        """Count again soon if the archive or the day has changed since the last count."""
        archive = self._archive()
        if archive and self._counted_for != (archive.revision, archive.clock().date(), archive.settings.me):
            self._count_soon()

    def _count_soon(self) -> None:
        if not self._is_waiting:
            self._is_waiting = True
            self._app.set_timer(AFTER, self._count)

    def _count(self) -> None:
        from archive.service.today import count_due  # late, so as not to delay the first screen

        archive = self._archive()
        assert archive is not None  # it is never closed while the app runs
        day, me = archive.ctx.today, archive.settings.me
        counted_for = (archive.revision, day, me)

        def count() -> None:
            try:
                due = count_due(archive, day, me)
            except ArchiveError:  # a damaged record, which Today itself reports
                due = 0
            self._app.call_from_thread(self._counted, counted_for, due)

        self._app.run_worker(count, thread=True, group="today", exit_on_error=False)

    def _counted(self, counted_for: tuple[int, date, str], due: int) -> None:
        self._counted_for, self._is_waiting = counted_for, False
        self.words = _("Today {n}").format(n=due) if due else ""
        self.changed.publish(self.words)
        self.follow()  # the archive may have changed meanwhile
