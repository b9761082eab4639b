"""The period before another: for a month the month before, for 12 months the 12 months before."""

from __future__ import annotations

from datetime import date, timedelta

from archive.model.summary import year_before

_DAY = timedelta(days=1)

Days = tuple[date, date]
"""The first and the last day of a period, both included."""


def previous(start: date, end: date) -> Days:
    """Return the period that ends on the day before `start`.

    Whole calendar months come after as many months, 12 months to a day after the 12 months before; any other period
    after as many days. March to February is whole months: the year before has no 29 February of another year in it.
    """
    if start == date.min:
        return start, start  # nothing is before the calendar
    last = start - _DAY
    if months := _whole_months(start, end):
        return _first_of(start, -months), last
    if start == year_before(end) + _DAY:
        return year_before(last) + _DAY, last
    return date.fromordinal(max(1, last.toordinal() - (end - start).days)), last


def is_calendar(start: date, end: date) -> bool:
    """Tell whether the period is whole calendar months or 12 months, and not just some days."""
    return bool(_whole_months(start, end)) or start == year_before(end) + _DAY


def following(start: date, end: date) -> Days:
    """Return the period that begins on the day after `end`, as long as `previous` would have it."""
    first = end + _DAY
    if months := _whole_months(start, end):
        return first, _first_of(first, months) - _DAY
    if start == year_before(end) + _DAY:
        return first, end.replace(year=end.year + 1)  # 29 February ends whole months
    return first, first + (end - start)


def _whole_months(start: date, end: date) -> int:
    """Count the calendar months from `start` to `end`; 0 if it begins or ends inside one."""
    if start.day != 1 or (end + _DAY).day != 1:
        return 0
    return (end.year - start.year) * 12 + end.month - start.month + 1


def _first_of(day: date, months: int) -> date:
    """Return the first day of the month so many after the month of `day`."""
    number = max(12, day.year * 12 + day.month - 1 + months)
    return date(number // 12, number % 12 + 1, 1)
