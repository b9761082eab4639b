"""The current records of a table: the snapshot's lines and an overlay of the changes since."""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from heapq import merge
from itertools import count
from typing import Any

from archive.store.record_codec import encode_record
from archive.store.snapshot import Lines

Raw = dict[str, Any]
_VERSIONS = count(1)
_KEPT = 20_000  # maximum number of decoded snapshot records in the cache


class OverlayTable:
    """Records by slot. Slots 0 to n - 1 are the n records of the snapshot; new records get the slots from n on.

    A record keeps its slot as long as the snapshot is the same. Rows are returned without a copy and must not be
    changed.
    """

    def __init__(self, lines: Lines) -> None:
        self.lines = lines
        self.version = next(_VERSIONS)  # unique for each state of each overlay
        self.over: dict[int, Raw | None] = {}  # changed records by slot; None if the record was deleted
        self._added = array("Q")  # numbers of the new records, by slot
        self._added_slots: dict[int, int] = {}
        self._decoded: dict[int, Raw] = {}
        self._count = len(lines)
        self._last = 0  # highest number of a new record
        self._ascending = True  # whether the new records are in order of their numbers

    def __len__(self) -> int:
        return self._count

    @property
    def size(self) -> int:
        """The number of slots, including slots of deleted records."""
        return len(self.lines) + len(self._added)

    def slot(self, number: int) -> int | None:
        """Return the slot of a record, even if the record was deleted; None if there never was such a record."""
        added = self._added_slots.get(number)
        return self.lines.slot(number) if added is None else added

    def number(self, slot: int) -> int:
        """Return the number of the record in a slot."""
        base = len(self.lines)
        return self.lines.numbers[slot] if slot < base else self._added[slot - base]

    def row(self, slot: int) -> Raw | None:
        """Return the record in a slot, or None if it was deleted."""
        return self.over[slot] if slot in self.over else self.snapshot_row(slot)

    def snapshot_row(self, slot: int) -> Raw:
        """Return the record in a slot as it is in the snapshot."""
        row = self._decoded.get(slot)
        if row is None:
            if len(self.lines) <= _KEPT and self.lines.is_small:
                self._decoded = dict(enumerate(self.lines.all()))
                return self._decoded[slot]
            if len(self._decoded) >= _KEPT:
                self._decoded.clear()
            row = self._decoded[slot] = self.lines.row(slot)
        return row

    def slots(self) -> Iterator[int]:
        """Yield the slots of all records in creation order, that is by number."""
        over = self.over
        base = (slot for slot in range(len(self.lines)) if slot not in over or over[slot] is not None)
        added = (slot for slot in range(len(self.lines), self.size) if over[slot] is not None)
        if self._ascending:
            yield from base
            yield from added
        else:
            yield from merge(base, sorted(added, key=self.number), key=self.number)

    def rows(self) -> Iterator[tuple[int, Raw]]:
        """Yield slot and record of all records in creation order, without filling the cache of decoded records."""
        over, decoded = self.over, self._decoded
        for slot in self.slots():
            yield slot, over.get(slot) or decoded.get(slot) or self.lines.row(slot)

    def put(self, number: int, row: Raw | None) -> tuple[int, Raw | None]:
        """Set a record, or delete it if `row` is None. Return its slot and former value."""
        slot = self.slot(number)
        if slot is None:
            slot = self.size
            self._added.append(number)
            self._added_slots[number] = slot
            self._ascending = self._ascending and number >= self.next_number()
            self._last = max(number, self._last)
            old = None
        else:
            old = self.row(slot)
        self.over[slot] = row
        self.version = next(_VERSIONS)
        self._count += (row is not None) - (old is not None)
        return slot, old

    def highest(self) -> int:
        """Return the highest number of an existing record, or 0 if there is none."""
        base = range(len(self.lines))
        newest = next((slot for slot in reversed(base) if self.over.get(slot, True) is not None), None)
        added = (slot for slot in range(len(base), self.size) if self.over[slot] is not None)
        return max(map(self.number, added if newest is None else (newest, *added)), default=0)

    def next_number(self) -> int:
        """Return a number that no record has or ever had."""
        return 1 + max(self._last, self.lines.numbers[-1] if len(self.lines) else 0)

    def encoded(self) -> Iterator[bytes]:
        """Yield the line of every record by ascending number. Unchanged lines are copied without decoding."""
        for slot in self.slots():
            row = self.over.get(slot)
            yield self.lines.line(slot) if row is None else encode_record(self.number(slot), row)
