"""Marked rows: how many there are, clearing them, and commands that take a single row."""

from __future__ import annotations

from collections.abc import Iterable

from archive.text import _
from archive.ui.host import owner_of
from archive.ui.widgets.table import RecordTable

FOR_MARKS = (
    *("tick", "won", "lost", "take_back", "change", "export", "snooze", "delete"),
    *("back", "help", "app.help"),
)
"""The commands that act on all marked rows, most important first, and the keys that lead out."""


def marked_words(tables: Iterable[RecordTable]) -> str:
    """Return the number of marked rows, and how many of them a search hides; "" without marks."""
    shown = [table for table in tables if table.display and table.marks]
    marked = sum(len(table.marks) for table in shown)
    hidden = sum(table.hidden_marks for table in shown)
    if hidden:
        return _("{n} marked, {hidden} not shown").format(n=f"{marked:,}", hidden=f"{hidden:,}")
    return _("{n} marked").format(n=f"{marked:,}") if marked else ""


def clear_marks(tables: Iterable[RecordTable]) -> bool:
    """Clear all marks; return whether there were any."""
    marked = [table for table in tables if table.marks]
    for table in marked:
        table.marks = set()
    return bool(marked)


def chosen_rows(table: RecordTable) -> list[str]:
    """Return the rows a command acts on: all marked rows, else the row under the cursor.

    If a search hides all marked rows, tell the user and return none.
    """
    chosen = table.chosen
    if table.marks and not chosen:
        owner_of(table).say(_("None of the marked records are in this list. Press esc to clear the marks."))
    return chosen


def only_row(table: RecordTable) -> str | None:
    """Return the row that a command for a single row acts on; if several are marked, say so and return None."""
    chosen = chosen_rows(table)
    if len(chosen) > 1:
        words = _("This command needs a single row, but {n} are marked. esc clears the marks.")
        owner_of(table).say(words.format(n=f"{len(chosen):,}"))
    return chosen[0] if len(chosen) == 1 else None
