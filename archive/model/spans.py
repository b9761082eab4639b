"""Durations in days and calendar months."""

import re
from datetime import date, timedelta
from typing import NamedTuple

from archive.errors import BadValue
from archive.model.fullwidth import narrow
from archive.model.lazy_re import Pattern
from archive.model.partial_date import FIRST_YEAR
from archive.text import _

UNIT = r"(?:d(?:ays?)?|w(?:eeks?)?|m(?:onths?)?|y(?:ears?)?|天|周|个?星期|个月|年)"
_PART = Pattern(rf"(\d{{1,6}})\s*({UNIT})", re.ASCII)
_WHOLE = Pattern(rf"\d{{1,6}}\s*{UNIT}(?:\s*\d{{1,6}}\s*{UNIT}){{0,3}}", re.ASCII)
_DAYS = {"d": 1, "天": 1, "w": 7, "周": 7, "星": 7}
_MONTHS = {"m": 1, "月": 1, "y": 12, "年": 12}
_MOST = 999_999


class Span(NamedTuple):
    """A duration of days and calendar months. Months are added first, clipped at the month's end."""

    days: int = 0
    months: int = 0

    def after(self, day: date) -> date:
        """Return the day this long after `day`.

        Raises:
            BadValue: The result is not in the years 1000 to 9999.
        """
        return _shifted(day, self.days, self.months)

    def before(self, day: date) -> date:
        """Return the day this long before `day`.

        Raises:
            BadValue: The result is not in the years 1000 to 9999.
        """
        return _shifted(day, -self.days, -self.months)

    def __str__(self) -> str:
        """Return `6m10d`, which `parse_span` reads."""
        months = f"{self.months}m" if self.months else ""
        days = f"{self.days}d" if self.days or not self.months else ""
        return months + days


def _shifted(day: date, days: int, months: int) -> date:
    try:
        moved = _months_later(day, months) + timedelta(days=days)
    except (ValueError, OverflowError):
        moved = date.min
    if moved.year < FIRST_YEAR:
        raise BadValue(_("This date is outside the calendar."), _("Use a year from 1000 to 9999."))
    return moved


def _months_later(day: date, months: int) -> date:
    if not months:
        return day
    from dateutil.relativedelta import relativedelta  # slow to import, needed for calendar months only

    return day + relativedelta(months=months)


def span_of(count: int, unit: str) -> Span:
    """Return a duration of `count` units; `unit` is a text that matches `UNIT`."""
    kind = unit.lstrip("个")[0]
    return Span(days=count * _DAYS.get(kind, 0), months=count * _MONTHS.get(kind, 0))


def parse_span(text: str) -> Span:
    """Parse `90d`, `8w`, `6m` (months), `2y`, `1y6m` or `3个月`.

    Raises:
        BadValue: The text is not a duration.
    """
    plain = narrow(text).strip().lower()
    if _WHOLE.fullmatch(plain):
        parts = [span_of(int(count), unit) for count, unit in _PART.findall(plain)]
        span = Span(sum(part.days for part in parts), sum(part.months for part in parts))
        if span.days <= _MOST and span.months <= _MOST:
            return span
    raise BadValue(
        _("This is not a duration: {text}").format(text=text[:40]),
        _("Write for example 90d, 8w, 6m or 2y."),
    )
