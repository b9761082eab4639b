"""The interface between harnesses and stores: records by table and uid, history, and their checksum."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from hashlib import blake2b
from pathlib import Path
from typing import Any, NamedTuple, Protocol

from archive.errors import ArchiveError
from archive.model.field_types.base import Context
from archive.model.query import parse
from archive.model.tables import TABLES
from archive.store import UNSORTED, ArchiveDB, Change

NOW = datetime(2026, 11, 21, 10, 0)  # noqa: DTZ001
Raw = dict[str, Any]
Tables = dict[str, dict[str, Raw]]


class Past(NamedTuple):
    """An entry of the history."""

    number: int
    label: str
    changes: Sequence[Change]
    undone: bool = False


class Store(Protocol):
    """The interface of a store under test."""

    has_history: bool
    may_fail: tuple[type[Exception], ...]  # errors that refuse an operation; others are bugs
    notices: list[str]

    def __init__(self, path: Path, *, write: bool = True, checkpoints: bool = False) -> None: ...
    def tables(self) -> Tables: ...
    def history(self) -> list[Past]: ...
    def derived(self) -> Any: ...
    def put(self, label: str, changes: Sequence[Change]) -> None: ...
    def undo(self) -> None: ...
    def redo(self) -> None: ...
    def compact(self) -> None: ...
    def close(self) -> None: ...
    def drop(self) -> None: ...
    def wait(self) -> None: ...


class Ours:
    """The archive's own store."""

    has_history = True
    may_fail = (ArchiveError,)

    def __init__(self, path: Path, *, write: bool = True, checkpoints: bool = False) -> None:
        mode = "r+" if write else "r"
        self.db = ArchiveDB(path, access_mode=mode, create=True, checkpoints=checkpoints, clock=lambda: NOW)
        self.notices = self.db.storage.database.notices

    def tables(self) -> Tables:
        tables = {name: self.db.table(name) for name in TABLES}
        return {
            name: {uid: table.by_uid(uid) or {} for uid in table.uids()} for name, table in tables.items()
        }

    def history(self) -> list[Past]:
        found = self.db.storage.history()
        return [Past(entry.number, entry.label, entry.changes, entry.undone) for entry in reversed(found)]

    def derived(self) -> Any:
        """Return the data derived from the records: searches, sums, links, columns and names."""
        customers, transactions = self.db.table("customers"), self.db.table("transactions")
        words = [parse(text) for text in ("person", "1", "x")]
        found = [customers.select(word, UNSORTED, Context(NOW)) for word in words]
        people = customers.uids()
        sums = [(self.db.summary(uid).orders, self.db.summary(uid).total()) for uid in people]
        lists = [transactions.of_customer(uid) for uid in people]
        columns = transactions.columns(["customer", "on", "amount"])
        names = [customers.named(customers.name_of(uid)) for uid in people]
        return [list(map(list, found)), sums, lists, columns, list(map(sorted, names))]

    def put(self, label: str, changes: Sequence[Change]) -> None:
        self.db.storage.commit(label, changes, NOW)

    def undo(self) -> None:
        self.db.storage.undo()

    def redo(self) -> None:
        self.db.storage.redo()

    def compact(self) -> None:
        self.db.storage.compact()

    def close(self) -> None:
        self.db.close()

    def wait(self) -> None:
        """Wait for a running compaction."""
        if running := self.db.storage.database._checkpointer:
            running.wait()

    def drop(self) -> None:
        """Close the files and leave the journal, as after a kill."""
        self.db.storage.database._files.close()


def mark(*what: Any) -> int:
    """Return the checksum of a value. The checksum of an archive is the sum over its values."""
    return int.from_bytes(blake2b(json.dumps(what, sort_keys=True).encode(), digest_size=7).digest(), "big")


def total(tables: Tables, history: Iterable[Past] = ()) -> int:
    """Return the checksum of an archive's content, 0 if it is empty."""
    rows = sum(mark(table, uid, row) for table, found in tables.items() for uid, row in found.items())
    return rows + sum(mark(*past) for past in history)


def total_of(opened: Store) -> int:
    """Return the checksum of an open archive."""
    return total(opened.tables(), opened.history())


def total_at(store: type[Store], path: Path) -> int:
    """Return the checksum of an archive on the disk, which a writer may have open."""
    opened = store(path, write=False)
    try:
        return total_of(opened)
    finally:
        opened.drop()
