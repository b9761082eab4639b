"""The period before or after another: for a month the previous month, for 12 months the previous 12 months."""

from __future__ import annotations

from datetime import date, timedelta

from archive.model.summary import year_before

_DAY = timedelta(days=1)

Days = tuple[date, date]
"""The first and last day of a period, inclusive."""


def previous(start: date, end: date) -> Days:
    """Return the period that ends on the day before `start`.

    A period of whole calendar months is preceded by the same number of months, 12 months by the 12 months before, and
    any other period by the same number of days. March to February counts as whole months, so that leap days do not
    shift it.
    """
    if start == date.min:
        return start, start  # there is no earlier date
    last = start - _DAY
    if months := _whole_months(start, end):
        return _first_of(start, -months), last
    if start == year_before(end) + _DAY:
        return year_before(last) + _DAY, last
    return date.fromordinal(max(1, last.toordinal() - (end - start).days)), last


def is_calendar(start: date, end: date) -> bool:
    """Return whether the period is whole calendar months or 12 months, rather than an arbitrary number of days."""
    return bool(_whole_months(start, end)) or start == year_before(end) + _DAY


def following(start: date, end: date) -> Days:
    """Return the period that starts on the day after `end`, by the same rules as `previous`."""
    first = end + _DAY
    if months := _whole_months(start, end):
        return first, _first_of(first, months) - _DAY
    if start == year_before(end) + _DAY:
        return first, end.replace(year=end.year + 1)  # never 29 February, which ends whole months
    return first, first + (end - start)


def _whole_months(start: date, end: date) -> int:
    """Return the number of calendar months from `start` to `end`; 0 if the period starts or ends within a month."""
    if start.day != 1 or (end + _DAY).day != 1:
        return 0
    return (end.year - start.year) * 12 + end.month - start.month + 1


def _first_of(day: date, months: int) -> date:
    """Return the first day of the month that is `months` after the month of `day`."""
    number = max(12, day.year * 12 + day.month - 1 + months)
    return date(number // 12, number % 12 + 1, 1)
