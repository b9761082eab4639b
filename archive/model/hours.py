"""Parsing of weekly hours: "Mon-Fri 9-12 14-17 phone", "Mon 9-17 Tue 10-18", "9.30-17.30"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import time
from typing import NamedTuple

from archive.errors import BadValue
from archive.model.field_types.base import Context
from archive.model.fullwidth import narrow
from archive.model.lazy_re import Pattern
from archive.model.weekdays import ALL_DAYS, WEEKDAYS
from archive.text import _

_CLOCK = (
    r"(?:上午|下午|晚上|中午)?\d{1,2}(?:[:.h点时]\d\d)?(?:h(?![a-z])|[点时]|\s?[ap]\.?m\b\.?|\s?uhr\b|\s?o'clock\b)?"
    r"(?![\d:])"
)
_RANGE = rf"(?P<start>{_CLOCK})\s*(?:-|~|to\b|until\b|till\b|bis\b|至|到)\s*(?P<end>{_CLOCK})"
_DAY = (
    r"(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:days?)?(?![a-z])\.?|(?:周|星期|礼拜)[一二三四五六日天末]{1,7}"
    r"|daily\b|every\sday\b|weekdays?\b|weekends?\b|每天|工作日|周末)"
)
_DAYS = rf"{_DAY}(?:\s*(?:-|~|\bto\b|\bthru\b|\bthrough\b|\bbis\b|至|到|[,/、&+]|\band\b|\s)\s*{_DAY})*"
_GAP = r"\s*:?\s*(?:\bfrom\b|\bvon\b|从)?\s*"  # between days and hours
_BETWEEN = r"\s*(?:[,;&+/、和]|and\b|und\b|u\.|\s)\s*"
_FIRST = Pattern(rf"(?P<days>.*?){_GAP}{_RANGE}", re.IGNORECASE)
_NEXT_RANGE = Pattern(rf"{_BETWEEN}{_RANGE}", re.IGNORECASE)
_NEXT_BLOCK = Pattern(rf"(?:(?<=\d)|[\s,;&+/、和]|\band\s)\s*(?P<days>{_DAYS}){_GAP}{_RANGE}", re.IGNORECASE)
_ANY_RANGE = Pattern(rf"(?<![\w.:-]){_RANGE}(?![\w-])", re.IGNORECASE)
_JOINED = Pattern(r"\s*(?:[/&+]|\band\b|\bund\b|和)\s*", re.IGNORECASE)
_ALWAYS = Pattern(
    r"(?<![\d~-])(?<![~-]\s)\b24\s?(?:/\s?7\b|(?:h|hours|hrs)\b|小时)(?!\s*[~-])", re.IGNORECASE
)
_CLOSED = Pattern(
    rf"[\s,;(]*(?:\b(?:except|but\s+not|not|closed(?:\s+on)?)\s+(?P<but>{_DAYS})"
    rf"|(?P<shut>{_DAYS})\s*:?\s*(?:closed|geschlossen|off\b|休息|不营业))\)?",
    re.IGNORECASE,
)
_DAYS_BEHIND = Pattern(rf"(?:on\s+)?\(?(?P<days>{_DAYS})\)?(?![\w-])", re.IGNORECASE)
_OF_12 = Pattern(r"(?:[1-9]|1[0-2])(?:[:.h]\d\d)?", re.IGNORECASE)
_OF_24 = Pattern(r"\d\d[:.h]\d\d", re.IGNORECASE)
_AROUND = " \t,;&+/"


class Hours(NamedTuple):
    """A time range on some weekdays, and the words after it."""

    days: tuple[int, ...]
    start: time
    end: time
    words: str


def read_hours(text: str, ctx: Context) -> list[Hours]:
    """Parse all time ranges in a line.

    A range without weekdays applies to the weekdays before it, or to every day if there are none. Days that are marked
    as closed or excepted are removed from all ranges.

    Raises:
        BadValue: There are no hours, days or times are invalid or ambiguous, or the words after the hours contain
            hours or days.
    """
    line = _ALWAYS.sub("0-24", text)
    plain = narrow(line)
    closed = {
        day for match in _CLOSED.compiled.finditer(plain) for day in _days(match["but"] or match["shut"], ctx)
    }
    for match in reversed(list(_CLOSED.compiled.finditer(plain))):
        line = line[: match.start()] + line[match.end() :]
    read = _read(line, narrow(line), ctx)
    if not read:
        raise BadValue(
            _("No weekdays and hours were found in: {text}").format(text=text.strip()),
            _("Write for example Mon-Fri 9-17 phone office. Leave out closed days."),
        )
    opened = [hours._replace(days=tuple(day for day in hours.days if day not in closed)) for hours in read]
    if not all(hours.days for hours in opened):
        raise BadValue(
            _("Some days have hours and are also marked closed: {text}").format(text=text.strip()),
            _("Enter only the days with hours."),
        )
    return opened


def _read(text: str, plain: str, ctx: Context) -> list[Hours]:
    """Parse the blocks of days and hours. `plain` is `text` in narrow characters, with the same positions."""
    hours = list[Hours]()
    match = _FIRST.match(plain)
    while match:
        named = match["days"].strip(_AROUND)
        days = _days(named, ctx)
        ranges = [(match["start"], match["end"])]
        end = match.end()
        while more := _NEXT_RANGE.match(plain, end):
            ranges.append((more["start"], more["end"]))
            end = more.end()
        match = _NEXT_BLOCK.search(plain, end)
        words = text[end : match.start() if match else len(text)].strip(_AROUND)
        if not named:
            days, words = _days_behind(words, ctx, is_last=match is None)
        hours += _with_words(days, ranges, words)
    return hours


def _days(named: str, ctx: Context) -> tuple[int, ...]:
    return WEEKDAYS.parse(_JOINED.sub(",", named), ctx) or ALL_DAYS


def _days_behind(words: str, ctx: Context, *, is_last: bool) -> tuple[tuple[int, ...], str]:
    """Return the days after a time range without days before it ("9-17 Mon-Fri"), or all days, and the other words."""
    if not is_last:
        raise BadValue(
            _("It is not clear which hours belong to which days."),
            _("Write the days before their hours: Mon-Fri 9-17 Sat 10-12."),
        )
    match = _DAYS_BEHIND.match(narrow(words))
    return (_days(match["days"], ctx), words[match.end() :].strip(_AROUND)) if match else (ALL_DAYS, words)


def _with_words(days: tuple[int, ...], ranges: list[tuple[str, str]], words: str) -> Iterator[Hours]:
    plain = narrow(words)
    if hidden := _ANY_RANGE.search(plain):
        raise BadValue(
            _("{hours} looks like hours, but comes after a place.").format(hours=hidden[0]),
            _("Write all hours before the place: Mon-Fri 9-12 14-17 office."),
        )
    if (match := _DAYS_BEHIND.match(plain)) and match.end() == len(plain):
        raise BadValue(
            _("There are no hours after {days}.").format(days=words),
            _("Write hours after each day: Mon 9-17 Tue 10-18."),
        )
    before = ""
    for start, end in ranges:
        _refuse_unclear(start, end, before)
        yield Hours(days, _clock(_with_half(start, end)), _clock(end), words)
        before = end


def _refuse_unclear(start: str, end: str, before: str) -> None:
    """Reject "9-5" and "9-12 2-5", which may mean morning or afternoon. 09:00-05:00 is unambiguous: a night."""
    clocks = [clock for clock in (before, start, end) if clock]
    if not all(map(_OF_12.fullmatch, clocks)) or all(map(_OF_24.fullmatch, clocks)):
        return
    if _clock(start) < _clock(end) and not (before and _clock(start) < _clock(before)):
        return
    later = _clock(end)
    raise BadValue(
        _("{start}-{end} could be in the morning or in the afternoon.").format(start=start, end=end),
        _("Write the end as {hour}:{minute} or {end}pm; for a night shift write 09:00-05:00.").format(
            hour=later.hour % 12 + 12, minute=f"{later.minute:02d}", end=end
        ),
    )


def _with_half(start: str, end: str) -> str:
    """Apply "pm" to the start as well in "1-5pm", but not in "9-5pm"."""
    is_bare = end.lower().replace(".", "").endswith("pm") and start.isdigit()
    return f"{start}pm" if is_bare and int(start) < _clock(end).hour - 12 else start


_PARTS = Pattern(
    r"(?P<half>上午|下午|晚上|中午)?(?P<hour>\d{1,2})(?:[:.h点时](?P<minute>\d\d))?[h点时]?"
    r"\s?(?:(?P<m>[ap])\.?m\.?|uhr|o'clock)?",
    re.IGNORECASE,
)


def _clock(text: str) -> time:
    """Parse a time of day; 24:00 becomes 00:00, the midnight at the end of the day."""
    match = _PARTS.fullmatch(text)
    assert match
    hour, minute, half = int(match["hour"]), int(match["minute"] or 0), (match["m"] or "").lower()
    if half:
        hour = hour % 12 + (12 if half == "p" else 0) if 1 <= hour <= 12 else 99
    elif hour < 12 and match["half"] in ("下午", "晚上"):
        hour += 12
    elif hour == 12 and match["half"] == "晚上":
        hour = 24
    if hour > 24 or minute > 59 or (hour == 24 and minute):
        raise BadValue(_("{text} is not a time of day.").format(text=text), _("Write for example 9:30."))
    return time(hour % 24, minute)
