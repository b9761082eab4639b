"""A table as it is now: the lines of the snapshot, and over them what has changed since."""

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
_KEPT = 20_000  # decoded records of the snapshot that are kept at hand


class OverlayTable:
    """Records by slot: the place in the snapshot, and behind its last one place after the other for new records.

    A slot never changes its record while the snapshot is the same. Rows are handed out as they are kept, and not
    to be changed.
    """

    def __init__(self, lines: Lines) -> None:
        self.lines = lines
        self.version = next(_VERSIONS)  # another one after each change, and in each new overlay
        self.over: dict[int, Raw | None] = {}  # what changed since, None where the record is gone
        self._added = array("Q")  # the numbers of new records, by slot
        self._added_slots: dict[int, int] = {}
        self._decoded: dict[int, Raw] = {}
        self._count = len(lines)
        self._last = 0  # the highest number among the new ones
        self._ascending = True

    def __len__(self) -> int:
        return self._count

    @property
    def size(self) -> int:
        """How many slots there are, those of removed records included."""
        return len(self.lines) + len(self._added)

    def slot(self, number: int) -> int | None:
        """The slot of a record that is or was there."""
        found = self._added_slots.get(number)
        return self.lines.slot(number) if found is None else found

    def number(self, slot: int) -> int:
        """The number under which the record of a slot is kept."""
        base = len(self.lines)
        return self.lines.numbers[slot] if slot < base else self._added[slot - base]

    def row(self, slot: int) -> Raw | None:
        """The record of a slot, None where it is gone."""
        return self.over[slot] if slot in self.over else self.snapshot_row(slot)

    def snapshot_row(self, slot: int) -> Raw:
        """The record of a slot as the snapshot has it."""
        found = self._decoded.get(slot)
        if found is None:
            if len(self.lines) <= _KEPT and self.lines.is_small:
                self._decoded = dict(enumerate(self.lines.all()))
                return self._decoded[slot]
            if len(self._decoded) >= _KEPT:
                self._decoded.clear()
            found = self._decoded[slot] = self.lines.row(slot)
        return found

    def slots(self) -> Iterator[int]:
        """The slots of all records, in the order in which they were made."""
        over = self.over
        base = (slot for slot in range(len(self.lines)) if slot not in over or over[slot] is not None)
        added = (slot for slot in range(len(self.lines), self.size) if over[slot] is not None)
        if self._ascending:
            yield from base
            yield from added
        else:
            yield from merge(base, sorted(added, key=self.number), key=self.number)

    def rows(self) -> Iterator[tuple[int, Raw]]:
        """Slot and record of all, in the order in which they were made; nothing of it is kept at hand."""
        over, decoded = self.over, self._decoded
        for slot in self.slots():
            yield slot, over.get(slot) or decoded.get(slot) or self.lines.row(slot)

    def put(self, number: int, row: Raw | None) -> tuple[int, Raw | None]:
        """Set a record, or with None remove it: its slot, and what it was before."""
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
        """The highest number of the records there are now, 0 if there are none."""
        base = range(len(self.lines))
        newest = next((slot for slot in reversed(base) if self.over.get(slot, True) is not None), None)
        added = (slot for slot in range(len(base), self.size) if self.over[slot] is not None)
        return max(map(self.number, added if newest is None else (newest, *added)), default=0)

    def next_number(self) -> int:
        """A number that no record has or had."""
        return 1 + max(self._last, self.lines.numbers[-1] if len(self.lines) else 0)

    def encoded(self) -> Iterator[bytes]:
        """The line of every record, ascending by number; what did not change is not decoded."""
        for slot in self.slots():
            row = self.over.get(slot)
            yield self.lines.line(slot) if row is None else encode_record(self.number(slot), row)
