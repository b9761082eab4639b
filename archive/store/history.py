"""The history table: the user's actions with the changes they made, stored in the archive for undo and redo."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from archive.model.tables import STORED
from archive.store.changes import Change, Entry, Head, entry_row, outdated, redoable, to_redo, to_undo
from archive.store.overlay import OverlayTable, Raw
from archive.store.wal.records import LogRecord

HISTORY = "_history"


class History:
    """The entries of the history. The heads of all entries are in memory; an entry is decoded on access."""

    def __init__(self, table: OverlayTable, heads: bytes | None) -> None:
        """Read the history.

        Args:
            table: The history table.
            heads: The heads from the index file, made by `heads_of`; if None, they are read from the table.
        """
        self.table = table
        if heads is None:
            self.heads = {table.number(slot): Head.of(row) for slot, row in table.rows()}
        else:
            self.heads = {number: Head(*head) for number, *head in json.loads(heads)}

    def to_undo(self) -> Entry | None:
        """Return the newest entry that is not undone, or None if nothing can be undone."""
        return self.entry(to_undo(self.heads))

    def to_redo(self) -> Entry | None:
        """Return the last undone entry, or None if nothing can be redone."""
        return self.entry(to_redo(self.heads))

    def undo_label(self) -> str:
        """Return the label of the entry that would be undone, or "" if there is none."""
        number = to_undo(self.heads)
        return "" if number is None else self.heads[number].label

    def entries(self) -> list[Entry]:
        """Return all entries, newest first."""
        entries = [Entry.load(self.table.number(slot), row) for slot, row in self.table.rows()]
        return entries[::-1]

    def apply(self, frame: LogRecord) -> None:
        """Apply a transaction to the history: a new entry, or entries that were undone or redone, as in its `extra`."""
        if "entry" in frame.extra:
            self._add(frame, frame.extra["entry"], datetime.fromisoformat(frame.extra["at"]))
        for number, undone in frame.extra.get("undone", ()):
            self._put(number, {**self._row(number), "undone": undone})

    def _add(self, frame: LogRecord, number: int, at: datetime) -> None:
        for ended in redoable(self.heads):
            self._put(ended, {**self._row(ended), "ended": True})
        self._put(number, entry_row(frame.label, at, changes_of(frame)))
        for old in outdated(self.heads, at):
            self._put(old, None)

    def _put(self, number: int, row: Raw | None) -> None:
        self.table.put(number, row)
        if row is None:
            del self.heads[number]
        else:
            self.heads[number] = Head.of(row)

    def _row(self, number: int) -> Raw:
        slot = self.table.slot(number)
        row = None if slot is None else self.table.row(slot)
        assert row is not None
        return row

    def entry(self, number: int | None) -> Entry | None:
        """Return the entry with this number, or None if `number` is None."""
        return None if number is None else Entry.load(number, self._row(number))


def changes_of(frame: LogRecord) -> list[Change]:
    """Return the changes of a transaction, identified by uid, or by number in tables that are not the archive's own."""
    return [
        Change(table, (new or old)["uid"] if table in STORED else number, new, old)
        for table, number, new, old in frame.changes
    ]


def heads_of(rows: Iterable[tuple[int, dict[str, Any]]]) -> bytes:
    """Encode the heads of entries, given as number and row, for the index file."""
    return json.dumps([[number, *Head.of(row)] for number, row in rows]).encode()
