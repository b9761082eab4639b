"""Own the archive of the running program: open it in a thread, back it up once a day, close it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from threading import Lock

from archive.errors import ArchiveError, ForeignChange
from archive.service.archive import Archive
from archive.service.open_mode import open_as_allowed
from archive.service.reader import Clock
from archive.settings import Settings
from archive.text import _


class ArchiveKeeper:
    """Opens and closes the archive. The program may end while a thread is still opening it."""

    def __init__(
        self, path: Path, settings: Settings, clock: Clock | None, problems: Sequence[ArchiveError]
    ) -> None:
        self._path, self._settings, self._clock, self._problems = path, settings, clock, problems
        self._lock = Lock()
        self._has_left = False
        self.archive: Archive | None = None
        self.failure: ArchiveError | None = None
        """The error of opening or closing the archive."""

    def open(self) -> None:
        """Open the archive, and close it at once if the program has ended in the meantime. Thread-safe."""
        try:
            archive = open_as_allowed(self._path, self._settings, self._clock)
        except ArchiveError as error:
            self.failure = error
            return
        with self._lock:
            self.archive = archive
            if self._has_left:
                archive.close()

    def now(self) -> datetime | None:
        """Return the time by the archive's clock, or None if the archive is not open yet."""
        return self.archive.clock() if self.archive else None

    def use_settings(self, settings: Settings) -> None:
        """Use these settings from now on."""
        self._settings = settings
        if self.archive is not None:
            self.archive.use_settings(settings)

    @property
    def warnings(self) -> list[str]:
        """Errors in the settings, and problems of opening the archive, including the reason for read-only mode."""
        archive = self.archive
        of_archive = filter(None, [archive.why_reading, *archive.notices]) if archive else ()
        return [*map(str, self._problems), *of_archive]

    @property
    def news(self) -> str:
        """A message about changes that opening made to the archive, or ""."""
        if self.archive is None or not self.archive.taken_over:
            return ""
        return _("Home currency and rates are now stored in this archive. They are in Settings (f9).")

    def close(self) -> None:
        """Close the archive, even if a thread is still opening it."""
        with self._lock:
            self._has_left = True
            if self.archive is None:
                return
            try:
                self.archive.close()
            except ForeignChange as error:  # reported on the terminal after the screen is closed
                self.failure = error

    def abandon(self) -> None:
        """Stop the child processes, for an exit without `close`. Thread-safe."""
        if self.archive is not None:
            self.archive.abandon()

    def back_up(self, is_stopped: Callable[[], bool]) -> str:
        """Make today's backup and return an error message, or "" if it succeeded. Thread-safe."""
        from archive.service.backups import daily

        assert self.archive is not None
        try:
            daily(self.archive, is_stopped)
        except ArchiveError as error:  # a failed backup must not interrupt work
            return _("Today's backup failed: {why}").format(why=error)
        return ""
