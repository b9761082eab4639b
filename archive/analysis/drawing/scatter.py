"""Scatter charts with four named quadrants; dots are letters, listed below with names and numbers."""

from __future__ import annotations

from collections.abc import Sequence
from string import ascii_letters

from archive.analysis.drawing.axes import finite
from archive.analysis.drawing.style import (
    ACCENT,
    BOLD,
    DIM,
    Drawn,
    Ink,
    Room,
    cut,
    cut_line,
    fit,
    more_line,
    padded,
    tidy,
    widest,
)
from archive.analysis.formatting import short, unit_sign, without_unit
from archive.analysis.pictures import Dot, Quadrants
from archive.analysis.report import SHARE
from archive.text import cell_width

OTHER = "●"  # a dot without a letter
LEAST_HEIGHT = 7
LONGEST = 100
_NAME = 18  # maximum width of a label beside its dot
CellMap = dict[tuple[int, int], Ink]


def render(picture: Quadrants, room: Room) -> list[Drawn]:
    """Draw the chart with its axes, and the list of the dots with the largest weights."""
    dots = sorted(picture.dots, key=lambda dot: -finite(dot.weight))
    legend = _legend(picture, dots, room, max(1, min(room.height // 3, room.height - LEAST_HEIGHT - 3)))
    height = max(LEAST_HEIGHT, room.height - len(legend) - 2 - bool(picture.x_label))
    margin = max(6, widest((_value_text(value, picture.y_unit, room) for value in _ys(picture)), 9) + 1)
    width = max(4, min(LONGEST, room.width - margin - 1))
    cell_map = _cell_map(picture, dots, width, height)
    rows = _labels(picture, height, margin, room)
    plot = [
        cut_line([Ink(label, DIM), *_row(cell_map, row, width)], room.width) for row, label in enumerate(rows)
    ]
    title = f"{picture.y_label} {unit_sign(picture.y_unit, room.form)}"
    head = (Ink(fit(title.strip(), room.width).rstrip(), DIM),)
    return [head, *plot, *_below(picture, width, margin, room), *legend]


def _ys(picture: Quadrants) -> list[float]:
    return [picture.split_y, *(dot.y for dot in picture.dots)]


def _value_text(value: float, unit: str, room: Room) -> str:
    return short(value, unit, room.form) + (" %" if unit == SHARE else "")


class _Half:
    """The mapping of values to cells of an axis, with the split always in the middle."""

    def __init__(self, values: Sequence[float], split: float, cells: int) -> None:
        self.low = min(split, *map(finite, values), split)
        self.high = max(split, *map(finite, values), split)
        self.split, self.cells, self.middle = split, cells, cells // 2

    def cell(self, value: float) -> int:
        """Return the cell of a value; the middle cell is reserved for the split line."""
        value = finite(value)
        if value < self.split:
            part = (value - self.low) / (self.split - self.low)
            return min(self.middle - 1, round(part * (self.middle - 1)))
        part = (value - self.split) / ((self.high - self.split) or 1.0)
        return min(self.cells - 1, self.middle + 1 + round(part * (self.cells - self.middle - 2)))


def _cell_map(picture: Quadrants, dots: list[Dot], width: int, height: int) -> CellMap:
    cell_map: CellMap = {}
    middle, row = width // 2, height - 2 - (height - 2) // 2
    across = _Half([dot.x for dot in dots], finite(picture.split_x), width)
    up = _Half([dot.y for dot in dots], finite(picture.split_y), height - 2)
    cells = [(across.cell(dot.x), height - 2 - up.cell(dot.y)) for dot in dots]
    for index, cell in reversed(list(enumerate(cells))):  # dots with larger weights are on top
        cell_map[cell] = Ink(_letter(index), ACCENT if index < len(ascii_letters) else DIM)
    for index, (dot, cell) in enumerate(zip(dots, cells, strict=True)):
        if cell_map[cell].text == _letter(index):
            _write(cell_map, dot.label, cell, (middle, width))
    _draw_cross(cell_map, middle, row, width, height)
    _write_names(cell_map, picture.names, middle, width, height)
    return cell_map


def _letter(index: int) -> str:
    return ascii_letters[26:][index] if index < 26 else ascii_letters[index - 26] if index < 52 else OTHER


def _write(cell_map: CellMap, label: str, cell: tuple[int, int], room: tuple[int, int]) -> None:
    """Write a label beside its dot if its half of the chart is blank there."""
    middle, width = room
    column, row = cell
    end = middle if column < middle else width
    text = cut(label, min(_NAME, end - column - 3))
    cells = cell_width(text)
    if cells < 2 or any((column + 1 + offset, row) in cell_map for offset in range(cells + 2)):
        return
    _put(cell_map, column + 2, row, text, "")


def _put(cell_map: CellMap, column: int, row: int, text: str, role: str) -> None:
    """Write a text from a cell on; wide characters also occupy the following cell."""
    for char in text:
        cells = cell_width(char)
        if not cells:  # a combining mark belongs to the preceding character
            before = max(
                other_column
                for other_column, other_row in cell_map
                if other_row == row and other_column < column
            )
            cell_map[before, row] = Ink(cell_map[before, row].text + char, role)
            continue
        cell_map[column, row] = Ink(char, role)
        for covered_column in range(column + 1, column + cells):
            cell_map[covered_column, row] = Ink("", role)
        column += cells


def _draw_cross(cell_map: CellMap, middle: int, row: int, width: int, height: int) -> None:
    for column in range(width):
        cell_map.setdefault((column, row), Ink("─", DIM))
    for line in range(height):
        if line != row:
            cell_map.setdefault((middle, line), Ink("│", DIM))
    cell_map[middle, row] = Ink("┼", DIM)


def _write_names(
    cell_map: CellMap, names: tuple[str, str, str, str], middle: int, width: int, height: int
) -> None:
    """Write the names of the quadrants in the outer corners, which contain no dots."""
    left, right = middle - 2, width - middle - 2
    for name, column, row, room, at_end in (
        (names[0], 0, 0, left, False),
        (names[1], width, 0, right, True),
        (names[2], 0, height - 1, left, False),
        (names[3], width, height - 1, right, True),
    ):
        text = cut(name, room)
        _put(cell_map, column - cell_width(text) if at_end else column, row, text, BOLD)


def _row(cell_map: CellMap, row: int, width: int) -> list[Ink]:
    return [cell_map.get((column, row), Ink(" ")) for column in range(width)]


def _labels(picture: Quadrants, height: int, margin: int, room: Room) -> list[str]:
    """Return the numbers on the left axis: both ends and the split."""
    ys = [finite(y) for y in _ys(picture)]
    values = {1: max(ys), height - 2: min(ys), height - 2 - (height - 2) // 2: picture.split_y}
    return [
        fit(_value_text(values[row], picture.y_unit, room) if row in values else "", margin - 1, "right")
        + " "
        for row in range(height)
    ]


def _below(picture: Quadrants, width: int, margin: int, room: Room) -> list[Drawn]:
    xs = [picture.split_x, *(dot.x for dot in picture.dots)]
    ends = [_value_text(value, picture.x_unit, room) for value in (min(xs), picture.split_x, max(xs))]
    half = width // 2
    line = padded(ends[0], half - len(ends[1]) // 2) + ends[1]
    line += padded(ends[2], max(0, width - cell_width(line)), "right")
    numbers = cut_line([Ink(" " * margin + line, DIM)], room.width)
    name = fit(picture.x_label, width, "right")
    return [numbers, cut_line([Ink(" " * margin + name, DIM)], room.width)] if picture.x_label else [numbers]


def _legend(picture: Quadrants, dots: list[Dot], room: Room, most: int) -> list[Drawn]:
    """List letter, name and numbers of the dots with the largest weights, in as many columns as fit."""
    columns = max(1, room.width // 40)
    column_width = room.width // columns
    count = len(dots) if len(dots) <= most * columns else most * columns - 1
    entries = [_entry(picture, index, dot, column_width - 2, room) for index, dot in enumerate(dots[:count])]
    if count < len(dots):
        entries.append(list(more_line(len(dots) - count, column_width - 2)))
    lines: list[Drawn] = []
    for start in range(0, len(entries), columns):
        inks: list[Ink] = []
        for entry in entries[start : start + columns]:
            inks += [*entry, Ink("  ")]
        lines.append(cut_line(inks, room.width))
    return lines


def _entry(picture: Quadrants, index: int, dot: Dot, width: int, room: Room) -> list[Ink]:
    x, y = (
        without_unit(value, unit, room.form) + (" %" if unit == SHARE else "")
        for value, unit in ((dot.x, picture.x_unit), (dot.y, picture.y_unit))
    )
    numbers = f"  {x:>6}  {y:>9}"
    label = tidy(dot.label)
    return [
        Ink(_letter(index) + " ", ACCENT if index < len(ascii_letters) else DIM),
        Ink(fit(label, max(1, width - 2 - len(numbers)))),
        Ink(numbers, DIM),
    ]
