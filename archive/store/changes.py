"""Changes of records, and the entries of the history through which undo and redo move."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import islice
from typing import Any, NamedTuple

from archive.model.tables import STORED
from archive.store.record_codec import NUMBER

Raw = dict[str, Any]
KEPT_ENTRIES = 1_000
KEPT_DAYS = 90


class Change(NamedTuple):
    """A record before and after a change: `old` is None for a new record, `new` is None for a deleted record."""

    table: str
    uid: str
    new: Raw | None
    old: Raw | None

    def inverted(self) -> Change:
        """Return the change that undoes this change."""
        return Change(self.table, self.uid, self.old, self.new)


class Entry(NamedTuple):
    """A user action that changed any number of records. It is undone as a whole."""

    number: int
    label: str
    at: datetime
    changes: tuple[Change, ...]
    undone: bool = False

    @classmethod
    def load(cls, number: int, raw: Mapping[str, Any]) -> Entry:
        """Create an entry from its stored row."""
        changes = tuple(Change(*change) for change in raw["changes"])
        at = datetime.fromisoformat(raw["at"])
        return cls(number, raw["label"], at, changes, raw.get("undone", False))


class Head(NamedTuple):
    """The part of an entry that undo and redo need to find their next entry, without the changes."""

    label: str
    at: str  # ISO
    undone: bool = False
    ended: bool = False  # can no longer be redone, because a later change was made

    @classmethod
    def of(cls, raw: Mapping[str, Any]) -> Head:
        """Create the head of an entry from its stored row."""
        return cls(raw["label"], raw["at"], raw.get("undone", False), raw.get("ended", False))


Heads = dict[int, Head]  # ascending


def entry_row(label: str, at: datetime, changes: Iterable[Change]) -> Raw:
    """Return the row to store for a new entry."""
    return {"label": label, "at": at.isoformat(), "changes": [list(change) for change in changes]}


def is_entry(raw: Mapping[str, Any]) -> bool:
    """Return whether a stored row is a valid entry, which can be shown and undone."""
    try:
        entry = Entry.load(0, raw)
    except (KeyError, TypeError, ValueError):
        return False
    return isinstance(entry.label, str) and all(_is_change(change) for change in entry.changes)


def _is_change(change: Change) -> bool:
    cls = STORED.get(change.table)
    rows = [row for row in (change.new, change.old) if row is not None]
    if not all(isinstance(row, dict) for row in rows):
        return False
    return bool(NUMBER.fullmatch(change.uid)) if cls is None else not any(map(cls.misfit, rows))


def to_undo(heads: Heads) -> int | None:
    """Return the number of the newest entry that is not undone, or None if nothing can be undone."""
    return next((number for number, head in _newest_first(heads) if not head.undone), None)


def to_redo(heads: Heads) -> int | None:
    """Return the number of the last undone entry, or None if nothing can be redone."""
    return next(reversed(redoable(heads)), None)


def redoable(heads: Heads) -> Sequence[int]:
    """Return the numbers of the entries that can be redone, newest first: undone, and not `ended` by a later change."""
    numbers = []
    for number, head in _newest_first(heads):
        if not head.undone:
            break
        if not head.ended:  # skip ended entries, as `to_undo` does
            numbers.append(number)
    return numbers


def outdated(heads: Heads, now: datetime) -> list[int]:
    """Return the numbers of the entries to delete: older than 90 days and not among the last 1,000."""
    limit = (now - timedelta(days=KEPT_DAYS)).isoformat()
    beyond = islice(heads, max(0, len(heads) - KEPT_ENTRIES))
    return [number for number in beyond if heads[number].at < limit]


def _newest_first(heads: Heads) -> Iterator[tuple[int, Head]]:
    return ((number, heads[number]) for number in reversed(heads))
