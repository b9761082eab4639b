"""The fields of a form that the last attempt to save marked as wrong."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from archive.text import _
from archive.ui.widgets.field_row import FieldRow


class Faults:
    """The marked fields, in display order."""

    def __init__(self) -> None:
        self._rows: list[FieldRow] = []

    def __bool__(self) -> bool:
        return bool(self._rows)

    def mark(self, rows: Sequence[FieldRow], sentences: Mapping[str, str]) -> bool:
        """Mark the fields with their errors, and go to the first. Return False if none of them is in the form."""
        wrong = [row for row in rows if row.field.key in sentences]
        for row in reversed(wrong):  # the message below the form is then that of the first
            row.complain(sentences[row.field.key])
        if wrong:
            wrong[0].enter()
            wrong[0].scroll_visible(animate=False)
            self._rows = wrong
        return bool(wrong)

    def words(self) -> str:
        """Return the sentence that names the fields that are still wrong, or ""."""
        self._rows = [row for row in self._rows if row.wrong]
        names = ", ".join(row.field.title for row in self._rows)
        return _("Not saved. Correct: {fields}").format(fields=names) if names else ""
