"""Heat maps: each cell shows its number, which the shade only repeats."""

from __future__ import annotations

import math

from archive.analysis.drawing.axes import finite
from archive.analysis.drawing.style import DIM, HEAT, Drawn, Ink, Room, fit, more_line, padded, tidy, widest
from archive.analysis.formatting import NOTHING, short
from archive.analysis.pictures import Grid
from archive.text import _, cell_width

WIDEST = 20  # cells of a column with a name as its header
NARROWEST = 5
HEADER_LINES = 3


def render(picture: Grid, room: Room) -> list[Drawn]:
    """Draw the column headers, and a line for each row. Unobserved cells are blank."""
    label = widest(picture.rows, max(6, room.width // 3)) + 1
    texts = [
        [
            NOTHING if cell is not None and math.isnan(cell) else _cell(cell, picture.unit, room)
            for cell in row
        ]
        for row in picture.cells
    ]
    width, columns = _columns(picture, texts, room.width - label)
    head = _header(picture.columns[:columns], label, width)
    most = max(1, room.height - len(head) - (columns < len(picture.columns)))
    rows = len(picture.rows) if len(picture.rows) <= most else max(1, most - 1)
    low, high = _range(picture)
    body = [
        _row(name, label, values[:columns], row_texts[:columns], width, (low, high))
        for name, values, row_texts in zip(picture.rows[:rows], picture.cells, texts, strict=False)
    ]
    lines = [*head, *body]
    if rows < len(picture.rows):
        lines.append(more_line(len(picture.rows) - rows, room.width))
    if columns < len(picture.columns):
        text = _("… {n} more columns on the right").format(n=len(picture.columns) - columns)
        lines.append((Ink(fit(text, room.width).rstrip(), DIM),))
    return lines


def _cell(value: float | None, unit: str, room: Room) -> str:
    return "" if value is None else short(value, unit, room.form)


def _columns(picture: Grid, texts: list[list[str]], room: int) -> tuple[int, int]:
    """Return the cells per column, and the number of columns that fit."""
    numbers = max((len(text) for row in texts for text in row), default=1) + 2
    least = max(NARROWEST, numbers)
    most = max(least, min(WIDEST, room // len(picture.columns)))
    width = next((w for w in range(least, most) if _all_fit(picture.columns, w - 1)), most)
    return width, max(1, min(len(picture.columns), room // width))


def _all_fit(names: tuple[str, ...], width: int) -> bool:
    """Return whether all names fit above columns of this width."""
    return all(not line.endswith("…") for name in names for line in _wrapped(name, width))


def _header(names: tuple[str, ...], label: int, width: int) -> list[Drawn]:
    """Return the column headers, wrapped to at most three lines and aligned at the bottom."""
    wrapped = [_wrapped(name, width - 1) for name in names]
    height = max(map(len, wrapped), default=1)
    blocks = [[""] * (height - len(lines)) + lines for lines in wrapped]
    return [
        (Ink(" " * label + "".join(padded(lines[index], width - 1, "right") + " " for lines in blocks), DIM),)
        for index in range(height)
    ]


def _wrapped(name: str, width: int) -> list[str]:
    lines = [""]
    for word in tidy(name[:200]).split():
        longer = f"{lines[-1]} {word}".strip()
        if cell_width(longer) <= width:
            lines[-1] = longer
        else:
            lines += [word] if lines[-1] else []
            lines[-1] = word
    if len(lines) > HEADER_LINES:
        lines = [*lines[: HEADER_LINES - 1], " ".join(lines[HEADER_LINES - 1 :])]
    return [fit(line, width).rstrip() for line in lines]


def _range(picture: Grid) -> tuple[float, float]:
    values = [finite(cell) for row in picture.cells for cell in row if cell is not None]
    return min(0.0, *values, 0.0), max(0.0, *values, 0.0)


def _row(
    name: str,
    label: int,
    values: tuple[float | None, ...],
    texts: list[str],
    width: int,
    scale: tuple[float, float],
) -> Drawn:
    cells = [
        Ink(padded(text, width - 1, "right") + " ", _heat(value, *scale))
        for value, text in zip(values, texts, strict=True)
    ]
    return Ink(fit(name, label - 1) + " "), *cells


def _heat(value: float | None, low: float, high: float) -> str:
    """Return the role for the shade of a value; zero has none."""
    if value is None or not value or high <= low:
        return ""
    part = (finite(value) - low) / (high - low)
    return HEAT[min(len(HEAT) - 1, int(part * len(HEAT)))]
