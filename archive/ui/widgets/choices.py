"""The choices of a field on one line, beside the field."""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import cell_len
from textual.content import Content

from archive.ui.safe_text import fit, template

GAP = 2  # cells between two choices
SIGN = 2  # cells of the sign before a choice, with the blank
MORE = 2  # cells of "…" at an end, with the blank


def choices_beside(labels: Sequence[str], now: str, room: int) -> Content:
    """Return the choices that fit, with a sign before the chosen one; "…" replaces the others."""
    at = labels.index(now) if now in labels else 0
    first, end = _window([SIGN + cell_len(label) for label in labels], at, room)
    if first == end:
        return Content(fit(now, room))
    parts = [_choice(label, chosen=label == now) for label in labels[first:end]]
    before, after = Content("… " if first else ""), Content(" …" if end < len(labels) else "")
    return Content.assemble(before, Content(" " * GAP).join(parts), after)


def _choice(label: str, *, chosen: bool) -> Content:
    return template("[b $text-accent]● $label[/]" if chosen else "[$foreground 60%]○ $label[/]", label=label)


def _window(widths: Sequence[int], at: int, room: int) -> tuple[int, int]:
    """Return the range of choices to show: around the chosen one, with the choices before it as far as they fit."""
    first, end = at, at
    for low, high in [
        *((0, n) for n in range(len(widths), at, -1)),
        *((n, at + 1) for n in range(1, at + 1)),
    ]:
        ends = MORE * ((low > 0) + (high < len(widths)))
        if sum(widths[low:high]) + GAP * (high - low - 1) + ends <= room:
            return low, high
    return first, end
