"""Filters on partial dates: `birthday:March`, `birthday:1970..1980`, `birthday:>1990-06`."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

from archive.errors import BadValue
from archive.model.date_words import read_words
from archive.model.dates import PartialDate, parse_birthday, parse_partial
from archive.model.field_types.base import Context
from archive.model.lazy_re import Pattern
from archive.model.query import Term
from archive.text import _, fold

Test = Callable[[str], bool]
Days = tuple[int, int]  # of the year: month * 100 + day
Span = tuple[date, date]
_LAST_DAY = 31
_PIECE = Pattern(r"\d{3}|-?\d\d-(?:\d\d?)?|-\d\d", re.ASCII)


def birthday_test(term: Term, ctx: Context) -> Test:
    """Return a predicate that tests stored partial dates against a term.

    A single value matches every date with the same parts: `March` matches in any year, `1970` in any month. A range
    or comparison with years compares whole dates. Without years it compares days of the year, and a range may wrap
    around the new year (1 Dec..31 Jan).

    Raises:
        BadValue: The term cannot be parsed, or only one end of a range has a year.
    """
    if term.op == "..":
        return _range_test(term, ctx)
    if term.op in ("", "="):
        return _part_test(term, ctx)
    birthday = _read(term.value, ctx)
    if birthday.year is None:
        first, last = _days(birthday)
        return _in_year(_COMPARED[term.op](first, last))
    low, high = _span(birthday)
    tests: dict[str, Callable[[Span], bool]] = {
        ">": lambda span: span[0] > high,
        ">=": lambda span: span[0] >= low,
        "<": lambda span: span[1] < low,
        "<=": lambda span: span[1] <= high,
    }
    return _with_year(tests[term.op])


_COMPARED: dict[str, Callable[[int, int], Callable[[Days], bool]]] = {
    ">": lambda first, last: lambda days: days[0] > last,
    ">=": lambda first, last: lambda days: days[0] >= first,
    "<": lambda first, last: lambda days: days[1] < first,
    "<=": lambda first, last: lambda days: days[1] <= last,
}


def _part_test(term: Term, ctx: Context) -> Test:
    """Match three digits and fragments such as 03-05 as text, so that `birthday:198` finds the 1980s."""
    text = fold(term.value)
    if _PIECE.fullmatch(text):
        return lambda raw: text in raw
    birthday = _read(term.value, ctx)
    parts = {key: part for key in ("year", "month", "day") if (part := getattr(birthday, key)) is not None}

    def test(raw: str) -> bool:
        stored = PartialDate.load(raw)
        return text in raw or all(getattr(stored, key) == part for key, part in parts.items())

    return test


def _range_test(term: Term, ctx: Context) -> Test:
    low, high = _read(term.value, ctx), _read(term.high, ctx)
    if (low.year is None) != (high.year is None):
        raise BadValue(
            _("{low}..{high} has a year at only one end.").format(low=term.value, high=term.high),
            _("Give both ends a year or neither: 1970..1980 or March..May."),
        )
    if low.year is None:
        return _in_year(_between(_days(low), _days(high)))
    ends = (*_span(low), *_span(high))
    return _with_year(lambda span: min(ends) <= span[0] and span[1] <= max(ends))


def _between(low: Days, high: Days) -> Callable[[Days], bool]:
    if low[0] <= high[1]:
        return lambda days: low[0] <= days[0] and days[1] <= high[1]
    return lambda days: days[0] >= low[0] or days[1] <= high[1]


def _read(text: str, ctx: Context) -> PartialDate:
    """Parse the date in a term. `today` and similar words mean that day in any year."""
    day = read_words(fold(text), ctx.today)
    if day is not None:
        return PartialDate(None, day.month, day.day)
    try:
        return parse_birthday(text, ctx.today, ctx.order)
    except BadValue:
        pass  # a filter may name a date in the future
    try:
        return parse_partial(text, ctx.today, ctx.order)
    except BadValue as error:
        raise BadValue(
            error.message, _('Write for example March, "29 Feb" in quotation marks, 1970 or 1970..1980.')
        ) from None


def _days(birthday: PartialDate) -> Days:
    """Return the first and last day of the year that the date can mean, as month * 100 + day."""
    month = (birthday.month or 0) * 100
    return month + (birthday.day or 1), month + (birthday.day or _LAST_DAY)


def _span(birthday: PartialDate) -> Span:
    assert birthday.bounds  # the year is known
    return birthday.bounds


def _with_year(test: Callable[[Span], bool]) -> Test:
    """Wrap a test so that it only passes for dates with a year."""

    def tested(raw: str) -> bool:
        bounds = PartialDate.load(raw).bounds
        return bounds is not None and test(bounds)

    return tested


def _in_year(test: Callable[[Days], bool]) -> Test:
    """Wrap a test so that it only passes for dates with a month."""

    def tested(raw: str) -> bool:
        birthday = PartialDate.load(raw)
        return birthday.month is not None and test(_days(birthday))

    return tested
