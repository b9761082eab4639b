"""Hours of the week as people write them: "Mon-Fri 9-12 14-17 phone", "Mon 9-17 Tue 10-18", "9.30-17.30"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import time
from typing import NamedTuple

from archive.errors import BadValue
from archive.model.fields import Context
from archive.model.patterns import Pattern
from archive.model.weekdays import WEEKDAYS
from archive.model.widths import narrow
from archive.text import _

_CLOCK = r"\d{1,2}(?:[:.h]\d\d)?(?:\s?[ap]m\b)?(?![\d:])"
_RANGE = rf"(?P<start>{_CLOCK})\s*(?:-|~|to\b|until\b|bis\b|至|到)\s*(?P<end>{_CLOCK})"
_DAY = (
    r"(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:days?)?(?![a-z])\.?|(?:周|星期|礼拜)[一二三四五六日天末]"
    r"|daily\b|every\sday\b|weekdays?\b|weekends?\b|每天|工作日|周末)"
)
_DAYS = rf"{_DAY}(?:\s*(?:-|~|\bto\b|至|到|[,/、&+]|\band\b|\s)\s*{_DAY})*"
_BETWEEN = r"\s*(?:[,;&+/、和]|and\b|\s)\s*"
_FIRST = Pattern(rf"(?P<days>.*?)\s*{_RANGE}", re.IGNORECASE)
_NEXT_RANGE = Pattern(rf"{_BETWEEN}{_RANGE}", re.IGNORECASE)
_NEXT_BLOCK = Pattern(rf"(?:(?<=\d)|[\s,;&+/、和]|\band\s)\s*(?P<days>{_DAYS})\s*{_RANGE}", re.IGNORECASE)
_ANY_RANGE = Pattern(rf"(?<![\w.:-]){_RANGE}(?![\w-])", re.IGNORECASE)
_JOINED = Pattern(r"\s*(?:[/&+]|\band\b|和)\s*", re.IGNORECASE)
_AROUND = " \t,;&+/"


class Hours(NamedTuple):
    """A range of hours on some weekdays, and the words behind it."""

    days: tuple[int, ...]
    start: time
    end: time
    words: str


def read_hours(text: str, ctx: Context) -> list[Hours]:
    """Read every range of hours in a line; a range without days is on the days before it, without any, on all.

    Raises:
        BadValue: No hours are found, days or a time cannot be read, or hours stand among the words behind them.
    """
    # Every sign keeps its place: the words behind the hours are cut from `text`.
    plain, found, place = narrow(text), list[Hours](), 0
    match = _FIRST.match(plain)
    if not match:
        raise BadValue(
            _("No weekdays and hours are found in: {text}").format(text=text.strip()),
            _("Write for example Mon-Fri 9-17 phone office."),
        )
    while match:
        named = _JOINED.sub(",", match["days"].strip(_AROUND))
        days = WEEKDAYS.parse(named, ctx) or tuple(range(7))
        ranges = [(match["start"], match["end"])]
        place = match.end()
        while more := _NEXT_RANGE.match(plain, place):
            ranges.append((more["start"], more["end"]))
            place = more.end()
        match = _NEXT_BLOCK.search(plain, place)
        words = text[place : match.start() if match else len(text)].strip(_AROUND)
        found += _with_words(days, ranges, words)
    return found


def _with_words(days: tuple[int, ...], ranges: list[tuple[str, str]], words: str) -> Iterator[Hours]:
    if hidden := _ANY_RANGE.search(narrow(words)):
        raise BadValue(
            _("{hours} stands behind a place and looks like hours.").format(hours=hidden[0]),
            _("Write all hours in front of the place: Mon-Fri 9-12 14-17 office."),
        )
    for start, end in ranges:
        yield Hours(days, _clock(_with_half(start, end)), _clock(end), words)


def _with_half(start: str, end: str) -> str:
    """The start of "1-5pm" is in the afternoon too; that of "9-5pm" is not."""
    is_bare = end.lower().endswith("pm") and start.isdigit()
    return f"{start}pm" if is_bare and int(start) < _clock(end).hour - 12 else start


def _clock(text: str) -> time:
    """A time of day; 24:00 is the midnight at the end of the day."""
    bare = text.lower().replace("h", ":").replace(".", ":").removesuffix("m").strip()
    half = bare[-1:] if bare[-1:] in "ap" else ""
    hour_text, _colon, minute_text = bare.rstrip("ap ").partition(":")
    hour, minute = int(hour_text), int(minute_text or 0)
    if half:
        hour = hour % 12 + (12 if half == "p" else 0) if 1 <= hour <= 12 else 99
    if hour > 24 or minute > 59 or (hour == 24 and minute):
        raise BadValue(_("{text} is no time of day.").format(text=text), _("Write for example 9:30."))
    return time(hour % 24, minute)
