"""The history table: each change as a person made it, kept with the archive until it is old."""

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
    """Heads of all entries are at hand; an entry itself is decoded when it is asked for."""

    def __init__(self, table: OverlayTable, heads: bytes | None) -> None:
        """`heads` as `heads_of` made them, where they are known."""
        self.table = table
        if heads is None:
            self.heads = {table.number(slot): Head.of(row) for slot, row in table.rows()}
        else:
            self.heads = {number: Head(*head) for number, *head in json.loads(heads)}

    def to_undo(self) -> Entry | None:
        """The newest change that is not taken back."""
        return self.entry(to_undo(self.heads))

    def to_redo(self) -> Entry | None:
        """The change that was taken back last."""
        return self.entry(to_redo(self.heads))

    def undo_label(self) -> str:
        """The label of the change that would be taken back, "" when there is none."""
        number = to_undo(self.heads)
        return "" if number is None else self.heads[number].label

    def entries(self) -> list[Entry]:
        """All kept changes, newest first."""
        found = [Entry.load(self.table.number(slot), row) for slot, row in self.table.rows()]
        return found[::-1]

    def apply(self, frame: LogRecord) -> None:
        """Take in what a transaction of the journal did to the history; its `extra` says so."""
        if "entry" in frame.extra:
            self._add(frame, frame.extra["entry"], datetime.fromisoformat(frame.extra["at"]))
        for number, undone in frame.extra.get("undone", ()):
            self._put(number, {**self._row(number), "undone": undone})

    def _add(self, frame: LogRecord, number: int, at: datetime) -> None:
        for brought_back in redoable(self.heads):
            self._put(brought_back, {**self._row(brought_back), "ended": True})
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
        """The entry of a number, None without one."""
        return None if number is None else Entry.load(number, self._row(number))


def changes_of(frame: LogRecord) -> list[Change]:
    """What a transaction did to records: by uid, or by number in tables that are not the archive's own."""
    return [
        Change(table, (new or old)["uid"] if table in STORED else number, new, old)
        for table, number, new, old in frame.changes
    ]


def heads_of(rows: Iterable[tuple[int, dict[str, Any]]]) -> bytes:
    """The heads of entries (number and row), to be kept beside the snapshot."""
    return json.dumps([[number, *Head.of(row)] for number, row in rows]).encode()
