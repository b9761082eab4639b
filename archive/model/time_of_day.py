"""Parsing of a time of day at the end of a text. Expects narrow, lower-case text."""

import re
from datetime import time

from archive.model.lazy_re import Pattern

_BEFORE = r"(?:(?P<date>.+?)(?:(?<=\d)t|[\s,]+(?:at\s+)?|(?<=[日号天后前一二三四五六])))"
_ZONE = r"(?:\s?(?:z|utc|gmt|[+-]\d\d:?\d\d))?"
_SECONDS = r"(?::[0-5]\d(?:[.,]\d{1,9})?)?"
_CLOCKS = [
    Pattern(shape, re.ASCII)
    for shape in (
        rf"{_BEFORE}?(?P<hour>\d{{1,2}})[:h](?P<minute>[0-5]\d){_SECONDS}(?:\s?(?P<half>[ap]m))?{_ZONE}",
        rf"{_BEFORE}?(?P<hour>\d{{1,2}})(?:h|\s?(?P<half>[ap]m))",
        rf"{_BEFORE}?(?P<half>上午|下午|晚上)?(?P<hour>\d{{1,2}})[点时](?:(?P<minute>[0-5]?\d)分?|(?P<thirty>半))?",
        rf"{_BEFORE}?(?P<half>上午|下午|晚上)(?P<hour>\d{{1,2}}):(?P<minute>[0-5]\d)",
        # Only after a date: 14.30 alone is more likely a number or a day and month.
        rf"{_BEFORE}(?P<hour>\d{{1,2}})\.(?P<minute>[0-5]\d)",
    )
]


def split_clock(text: str) -> tuple[str, time] | None:
    """Split a text into what precedes the time of day, and the time.

    Accepts `14:30`, `14:30:15+08:00`, `2pm`, `14h30` and `下午2点半`. Seconds and UTC offsets are ignored: the
    result is the written wall time in whole minutes.

    Returns:
        The text before the time and the time, or None if the text does not end with a time of day.
    """
    for shape in _CLOCKS:
        match = shape.fullmatch(text)
        if match and (clock := _time(match.groupdict())):
            return match["date"] or "", clock
    return None


def _time(parts: dict[str, str | None]) -> time | None:
    hour = _hour(int(parts["hour"] or 0), parts.get("half"))
    minute = 30 if parts.get("thirty") else int(parts.get("minute") or 0)
    return None if hour is None else time(hour, minute)


def _hour(hour: int, half: str | None) -> int | None:
    """Convert to the 24-hour clock; None if there is no such hour. 下午14点 is valid like 下午2点, but 14pm is not."""
    if half in ("am", "pm") and not 1 <= hour <= 12:
        return None
    if half in ("am", "上午"):
        hour = 0 if hour == 12 else hour
    elif half is not None and hour < 12:
        hour += 12
    return hour if hour < 24 else None
