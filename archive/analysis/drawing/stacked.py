"""Stacked bars of equal length; each part has its own fill, and its share is in a column."""

from __future__ import annotations

from itertools import accumulate, pairwise

from archive.analysis.drawing.axes import finite
from archive.analysis.drawing.style import (
    BOLD,
    DIM,
    FILLS,
    SERIES,
    Drawn,
    Ink,
    Room,
    cut,
    cut_line,
    fit,
    more_line,
    widest,
    wrapped,
)
from archive.analysis.formatting import NOTHING, Form, without_unit
from archive.analysis.pictures import Stack, Stacked
from archive.analysis.report import SHARE
from archive.text import _

_LEAST = 0.005  # smaller shares are shown as "<1"
COLUMN = 5  # cells per share: "100" and a gap
LONGEST = 60
SHORTEST = 4
Shares = dict[str, float | None]


def render(picture: Stacked, room: Room) -> list[Drawn]:
    """Draw a legend, and label, bar and percentages of each stack."""
    names, is_cut = _names(picture.stacks)
    legend = wrapped([_entry(index, name, room.width) for index, name in enumerate(names)], room.width)
    most = max(1, room.height - len(legend) - 1)
    stacks = picture.stacks if len(picture.stacks) <= most else picture.stacks[: max(1, most - 1)]
    label = widest((stack.label for stack in stacks), max(6, room.width // 3))
    numbers = COLUMN * len(names)
    bar = max(SHORTEST, min(LONGEST, room.width - label - numbers - 4))
    signs = "".join(f"{FILLS[index]:>{COLUMN}}" for index in range(len(names)))
    head = (Ink(" " * (label + 2 + bar) + signs + " %", DIM),)
    lines = [_line(stack, names, is_cut, label, bar, room.form) for stack in stacks]
    hidden = len(picture.stacks) - len(stacks)
    more = [more_line(hidden, room.width)] if hidden else []
    return [cut_line(line, room.width) for line in [*legend, head, *lines]] + more


def _names(stacks: tuple[Stack, ...]) -> tuple[list[str], bool]:
    """Return the parts with their own fill, in order of appearance, and whether the last is "others"."""
    sums: dict[str, float] = {}
    for stack in stacks:
        for part in stack.parts:
            sums[part.label] = sums.get(part.label, 0.0) + finite(part.value)
    if len(sums) <= len(FILLS):
        return list(sums), False
    first = next(iter(sums))  # the first part, which is ours, always keeps its own fill
    largest = sorted(sums, key=lambda name: (name != first, -sums[name]))[: len(FILLS) - 1]
    return [*(name for name in sums if name in largest), _("others")], True


def _entry(index: int, name: str, width: int) -> list[Ink]:
    return [Ink(FILLS[index] * 2 + " ", SERIES[index]), Ink(cut(name, max(1, width - 3)))]


def _line(stack: Stack, names: list[str], is_cut: bool, label: int, bar: int, form: Form) -> list[Ink]:
    shares = _shares(stack, names, is_cut)
    numbers = "".join(f"{_percent(shares[name], form):>{COLUMN}}" for name in names)
    return [Ink(fit(stack.label, label) + "  "), *_bar(list(shares.values()), bar), Ink(numbers, BOLD)]


def _shares(stack: Stack, names: list[str], is_cut: bool) -> Shares:
    """Return the share of each part in the total, 0 for parts the stack lacks; None if there is no total."""
    values = dict.fromkeys(names, 0.0)
    for part in stack.parts:
        name = names[-1] if is_cut and part.label not in names[:-1] else part.label
        values[name] += finite(part.value)
    total = sum(values.values()) if stack.total is None else finite(stack.total)
    return {name: value / total if total > 0 else None for name, value in values.items()}


def _bar(shares: list[float | None], width: int) -> list[Ink]:
    """Return the segments of a bar; a remainder is blank, and an excess over 100 % is scaled down to fit."""
    sizes = [max(0.0, share or 0.0) for share in shares]
    total = max(1.0, sum(sizes))
    ends = [round(width * (end / total)) for end in accumulate(sizes, initial=0.0)]
    parts = [
        Ink(FILLS[index] * (end - start), SERIES[index]) for index, (start, end) in enumerate(pairwise(ends))
    ]
    return [*parts, Ink(" " * (width - ends[-1]))]


def _percent(share: float | None, form: Form) -> str:
    """Return whole percent without the sign, to align the column; NOTHING for a part with no share."""
    if not share:
        return NOTHING
    if abs(share) < _LEAST:
        return "<1"
    return without_unit(share if share >= 1 else min(round(share, 2), 0.99), SHARE, form)[:COLUMN]
