"""Our working time: the archive's working hours and holidays, in the account manager's time zone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from types import MappingProxyType
from typing import NamedTuple

from archive.text import _

_DAY = timedelta(days=1)
_MOST_DAYS = 366  # days to search for a working day


class Hours(NamedTuple):
    """Hours on some weekdays (Monday is 0), in minutes from midnight; more than 1440 means the next day."""

    days: Sequence[int]
    start: int
    end: int


class WorkingTime(NamedTuple):
    """Working hours and holidays. If there are no hours, all time is working time except holidays."""

    hours: Sequence[Hours] = ()
    holidays: Mapping[date, str] = MappingProxyType({})

    def closed(self, now: datetime) -> str:
        """Return why we are closed at a moment, as text for the user; "" if we are open."""
        if now.date() in self.holidays:
            return self.holiday(now.date())
        is_open = any(start <= now < end for start, end in self._open_between(now, now))
        return "" if is_open else _("outside our working hours")

    def holiday(self, day: date) -> str:
        """Return "our holiday: Christmas Day"; "" if the day is not a holiday."""
        if day not in self.holidays:
            return ""
        name = self.holidays[day]
        return _("our holiday: {name}").format(name=name) if name else _("our holiday")

    def working_day(self, day: date) -> date:
        """Return the first working day on or after `day`, or `day` itself if there is none within a year."""
        weekdays = {weekday for hours in self.hours for weekday in hours.days} or set(range(7))
        last = date.max.toordinal()
        for ordinal in range(day.toordinal(), min(day.toordinal() + _MOST_DAYS, last)):
            candidate = date.fromordinal(ordinal)
            if candidate.weekday() in weekdays and candidate not in self.holidays:
                return candidate
        return day

    def first_open(self, start: datetime, end: datetime) -> datetime | None:
        """Return the first working moment between `start` (inclusive) and `end` (exclusive), or None."""
        starts = (max(start, opens) for opens, closes in self._open_between(start, end) if closes > start)
        return min((moment for moment in starts if moment < end), default=None)

    def _open_between(self, start: datetime, end: datetime) -> Iterator[tuple[datetime, datetime]]:
        """Yield the working hours that may overlap with a period. Night hours belong to the day on which they start."""
        for back in range(-1, (end.date() - start.date()).days + 1):
            day = start.date() + back * _DAY
            if day in self.holidays:
                continue
            midnight = datetime.combine(day, time())
            if not self.hours:
                yield midnight, midnight + _DAY
            for hours in self.hours:
                if day.weekday() in hours.days:
                    yield midnight + timedelta(minutes=hours.start), midnight + timedelta(minutes=hours.end)


ALWAYS = WorkingTime()
