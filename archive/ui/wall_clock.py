"""Notice new minutes and days: the screen in front shows them, and each day has its backup."""

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

    def __init__(
        self,
        now: Callable[[], datetime | None],
        on_minute: Callable[[], object],
        on_day: Callable[[], object] = lambda: None,
    ) -> None:
        """Watch a clock.

        Args:
            now: The clock; None before the archive is open.
            on_minute: Called for each new minute that is noticed.
            on_day: Called besides if that minute is on another day.
        """
        self._now, self._on_minute, self._on_day = now, on_minute, on_day
        self._shown: datetime | None = None

    def look(self) -> None:
        """Report the minute if it is another one than at the last look."""
        now = self._now()
        minute, before = minute_of(now) if now else None, self._shown
        if minute == before:
            return
        self._shown = minute
        if before:
            self._on_minute()
        if before and minute and minute.date() != before.date():
            self._on_day()
