"""Timelines: spans on a common axis of days, with a sign for their state and a line for today."""

from __future__ import annotations

from datetime import date, timedelta
from typing import NamedTuple

from archive.analysis.drawing.style import (
    ACCENT,
    BOLD,
    DIM,
    SIGNS,
    Drawn,
    Ink,
    Room,
    as_many,
    cut,
    cut_line,
    fit,
    padded,
    tidy,
    widest,
)
from archive.analysis.pictures import Span, Timeline
from archive.text import _, cell_width

LONGEST = 80
SHORTEST = 10
LINE, POINT, TODAY = "━", "◆", "┊"
_MARK = 8  # cells between month names on the axis
_MONTHS = (1, 2, 3, 6, 12, 24, 60, 120, 240, 600, 1200)


class _Axis(NamedTuple):
    """The mapping of days to cells."""

    first: date
    last: date
    width: int

    def cell(self, day: date) -> int:
        span = max(1, (self.last - self.first).days)
        return max(0, min(self.width - 1, round((day - self.first).days / span * (self.width - 1))))


def render(picture: Timeline, room: Room) -> list[Drawn]:
    """Draw the axis of months, then label, sign, span and dates of each entry; in two lines if narrow."""
    texts = [_words(span) for span in picture.spans]
    label = widest((span.label for span in picture.spans), max(8, room.width // 3))
    text_width = widest(texts, room.width)
    span_width = room.width - label - text_width - 6
    start = label + 4 if span_width >= SHORTEST else 2
    axis = _axis(picture, min(LONGEST, span_width if span_width >= SHORTEST else room.width - start))
    entries = [
        _entry(span, text, label if span_width >= SHORTEST else 0, axis, picture.today, room.width)
        for span, text in zip(picture.spans, texts, strict=True)
    ]
    foot = _foot(axis, start, picture.today, room.width)
    entry_room = room._replace(height=max(1, room.height - 1 - len(foot)))
    return [_scale(axis, start, room.width), *as_many(entries, entry_room), *foot]


def _words(span: Span) -> str:
    return f"{_days(span.start, span.end)}  {span.note}".rstrip()


def _days(start: date, end: date) -> str:
    """Format a span as "2026-03-01 to 09-24", without repeating the year."""
    if start == end:
        return str(start)
    last = f"{end:%m-%d}" if start.year == end.year else str(end)
    return _("{start} to {end}").format(start=start, end=last)


def _axis(picture: Timeline, width: int) -> _Axis:
    days = [day for span in picture.spans for day in (span.start, span.end)]
    days += [picture.today] if picture.today else []
    first, last = min(days), max(days)
    if first == last:
        first, last = _shifted(first, -1), _shifted(last, 1)
    return _Axis(first, last, width)


def _shifted(day: date, days: int) -> date:
    try:
        return day + timedelta(days=days)
    except OverflowError:
        return day


def _entry(span: Span, text: str, label: int, axis: _Axis, today: date | None, width: int) -> list[Drawn]:
    """Draw an entry in one line, or in two lines if `label`, the cells for the label, is 0."""
    sign, role = SIGNS.get(span.state, ("", ACCENT))
    start, end = sorted((axis.cell(span.start), axis.cell(span.end)))
    bar = POINT if span.start == span.end else LINE * (end - start + 1)
    track = [(" " * start, ""), (bar, role), (" " * (axis.width - start - len(bar)), "")]
    line = _with_today(track, -1 if today is None else axis.cell(today))
    mark = Ink(fit(sign, 1) + "  ", role)
    if label:
        inks = [Ink(fit(span.label, label) + " "), mark, *line, Ink("  " + tidy(text), DIM)]
        return [cut_line(inks, width)]
    name = cut(span.label, max(width // 2, width - cell_width(text) - 4))
    head = [Ink(fit(sign, 1) + " ", role), Ink(name + "  "), Ink(tidy(text), DIM)]
    return [cut_line(head, width), cut_line([Ink("  "), *line], width)]


def _with_today(track: list[tuple[str, str]], now: int) -> list[Ink]:
    """Insert the line for today if the track is blank there."""
    inks = []
    start = 0
    for text, role in track:
        offset = now - start
        if 0 <= offset < len(text) and text[offset] == " ":
            inks += [Ink(text[:offset], role), Ink(TODAY, DIM), Ink(text[offset + 1 :], role)]
        else:
            inks.append(Ink(text, role))
        start += len(text)
    return inks


def _scale(axis: _Axis, start: int, width: int) -> Drawn:
    """Return the line with as many month names as fit."""
    line = ""
    for day in _months(axis):
        name = str(day.year) if day.month == 1 else f"{day:%Y-%m}"
        if axis.cell(day) >= len(line) + (1 if line else 0) and axis.cell(day) + len(name) <= axis.width:
            line = line.ljust(axis.cell(day)) + name
    return cut_line([Ink(" " * start + line, DIM)], width)


def _months(axis: _Axis) -> list[date]:
    """Return the first days of months, at the smallest step that leaves room for their names."""
    total = (axis.last.year - axis.first.year) * 12 + axis.last.month - axis.first.month + 1
    most = max(1, axis.width // _MARK)
    step = next((step for step in _MONTHS if total / step <= most), _MONTHS[-1])
    begin = axis.first.year * 12 + axis.first.month - 1
    numbers = range(-(-begin // step) * step, axis.last.year * 12 + axis.last.month, step)
    days = [date(number // 12, number % 12 + 1, 1) for number in numbers if number >= 12]
    return [day for day in days if axis.first <= day <= axis.last] or [axis.first]


def _foot(axis: _Axis, start: int, today: date | None, width: int) -> list[Drawn]:
    if today is None:
        return []
    text = _("{sign} today, {day}").format(sign=TODAY, day=today)
    column = start + axis.cell(today)
    if column + cell_width(text) > width:
        text = _("today, {day} {sign}").format(sign=TODAY, day=today)
        column = max(0, column + 1 - cell_width(text))
    return [cut_line([Ink(padded("", column)), Ink(text, BOLD)], width)]
