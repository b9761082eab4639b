"""Parsing of relative dates: "next fri", "+2w", "下周五". Expects narrow, lower-case text."""

import re
from calendar import monthrange
from collections.abc import Callable
from datetime import date

from archive.model.field_types.duration import UNIT, Span, span_of
from archive.model.lazy_re import Pattern

WEEKDAYS = {
    name: number
    for number, names in enumerate(
        (
            "monday mon",
            "tuesday tue tues",
            "wednesday wed",
            "thursday thu thur thurs",
            "friday fri",
            "saturday sat",
            "sunday sun",
        )
    )
    for name in names.split()
}
_HANZI_WEEKDAYS = {sign: number for number, sign in enumerate("一二三四五六日")} | {"天": 6}
_HANZI_NUMBERS = {sign: number for number, sign in enumerate("一二三四五六七八九十", start=1)} | {"两": 2}
_NEAR = {
    **{"today": 0, "tomorrow": 1, "yesterday": -1},
    **{"今天": 0, "今日": 0, "明天": 1, "明日": 1, "昨天": -1, "昨日": -1},
    **{"后天": 2, "大后天": 3, "前天": -2, "大前天": -3},
}
_STEPS = {
    **{"week": Span(days=7), "month": Span(months=1), "year": Span(months=12)},
    **{"周": Span(days=7), "星期": Span(days=7), "月": Span(months=1)},
}
_SIGNED = Pattern(rf"([+-])\s?(\d{{1,6}})\s?({UNIT})", re.ASCII)
_IN = Pattern(rf"in (an?|\d{{1,6}}) ({UNIT})", re.ASCII)
_AGO = Pattern(rf"(an?|\d{{1,6}}) ({UNIT}) ago", re.ASCII)
_HANZI_OFFSET = Pattern(rf"(\d{{1,6}}|[一二两三四五六七八九十])\s?({UNIT})[之以]?([后前])", re.ASCII)
_TURN = Pattern(r"(next|last) ([a-z]+)")
_HANZI_TURN = Pattern(r"([上下])个?(周|星期|月)")
_HANZI_WEEKDAY = Pattern(r"([上本这下]?)个?(?:周|星期|礼拜)([一二三四五六日天])")


def weekday_number(word: str) -> int | None:
    """Return 0 (Monday) to 6 (Sunday) for `fri`, `friday` or `周五`; None for other words."""
    match = _HANZI_WEEKDAY.fullmatch(word)
    return _HANZI_WEEKDAYS[match[2]] if match else WEEKDAYS.get(word)


def read_words(text: str, today: date, *, back: bool = False) -> date | None:
    """Return the day that the words mean relative to `today`.

    A weekday, alone or after "next", is the first one after today. After "last" (or alone, if `back` is set) it is the
    last one before today. "下周五" is Friday of the next calendar week; weeks start on Monday.

    Returns:
        The day, or None if the text is not a relative date.

    Raises:
        BadValue: The day is outside the supported years.
    """
    for reader in _READERS:
        if (day := reader(text, today)) is not None:
            return day
    return _nearest_weekday(weekday_number(text), today, back=back)


def _near(text: str, today: date) -> date | None:
    days = _NEAR.get(text)
    return None if days is None else Span(days=days).after(today)


def _end(text: str, today: date) -> date | None:
    if text == "eow":
        return Span(days=6 - today.weekday()).after(today)
    if text in ("eom", "月底"):
        return today.replace(day=monthrange(today.year, today.month)[1])
    return date(today.year, 12, 31) if text in ("eoy", "年底") else None


def _offset(text: str, today: date) -> date | None:
    if match := _SIGNED.fullmatch(text):
        return _moved(today, match[2], match[3], back=match[1] == "-")
    if match := _HANZI_OFFSET.fullmatch(text):
        return _moved(today, match[1], match[2], back=match[3] == "前")
    if match := _IN.fullmatch(text) or _AGO.fullmatch(text):
        return _moved(today, match[1], match[2], back=text.endswith("ago"))
    return None


def _moved(today: date, count: str, unit: str, *, back: bool) -> date:
    number = int(count) if count.isdecimal() else _HANZI_NUMBERS.get(count, 1)
    span = span_of(number, unit)
    return span.before(today) if back else span.after(today)


def _turn(text: str, today: date) -> date | None:
    match = _TURN.fullmatch(text) or _HANZI_TURN.fullmatch(text)
    if not match:
        return None
    back = match[1] in ("last", "上")
    if step := _STEPS.get(match[2]):
        return step.before(today) if back else step.after(today)
    return _nearest_weekday(WEEKDAYS.get(match[2]), today, back=back)


def _nearest_weekday(weekday: int | None, today: date, *, back: bool) -> date | None:
    if weekday is None:
        return None
    if back:
        return Span(days=(today.weekday() - weekday - 1) % 7 + 1).before(today)
    return Span(days=(weekday - today.weekday() - 1) % 7 + 1).after(today)


def _hanzi_weekday(text: str, today: date) -> date | None:
    match = _HANZI_WEEKDAY.fullmatch(text)
    if not match or not match[1]:
        return None
    weekday = _HANZI_WEEKDAYS[match[2]]
    weeks = {"上": -1, "下": 1}.get(match[1], 0)
    return Span(days=weeks * 7 + weekday - today.weekday()).after(today)


_READERS: tuple[Callable[[str, date], date | None], ...] = (_near, _end, _offset, _turn, _hanzi_weekday)
