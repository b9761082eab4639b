"""The sections of a form: which of them the cursor is in, and how to reach the others."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from archive.text import _
from archive.ui.widgets.field_row import FieldRow


class Sections:
    """The first fields of the sections of a form, in display order."""

    def __init__(self) -> None:
        self._starts: list[tuple[str, FieldRow]] = []  # heading and first field
        self._shown: int | None = None

    def add(self, heading: str, first: FieldRow) -> None:
        """Add a section."""
        self._starts.append((heading, first))

    @property
    def are_many(self) -> bool:
        """Whether there is more than one section."""
        return len(self._starts) > 1

    def _at(self, rows: Sequence[FieldRow]) -> int:
        """Return the index of the section with the cursor."""
        starts = {row: index for index, (_heading, row) in enumerate(self._starts)}
        at = 0
        for row in rows:
            at = starts.get(row, at)
            if row.has_focus_within:
                return at
        return 0

    def has_moved(self, rows: Sequence[FieldRow]) -> bool:
        """Whether the cursor is in another section than the place shown last."""
        return self._at(rows) != self._shown

    def place(self, rows: Sequence[FieldRow]) -> str:
        """Return where the cursor is: "Personal, section 3 of 7 (ctrl+pgdn)"; "" if there are no sections."""
        self._shown = at = self._at(rows)
        if not self.are_many:
            return ""
        heading = self._starts[at][0] or _("Key fields")
        words = _("{heading}, section {n} of {count} (ctrl+pgdn)")
        return words.format(heading=heading, n=at + 1, count=len(self._starts))

    def go(self, rows: Sequence[FieldRow], step: int) -> None:
        """Move the cursor to the first field of the next or previous section, and the section to the top."""
        at = self._at(rows)
        first = self._starts[at][1]
        back_to_start = step < 0 and not first.has_focus_within
        target = at if back_to_start else max(0, min(len(self._starts) - 1, at + step))
        row = next(row for row in rows[rows.index(self._starts[target][1]) :] if row.display)
        row.enter()
        row.scroll_visible(animate=False, top=True)


def missing(rows: Iterable[FieldRow]) -> dict[str, str]:
    """Return an error for each required field that is empty."""
    sentence = _("{field} is required.")
    return {
        row.field.key: sentence.format(field=row.field.title)
        for row in rows
        if row.display and row.field.required and not row.typed
    }


def first_to_fill(rows: Sequence[FieldRow], at: str) -> FieldRow:
    """Return the field to focus first.

    The field `at`, else an empty required field, else the last field of a draft, else the first field.
    """
    if wanted := next((row for row in rows if row.field.key == at and row.display), None):
        return wanted
    needed = (row for row in rows if row.field.required and not row.typed)
    drafted = [row for row in rows if row.changed]
    return next(needed, drafted[-1] if drafted else rows[0])
