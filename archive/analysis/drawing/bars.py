"""Horizontal bar charts in eighths of a cell, with the number of each bar."""

from __future__ import annotations

from typing import NamedTuple

from archive.analysis.drawing.axes import finite
from archive.analysis.drawing.style import (
    ACCENT,
    BOLD,
    DIM,
    Drawn,
    Ink,
    Room,
    as_many,
    cut_line,
    fit,
    padded,
    tidy,
    widest,
)
from archive.analysis.formatting import column_places, without_unit
from archive.analysis.pictures import Bar, Bars
from archive.analysis.report import SHARE
from archive.text import _, cell_width

PARTS = " ▏▎▍▌▋▊▉"
TRACK, MARK, AXIS, OVER = "░", "┃", "│", "▶"
LONGEST = 60  # cells; longer bars do not help to compare
SHORTEST = 8


def render(picture: Bars, room: Room) -> list[Drawn]:
    """Draw label, number, bar, and the mark and note as text; below the bar if there is no space beside it."""
    places = _places([bar.value for bar in picture.bars], picture.unit, room)
    numbers = [_number(bar, picture.unit, room, places) for bar in picture.bars]
    tails = _tails(picture, room)
    layout = _layout(picture.bars, numbers, tails, room.width)
    scale = _Scale(picture.bars, layout.bar)
    entries = [
        _entry(bar, number, tail, scale, layout, room.width)
        for bar, number, tail in zip(picture.bars, numbers, tails, strict=True)
    ]
    return as_many(entries, room)


class _Layout(NamedTuple):
    """The width of each part of a line in cells. If `tail` is 0, mark and note are on a separate line."""

    label: int
    number: int
    bar: int
    tail: int


def _layout(bars: tuple[Bar, ...], numbers: list[str], tails: list[str], width: int) -> _Layout:
    number = widest(numbers, max(1, width // 3))
    label = widest((bar.label for bar in bars), max(8, width * 2 // 5))
    tail = widest(tails, width)
    room = width - number - 4
    beside = min(label, room - tail - 2 - SHORTEST)
    if tail and beside >= min(label, max(8, width // 4)):  # labels are cut before the tail moves below
        return _Layout(beside, number, min(LONGEST, room - beside - tail - 2), tail)
    label = max(min(label, 8), min(label, room - SHORTEST))
    return _Layout(label, number, max(1, min(LONGEST, room - label)), 0)


def _entry(bar: Bar, number: str, tail: str, scale: _Scale, layout: _Layout, width: int) -> list[Drawn]:
    inks = [
        Ink(fit(bar.label, layout.label)),
        Ink("  " + fit(number, layout.number, "right") + "  ", BOLD),
        *scale.bar(bar),
    ]
    if not tail or layout.tail:
        return [cut_line([*inks, Ink(f"  {tidy(tail)}" if tail else "", DIM)], width)]
    indent = " " * min(width // 4, layout.label + layout.number + 4)
    return [cut_line(inks, width), cut_line([Ink(indent + tidy(tail.lstrip()), DIM)], width)]


def _places(values: list[float], unit: str, room: Room) -> int | None:
    """Return the common decimals of the shares in a chart; other units have none."""
    return column_places(values, unit, room.form) if unit == SHARE else None


def _number(bar: Bar, unit: str, room: Room, places: int | None) -> str:
    text = without_unit(bar.value, unit, room.form, places)
    if unit == SHARE:
        return f"{text} %"
    if bar.whole is None:
        return text
    return _("{value} of {whole}").format(value=text, whole=without_unit(bar.whole, unit, room.form))


def _tails(picture: Bars, room: Room) -> list[str]:
    """Return the text after each bar: the mark, padded to a common width, and the note."""
    places = _places([bar.mark for bar in picture.bars if bar.mark is not None], picture.unit, room)
    marks = [_mark(bar, picture.unit, room, places) for bar in picture.bars]
    width = widest(marks, room.width)
    return [
        f"{MARK if mark else ' '} {padded(mark, width, 'right')}  {bar.note}".rstrip() if width else bar.note
        for bar, mark in zip(picture.bars, marks, strict=True)
    ]


def _mark(bar: Bar, unit: str, room: Room, places: int | None) -> str:
    if bar.mark is None:
        return ""
    return without_unit(bar.mark, unit, room.form, places) + (" %" if unit == SHARE else "")


class _Scale:
    """The mapping from values to cells of a bar."""

    def __init__(self, bars: tuple[Bar, ...], width: int) -> None:
        values = [finite(value) for bar in bars if bar.whole is None for value in (bar.value, bar.mark)]
        self._low = min(0.0, *values, 0.0)
        self._high = max(0.0, *values, 0.0)
        self._axis = 1 if self._low < 0 else 0
        self._width = width - self._axis

    def bar(self, bar: Bar) -> list[Ink]:
        """Return the cells of a bar with its mark."""
        if bar.whole is not None:
            return _marked(self._of_whole(bar), self._place(bar.mark, 0.0, finite(bar.whole)))
        span = self._high - self._low
        zero = round(self._width * (-self._low / span)) if span else 0
        length = self._width * (abs(finite(bar.value)) / span) if span else 0.0
        if not self._axis:
            cells = filled(length, self._width)
        elif bar.value < 0:
            cells = _leftwards(length, zero) + AXIS + " " * (self._width - zero)
        else:
            cells = " " * zero + AXIS + filled(length, self._width - zero)
        mark = self._place(bar.mark, self._low, self._high)
        return _marked([Ink(cells, ACCENT)], mark + (mark > zero) * self._axis if mark >= 0 else mark)

    def _of_whole(self, bar: Bar) -> list[Ink]:
        whole = finite(bar.whole)
        share = finite(bar.value) / whole if whole > 0 else 0.0
        if share > 1:
            return [Ink("█" * (self._width - 1), ACCENT), Ink(OVER, ACCENT)]
        done = filled(max(0.0, share) * self._width, self._width).rstrip()
        return [Ink(done, ACCENT), Ink(TRACK * (self._width - len(done)), DIM)]

    def _place(self, mark: float | None, low: float, high: float) -> int:
        """Return the cell of a mark, -1 if there is none."""
        if mark is None or high <= low:
            return -1
        return max(0, min(self._width - 1, int(self._width * ((finite(mark) - low) / (high - low)))))


def filled(length: float, width: int) -> str:
    """Return a bar in eighths of a cell, padded to `width`; a positive length has at least one eighth."""
    eighths = min(width * 8, round(length * 8))
    if length > 0:
        eighths = max(1, eighths)
    full_cells, eighth = divmod(eighths, 8)
    return ("█" * full_cells + (PARTS[eighth] if eighth else "")).ljust(width)[:width]


def _leftwards(length: float, width: int) -> str:
    """Return a bar aligned at the right of `width` cells, in half cells."""
    halves = max(1, min(width * 2, round(length * 2)))
    full_cells, half = divmod(halves, 2)
    return ("▐" * half + "█" * full_cells).rjust(width)


def _marked(inks: list[Ink], mark_cell: int) -> list[Ink]:
    """Insert a mark at a cell; this relies on all characters of a bar being one cell wide."""
    if mark_cell < 0:
        return inks
    result: list[Ink] = []
    start = 0
    for text, role in inks:
        offset = mark_cell - start
        if 0 <= offset < cell_width(text):
            result += [Ink(text[:offset], role), Ink(MARK, BOLD), Ink(text[offset + 1 :], role)]
        else:
            result.append(Ink(text, role))
        start += len(text)
    return result
