"""An archive on the disk: records by uid, selections, one write for a change of several records, undo and redo."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from contextlib import suppress
from datetime import datetime
from functools import partial
from pathlib import Path
from threading import RLock
from typing import TYPE_CHECKING, Any

from archive.errors import ArchiveError, BadValue, ForeignChange
from archive.model.fields import Context
from archive.model.links import links_between, relinked
from archive.model.query import Query
from archive.model.summary import END, Summary
from archive.model.tables import STORED
from archive.store import opening
from archive.store.changes import Change, Entry, Raw
from archive.store.compaction import WORTH_A_SHELF, Prepared, prepare
from archive.store.conflict import Conflicts
from archive.store.derived import day_of, name_of
from archive.store.elsewhere import Elsewhere
from archive.store.frames import Frame
from archive.store.held import Held
from archive.store.select import Selector, Sort
from archive.store.state import State
from archive.store.whole import missing
from archive.text import _, fold

if TYPE_CHECKING:
    from archive.store.upkeep import Upkeep

NO_NUMBERS: Mapping[str, int] = {}
_FEW = 10  # transactions that are followed while a save may wait
LEAST, MOST = 1 << 20, 32 << 20  # bytes: a journal up to here is never too long, one from here on always is


class Store:
    """Readers share the files; one writer holds their lock until `close`. Rows are handed out as they are kept:
    callers decode them and never change them."""

    def __init__(self, path: Path, *, write: bool, create: bool, now: datetime, upkeep: bool = False) -> None:
        """Open `path`; NotFound where there is none and none is to be created, InUse where a writer has it.

        With `upkeep` a child process makes a new snapshot when the journal has grown long; else `close` does.
        """
        is_there = opening.is_there(Path(os.path.realpath(path)))
        if not (create or is_there):
            raise missing(path)
        self.path = path
        self._guard = RLock()  # the screen's worker threads select while another saves
        self.revision = 0
        self._may_keep_up = upkeep
        self._upkeep: Upkeep | None = None
        self._held = Held(path, opening.ARCHIVE, write=write, since=now.isoformat(" ", "minutes"))
        self._conflicts = Conflicts(self._held)
        try:
            self._since = list(self._held.frames)  # the transactions behind the snapshot
            state = State(self._held.snapshot, self._held.shelf)
            for frame in self._since:
                state.follow(frame)
            self._take(state)
            self._keep_up()
        except BaseException:
            self._held.close()
            raise

    def _take(self, state: State) -> None:
        """Go on with what an archive holds by a snapshot and the transactions since."""
        self._state = state
        self._selectors = {
            name: Selector(table, self.summary, Elsewhere(state.tables))
            if name == "customers"
            else Selector(table, None)
            for name, table in state.tables.items()
        }

    @property
    def notices(self) -> list[str]:
        """Sentences on what was found when the archive was opened, such as an interrupted last save."""
        return self._held.journal.notices

    # Reading

    def get(self, table: str, uid: str) -> Raw | None:
        """A record as it is kept, or None."""
        return self._state.tables[table].get(uid)

    def count(self, table: str) -> int:
        """How many records a table has."""
        return len(self._state.tables[table])

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
        kept, cls = self._state.tables[table], STORED[table]
        rows = filter(None, map(kept.row, kept.having("customer", customer)))
        return [uid for _day, uid in sorted(((day_of(cls, row), row["uid"]) for row in rows), reverse=True)]

    def summary(self, customer: str, until: str = END) -> Summary:
        """The summary of a customer as of the ISO day `until`."""
        return self._state.summaries.of(customer, until)

    def columns(self, table: str, keys: Sequence[str]) -> dict[str, list[Any]]:
        """Kept values by column, None where a record has none; all columns in the same order of records."""
        with self._guard:
            return self._state.tables[table].columns(keys)

    def uids(self, table: str) -> Iterable[str]:
        """The uids of a table, in the order in which the records were made."""
        return self.columns(table, ["uid"])["uid"]

    def codes(self, table: str) -> Codes:
        """The uid of each code of a table."""
        return Codes(self, table)

    def holder(self, table: str, code: str) -> str | None:
        """The uid of the record with this code."""
        kept = self._state.tables[table]
        found = kept.having("code", code) if code else []
        return kept.uid(found[0]) if found else None

    def all_codes(self, table: str) -> Iterator[str]:
        """Every code of a table."""
        return filter(None, self.columns(table, ["code"])["code"])

    def named(self, table: str, name: str) -> Set[str]:
        """The uids of the records that share a name, compared folded."""
        kept = self._state.tables[table]
        return frozenset(map(kept.uid, kept.having("name", fold(name))))

    def find(self, table: str, text: str) -> str | None:
        """The uid of the record with this code, else of the only one with this name."""
        found = self.found(table, text)
        return found[0] if len(found) == 1 else None

    def found(self, table: str, text: str) -> Sequence[str]:
        """The uid of the record with this code or uid, else those of all with this name."""
        by_code = self.holder(table, text) or self.holder(table, text.upper())
        if by_code or self.get(table, text):
            return [by_code or text]
        return sorted(self.named(table, text)) if fold(text) else []

    def name(self, table: str, uid: str) -> str:
        """What a record is called; its uid when it is gone."""
        raw = self.get(table, uid) if table in STORED else None
        return (name_of(STORED[table], raw) if raw else "") or uid

    def code(self, table: str, uid: str) -> str:
        """The code of a record; its uid where it has none."""
        return str((self.get(table, uid) or {}).get("code", uid)) if table in STORED else uid

    def linking_to(self, table: str, uid: str) -> list[tuple[str, Raw]]:
        """(table, row) of every record that links to this one, but not those that belong to a customer as such."""
        return [
            (other, row)
            for other, cls in STORED.items()
            if links_between(cls, table)
            for row in self._state.tables[other].holding(uid)
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
            number = 1 + self.recall("entries")
            extra = {
                "entry": number,
                "at": now.isoformat(),
                "meta": {**numbers, "entries": number},
            }
            self._write(label, now, real, extra)
            self.revision += 1
            return Entry(number, label, now, real)

    def note(
        self, label: str, changes: Sequence[Change], now: datetime, numbers: Mapping[str, int] = NO_NUMBERS
    ) -> None:
        """Write changes at opening, which are no step of undo; `numbers` as in `commit`."""
        _refuse_misfits(changes)
        with self._guard:
            self._write(label, now, changes, {"meta": {**numbers}})

    def undo(self, now: datetime) -> Entry | None:
        """Take the newest change back; None when there is none."""
        with self._guard:
            entry = self._state.history.to_undo()
            if entry:
                turned = [change.turned() for change in reversed(entry.changes)]
                self._write(entry.label, now, turned, {"undone": [[entry.number, True]]})
                self.revision += 1
            return entry

    def redo(self, now: datetime) -> Entry | None:
        """Bring back the change that was taken back last; None when there is none."""
        with self._guard:
            entry = self._state.history.to_redo()
            if entry:
                self._write(entry.label, now, entry.changes, {"undone": [[entry.number, False]]})
                self.revision += 1
            return entry

    def history(self) -> list[Entry]:
        """All kept changes, newest first."""
        with self._guard:
            return self._state.history.entries()

    def undo_label(self) -> str:
        """The label of the change that `undo` would take back, "" when there is none."""
        return self._state.history.undo_label()

    def recall(self, key: str) -> int:
        """A number kept by `commit`, 0 when there is none."""
        return int(self._state.meta.get(key, 0))

    def changes_since(self, lsn: int) -> list[Frame] | None:
        """The transactions above `lsn`; None where some of them are in the snapshot already."""
        with self._guard:
            known = self._held.lsn - len(self._since)
            return self._since[lsn - known :] if lsn >= known else None

    def _write(self, label: str, now: datetime, changes: Sequence[Change], extra: dict[str, Any]) -> None:
        """On the disk first, then in memory."""
        self._held.refuse_reading()
        numbered = self._state.numbered(changes)
        frame = Frame(self._held.lsn + 1, int(now.timestamp() * 1000), label, numbered, extra)
        try:
            self._held.append(frame)
        except ForeignChange as error:
            raise self._conflicts.error(self._state) or error from None
        self._since.append(frame)
        for touched in self._state.follow(frame):
            self._selectors[touched].changed()
        self._keep_up()

    # Files

    def compact(self) -> None:
        """Bring snapshot and journal together to a new snapshot."""
        with self._guard:
            if self._is_due() or not self._held.is_compact:
                tables = self._state.layered
                tail = self._held.tail
                self._held.compact(lambda path, lsn: prepare(path, tables, lsn, tail))
                self._since = []
                self._take(State(self._held.snapshot, self._held.shelf))

    @property
    def is_compacting(self) -> bool:
        """Whether a child process makes a new snapshot now."""
        return self._upkeep is not None

    def _is_due(self) -> bool:
        """Whether it is time for a new snapshot: the journal is long, or what is derived from this one is missing."""
        bare = len(self._held.snapshot.data) >= WORTH_A_SHELF and not self._held.shelf
        return bare or self._held.waits(LEAST, MOST)

    def _keep_up(self) -> None:
        """Begin a new snapshot when it is time; where that fails, what was saved is in the journal all the same."""
        if (
            self._may_keep_up
            and self._held.writes
            and self._held.is_on_disk
            and not self._upkeep
            and self._is_due()
        ):
            from archive.store.upkeep import Upkeep  # slow to import, and needed by few

            with suppress(ArchiveError, OSError):
                self._held.journal.rotate()
                adopt = partial(self._adopt, self._held.snapshot.name, self._held.lsn)
                self._upkeep = Upkeep(self._held.real, self._held.lsn, adopt)

    def _adopt(self, old: str, lsn: int, prepared: Prepared) -> None:
        """Go on with the snapshot that a child made of `old` and the transactions up to `lsn`. Whoever saves meanwhile
        waits for none of what takes long: following what was saved since, and the disk.
        """
        found = self._held.beside(prepared)
        state, at = State(*found), lsn
        while len(behind := self.changes_since(at) or []) > _FEW:
            for frame in behind:
                state.follow(frame)
            at = behind[-1].lsn
        with self._guard:
            if self._held.snapshot.name != old:
                return
            self._held.adopt(prepared, found)
            for frame in self.changes_since(at) or []:
                state.follow(frame)
            self._since = self.changes_since(lsn) or []
            self._take(state)
        self._held.settle()
        with self._guard:
            self._held.age()
            self._upkeep = None

    def close(self) -> None:
        """Close the files; a small archive is left as one plain file.

        Raises:
            ForeignChange: Another program changed the files, and they do not hold all that was saved here. They are
                left as they are; the hint says where a copy of what was saved here is.
        """
        if self._upkeep:
            self._upkeep.stop()
            self._held.sweep()
        with self._guard:  # once a save that is under way in another thread has ended
            try:
                if self._held.writes and self._held.is_on_disk and self._conflicts.confirm(self._state):
                    self._compact_small()
            finally:
                self._held.close()

    def abandon(self) -> None:
        """Stop the child process, if there is one: this process is about to end without `close`."""
        if upkeep := self._upkeep:
            upkeep.kill()
            self._held.sweep()

    def _compact_small(self) -> None:
        is_small = len(self._held.snapshot.data) < WORTH_A_SHELF
        if not self._upkeep and (is_small or self._is_due()):
            with suppress(ArchiveError):  # what was saved is in the journal, and the next opening tries again
                self.compact()


class Codes(Mapping[str, str]):
    """The uid of each code of a table; to look one up costs no more in a large archive than in a small one."""

    def __init__(self, store: Store, table: str) -> None:
        self._store, self._table = store, table

    def __getitem__(self, code: str) -> str:
        found = self._store.holder(self._table, code)
        if found is None:
            raise KeyError(code)
        return found

    def __iter__(self) -> Iterator[str]:
        return self._store.all_codes(self._table)

    def __len__(self) -> int:
        return sum(1 for _code in self)


def _refuse_misfits(changes: Iterable[Change]) -> None:
    """What could not be opened again is not written."""
    for table, _uid, new, _old in changes:
        if new is not None and (key := STORED[table].misfit(new)):
            raise BadValue(
                _("{key} of a record in {table} has a value of a wrong kind.").format(key=key, table=table)
            )
