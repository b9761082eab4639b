"""The archive of the running program: opened in a thread, backed up once a day, and closed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from threading import Lock

from archive.errors import ArchiveError, ForeignChange
from archive.service.archive import Archive, Clock
from archive.service.reading_only import open_as_allowed
from archive.settings import Settings
from archive.text import _


class ArchiveKeeper:
    """Opens and closes the archive. The program may end while a thread still opens it."""

    def __init__(self, path: Path, settings: Settings, clock: Clock | None) -> None:
        self._path, self._settings, self._clock = path, settings, clock
        self._lock = Lock()
        self._has_left = False
        self.archive: Archive | None = None
        self.failure: ArchiveError | None = None
        """Why it could not be opened, or what was lost when it was closed."""

    def open(self) -> None:
        """Open the archive; from any thread. It is closed at once if the program has ended by then."""
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
        """The time by the archive's clock; None before it is open."""
        return self.archive.clock() if self.archive else None

    @property
    def warnings(self) -> list[str]:
        """What was wrong with the archive when it was opened."""
        found = self.archive
        return list(filter(None, [found.why_reading, *found.notices])) if found else []

    @property
    def news(self) -> str:
        """What opening the archive changed in it, "" for nothing."""
        if self.archive is None or not self.archive.taken_over:
            return ""
        return _("Home currency and rates now belong to this archive: f9 shows them.")

    def close(self) -> None:
        """Close the archive, also one that a thread is still opening."""
        with self._lock:
            self._has_left = True
            if self.archive is None:
                return
            try:
                self.archive.close()
            except ForeignChange as error:  # said on the terminal when the screen is gone
                self.failure = error

    def abandon(self) -> None:
        """Stop what runs beside the process, for an end without `close`. From any thread."""
        if self.archive is not None:
            self.archive.abandon()

    def back_up(self, is_stopped: Callable[[], bool]) -> str:
        """Make today's backup; from any thread. Returns why there is none, "" if all is well."""
        from archive.service.backups import daily

        assert self.archive is not None
        try:
            daily(self.archive, is_stopped)
        except ArchiveError as error:  # it keeps nobody from working
            return _("No backup was made today: {why}").format(why=error)
        return ""
