"""Bridge (waterfall) charts: each step starts where the previous step ends."""

from __future__ import annotations

from typing import NamedTuple

from archive.analysis.drawing.axes import finite
from archive.analysis.drawing.style import (
    ACCENT,
    BAD,
    BOLD,
    DIM,
    GOOD,
    Drawn,
    Ink,
    Room,
    as_many,
    cut_line,
    fit,
    widest,
)
from archive.analysis.formatting import without_unit
from archive.analysis.pictures import Bridge, Step

LONGEST = 60
SHORTEST = 8
LEVEL, INCREASE, DECREASE = "█", "▓", "▒"
BROKEN = "/"  # marks a truncated axis


class _Range(NamedTuple):
    """The range of values that a step covers."""

    low: float
    high: float


def render(picture: Bridge, room: Room) -> list[Drawn]:
    """Draw label, signed number and bar of each step."""
    numbers = [_number(step, picture.unit, room) for step in picture.steps]
    label_width = widest((step.label for step in picture.steps), max(8, room.width * 2 // 5))
    number_width = widest(numbers, max(1, room.width // 3))
    width = max(SHORTEST, min(LONGEST, room.width - label_width - number_width - 4))
    ranges = _ranges(picture.steps)
    base, top = _axis(ranges, picture.steps)
    entries = []
    for step, number, value_range in zip(picture.steps, numbers, ranges, strict=True):
        bar = _bar(step, value_range, base, top, width)
        inks = [
            Ink(fit(step.label, label_width)),
            Ink("  " + fit(number, number_width, "right") + "  ", BOLD),
            *bar,
        ]
        entries.append([cut_line(inks, room.width)])
    return as_many(entries, room)


def _number(step: Step, unit: str, room: Room) -> str:
    text = without_unit(step.value, unit, room.form)
    return f"+{text}" if step.value > 0 and not step.total else text


def _ranges(steps: tuple[Step, ...]) -> list[_Range]:
    level = 0.0
    ranges = []
    for step in steps:
        start, level = (0.0, finite(step.value)) if step.total else (level, level + finite(step.value))
        ranges.append(_Range(min(start, level), max(start, level)))
    return ranges


def _axis(ranges: list[_Range], steps: tuple[Step, ...]) -> tuple[float, float]:
    """Return both ends of the axis, truncated at the start if changes are small compared with the levels."""
    top = max(value_range.high for value_range in ranges)
    changes = [value_range for value_range, step in zip(ranges, steps, strict=True) if not step.total]
    levels = [value_range.high for value_range, step in zip(ranges, steps, strict=True) if step.total]
    base = min(0.0, *(value_range.low for value_range in ranges), 0.0)
    lowest = min([value_range.low for value_range in changes] + levels, default=0.0)
    if base == 0 and changes and lowest > top / 2:
        return max(0.0, lowest - 2 * (top - lowest)), top
    return base, top


def _bar(step: Step, value_range: _Range, base: float, top: float, width: int) -> list[Ink]:
    span = top - base
    start = _cell(value_range.low, base, span, width)
    end = max(start, _cell(value_range.high, base, span, width))
    if step.value and start == end:  # a non-zero step is always visible
        start, end = (start, end + 1) if end < width else (start - 1, end)
    sign, role = (LEVEL, ACCENT) if step.total else (INCREASE, GOOD) if step.value > 0 else (DECREASE, BAD)
    is_broken = step.total and base > 0 and end > start + 1
    cut = [Ink(BROKEN, DIM)] if is_broken else []
    return [Ink(" " * start), *cut, Ink(sign * (end - start - len(cut)), role)]


def _cell(value: float, base: float, span: float, width: int) -> int:
    return max(0, min(width, round(width * ((value - base) / span)))) if span > 0 else 0
