"""An archive on the disk: records by uid, selections, one write for a change of several records, undo and redo."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from threading import RLock
from typing import Any

from tinydb import TinyDB

from archive.errors import BadValue, CannotWrite
from archive.files import exists, sweep
from archive.model.fields import Context
from archive.model.links import links_between, relinked
from archive.model.query import Query
from archive.model.summary import Summary
from archive.model.tables import TABLES
from archive.store import migrations
from archive.store.changes import Change, Entry, Raw, is_entry, outdated, redoable, to_redo, to_undo
from archive.store.index import Summaries, TableIndex, customers_touched, day_of, name_of
from archive.store.lock import WriterLock
from archive.store.select import Selector, Sort
from archive.store.storage import Tables, WholeFile, damaged, missing
from archive.text import _, fold

HISTORY = "_history"
META = "_meta"
NO_NUMBERS: Mapping[str, int] = {}


class Store:
    """Readers share the file; one writer holds its lock until `close`. Rows are handed out as they are kept:
    callers decode them and never change them."""

    def __init__(self, path: Path, *, write: bool, create: bool, now: datetime) -> None:
        """Open `path`; NotFound where there is none and none is to be created, InUse where a writer has it."""
        if not exists(path) and not create:
            raise missing(path)
        self.path = path
        self._lock = (
            WriterLock(Path(os.path.realpath(path))) if write else None
        )  # by whatever name it is opened
        if self._lock:
            self._lock.acquire(now.isoformat(timespec="minutes"))
            sweep(Path(os.path.realpath(path)))
        try:
            self._open(path)
        except BaseException:
            self.close()
            raise

    def _open(self, path: Path) -> None:
        self._guard = RLock()  # the screen's worker threads select while another saves
        self._file = WholeFile(path)
        self._db = TinyDB(storage=lambda: self._file)
        self._tables: Tables = migrations.migrated(self._file.read(), path)
        _check_history(self._tables[HISTORY], path)
        self.revision = 0
        self._numbers: dict[str, dict[str, str]] = {}
        self._last_number: dict[str, int] = {}
        self.rows: dict[str, dict[str, Raw]] = {}
        for table in TABLES:
            self._take(table, self._tables[table])
        self.indexes = {table: TableIndex(cls, self.rows[table]) for table, cls in TABLES.items()}
        self._summaries = Summaries(self.rows, self.indexes)
        self._selectors = {
            table: Selector(cls, self.rows[table], self.indexes[table], self.summary)
            for table, cls in TABLES.items()
        }

    def _take(self, table: str, rows: Mapping[str, Raw]) -> None:
        misfit = TABLES[table].misfit
        for number, row in rows.items():
            if key := misfit(row):
                where = _("{key} of record {number} in {table} has a value of a wrong kind")
                raise damaged(self.path, where.format(key=key, number=number, table=table))
        self._numbers[table] = {row["uid"]: number for number, row in rows.items()}
        self.rows[table] = {row["uid"]: row for row in rows.values()}
        if len(self.rows[table]) != len(rows):
            raise damaged(self.path, _("two records in {table} have one uid").format(table=table))

    # Reading

    def get(self, table: str, uid: str) -> Raw | None:
        """A record as it is kept, or None."""
        return self.rows[table].get(uid)

    def count(self, table: str) -> int:
        """How many records a table has."""
        return len(self.rows[table])

    def select(
        self,
        table: str,
        query: Query,
        sort: Sort,
        ctx: Context,
        cancelled: Callable[[], bool] = lambda: False,
    ) -> Sequence[str]:
        """The uids that answer a query, in order; callers decode the ones they show."""
        with self._guard:
            return self._selectors[table].select(query, sort, ctx, cancelled)

    def children(self, table: str, customer: str) -> list[str]:
        """The uids of a customer's records in a table, newest first."""
        cls, rows = TABLES[table], self.rows[table]
        found = self.indexes[table].children.get(customer, ())
        return sorted(found, key=lambda uid: (day_of(cls, rows[uid]), uid), reverse=True)

    def summary(self, customer: str) -> Summary:
        """What is known of the dealings with a customer."""
        return self._summaries.of(customer)

    def columns(self, table: str, keys: Sequence[str]) -> dict[str, list[Any]]:
        """Kept values by column, None where a record has none; all columns in the same order of records."""
        with self._guard:
            rows = self.rows[table].values()
            return {key: [row.get(key) for row in rows] for key in keys}

    def find(self, table: str, text: str) -> str | None:
        """The uid of the record with this code, else of the only one with this name."""
        found = self.found(table, text)
        return found[0] if len(found) == 1 else None

    def found(self, table: str, text: str) -> Sequence[str]:
        """The uid of the record with this code or uid, else those of all with this name."""
        index, name = self.indexes[table], fold(text)
        by_code = index.codes.get(text) or index.codes.get(text.upper())
        if by_code or text in self.rows[table]:
            return [by_code or text]
        return sorted(index.names.get(name, ())) if name else []

    def name(self, table: str, uid: str) -> str:
        """What a record is called; its uid when it is gone."""
        raw = self.rows[table].get(uid) if table in self.rows else None
        return (name_of(TABLES[table], raw) if raw else "") or uid

    def code(self, table: str, uid: str) -> str:
        """The code of a record; its uid where it has none."""
        raw = self.rows[table].get(uid) if table in self.rows else None
        return str((raw or {}).get("code", uid))

    def linking_to(self, table: str, uid: str) -> list[tuple[str, Raw]]:
        """(table, row) of every record that links to this one, but not those that belong to a customer as such."""
        return [
            (other, row)
            for other, cls in TABLES.items()
            if links_between(cls, table)
            for row in self.rows[other].values()
            if relinked(cls, row, table, uid, "") is not None
        ]

    # Writing

    def commit(
        self, label: str, changes: Iterable[Change], now: datetime, numbers: Mapping[str, int] = NO_NUMBERS
    ) -> Entry | None:
        """Write several changes as one, on disk when this returns; None when they change nothing.

        `numbers` are kept with the archive for `recall`, and are no part of what undo takes back.
        """
        real = tuple(change for change in changes if change.new != change.old)
        if not real:
            return None
        _refuse_misfits(real)
        with self._guard:
            history = self._tables[HISTORY]
            number = str(1 + int(self._meta.get("entries", 0)))
            entry = Entry(int(number), label, now, real)
            ended = {undone: {**history[undone], "ended": True} for undone in redoable(history)}
            journal = {**ended, number: entry.dump(), **dict.fromkeys(outdated(history, now))}
            self._write(real, journal, {**numbers, "entries": int(number)})
            return entry

    def undo(self) -> Entry | None:
        """Take the newest change back; None when there is none."""
        return self._walk(to_undo, undone=True)

    def redo(self) -> Entry | None:
        """Bring back the change that was taken back last; None when there is none."""
        return self._walk(to_redo, undone=False)

    def _walk(self, choose: Callable[[Mapping[str, Raw]], str | None], *, undone: bool) -> Entry | None:
        with self._guard:
            history = self._tables[HISTORY]
            number = choose(history)
            if number is None:
                return None
            entry = Entry.load(number, history[number])
            changes = entry.changes
            if undone:
                changes = tuple(change.turned() for change in reversed(changes))
            self._write(changes, {number: {**history[number], "undone": undone}}, {})
            return entry

    def history(self) -> list[Entry]:
        """All kept changes, newest first."""
        with self._guard:
            kept = dict(self._tables[HISTORY])
        return [Entry.load(number, kept[number]) for number in sorted(kept, key=int, reverse=True)]

    def undo_label(self) -> str:
        """The label of the change that `undo` would take back, "" when there is none."""
        number = to_undo(self._tables[HISTORY])
        return self._tables[HISTORY][number]["label"] if number else ""

    def recall(self, key: str) -> int:
        """A number kept by `commit`, 0 when there is none."""
        return int(self._meta.get(key, 0))

    def close(self) -> None:
        """Let go of the file."""
        if self._lock:
            self._lock.release()

    @property
    def _meta(self) -> Raw:
        return self._tables[META]["1"]

    def _write(self, changes: Sequence[Change], journal: Mapping[str, Raw | None], meta: Raw) -> None:
        """Put everything in place, write the file, and take it all out again where that fails."""
        if not (self._lock and self._lock.held):
            raise CannotWrite(
                _("{path} is open for reading only.").format(path=self.path), _("Nothing was written.")
            )
        history = self._tables[HISTORY]
        before = dict(history), dict(self._meta)
        self._put_aside(journal, meta)
        self._put(changes)
        try:
            self._db.storage.write(self._tables)
        except BaseException:
            self._put([change.turned() for change in reversed(changes)])
            self._put_aside(dict.fromkeys(journal), {})
            for kept, old in zip((history, self._meta), before, strict=True):
                kept.clear()
                kept.update(old)
            raise
        self.revision += 1

    def _put_aside(self, journal: Mapping[str, Raw | None], meta: Raw) -> None:
        """History entries and numbers kept with the archive; None removes an entry."""
        history = self._tables[HISTORY]
        for number, raw in journal.items():
            self._file.forget_line(HISTORY, number)
            if raw is None:
                history.pop(number, None)
            else:
                history[number] = raw
        self._meta.update(meta)
        self._file.forget_line(META, "1")

    def _put(self, changes: Iterable[Change]) -> None:
        touched: set[str] = set()
        tables: set[str] = set()
        for change in changes:
            self._put_one(change)
            tables.add(change.table)
            touched |= customers_touched(change.table, change.old, change.new)
        for customer in touched:
            self._summaries.forget(customer)
        for table in {*tables, *(["customers"] if touched else [])}:
            self._selectors[table].changed()

    def _put_one(self, change: Change) -> None:
        table, uid = change.table, change.uid
        numbers, kept = self._numbers[table], self._tables[table]
        old = self.rows[table].get(uid)
        number = numbers.get(uid) or self._next_number(table)
        self._file.forget_line(table, number)
        if change.new is None:
            self.rows[table].pop(uid, None)
            kept.pop(numbers.pop(uid, ""), None)
        else:
            self.rows[table][uid] = kept[number] = change.new
            numbers[uid] = number
        self.indexes[table].changed(uid, old, change.new)

    def _next_number(self, table: str) -> str:
        kept = self._tables[table]
        last = self._last_number.get(table) or max(map(int, kept), default=0)
        self._last_number[table] = last + 1
        return str(last + 1)


def _refuse_misfits(changes: Iterable[Change]) -> None:
    """What could not be opened again is not written."""
    for table, _uid, new, _old in changes:
        if new is not None and (key := TABLES[table].misfit(new)):
            raise BadValue(
                _("{key} of a record in {table} has a value of a wrong kind.").format(key=key, table=table)
            )


def _check_history(history: Mapping[str, Raw], path: Path) -> None:
    for number, raw in history.items():
        if not is_entry(raw):
            raise damaged(path, _("entry {number} of its history is not one").format(number=number))
