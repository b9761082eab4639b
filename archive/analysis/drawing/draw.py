"""Draw any chart: its heading, and the output of its renderer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from archive.analysis.drawing import bars, bridge, grid, lines, scatter, stacked, timeline
from archive.analysis.drawing.style import (
    BOLD,
    DIM,
    Drawn,
    Ink,
    Room,
    cut,
    cut_line,
    paragraph,
    tidy,
    wrapped,
)
from archive.analysis.formatting import unit_sign
from archive.analysis.pictures import Bars, Bridge, Grid, Lines, Picture, Quadrants, Stacked, Timeline

Renderer = Callable[[Any, Room], list[Drawn]]

RENDERERS: dict[type[Picture], Renderer] = {
    Bars: bars.render,
    Bridge: bridge.render,
    Grid: grid.render,
    Lines: lines.render,
    Quadrants: scatter.render,
    Stacked: stacked.render,
    Timeline: timeline.render,
}
"""The renderer of each chart type. A new type needs a class in `pictures` and an entry here."""

# Field with the data of a chart; if it is empty, the chart's `empty` message is shown.
_CONTENT = ("bars", "steps", "rows", "lines", "dots", "stacks", "spans")
LEAST_WIDTH, LEAST_HEIGHT, HEADING_LINES = 20, 4, 2


def draw(picture: Picture, room: Room) -> list[Drawn]:
    """Draw a chart with its heading, each line at most `room.width` cells wide and free of control characters.

    It has at most `room.height` lines, as long as the chart type can be drawn that small.
    """
    room = room._replace(width=max(LEAST_WIDTH, room.width))
    head = heading(picture, room)
    return [*head, *body(picture, room._replace(height=max(LEAST_HEIGHT, room.height - len(head))))]


def heading(picture: Picture, room: Room) -> list[Drawn]:
    """Return the label, and the unit unless the numbers contain it; stacked bars always show shares."""
    sign = "" if isinstance(picture, Stacked) else unit_sign(picture.unit, room.form)
    lines = paragraph(picture.label, room.width - len(sign) - 2)[:HEADING_LINES]
    inks = [(Ink(cut(line, room.width), BOLD),) for line in lines]
    return [*inks[:-1], cut_line([*inks[-1], Ink(f"  {sign}" if sign else "", DIM)], room.width)]


def body(picture: Picture, room: Room) -> list[Drawn]:
    """Draw the chart without its heading."""
    if is_empty(picture):
        return wrapped([[Ink(tidy(word), DIM)] for word in picture.empty.split()], room.width, " ")
    return RENDERERS[type(picture)](picture, room)


def is_empty(picture: Picture) -> bool:
    """Return whether there is no data to draw."""
    content = next(getattr(picture, name) for name in _CONTENT if hasattr(picture, name))
    if isinstance(picture, Lines):
        return not any(line.points for line in picture.lines)
    if isinstance(picture, Grid):
        return not (picture.rows and picture.columns)
    return not content
