"""The range of rows that shift and the arrow keys mark, as in a file manager."""

from collections.abc import Sequence
from typing import NamedTuple


class MarkedRange(NamedTuple):
    """A range being marked: where it began, the other marks, and the cursor row and the marks it led to."""

    anchor: int
    base: frozenset[str]
    cursor_row: int
    marks: set[str]

    @classmethod
    def at(cls, cursor_row: int, marks: set[str]) -> "MarkedRange":
        """Begin a range at the cursor row."""
        return cls(cursor_row, frozenset(marks), cursor_row, marks)

    def goes_on(self, cursor_row: int, marks: set[str]) -> bool:
        """Return whether nothing but this range has moved the cursor or changed the marks."""
        return self.cursor_row == cursor_row and self.marks is marks

    def moved(self, cursor_row: int, ids: Sequence[str]) -> "MarkedRange":
        """Return the range up to another row. Rows marked before it began stay marked."""
        first, last = sorted((self.anchor, cursor_row))
        return self._replace(cursor_row=cursor_row, marks={*self.base, *ids[first : last + 1]})
