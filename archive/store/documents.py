"""Mappings through which TinyDB reads and changes documents by number; a document is decoded on access."""

from __future__ import annotations

import json
from collections.abc import ItemsView, Iterable, Iterator, Mapping, MutableMapping, ValuesView
from typing import Any

from archive.errors import BadValue
from archive.store.database import Database
from archive.store.overlay import OverlayTable, Raw
from archive.store.record_codec import NUMBER, dumps, encode_record
from archive.text import _

_END = 10**18  # exclusive upper bound of document numbers


class StoredDocuments(Mapping[str, Raw]):
    """Live view of a table; keys are the numbers as text. Each access decodes a new copy of the document."""

    def __init__(self, database: Database, table: str) -> None:
        self._database, self._table = database, table

    @property
    def records(self) -> OverlayTable:
        """The stored records of the table."""
        return self._database.state.records(self._table)

    def is_of(self, other: object) -> bool:
        """Return whether `other` is a view of the same table."""
        return (
            isinstance(other, StoredDocuments)
            and self._database is other._database
            and self._table == other._table
        )

    def __getitem__(self, key: str) -> Raw:
        records = self.records
        slot = records.slot(int(key)) if NUMBER.fullmatch(key) else None
        document = None if slot is None else _fresh(records, slot, records.over)
        if document is None:
            raise KeyError(key)
        return document

    def __contains__(self, key: object) -> bool:
        records = self.records
        slot = records.slot(int(key)) if isinstance(key, str) and NUMBER.fullmatch(key) else None
        return slot is not None and records.over.get(slot, True) is not None

    def __iter__(self) -> Iterator[str]:
        records = self.records
        return map(str, map(records.number, list(records.slots())))

    def __len__(self) -> int:
        return len(self.records)

    def items(self) -> ItemsView[str, Raw]:
        return _Items(self)

    def values(self) -> ValuesView[Raw]:
        return _Values(self)

    def snapshot(self, slots: Iterable[int] | None = None) -> Iterator[tuple[str, Raw]]:
        """Yield number and document of all records, or of some slots, as of the start of the iteration."""
        records = self.records
        over = dict(records.over)
        if slots is None:
            slots = list(records.slots()) if over else range(len(records.lines))
        for slot in slots:
            document = _fresh(records, slot, over)
            assert document is not None  # slots are of records that were there at the start
            yield str(records.number(slot)), document


class _Items(ItemsView[str, Raw]):
    _mapping: StoredDocuments

    def __iter__(self) -> Iterator[tuple[str, Raw]]:
        return self._mapping.snapshot()


class _Values(ValuesView[Raw]):
    _mapping: StoredDocuments

    def __iter__(self) -> Iterator[Raw]:
        return (document for _key, document in self._mapping.snapshot())


class EditedDocuments(MutableMapping[Any, Any]):
    """View of a table for TinyDB's updaters: records which documents were touched and writes nothing itself."""

    def __init__(self, documents: StoredDocuments) -> None:
        self._documents = documents
        self.touched: dict[Any, Any] = {}  # documents that were read or set; None if deleted
        self.highest = 0  # highest number that was set

    def __getitem__(self, number: Any) -> Any:
        if number not in self.touched:
            if type(number) is not int:
                raise KeyError(number)
            self.touched[number] = self._documents[str(number)]
        document = self.touched[number]
        if document is None:
            raise KeyError(number)
        return document

    def __setitem__(self, number: Any, document: Any) -> None:
        self.touched[number] = document
        self.highest = max(self.highest, number) if type(number) is int else self.highest

    def __delitem__(self, number: Any) -> None:
        if number not in self:
            raise KeyError(number)
        self.touched[number] = None

    def __contains__(self, number: object) -> bool:
        if number in self.touched:
            return self.touched[number] is not None
        return type(number) is int and str(number) in self._documents

    def __iter__(self) -> Iterator[Any]:
        for number in map(int, self._documents):
            if self.touched.get(number, True) is not None:
                yield number
        yield from [
            number for number in self.touched if number in self and str(number) not in self._documents
        ]

    def __len__(self) -> int:
        return sum(1 for _number in self)

    def clear(self) -> None:
        self.touched = dict.fromkeys(self)


def _fresh(records: OverlayTable, slot: int, over: Mapping[int, Raw | None]) -> Raw | None:
    """Return a new copy of a document, or None if it was deleted."""
    if slot not in over:
        return records.lines.row(slot)
    row = over[slot]
    return None if row is None else json.loads(dumps(row))


def checked_number(number: Any) -> int:
    """Return the number of a document as an integer.

    Raises:
        BadValue: It is not a valid number of a document.
    """
    if type(number) is str and NUMBER.fullmatch(number):
        return int(number)
    if type(number) is not int or not 0 <= number < _END:
        raise BadValue(
            _("{number} is not a document number.").format(number=repr(number)),
            _("Use a whole number from 0."),
        )
    return number


def normalised(document: Mapping[str, Any] | None) -> Raw | None:
    """Return a document as it will read after being stored, or None for None.

    Raises:
        TypeError, ValueError, BadValue: The document cannot be stored.
    """
    if document is None:
        return None
    try:
        line = encode_record(0, dict(document))
    except BadValue:
        dumps(dict(document))  # if it is not JSON, raise TypeError or ValueError as TinyDB's own storage does
        raise
    normal: Raw = json.loads(line[len('"0":') :])
    return normal


def is_same(first: Raw | None, second: Raw | None) -> bool:
    """Return whether two documents have the same JSON. `==` is not enough: 1 equals True in Python."""
    return first is second or (first is not None and second is not None and dumps(first) == dumps(second))


def joined(changes: Iterable[list[Any]]) -> list[list[Any]]:
    """Merge changes, given as [table, number, new, old], to a single change per document.

    Documents that end up unchanged are left out.
    """
    merged: dict[tuple[str, str], list[Any]] = {}
    for table, number, new, old in changes:
        merged.setdefault((table, number), [table, number, new, old])[2] = new
    return [change for change in merged.values() if not is_same(change[2], change[3])]
