"""A table of the archive with its indexes, which are updated with every change."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any, cast

from archive.model.fields import Record
from archive.model.filters import words_of
from archive.store.index_file import Column
from archive.store.indexes import (
    KEYS,
    LATER,
    Texts,
    candidates,
    collectors,
    column,
    column_keys,
    has_names,
    lookups,
    order_key,
)
from archive.store.overlay import OverlayTable, Raw
from archive.store.record_codec import dumps
from archive.store.snapshot import Lines

_FEW = 200  # up to this many changed records are inserted into the sort order singly; else all are sorted


class IndexedRecords(OverlayTable):
    """Records with lookups, search words, sort order and columns.

    The arrays come from the index file, or are built from the snapshot's records on first use if it lacks them.
    Changes since the snapshot are applied on top.
    """

    def __init__(self, cls: type[Record], lines: Lines, arrays: Mapping[str, memoryview]) -> None:
        super().__init__(lines)
        self.cls = cls
        self._arrays = arrays
        self._built: dict[str, Column] = {}
        self._lookups = {name: Lookup(self, name) for name in lookups(cls)}
        self._added_uids: list[str] = []
        self._words: list[str] | None = None
        self._over_words: dict[int, str] = {}
        self._order: Sequence[int] | None = None
        self._columns: dict[str, list[Any]] = {}

    def part(self, name: str) -> Any:
        """Return an array derived from the snapshot's records, such as `order` or `code.hashes`."""
        array = self._arrays.get(f"{self.cls.TABLE}.{name}")
        return self._build(name) if array is None else array

    def _build(self, name: str) -> Column:
        if name not in self._built:
            makers = collectors(self.cls)
            begin = next(begin for begin in makers if f"{name}.".startswith(f"{begin}."))
            # Decoding a large table is expensive, so a single pass builds everything a first page needs.
            together = [begin] if self.is_at_hand or begin in LATER else makers.keys() - LATER
            building = [makers[each]() for each in together]
            for slot in range(len(self.lines)):
                row = self.snapshot_row(slot)
                for collector in building:
                    collector.add(row)
            for collector in building:
                self._built.update(collector.arrays())
        return self._built[name]

    @property
    def is_at_hand(self) -> bool:
        """Whether the snapshot is decoded as a whole because it is small and has no index file."""
        return self.lines.is_small and not self._arrays

    # Records by uid and by other keys

    def uid(self, slot: int) -> str:
        """Return the uid of the record in a slot, even if the record was deleted."""
        base = len(self.lines)
        return self._uid_texts[slot] if slot < base else self._added_uids[slot - base]

    def uids(self, slots: Sequence[int]) -> Sequence[str]:
        """Return the uids of the records in `slots` as a lazy sequence."""
        return Uids(self._uid_texts, self._added_uids, len(self.lines), slots)

    @cached_property
    def _uid_texts(self) -> Texts:
        return Texts(self.part("uids.text"), self.part("uids.starts"))

    def of(self, uid: str) -> int | None:
        """Return the slot of the record with this uid, or None if there is no such record."""
        slots = self.having("uid", uid)
        return slots[0] if slots else None

    def get(self, uid: str) -> Raw | None:
        """Return the record with this uid, or None if there is no such record."""
        slot = self.of(uid)
        return None if slot is None else self.row(slot)

    def having(self, name: str, key: str) -> list[int]:
        """Return the slots of the records whose lookup `name` (such as "code") has the value `key`."""
        return self._lookups[name].find(key) if name in self._lookups else []

    def has_lookup(self, name: str) -> bool:
        """Return whether the table has a lookup of this name."""
        return name in self._lookups

    def holding(self, text: str) -> Iterator[Raw]:
        """Yield the records whose JSON contains a text, such as the uid of another record."""
        for slot in self.lines.containing(text):
            if slot not in self.over:
                yield self.snapshot_row(slot)
        quoted = dumps(text)[1:-1]
        yield from (row for row in self.over.values() if row and quoted in dumps(row))

    # All records

    @property
    def words(self) -> list[str]:
        """The folded search text of every slot, "" for deleted records."""
        if self._words is None:
            words = self._word_texts.all()
            words += [""] * (self.size - len(words))
            for slot, row in self.over.items():
                words[slot] = words_of(self.cls, row) if row else ""
            self._words = words
        return self._words

    @cached_property
    def _word_texts(self) -> Texts:
        return Texts(self.part("words.text"), self.part("words.starts"))

    def slots_with(self, texts: Iterable[str]) -> Iterator[int]:
        """Yield the slots of the records whose folded search text contains any of the texts, without duplicates."""
        texts, yielded = tuple(texts), set[int]()
        for text in texts:
            for slot in self._word_texts.containing(text):
                if slot not in self.over and slot not in yielded:
                    yielded.add(slot)
                    yield slot
        for slot, row in self.over.items():
            if row and any(text in self.words_at(slot) for text in texts):
                yield slot

    def words_at(self, slot: int) -> str:
        """Return the folded search text of a record."""
        if self._words is not None:
            return self._words[slot]
        if slot not in self.over:
            return self._word_texts[slot]
        if slot not in self._over_words:
            row = self.over[slot]
            self._over_words[slot] = words_of(self.cls, row) if row else ""
        return self._over_words[slot]

    @property
    def order(self) -> Sequence[int]:
        """The slots of all records, sorted by name, or newest first if records have no names."""
        if self._order is None:
            self._order = self._ordered()
        return self._order

    def _ordered(self) -> Sequence[int]:
        base: Sequence[int] = self.part("order")
        if not self.over:
            return base
        if len(self.over) > _FEW:
            keys = {slot: order_key(self.cls, row) for slot, row in self.rows()}
            return sorted(keys, key=keys.__getitem__, reverse=not has_names(self.cls))
        slots = [slot for slot in base if slot not in self.over]
        for slot, row in self.over.items():
            if row is not None:
                slots.insert(self._position(slots, order_key(self.cls, row)), slot)
        return slots

    def _position(self, slots: Sequence[int], key: tuple[str, str]) -> int:
        """Return the position at which a record with this key is inserted into the sorted slots."""
        ascending = has_names(self.cls)

        def behind(slot: int) -> bool:
            other = order_key(self.cls, self.row(slot) or {})
            return other > key if ascending else other < key

        return bisect_left(slots, True, key=behind)

    def columns(self, keys: Sequence[str]) -> dict[str, list[Any]]:
        """Return the values of each key in creation order of the records, with None for a missing value."""
        indexed = self.column_keys
        rows = None if indexed.issuperset(keys) else [row for _slot, row in self.rows()]
        slots = list(self.slots()) if self.over else None
        columns = {}
        for key in keys:
            if key in indexed:
                values = self.column(key)
                columns[key] = list(values) if slots is None else [values[slot] for slot in slots]
            else:
                columns[key] = [row.get(key) for row in rows or ()]
        return columns

    @cached_property
    def column_keys(self) -> frozenset[str]:
        """The keys that have a column."""
        return frozenset(["uid", *column_keys(self.cls)])

    def column(self, key: str) -> list[Any]:
        """Return the values of a column by slot, deleted records included."""
        values = self._columns.get(key)
        if values is None:
            values = self._columns[key] = self._column(key)
        return values

    def _column(self, key: str) -> list[Any]:
        if key == "uid":
            return [*self._uid_texts.all(), *self._added_uids]
        values = column(self.part(f"col.{key}"), bytes(self.part(f"col.{key}.values")))
        values += [None] * (self.size - len(values))
        for slot, row in self.over.items():
            values[slot] = (row or {}).get(key)
        return values

    def light_row(self, slot: int) -> Raw | None:
        """Return a record for reading a few values, which come from the columns if possible without decoding it.

        None if the record was deleted.
        """
        return self.row(slot) if not self._arrays or slot in self.over else cast(Raw, LightRow(self, slot))

    # Changes

    def put(self, number: int, row: Raw | None) -> tuple[int, Raw | None]:
        """Set a record, or delete it if `row` is None, and update the indexes. Return its slot and former value."""
        size = self.size
        slot, old = super().put(number, row)
        if slot == size:
            self._added_uids.append(str((row or {}).get("uid", "")))
        for lookup in self._lookups.values():
            lookup.apply(slot, old, row)
        self._over_words.pop(slot, None)
        if self._words is not None:
            self._words[slot : slot + 1] = [words_of(self.cls, row) if row else ""]
        for key, values in self._columns.items():
            values[slot : slot + 1] = [
                self._added_uids[-1] if key == "uid" and slot == size else (row or {}).get(key)
            ]
        self._order = None
        return slot, old


class Lookup:
    """Index of the records by a key: by hash for records of the snapshot, by the key itself for changed records."""

    def __init__(self, table: IndexedRecords, name: str) -> None:
        self._table, self._name, self._key = table, name, KEYS[name]
        self._changed: dict[str, set[int]] = {}

    def find(self, key: str) -> list[int]:
        """Return the slots of the records that have this key now."""
        over = self._table.over
        base = [slot for slot in self._in_snapshot(key) if slot not in over]
        return base + sorted(self._changed.get(key, ()))

    def _in_snapshot(self, key: str) -> Iterable[int]:
        """Return the slots of the records that had this key in the snapshot; they may have changed since."""
        table, name = self._table, self._name
        if not len(table.lines):
            return ()
        if table.is_at_hand:
            return self._slots.get(key, ())
        hashes, slots = table.part(f"{name}.hashes"), table.part(f"{name}.slots")
        return (slot for slot in candidates(hashes, slots, key) if self._key_in(slot) == key)

    @cached_property
    def _slots(self) -> dict[str, list[int]]:
        """The slots of the snapshot's records by key; only for small archives, which are decoded as a whole anyway."""
        table, slots = self._table, dict[str, list[int]]()
        for slot in range(len(table.lines)):
            slots.setdefault(self._key(table.cls, table.snapshot_row(slot)), []).append(slot)
        return slots

    def _key_in(self, slot: int) -> str:
        table = self._table
        return table.uid(slot) if self._name == "uid" else self._key(table.cls, table.row(slot) or {})

    def apply(self, slot: int, old: Raw | None, new: Raw | None) -> None:
        """Update the index after the record in a slot changed from `old` to `new`."""
        cls = self._table.cls
        if old is not None:
            self._changed.get(self._key(cls, old), set()).discard(slot)
        if new is not None:
            self._changed.setdefault(self._key(cls, new), set()).add(slot)


class LightRow(Mapping[str, Any]):
    """A record of the snapshot that reads its values from the columns and is decoded only for other keys."""

    __slots__ = ("_slot", "_table")

    def __init__(self, table: IndexedRecords, slot: int) -> None:
        self._table, self._slot = table, slot

    def get(self, key: str, default: Any = None) -> Any:
        """Return the value of `key`, or `default` if there is none."""
        table = self._table
        if key not in table.column_keys:
            return table.snapshot_row(self._slot).get(key, default)
        value = table.column(key)[self._slot]
        return default if value is None else value

    def __getitem__(self, key: str) -> Any:
        value = self.get(key)
        if value is None:
            raise KeyError(key)
        return value

    def __iter__(self) -> Iterator[str]:
        return iter(self._table.snapshot_row(self._slot))

    def __len__(self) -> int:
        return len(self._table.snapshot_row(self._slot))


class Uids(Sequence[str]):
    """Lazy sequence of the uids of many records: reading a page of it costs only that page."""

    def __init__(self, texts: Texts, added: Sequence[str], base: int, slots: Sequence[int]) -> None:
        self._texts, self._added, self._base, self._slots = texts, added, base, slots
        self._all: list[str] | None = None

    def __len__(self) -> int:
        return len(self._slots)

    def __getitem__(self, index: Any) -> Any:
        if isinstance(index, slice):
            return [self._uid(slot) for slot in self._slots[index]]
        return self._uid(self._slots[index])

    def __iter__(self) -> Iterator[str]:
        if self._all is None:
            uids = [*self._texts.all(), *self._added]
            self._all = list(map(uids.__getitem__, self._slots))
        return iter(self._all)

    def __contains__(self, uid: object) -> bool:
        return any(uid == other for other in self)

    def index(self, uid: str, start: int = 0, stop: int | None = None) -> int:
        """Return the position of a uid; ValueError if it is not in the sequence."""
        return list(self).index(uid, start, len(self) if stop is None else stop)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and list(self) == list(other)

    __hash__ = None  # type: ignore[assignment]

    def _uid(self, slot: int) -> str:
        return self._texts[slot] if slot < self._base else self._added[slot - self._base]
