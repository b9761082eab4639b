"""An archive as the harnesses see it: records by table and uid, and the history of its changes."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from hashlib import blake2b
from pathlib import Path
from typing import Any, NamedTuple, Protocol

from archive.errors import ArchiveError
from archive.model.fields import Context
from archive.model.query import parse
from archive.model.tables import TABLES
from archive.store import UNSORTED, Change, Store

NOW = datetime(2026, 11, 21, 10, 0)  # noqa: DTZ001
Raw = dict[str, Any]
Tables = dict[str, dict[str, Raw]]


class Past(NamedTuple):
    """A change as the history keeps it."""

    number: int
    label: str
    changes: Sequence[Change]
    undone: bool = False


class Kept(Protocol):
    """What a harness asks of a store."""

    has_history: bool
    may_fail: tuple[type[Exception], ...]  # what is an answer and no accident
    notices: list[str]

    def __init__(self, path: Path, *, write: bool = True, upkeep: bool = False) -> None: ...
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

    def __init__(self, path: Path, *, write: bool = True, upkeep: bool = False) -> None:
        self.store = Store(path, write=write, create=True, now=NOW, upkeep=upkeep)
        self.notices = self.store.notices

    def tables(self) -> Tables:
        kept = self.store
        return {table: {uid: kept.get(table, uid) or {} for uid in kept.uids(table)} for table in TABLES}

    def history(self) -> list[Past]:
        found = self.store.history()
        return [Past(entry.number, entry.label, entry.changes, entry.undone) for entry in reversed(found)]

    def derived(self) -> Any:
        """What is kept beside the records to find them, and to know of them without reading."""
        kept = self.store
        words = [parse(text) for text in ("person", "1", "x")]
        found = [kept.select("customers", word, UNSORTED, Context(NOW)) for word in words]
        people = list(kept.uids("customers"))
        sums = [(kept.summary(uid).orders, kept.summary(uid).total()) for uid in people]
        lists = [kept.children("transactions", uid) for uid in people]
        columns = kept.columns("transactions", ["customer", "on", "amount"])
        names = [kept.named("customers", kept.name("customers", uid)) for uid in people]
        return [list(map(list, found)), sums, lists, columns, list(map(sorted, names))]

    def put(self, label: str, changes: Sequence[Change]) -> None:
        self.store.commit(label, changes, NOW)

    def undo(self) -> None:
        self.store.undo(NOW)

    def redo(self) -> None:
        self.store.redo(NOW)

    def compact(self) -> None:
        self.store.compact()

    def close(self) -> None:
        self.store.close()

    def wait(self) -> None:
        """Until nothing is done beside it."""
        if running := self.store._upkeep:
            running.wait()

    def drop(self) -> None:
        """Let go of the files without tidying up."""
        self.store._held.close()


def mark(*what: Any) -> int:
    """A number that stands for a value; those of all values of an archive are added up."""
    return int.from_bytes(blake2b(json.dumps(what, sort_keys=True).encode(), digest_size=7).digest(), "big")


def total(tables: Tables, history: Iterable[Past] = ()) -> int:
    """The number that stands for all of an archive; 0 for an empty one."""
    rows = sum(mark(table, uid, row) for table, found in tables.items() for uid, row in found.items())
    return rows + sum(mark(*past) for past in history)


def total_of(kept: Kept) -> int:
    """The same for an open one."""
    return total(kept.tables(), kept.history())


def total_at(store: type[Kept], path: Path) -> int:
    """The same for one on the disk, as a reader beside a writer finds it."""
    kept = store(path, write=False)
    try:
        return total_of(kept)
    finally:
        kept.drop()
