"""The field type for durations in contracts: "3 months", "30 days", "6 weeks"."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from archive.errors import BadValue
from archive.model.field_type import Context, Json, Kind, unreadable
from archive.model.spans import Span, parse_span
from archive.text import _, plural

_DAYS_OF_A_MONTH = 365.25 / 12


class Length(Kind["Span | None"]):
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
        return None if value is None else _said(value)

    def fits(self, raw: Json) -> bool:
        return isinstance(raw, str) and _kept(raw) is not None

    def load(self, raw: Json) -> Span | None:
        if not self.fits(raw):
            raise unreadable(raw)
        return _kept(raw)

    def rank(self, raw: Json) -> Any:
        days, months = _kept(raw) or Span()
        return days + months * _DAYS_OF_A_MONTH


@lru_cache(1000)
def _kept(raw: str) -> Span | None:
    """Return the duration from its stored form; None if this program cannot have written the text."""
    try:
        span = parse_span(raw)
    except BadValue:
        return None
    return span if _said(span) == raw else None


def _shown_days(value: Span) -> str:
    days, months = value
    if days and days % 7 == 0:
        return plural("{n} week", "{n} weeks", days // 7)
    return plural("{n} day", "{n} days", days) if days or not months else ""


def _said(value: Span) -> str:
    """Return the duration in its stored English form."""
    days, months = value
    weeks = days // 7 if days and days % 7 == 0 else 0
    counts = [(months, "month"), (weeks, "week"), (0 if weeks else days, "day")]
    said = [f"{n} {unit}" if n == 1 else f"{n} {unit}s" for n, unit in counts if n]
    return " ".join(said) or "0 days"


LENGTH = Length()
