"""A change of one record, and the history of changes that undo and redo walk along."""

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
    """A record before and after: no `old` makes it new, no `new` deletes it."""

    table: str
    uid: str
    new: Raw | None
    old: Raw | None

    def inverted(self) -> Change:
        """The change that takes this one back."""
        return Change(self.table, self.uid, self.old, self.new)


class Entry(NamedTuple):
    """One change as a person made it, of one or many records; undo takes it back as a whole."""

    number: int
    label: str
    at: datetime
    changes: tuple[Change, ...]
    undone: bool = False

    @classmethod
    def load(cls, number: int, raw: Mapping[str, Any]) -> Entry:
        """An entry from the file."""
        changes = tuple(Change(*change) for change in raw["changes"])
        at = datetime.fromisoformat(raw["at"])
        return cls(number, raw["label"], at, changes, raw.get("undone", False))


class Head(NamedTuple):
    """What has to be known of an entry to find the way along the history."""

    label: str
    at: str  # ISO
    undone: bool = False
    ended: bool = False  # a later change put an end to bringing it back

    @classmethod
    def of(cls, raw: Mapping[str, Any]) -> Head:
        """The head of an entry as it is kept."""
        return cls(raw["label"], raw["at"], raw.get("undone", False), raw.get("ended", False))


Heads = dict[int, Head]  # ascending


def entry_row(label: str, at: datetime, changes: Iterable[Change]) -> Raw:
    """A new entry as it is kept, under a number of its own."""
    return {"label": label, "at": at.isoformat(), "changes": [list(change) for change in changes]}


def is_entry(raw: Mapping[str, Any]) -> bool:
    """Whether an entry of the file can be shown and taken back."""
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
    """The number of the newest change that is not taken back."""
    return next((number for number, head in _newest_first(heads) if not head.undone), None)


def to_redo(heads: Heads) -> int | None:
    """The number of the change that was taken back last."""
    return next(reversed(redoable(heads)), None)


def redoable(heads: Heads) -> Sequence[int]:
    """The numbers of the changes that can be brought back, newest first: those that no new change `ended`."""
    found = []
    for number, head in _newest_first(heads):
        if not head.undone:
            break
        if not head.ended:  # undo passes over them too
            found.append(number)
    return found


def outdated(heads: Heads, now: datetime) -> list[int]:
    """Entries that need not be kept: older than 90 days and beyond the last 1,000."""
    limit = (now - timedelta(days=KEPT_DAYS)).isoformat()
    beyond = islice(heads, max(0, len(heads) - KEPT_ENTRIES))
    return [number for number in beyond if heads[number].at < limit]


def _newest_first(heads: Heads) -> Iterator[tuple[int, Head]]:
    return ((number, heads[number]) for number in reversed(heads))
