"""Stores that are known to lose data, which the harnesses must catch."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from pathlib import Path

from tinydb import TinyDB, where

from archive import files
from archive.model.tables import TABLES
from archive.store import checkpoint, copying
from archive.store.salvage import checksum_scanner, records
from archive.store.wal import log, segments
from faults.stores import Change, Ours, Past, Tables


class _Plain:
    """Base class of stores without compaction and history."""

    has_history = False
    may_fail: tuple[type[Exception], ...] = (OSError,)
    notices: list[str] = []

    def history(self) -> list[Past]:
        return []

    def derived(self) -> None: ...

    def compact(self) -> None: ...

    def wait(self) -> None: ...

    def close(self) -> None: ...

    def drop(self) -> None:
        self.close()


class Stock(_Plain):
    """Stock TinyDB, which rewrites the whole file in place, several times per change."""

    def __init__(self, path: Path, *, write: bool = True, checkpoints: bool = False) -> None:
        self._db = TinyDB(path)

    def tables(self) -> Tables:
        return {table: {row["uid"]: dict(row) for row in self._db.table(table)} for table in TABLES}

    def put(self, label: str, changes: Sequence[Change]) -> None:
        for name in dict.fromkeys(change.table for change in changes):
            table = self._db.table(name)
            mine = [change for change in changes if change.table == name]
            # update() would keep fields that the new row does not have.
            if old := {change.uid for change in mine if change.old}:
                table.remove(where("uid").one_of(old))
            if rows := [change.new for change in mine if change.new]:
                table.insert_multiple(rows)

    def close(self) -> None:
        self._db.close()


class Unsynced(Ours):
    """The archive's store without fsync of folders, so that a crash can undo renames."""

    def __init__(self, path: Path, *, write: bool = True, checkpoints: bool = False) -> None:
        for module in (checkpoint, copying, files, log, segments):
            module.sync_folder = lambda folder: None
        super().__init__(path, write=write, checkpoints=checkpoints)


class Believing(Ours):
    """The archive's store with a repair that trusts every table name, even in the wrong place."""

    def __init__(self, path: Path, *, write: bool = True, checkpoints: bool = False) -> None:
        checksum_scanner._named = lambda data, found, known: found
        super().__init__(path, write=write, checkpoints=checkpoints)


class Trusting(Ours):
    """The archive's store with a repair that never doubts a record."""

    def __init__(self, path: Path, *, write: bool = True, checkpoints: bool = False) -> None:
        records.DAMAGED = ""
        super().__init__(path, write=write, checkpoints=checkpoints)


class Renamed(_Plain):
    """A store that replaces its file by rename, without fsync."""

    def __init__(self, path: Path, *, write: bool = True, checkpoints: bool = False) -> None:
        self._path = path
        self._tables: Tables = {table: {} for table in TABLES}
        if path.exists():
            self._tables |= json.loads(path.read_bytes())

    def tables(self) -> Tables:
        return self._tables

    def put(self, label: str, changes: Sequence[Change]) -> None:
        for table, uid, new, _old in changes:
            self._tables[table].pop(uid, None)
            if new is not None:
                self._tables[table][uid] = new
        beside = self._path.with_suffix(".new")
        descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        os.write(descriptor, json.dumps(self._tables).encode())
        os.close(descriptor)
        beside.rename(self._path)
