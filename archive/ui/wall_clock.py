"""Tell the screen in front that time passes, so that no day and no local time on it grows old."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

EVERY = 5.0  # seconds between two looks at the wall clock


def minute_of(now: datetime) -> datetime:
    """The moment, to the minute."""
    return now.replace(second=0, microsecond=0)


class WallClock:
    """Compares the wall clock with what it last showed.

    Timers run on a clock that stands still while the machine sleeps: after a suspension the next look notices that
    hours have passed.
    """

    def __init__(self, now: Callable[[], datetime | None], tell: Callable[[], object]) -> None:
        """`now` is None before the archive is open; `tell` is called for each new minute that is noticed."""
        self._now, self._tell = now, tell
        self._shown: datetime | None = None

    def look(self) -> None:
        """Tell if the minute is another one than at the last look."""
        now = self._now()
        minute = minute_of(now) if now else None
        if minute == self._shown:
            return
        is_first, self._shown = self._shown is None, minute
        if not is_first:
            self._tell()
