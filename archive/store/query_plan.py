"""Use the indexes to find the records that a TinyDB query can match, before any record is decoded.

TinyDB stores the structure of a query in its private hash: ("==", path, value), ("one_of", path, values),
("and", queries) and ("or", queries). Any other query needs a scan of all records.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from tinydb.queries import QueryLike

from archive.store.indexed_records import IndexedRecords
from archive.store.overlay import OverlayTable


def slots_for(cond: QueryLike, records: OverlayTable) -> list[int] | None:
    """Return the slots of all records that may match, in ascending order, or None if a scan is needed."""
    if not isinstance(records, IndexedRecords):
        return None
    slots = _slots(getattr(cond, "_hash", None), records)
    return None if slots is None else sorted(slots)


def _slots(hashed: Any, records: IndexedRecords) -> set[int] | None:
    match hashed:
        case ("==", (str(key),), str(value)):
            return _holding(records, key, [value])
        case ("one_of", (str(key),), tuple(values)) if all(isinstance(value, str) for value in values):
            return _holding(records, key, values)
        case ("and", frozenset(parts)):
            indexed = [slots for part in parts if (slots := _slots(part, records)) is not None]
            return set.intersection(*indexed) if indexed else None
        case ("or", frozenset(parts)):
            either = [_slots(part, records) for part in parts]
            return None if None in either else set[int]().union(*filter(None, either))
    return None


def _holding(records: IndexedRecords, key: str, values: Iterable[str]) -> set[int] | None:
    """Return the slots of the records with one of these values, or None if `key` has neither a lookup nor a column."""
    if key in ("uid", "code", "customer") and records.has_lookup(key):
        return {slot for value in values for slot in records.having(key, value)}
    if key not in records.column_keys:
        return None
    value_set = frozenset(values)
    return {
        slot
        for slot, value in enumerate(records.column(key))
        if isinstance(value, str) and value in value_set
    }


def is_cacheable(cond: QueryLike) -> bool:
    """Return whether results of a query can be cached by its hash.

    Queries with a regular expression cannot: TinyDB's hash ignores the flags of the pattern.
    """
    cacheable: Callable[[], bool] = getattr(cond, "is_cacheable", lambda: True)
    return cacheable() and not _has_pattern(getattr(cond, "_hash", None))


def _has_pattern(hashed: Any) -> bool:
    if isinstance(hashed, tuple) and hashed[:1] in (("matches",), ("search",)):
        return True
    return isinstance(hashed, (tuple, frozenset)) and any(map(_has_pattern, hashed))
