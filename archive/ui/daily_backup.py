"""The daily backup of the open archive, in a thread."""

from __future__ import annotations

from collections.abc import Callable

from textual.app import App

from archive.ui.archive_keeper import ArchiveKeeper

BACKUP_AFTER = 60.0  # seconds from start or midnight: a backup must not slow down the first search


class DailyBackup:
    """Makes a backup some time after startup, and after each midnight while the program runs."""

    def __init__(self, app: App[None], keeper: ArchiveKeeper, say: Callable[[str], None]) -> None:
        self._app, self._keeper, self._say = app, keeper, say

    def plan(self) -> None:
        """Schedule today's backup."""
        self._app.set_timer(BACKUP_AFTER, self.start)

    def start(self) -> None:
        """Make today's backup now, unless it exists."""
        self._app.run_worker(self._make, thread=True, group="backup", exit_on_error=False)

    def _make(self) -> None:
        """Make the backup. Errors appear in the status line only."""
        failed = self._keeper.back_up(lambda: not self._app.is_running)
        if failed:
            self._app.call_from_thread(self._say, failed)
