"""The current state of an archive: the tables of the snapshot with the transactions of the journal applied."""

from __future__ import annotations

from array import array
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from archive.model.tables import STORED
from archive.store.changes import Change, Raw
from archive.store.history import HISTORY, History
from archive.store.indexed_records import IndexedRecords
from archive.store.indexes import Texts
from archive.store.overlay import OverlayTable
from archive.store.related_search import RelatedSearch
from archive.store.select import Selector
from archive.store.snapshot import META, Extent, Lines, Places, Snapshot
from archive.store.summaries import Summaries, customers_touched
from archive.store.wal.records import LogRecord


class State:
    """The tables, their indexes, the history and the customer summaries, updated by each transaction."""

    def __init__(self, snapshot: Snapshot, arrays: Mapping[str, memoryview]) -> None:
        names = list(dict.fromkeys([*snapshot.extents, *STORED, HISTORY]))
        lines = {name: lines_of(snapshot, arrays, name) for name in names}
        self.tables = {name: IndexedRecords(cls, lines[name], arrays) for name, cls in STORED.items()}
        self.overlays: dict[str, OverlayTable] = {
            name: self.tables[name] if name in STORED else OverlayTable(lines[name]) for name in names
        }
        heads = arrays.get(f"{HISTORY}.heads")
        self.history = History(self.overlays[HISTORY], None if heads is None else bytes(heads))
        self.summaries = Summaries(self.tables, partial(_summary_texts, arrays))
        self.selectors = {name: Selector(table, None) for name, table in self.tables.items()}
        related = RelatedSearch(self.tables)
        self.selectors["customers"] = Selector(self.tables["customers"], self.summaries.of, related)

    def records(self, table: str) -> OverlayTable:
        """Return the records of any table; an unknown table is created without records."""
        overlay = self.overlays.get(table)
        if overlay is None:
            overlay = self.overlays[table] = OverlayTable(no_lines(table))
        return overlay

    @property
    def meta(self) -> Raw:
        """The metadata of the archive."""
        return self.overlays[META].row(0) or {}

    def numbered(self, changes: Sequence[Change]) -> list[list[Any]]:
        """Convert changes to the form of a log record, [table, number, new, old], with new numbers for new records."""
        numbered: list[list[Any]] = []
        assigned: dict[tuple[str, str], int] = {}
        next_numbers: dict[str, int] = {}
        for table, uid, new, old in changes:
            number = assigned.get((table, uid)) or self._number(table, uid)
            if number is None:
                number = next_numbers.get(table) or self.tables[table].next_number()
                next_numbers[table] = number + 1
            assigned[table, uid] = number
            numbered.append([table, str(number), new, old])
        return numbered

    def _number(self, table: str, uid: str) -> int | None:
        if table not in self.tables:
            return int(uid)
        slot = self.tables[table].of(uid)
        return None if slot is None else self.tables[table].number(slot)

    def apply(self, frame: LogRecord) -> None:
        """Apply a transaction to the tables, the history and, if its `extra` has "meta", the metadata."""
        for table, number, new, old in frame.changes:
            self.put(table, int(number), new, old)
        self.history.apply(frame)
        if meta := frame.extra.get("meta"):
            self.overlays[META].put(1, {**self.meta, **meta})

    def put(self, table: str, number: int, new: Raw | None, old: Raw | None) -> None:
        """Replace the record `old` by `new`, or delete it if `new` is None, and invalidate cached results."""
        self.records(table).put(number, new)
        for customer in customers_touched(table, old, new):
            self.summaries.forget(customer)
            self.selectors["customers"].changed()
        if table in self.selectors:
            self.selectors[table].changed()


def lines_of(snapshot: Snapshot, arrays: Mapping[str, memoryview], name: str) -> Lines:
    """Return the records of a table in a snapshot; empty if the snapshot has no such table."""
    if name not in snapshot.extents:
        return no_lines(name)

    def places() -> Places | None:
        numbers, starts = arrays.get(f"{name}.numbers"), arrays.get(f"{name}.starts")
        return None if numbers is None or starts is None else (numbers, starts)

    return snapshot.lines(name, places)


def no_lines(name: str) -> Lines:
    """Return the lines of a table without records."""
    return Lines(b"", Extent(name, 0, 0, 0, ""), Path(), lambda: (array("Q"), array("Q", [0])))


def _summary_texts(arrays: Mapping[str, memoryview]) -> Texts | None:
    text, starts = arrays.get("customers.summaries.text"), arrays.get("customers.summaries.starts")
    return None if text is None or starts is None else Texts(text, starts)
