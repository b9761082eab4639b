"""Field types for dates and times."""

from __future__ import annotations

import re
from datetime import date, datetime, time

from archive.errors import BadValue
from archive.model.dates import PartialDate, Prefer, parse_birthday, parse_date, parse_datetime, show_date
from archive.model.field_types.base import Context, FieldType, Json, unreadable
from archive.model.lazy_re import Pattern


class Day(FieldType["date | None"]):
    """A calendar day. `prefer` chooses the year of a date that is entered without one."""

    name = "date"
    family = "date"
    empty = None
    width = 14

    def __init__(self, prefer: Prefer = "nearest") -> None:
        self.prefer = prefer

    def parse(self, text: str, ctx: Context) -> date | None:
        return parse_date(text, ctx.today, ctx.order, self.prefer) if text.strip() else None

    def show(self, value: date | None, ctx: Context) -> str:
        return show_date(value) if value else ""

    def dump(self, value: date | None) -> Json:
        return value.isoformat() if value else None

    def fits(self, raw: Json) -> bool:
        """Accept only full ISO dates: stored dates are compared as text and parsed in every list that shows them."""
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
    """Split "2027-01-02 holidays" or "2 Jan 2027 holidays" into the day and the words after it.

    Raises:
        BadValue: The text does not start with a date.
    """
    words = text.split()
    for count in (1, *range(_DATE_WORDS, 1, -1)):
        try:
            return parse_date(" ".join(words[:count]), ctx.today, ctx.order), " ".join(words[count:])
        except BadValue:
            continue
    return parse_date(words[0] if words else "", ctx.today, ctx.order), ""


def leading_days(text: str, ctx: Context) -> tuple[date, date | None, str]:
    """Split "2026-12-24..2027-01-02 holidays" into first day, last day (None if there is only one day) and words.

    Two dots, a dash between blanks, a long dash or "to" make a range if a date follows them.
    """
    for match in _RANGE.compiled.finditer(text):
        try:
            first = parse_date(text[: match.start()].strip(), ctx.today, ctx.order)
            return first, *leading_day(text[match.end() :], ctx)
        except BadValue:
            if ".." in match[0]:
                raise
    first, words = leading_day(text, ctx)
    return first, None, words


class PartDay(FieldType["PartialDate | None"]):
    """A birthday, of which parts may be unknown. It is never in the future."""

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


class Moment(FieldType["datetime | None"]):
    """A date and time in the account manager's local time. `prefer` is as for `Day`."""

    name = "date and time"
    family = "date"
    empty = None
    width = 16

    def __init__(self, prefer: Prefer = "nearest") -> None:
        self.prefer = prefer

    def parse(self, text: str, ctx: Context) -> datetime | None:
        return parse_datetime(text, ctx.now, ctx.order, self.prefer) if text.strip() else None

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


class Clock(FieldType["time | None"]):
    """A time of day in whole minutes."""

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
