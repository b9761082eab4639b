"""Which records a TinyDB query can match, found from the indexes before any of them is decoded.

TinyDB keeps what a query compares in its hash, which is private to it: ("==", path, value), ("one_of", path, values),
("and", queries) and ("or", queries). Of any other query nothing is known, and every record is looked at.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from tinydb.queries import QueryLike

from archive.store.indexed_records import IndexedRecords
from archive.store.overlay import OverlayTable


def slots_for(cond: QueryLike, records: OverlayTable) -> list[int] | None:
    """The slots of all records that may match, in order; None if the indexes cannot tell."""
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
            found = [slots for part in parts if (slots := _slots(part, records)) is not None]
            return set.intersection(*found) if found else None
        case ("or", frozenset(parts)):
            either = [_slots(part, records) for part in parts]
            return None if None in either else set[int]().union(*filter(None, either))
    return None


def _holding(records: IndexedRecords, key: str, values: Iterable[str]) -> set[int] | None:
    """The slots of the records with one of these values, None for a key that is neither looked up nor a column."""
    if key in ("uid", "code", "customer") and records.has_lookup(key):
        return {slot for value in values for slot in records.having(key, value)}
    if key not in records.column_keys:
        return None
    wanted = frozenset(values)
    return {
        slot for slot, value in enumerate(records.column(key)) if isinstance(value, str) and value in wanted
    }


def is_cacheable(cond: QueryLike) -> bool:
    """Whether TinyDB may know the query by its hash. It takes two patterns that differ in their flags for one."""
    may_be_kept: Callable[[], bool] = getattr(cond, "is_cacheable", lambda: True)
    return may_be_kept() and not _has_pattern(getattr(cond, "_hash", None))


def _has_pattern(hashed: Any) -> bool:
    if isinstance(hashed, tuple) and hashed[:1] in (("matches",), ("search",)):
        return True
    return isinstance(hashed, (tuple, frozenset)) and any(map(_has_pattern, hashed))
