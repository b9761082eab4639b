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
from archive.analysis.formatting import bare
from archive.analysis.pictures import Bridge, Step

LONGEST = 60
SHORTEST = 8
LEVEL, CAME, WENT = "█", "▓", "▒"
BROKEN = "/"  # marks a truncated axis


class _Reach(NamedTuple):
    """The range of values that a step covers."""

    low: float
    high: float


def render(picture: Bridge, room: Room) -> list[Drawn]:
    """Draw label, signed number and bar of each step."""
    numbers = [_number(step, picture.unit, room) for step in picture.steps]
    label = widest((step.label for step in picture.steps), max(8, room.width * 2 // 5))
    number = widest(numbers, max(1, room.width // 3))
    width = max(SHORTEST, min(LONGEST, room.width - label - number - 4))
    reaches = _reaches(picture.steps)
    base, top = _axis(reaches, picture.steps)
    entries = []
    for step, said, reach in zip(picture.steps, numbers, reaches, strict=True):
        bar = _bar(step, reach, base, top, width)
        inks = [Ink(fit(step.label, label)), Ink("  " + fit(said, number, "right") + "  ", BOLD), *bar]
        entries.append([cut_line(inks, room.width)])
    return as_many(entries, room)


def _number(step: Step, unit: str, room: Room) -> str:
    said = bare(step.value, unit, room.form)
    return f"+{said}" if step.value > 0 and not step.total else said


def _reaches(steps: tuple[Step, ...]) -> list[_Reach]:
    level = 0.0
    found = []
    for step in steps:
        start, level = (0.0, finite(step.value)) if step.total else (level, level + finite(step.value))
        found.append(_Reach(min(start, level), max(start, level)))
    return found


def _axis(reaches: list[_Reach], steps: tuple[Step, ...]) -> tuple[float, float]:
    """Return both ends of the axis, truncated at the start if changes are small compared with the levels."""
    top = max(reach.high for reach in reaches)
    changes = [reach for reach, step in zip(reaches, steps, strict=True) if not step.total]
    levels = [reach.high for reach, step in zip(reaches, steps, strict=True) if step.total]
    base = min(0.0, *(reach.low for reach in reaches), 0.0)
    lowest = min([reach.low for reach in changes] + levels, default=0.0)
    if base == 0 and changes and lowest > top / 2:
        return max(0.0, lowest - 2 * (top - lowest)), top
    return base, top


def _bar(step: Step, reach: _Reach, base: float, top: float, width: int) -> list[Ink]:
    span = top - base
    start = _cell(reach.low, base, span, width)
    end = max(start, _cell(reach.high, base, span, width))
    if step.value and start == end:  # a non-zero step is always visible
        start, end = (start, end + 1) if end < width else (start - 1, end)
    sign, role = (LEVEL, ACCENT) if step.total else (CAME, GOOD) if step.value > 0 else (WENT, BAD)
    is_broken = step.total and base > 0 and end > start + 1
    cut = [Ink(BROKEN, DIM)] if is_broken else []
    return [Ink(" " * start), *cut, Ink(sign * (end - start - len(cut)), role)]


def _cell(value: float, base: float, span: float, width: int) -> int:
    return max(0, min(width, round(width * ((value - base) / span)))) if span > 0 else 0
