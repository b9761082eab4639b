"""The kinds of values that are days and times."""

from __future__ import annotations

import re
from datetime import date, datetime, time

from archive.errors import BadValue
from archive.model.dates import Lean, PartialDate, parse_birthday, parse_date, parse_datetime, show_date
from archive.model.fields import Context, Json, Kind, unreadable
from archive.model.patterns import Pattern


class Day(Kind["date | None"]):
    """A calendar day. `lean` says which one is meant where it is typed without its year."""

    name = "date"
    family = "date"
    empty = None
    width = 14

    def __init__(self, lean: Lean = "nearest") -> None:
        self.lean = lean

    def parse(self, text: str, ctx: Context) -> date | None:
        return parse_date(text, ctx.today, ctx.order, self.lean) if text.strip() else None

    def show(self, value: date | None, ctx: Context) -> str:
        return show_date(value) if value else ""

    def dump(self, value: date | None) -> Json:
        return value.isoformat() if value else None

    def fits(self, raw: Json) -> bool:
        """Days are compared as texts and worked out wherever a list is shown: what is none must not come that far."""
        try:
            date.fromisoformat(raw)
        except (TypeError, ValueError):
            return False
        return len(raw) == 10 and raw[7] == "-"

    def load(self, raw: Json) -> date | None:
        if not self.fits(raw):
            raise unreadable(raw)
        return date.fromisoformat(raw)


_RANGE = Pattern(r"\s*(?:\.\.+|…|\s[-~]\s|[–—~～至到]|\s(?:to|until|till|bis)\s)\s*", re.IGNORECASE)
_DATE_WORDS = 3  # 2 Jan 2027


def leading_day(text: str, ctx: Context) -> tuple[date, str]:
    """Split "2027-01-02 holidays" and "2 Jan 2027 holidays" into the day and the words behind it; BadValue else."""
    words = text.split()
    for count in (1, *range(_DATE_WORDS, 1, -1)):
        try:
            return parse_date(" ".join(words[:count]), ctx.today, ctx.order), " ".join(words[count:])
        except BadValue:
            continue
    return parse_date(words[0] if words else "", ctx.today, ctx.order), ""


def leading_days(text: str, ctx: Context) -> tuple[date, date | None, str]:
    """Split "2026-12-24..2027-01-02 holidays" into first day, last day and words; the last is None for one day.

    Two dots, a dash between blanks, a long dash and "to" mean a range if a date stands behind them.
    """
    for found in _RANGE.compiled.finditer(text):
        try:
            first = parse_date(text[: found.start()].strip(), ctx.today, ctx.order)
            return first, *leading_day(text[found.end() :], ctx)
        except BadValue:
            if ".." in found[0]:
                raise
    first, words = leading_day(text, ctx)
    return first, None, words


class PartDay(Kind["PartialDate | None"]):
    """A birthday, of which parts may be unknown. It is never after today."""

    name = "partial date"
    family = "partial date"
    empty = None
    width = 10

    def parse(self, text: str, ctx: Context) -> PartialDate | None:
        return parse_birthday(text, ctx.today, ctx.order) if text.strip() else None

    def dump(self, value: PartialDate | None) -> Json:
        return str(value)

    def load(self, raw: Json) -> PartialDate | None:
        if not self.fits(raw):
            raise unreadable(raw)
        return PartialDate.load(raw)


class Moment(Kind["datetime | None"]):
    """A day and a time of the wall clock where the account manager is. `lean` is that of a day."""

    name = "date and time"
    family = "date"
    empty = None
    width = 16

    def __init__(self, lean: Lean = "nearest") -> None:
        self.lean = lean

    def parse(self, text: str, ctx: Context) -> datetime | None:
        return parse_datetime(text, ctx.now, ctx.order, self.lean) if text.strip() else None

    def show(self, value: datetime | None, ctx: Context) -> str:
        return value.strftime("%Y-%m-%d %H:%M") if value else ""

    def cell(self, value: datetime | None) -> str:
        return value.isoformat(timespec="minutes") if value else ""

    def dump(self, value: datetime | None) -> Json:
        return self.cell(value)

    def load(self, raw: Json) -> datetime | None:
        try:
            return datetime.fromisoformat(raw).replace(tzinfo=None)
        except (TypeError, ValueError):
            raise unreadable(raw) from None


class Clock(Kind["time | None"]):
    """A time of day, to the minute."""

    name = "time"
    empty = None
    width = 5

    def parse(self, text: str, ctx: Context) -> time | None:
        return parse_datetime(text, ctx.now, ctx.order).time() if text.strip() else None

    def dump(self, value: time | None) -> Json:
        return value.isoformat(timespec="minutes") if value else ""

    def load(self, raw: Json) -> time | None:
        try:
            return time.fromisoformat(raw).replace(tzinfo=None)
        except (TypeError, ValueError):
            raise unreadable(raw) from None
