"""Detect new minutes and days: the screen shows them, and each day has a backup."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

EVERY = 5.0  # seconds between two checks of the wall clock


def minute_of(now: datetime) -> datetime:
    """Return a time with seconds cleared."""
    return now.replace(second=0, microsecond=0)


class WallClock:
    """Compares the wall clock with the minute it last reported.

    Timers use a clock that stops while the machine is suspended. The first check after a suspension notices that hours
    have passed.
    """

    def __init__(
        self,
        now: Callable[[], datetime | None],
        on_minute: Callable[[], object],
        on_day: Callable[[], object] = lambda: None,
    ) -> None:
        """Watch a clock.

        Args:
            now: Returns the time, or None before the archive is open.
            on_minute: Called for each new minute that is detected.
            on_day: Called in addition if that minute is on another day.
        """
        self._now, self._on_minute, self._on_day = now, on_minute, on_day
        self._last_time: datetime | None = None

    def look(self) -> None:
        """Report the minute if it has changed since the last check."""
        now = self._now()
        minute, before = minute_of(now) if now else None, self._last_time
        if minute == before:
            return
        self._last_time = minute
        if before:
            self._on_minute()
        if before and minute and minute.date() != before.date():
            self._on_day()
