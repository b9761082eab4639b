"""A change of one record, and the history of changes that undo and redo walk along."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from archive.model.tables import TABLES

Raw = dict[str, Any]
KEPT_ENTRIES = 1_000
KEPT_DAYS = 90


class Change(NamedTuple):
    """A record before and after: no `old` makes it new, no `new` deletes it."""

    table: str
    uid: str
    new: Raw | None
    old: Raw | None

    def turned(self) -> Change:
        """The change that takes this one back."""
        return Change(self.table, self.uid, self.old, self.new)


class Entry(NamedTuple):
    """One change as a person made it, of one or many records; undo takes it back as a whole."""

    number: int
    label: str
    at: datetime
    changes: tuple[Change, ...]
    undone: bool = False

    def dump(self) -> Raw:
        """The JSON form, without the number it is kept under."""
        raw: Raw = {
            "label": self.label,
            "at": self.at.isoformat(),
            "changes": [list(c) for c in self.changes],
        }
        return {**raw, "undone": True} if self.undone else raw

    @classmethod
    def load(cls, number: str, raw: Mapping[str, Any]) -> Entry:
        """An entry from the file."""
        changes = tuple(Change(*change) for change in raw["changes"])
        at = datetime.fromisoformat(raw["at"])
        return cls(int(number), raw["label"], at, changes, raw.get("undone", False))


def is_entry(raw: Mapping[str, Any]) -> bool:
    """Whether an entry of the file can be shown and taken back."""
    try:
        entry = Entry.load("0", raw)
    except (KeyError, TypeError, ValueError):
        return False
    return isinstance(entry.label, str) and all(_is_change(change) for change in entry.changes)


def _is_change(change: Change) -> bool:
    cls = TABLES.get(change.table)
    rows = [row for row in (change.new, change.old) if row is not None]
    return cls is not None and all(isinstance(row, dict) and not cls.misfit(row) for row in rows)


def to_undo(history: Mapping[str, Raw]) -> str | None:
    """The number of the newest change that is not taken back."""
    return next((number for number in _newest_first(history) if not history[number].get("undone")), None)


def to_redo(history: Mapping[str, Raw]) -> str | None:
    """The number of the change that was taken back last."""
    return next(reversed(redoable(history)), None)


def redoable(history: Mapping[str, Raw]) -> list[str]:
    """The numbers of the changes that can be brought back, newest first: those that no new change `ended`."""
    found = []
    for number in _newest_first(history):
        if not history[number].get("undone"):
            break
        if not history[number].get("ended"):  # undo passes over them too
            found.append(number)
    return found


def _newest_first(history: Mapping[str, Raw]) -> Sequence[str]:
    return sorted(history, key=int, reverse=True)


def outdated(history: Mapping[str, Raw], now: datetime) -> list[str]:
    """Entries that need not be kept: older than 90 days and beyond the last 1,000."""
    old = _newest_first(history)[KEPT_ENTRIES:]
    limit = (now - timedelta(days=KEPT_DAYS)).isoformat()
    return [number for number in old if history[number]["at"] < limit]
