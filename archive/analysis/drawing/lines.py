"""Line charts in Braille dots on a common axis, with a table of values at the ticks below."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Callable, Sequence
from typing import NamedTuple

from archive.analysis.drawing.axes import finite, marks, rounded_up
from archive.analysis.drawing.canvas import ACROSS, DOWN, Canvas
from archive.analysis.drawing.style import (
    DIM,
    SERIES,
    Drawn,
    Ink,
    Room,
    cut,
    cut_line,
    fit,
    more_line,
    padded,
    widest,
)
from archive.analysis.formatting import NOTHING, short, unit_sign
from archive.analysis.pictures import Line, Lines, Point
from archive.analysis.report import NUMBER, SHARE
from archive.text import _, cell_width

BAND = "░"
LEAST_HEIGHT = 4  # lines of the plot area
LONGEST = 110
_MARK = 9  # cells between ticks
_NAMED = len(SERIES)


class _Plane(NamedTuple):
    """The mapping from values to dots."""

    left: float
    right: float
    low: float
    high: float
    across: int
    down: int

    def x(self, value: float) -> int:
        return round((finite(value) - self.left) / (self.right - self.left) * (self.across - 1))

    def y(self, value: float) -> int:
        part = (min(self.high, max(self.low, finite(value))) - self.low) / (self.high - self.low)
        return round((1 - part) * (self.down - 1))

    def value(self, x: int) -> float:
        return self.left + (self.right - self.left) * x / max(1, self.across - 1)


def render(picture: Lines, room: Room) -> list[Drawn]:
    """Draw the plot, its axis with ticks, and the values of each line at the ticks."""
    lines = [_sorted(line) for line in picture.lines if line.points][:_NAMED]
    below = _rows_below(lines)
    height = max(LEAST_HEIGHT, room.height - 2 - below - (len(picture.lines) > _NAMED))
    margin = _margin(picture, lines, room)
    width = max(2, min(LONGEST, room.width - margin - 1))
    plane = _plane(picture, lines, width, height)
    canvas = _plot(picture, lines, plane)
    ticks = _ticks(picture, plane, width)
    left = _left_labels(picture, plane, height, margin, room)
    plot_lines = [(*label, *canvas.row(row)) for row, label in enumerate(left)]
    return [
        cut_line(line, room.width)
        for line in [
            *plot_lines,
            _axis_line(ticks, width, margin),
            _tick_line(picture, ticks, width, margin, room),
            *_value_lines(picture, lines, ticks, width, margin, room),
            *([more_line(len(picture.lines) - _NAMED, room.width)] if len(picture.lines) > _NAMED else []),
        ]
    ]


def _sorted(line: Line) -> Line:
    return line._replace(points=tuple(sorted(line.points, key=lambda point: finite(point.x))))


def _has_band(lines: Sequence[Line]) -> bool:
    """Return whether to draw a confidence band: only for a single line, as several would overlap."""
    return len(lines) == 1 and any(point.low is not None for point in lines[0].points)


def _rows_below(lines: Sequence[Line]) -> int:
    return len(lines) + 2 * _has_band(lines)


def _margin(picture: Lines, lines: Sequence[Line], room: Room) -> int:
    """Return the cells left of the plot, for axis numbers and line names."""
    names = [line.label for line in lines] + ([_band_names()[0]] if _has_band(lines) else [])
    return max(7, widest([*names, picture.x_label], max(8, room.width // 4)) + (3 if len(lines) > 1 else 1))


def _band_names() -> tuple[str, str]:
    return _("at least"), _("at most")


def _plane(picture: Lines, lines: Sequence[Line], width: int, height: int) -> _Plane:
    points = [point for line in lines for point in line.points]
    xs = [finite(point.x) for point in points]
    ys = [finite(y) for point in points for y in (point.y, point.low, point.high) if y is not None]
    low = min([*ys] if picture.lowest is None else [picture.lowest, *ys])
    high = max(ys) if picture.highest is None else max([picture.highest, *ys])
    if picture.highest is None or high > picture.highest:
        high = rounded_up(high, low)
    if high <= low:
        high = low + (abs(low) or 1.0)
    left, right = min(xs), max(xs)
    if right <= left:
        right = left + (abs(left) or 1.0)
    return _Plane(left, right, low, high, width * ACROSS, height * DOWN)


def _plot(picture: Lines, lines: Sequence[Line], plane: _Plane) -> Canvas:
    canvas = Canvas(plane.across // ACROSS)
    for index, line in enumerate(lines):
        _trace(canvas, plane, line, SERIES[index])
    if picture.diagonal:
        _trace_diagonal(canvas, plane)
    if _has_band(lines):
        _fill_band(canvas, plane, lines[0])
    if len(lines) > 1:
        for index, line in enumerate(lines):
            _stamp(canvas, plane, line, index, len(lines))
    return canvas


def _trace(canvas: Canvas, plane: _Plane, line: Line, role: str) -> None:
    """Draw a dot in each dot column, connected to the previous dot."""
    point_at = _reader(line)
    previous_y: int | None = None
    for x in range(plane.x(line.points[0].x), plane.x(line.points[-1].x) + 1):
        y = plane.y(point_at(plane.value(x)).y)
        canvas.column(x, y, y if previous_y is None else previous_y, role)
        previous_y = y


def _trace_diagonal(canvas: Canvas, plane: _Plane) -> None:
    for x in range(0, plane.across, 3):
        canvas.dot(x, round((1 - x / max(1, plane.across - 1)) * (plane.down - 1)), DIM)


def _fill_band(canvas: Canvas, plane: _Plane, line: Line) -> None:
    point_at = _reader(line)
    first, last = plane.x(line.points[0].x) // ACROSS, plane.x(line.points[-1].x) // ACROSS
    for column in range(first, last + 1):
        point = point_at(plane.value(column * ACROSS))
        if point.low is None or point.high is None:
            continue
        for row in range(plane.y(point.high) // DOWN, plane.y(point.low) // DOWN + 1):
            canvas.shade(column, row, BAND, DIM)


def _stamp(canvas: Canvas, plane: _Plane, line: Line, index: int, count: int) -> None:
    """Write a line's number on the line three times, at different positions for each line."""
    first, last = plane.x(line.points[0].x), plane.x(line.points[-1].x)
    point_at = _reader(line)
    for repeat in range(3):
        x = first + round((last - first) * (repeat + (index + 0.5) / count) / 3)
        canvas.sign(x // ACROSS, plane.y(point_at(plane.value(x)).y) // DOWN, str(index + 1), SERIES[index])


def _reader(line: Line) -> Callable[[float], Point]:
    """Return a function for the value at any x: the previous point on a step line, otherwise interpolated."""
    xs = [finite(point.x) for point in line.points]

    def point_at(x: float) -> Point:
        index = max(0, bisect_right(xs, x + 1e-9 * max(1.0, abs(x))) - 1)
        left = line.points[index]
        if line.steps or index + 1 == len(xs):
            return left
        part = min(1.0, max(0.0, (x - xs[index]) / ((xs[index + 1] - xs[index]) or 1.0)))
        right = line.points[index + 1]
        return Point(x, *(_between(a, b, part) for a, b in zip(left[1:], right[1:], strict=True)))  # type: ignore[arg-type]

    return point_at


def _between(start: float | None, end: float | None, part: float) -> float | None:
    if start is None or end is None:
        return None
    return finite(start) * (1 - part) + finite(end) * part


def _left_labels(picture: Lines, plane: _Plane, height: int, margin: int, room: Room) -> list[list[Ink]]:
    """Return the axis numbers on the left, each on its line."""
    labels = {
        min(height - 1, plane.y(value) // DOWN): _value(value, picture.unit, room)
        for value in marks(plane.low, plane.high, max(2, height // 2))
    }
    return [
        [Ink(fit(labels.get(row, ""), margin - 2, "right") + (" ┤" if row in labels else " │"), DIM)]
        for row in range(height)
    ]


def _value(value: float | None, unit: str, room: Room) -> str:
    if value is None or math.isnan(value):
        return NOTHING
    sign = " %" if unit_sign(unit, room.form) == "%" else ""
    return short(value, unit, room.form) + sign


def _ticks(picture: Lines, plane: _Plane, width: int) -> list[tuple[int, float]]:
    """Return the ticks of the x axis as (column, value)."""
    values = marks(plane.left, plane.right, max(2, width // _MARK), picture.x_step)
    return [(min(width - 1, plane.x(value) // ACROSS), value) for value in values]


def _axis_line(ticks: list[tuple[int, float]], width: int, margin: int) -> Drawn:
    columns = {column for column, _value in ticks}
    line = "".join("┬" if column in columns else "─" for column in range(width))
    return (Ink(" " * (margin - 1) + "└" + line, DIM),)


def _tick_line(picture: Lines, ticks: list[tuple[int, float]], width: int, margin: int, room: Room) -> Drawn:
    unit = SHARE if picture.diagonal else NUMBER
    name = cut(picture.x_label, margin - 1)
    texts = [(column, _value(value, unit, room)) for column, value in ticks]
    return (Ink(padded(name, margin) + _centred(texts, width), DIM),)


def _value_lines(
    picture: Lines, lines: Sequence[Line], ticks: list[tuple[int, float]], width: int, margin: int, room: Room
) -> list[Drawn]:
    """Return the values of each line at the ticks, with the limits of the band."""
    value_lines: list[Drawn] = []
    for index, line in enumerate(lines):
        name = f"{index + 1} {line.label}" if len(lines) > 1 else line.label
        values = _centred(_tick_values(picture, line, ticks, 1, room), width)
        value_lines.append((Ink(fit(name, margin - 1) + " ", SERIES[index]), Ink(values)))
    if _has_band(lines):
        for name, part in zip(_band_names(), (2, 3), strict=True):
            values = _centred(_tick_values(picture, lines[0], ticks, part, room), width)
            value_lines.append((Ink(fit(name, margin - 1) + " " + values, DIM),))
    return value_lines


def _tick_values(
    picture: Lines, line: Line, ticks: list[tuple[int, float]], part: int, room: Room
) -> list[tuple[int, str]]:
    point_at = _reader(line)
    first, last = finite(line.points[0].x), finite(line.points[-1].x)
    texts = []
    for column, value in ticks:
        is_in_range = first <= value <= last or math.isclose(value, last)
        texts.append((column, _value(point_at(value)[part], picture.unit, room) if is_in_range else ""))
    return texts


def _centred(texts: list[tuple[int, str]], width: int) -> str:
    """Centre texts on their columns, omitting any that would overlap."""
    line = ""
    for column, text in texts:
        cells = cell_width(text)
        start = max(0, min(width - cells, column - cells // 2))
        if text and (not line or start > len(line)):
            line = line.ljust(start) + text
    return line
