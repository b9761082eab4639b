"""A canvas for line charts in Braille characters, 2 x 4 dots per cell."""

from __future__ import annotations

from itertools import groupby

from archive.analysis.drawing.style import Drawn, Ink

_DOTS = ((0x01, 0x08), (0x02, 0x10), (0x04, 0x20), (0x40, 0x80))
_BLANK = 0x2800
ACROSS, DOWN = 2, 4
"""Dots per cell."""


class Canvas:
    """Rows of `width` cells; dots are counted from the upper left. A cell has the role of its first dot."""

    def __init__(self, width: int) -> None:
        self.width = width
        self._bits: dict[tuple[int, int], int] = {}
        self._roles: dict[tuple[int, int], str] = {}
        self._signs: dict[tuple[int, int], Ink] = {}

    def dot(self, x: int, y: int, role: str) -> None:
        """Set a dot; dots outside the canvas are not shown."""
        cell = (x // ACROSS, y // DOWN)
        self._bits[cell] = self._bits.get(cell, 0) | _DOTS[y % DOWN][x % ACROSS]
        self._roles.setdefault(cell, role)

    def column(self, x: int, y: int, other: int, role: str) -> None:
        """Set all dots of a column between two heights."""
        for dot_y in range(min(y, other), max(y, other) + 1):
            self.dot(x, dot_y, role)

    def sign(self, column: int, row: int, text: str, role: str) -> None:
        """Put a single-cell character over whatever is drawn there."""
        self._signs[column, row] = Ink(text, role)

    def shade(self, column: int, row: int, text: str, role: str) -> None:
        """Put a character only if the cell is empty."""
        if (column, row) not in self._bits and (column, row) not in self._signs:
            self.sign(column, row, text, role)

    def row(self, row: int) -> Drawn:
        """Return a line of the canvas, with adjacent cells of equal role merged."""
        cells = [self._cell(column, row) for column in range(self.width)]
        return tuple(
            Ink("".join(cell.text for cell in group), role)
            for role, group in groupby(cells, lambda cell: cell.role)
        )

    def _cell(self, column: int, row: int) -> Ink:
        cell = (column, row)
        if cell in self._signs:
            return self._signs[cell]
        bits = self._bits.get(cell, 0)
        return Ink(chr(_BLANK | bits), self._roles[cell]) if bits else Ink(" ")
