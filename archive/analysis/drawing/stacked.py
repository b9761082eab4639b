"""Bars of equal length cut by shares. The parts have fills of their own, and their shares stand in columns."""

from __future__ import annotations

from itertools import accumulate, pairwise

from archive.analysis.drawing.axes import finite
from archive.analysis.drawing.ink import (
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
from archive.analysis.pictures import Stack, Stacked
from archive.analysis.report import SHARE
from archive.analysis.shown import NOTHING, Form, bare
from archive.text import _

_LEAST = 0.005  # a smaller share is not 0 %
COLUMN = 5  # cells of a share: "100" and a gap
LONGEST = 60
SHORTEST = 4
Shares = dict[str, float | None]


def render(picture: Stacked, room: Room) -> list[Drawn]:
    """A legend, and for each stack its label, its bar and the share of each part in percent."""
    names, is_cut = _names(picture.stacks)
    legend = wrapped([_entry(at, name, room.width) for at, name in enumerate(names)], room.width)
    most = max(1, room.height - len(legend) - 1)
    stacks = picture.stacks if len(picture.stacks) <= most else picture.stacks[: max(1, most - 1)]
    label = widest((stack.label for stack in stacks), max(6, room.width // 3))
    numbers = COLUMN * len(names)
    bar = max(SHORTEST, min(LONGEST, room.width - label - numbers - 4))
    signs = "".join(f"{FILLS[at]:>{COLUMN}}" for at in range(len(names)))
    head = (Ink(" " * (label + 2 + bar) + signs + " %", DIM),)
    lines = [_line(stack, names, is_cut, label, bar, room.form) for stack in stacks]
    left = len(picture.stacks) - len(stacks)
    rest = [more_line(left, room.width)] if left else []
    return [cut_line(line, room.width) for line in [*legend, head, *lines]] + rest


def _names(stacks: tuple[Stack, ...]) -> tuple[list[str], bool]:
    """The parts that get a fill of their own in the order in which they come, and whether others share the last."""
    sums: dict[str, float] = {}
    for stack in stacks:
        for part in stack.parts:
            sums[part.label] = sums.get(part.label, 0.0) + finite(part.value)
    if len(sums) <= len(FILLS):
        return list(sums), False
    first = next(iter(sums))  # what the report names first, as ours is, keeps its place
    largest = sorted(sums, key=lambda name: (name != first, -sums[name]))[: len(FILLS) - 1]
    return [*(name for name in sums if name in largest), _("others")], True


def _entry(at: int, name: str, width: int) -> list[Ink]:
    return [Ink(FILLS[at] * 2 + " ", SERIES[at]), Ink(cut(name, max(1, width - 3)))]


def _line(stack: Stack, names: list[str], is_cut: bool, label: int, bar: int, form: Form) -> list[Ink]:
    shares = _shares(stack, names, is_cut)
    numbers = "".join(f"{_percent(shares[name], form):>{COLUMN}}" for name in names)
    return [Ink(fit(stack.label, label) + "  "), *_bar(list(shares.values()), bar), Ink(numbers, BOLD)]


def _shares(stack: Stack, names: list[str], is_cut: bool) -> Shares:
    """The share of each part in the total; None where there is no total. A part that is not there has none."""
    found = dict.fromkeys(names, 0.0)
    for part in stack.parts:
        name = names[-1] if is_cut and part.label not in names[:-1] else part.label
        found[name] += finite(part.value)
    total = sum(found.values()) if stack.total is None else finite(stack.total)
    return {name: value / total if total > 0 else None for name, value in found.items()}


def _bar(shares: list[float | None], width: int) -> list[Ink]:
    """The parts one behind the other; what is left of the total is blank, what is over it makes all narrower."""
    sizes = [max(0.0, share or 0.0) for share in shares]
    over = max(1.0, sum(sizes))
    ends = [round(width * (end / over)) for end in accumulate(sizes, initial=0.0)]
    parts = [Ink(FILLS[at] * (end - start), SERIES[at]) for at, (start, end) in enumerate(pairwise(ends))]
    return [*parts, Ink(" " * (width - ends[-1]))]


def _percent(share: float | None, form: Form) -> str:
    """Return whole percent without the sign, so that a column aligns; NOTHING for a part that a stack lacks."""
    if not share:
        return NOTHING
    if abs(share) < _LEAST:
        return "<1"
    return bare(share if share >= 1 else min(round(share, 2), 0.99), SHARE, form)[:COLUMN]
