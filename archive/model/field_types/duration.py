"""The field type of durations such as "2w", "3 months" or 两周, and how they are parsed and added to dates."""

from __future__ import annotations

import re
from datetime import date, timedelta
from functools import lru_cache
from typing import Any, NamedTuple

from archive.errors import BadValue
from archive.model.field_types.base import Context, FieldType, Json, unreadable
from archive.model.fullwidth import narrow
from archive.model.lazy_re import Pattern
from archive.model.partial_date import FIRST_YEAR
from archive.text import _, plural

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


_DAYS_OF_A_MONTH = 365.25 / 12


class Length(FieldType["Span | None"]):
    """A duration in days and calendar months. It is stored and exported in English: "3 months", "1 month 10 days"."""

    name = "length of time"
    family = "span"
    empty = None
    width = 9

    def parse(self, text: str, ctx: Context) -> Span | None:
        if not text.strip():
            return None
        try:
            return parse_span(text)
        except BadValue as error:
            raise BadValue(error.message, _("Write for example 3 months, 30 days or 6 weeks.")) from None

    def show(self, value: Span | None, ctx: Context) -> str:
        if value is None:
            return ""
        months = plural("{n} month", "{n} months", value.months) if value.months else ""
        return " ".join(filter(None, [months, _shown_days(value)]))

    def edit(self, value: Span | None, ctx: Context) -> str:
        return self.cell(value)

    def dump(self, value: Span | None) -> Json:
        return None if value is None else _stored_form(value)

    def fits(self, raw: Json) -> bool:
        return isinstance(raw, str) and _stored_span(raw) is not None

    def load(self, raw: Json) -> Span | None:
        if not self.fits(raw):
            raise unreadable(raw)
        return _stored_span(raw)

    def rank(self, raw: Json) -> Any:
        days, months = _stored_span(raw) or Span()
        return days + months * _DAYS_OF_A_MONTH


@lru_cache(1000)
def _stored_span(raw: str) -> Span | None:
    """Return the duration from its stored form; None if this program cannot have written the text."""
    try:
        span = parse_span(raw)
    except BadValue:
        return None
    return span if _stored_form(span) == raw else None


def _shown_days(value: Span) -> str:
    days, months = value
    if days and days % 7 == 0:
        return plural("{n} week", "{n} weeks", days // 7)
    return plural("{n} day", "{n} days", days) if days or not months else ""


def _stored_form(value: Span) -> str:
    """Return the duration in its stored English form."""
    days, months = value
    weeks = days // 7 if days and days % 7 == 0 else 0
    counts = [(months, "month"), (weeks, "week"), (0 if weeks else days, "day")]
    texts = [f"{n} {unit}" if n == 1 else f"{n} {unit}s" for n, unit in counts if n]
    return " ".join(texts) or "0 days"


LENGTH = Length()
