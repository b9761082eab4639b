"""The storage below TinyDB: writes what changed and nothing else, in transactions that can be undone.

The hooks of TinyDB that are used here and in `table` are private to it, so that its minor version is pinned.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from errno import ENOENT
from json import JSONEncoder
from os import PathLike
from pathlib import Path
from typing import Any

from tinydb.storages import Storage

from archive.errors import BadValue, CannotWrite
from archive.files import cannot_write
from archive.model.tables import STORED
from archive.store.changes import Change, Entry, Raw
from archive.store.database import Database
from archive.store.documents import StoredDocuments, checked_number, is_same, joined, normalised
from archive.store.history import HISTORY
from archive.store.record_codec import dumps
from archive.store.snapshot import META, SUM
from archive.text import _

NO_NUMBERS: Mapping[str, int] = {}
RESERVED = (META, HISTORY, SUM)  # tables that TinyDB's users neither see nor change
_LAYOUT = {"encoding", "cls", *(JSONEncoder.__init__.__kwdefaults__ or ())}
_READ, _WRITE = ("r", "rb"), ("r+", "rb+")


def _now() -> datetime:
    return datetime.now()  # noqa: DTZ005 - days are days where the user is


class JournalStorage(Storage):
    """Keeps an archive, or tables of any documents. A change is on disk when the call that makes it returns.

    Rows of the archive's own tables are handed out as they are kept and must not be changed; documents that TinyDB
    hands out are the caller's own.
    """

    def __init__(
        self,
        path: str | PathLike[str],
        create_dirs: bool = False,
        access_mode: str = "r+",
        *,
        create: bool | None = None,
        takes_over: bool = True,
        upkeep: bool = False,
        clock: Callable[[], datetime] = _now,
        **layout: Any,
    ) -> None:
        """Open the file at `path`.

        Args:
            path: The archive.
            create_dirs: Whether to make its folder.
            access_mode: "r+" to write, "r" to read beside a writer.
            create: Whether to begin a new archive where there is none; if not said, only to write.
            takes_over: Whether the first change makes an archive of a file that TinyDB wrote.
            upkeep: Whether a background process shortens a long journal.
            clock: Tells the time of a change.
            layout: TinyDB's options for its JSON (`indent`, `encoding` and the like), which change nothing here.

        Raises:
            NotFound, InUse, Damaged: See `Database`.
            CannotWrite: Its folder does not exist.
        """
        if access_mode not in _READ + _WRITE:
            raise ValueError(f"access_mode {access_mode!r}")
        if unknown := layout.keys() - _LAYOUT:
            raise TypeError(f"unknown options: {', '.join(sorted(unknown))}")
        write = access_mode in _WRITE
        create = write if create is None else create
        if write and create and not create_dirs and not Path(path).parent.is_dir():
            raise cannot_write(Path(path), FileNotFoundError(ENOENT, ""))
        self._clock = clock
        self._begun: list[list[Any]] | None = None  # the changes of the transaction that is open
        self._named: dict[str, None] = {}  # tables that were made here, and may be empty
        self.database = Database(
            Path(path),
            write=write,
            create=create,
            now=clock(),
            upkeep=upkeep,
            takes_over=takes_over,
        )

    # What TinyDB asks for

    def read(self) -> dict[str, Any]:
        """Every table, as mappings that decode a document when it is asked for."""
        overlays = self.database.state.overlays
        names = {name: None for name, records in overlays.items() if name not in RESERVED and len(records)}
        return {name: StoredDocuments(self.database, name) for name in {**names, **self._named}}

    def write(self, data: Mapping[str, Any]) -> None:
        """Make the archive equal to `data`; what is as it was is not written."""
        tables = self.read()
        new = {name: _mapping(rows) for name, rows in data.items() if not _is_in(tables, name, rows)}
        with self.transaction():
            for name in tables.keys() - data.keys():
                self.change(name, dict.fromkeys(tables[name]))
                self._named.pop(name, None)
            for name, rows in new.items():
                self.change(name, {**dict.fromkeys(tables.get(name, ())), **rows})

    def close(self) -> None:
        """Close the files; a small archive is left as one plain file, which TinyDB's own storage reads."""
        self.database.close()

    # Changes of documents by number

    @contextmanager
    def transaction(self, label: str = "") -> Iterator[None]:
        """Make all changes until the end of the block one: on disk when it ends, none of it if it raises.

        A transaction within another is part of it, and can be given up without the other.
        """
        with self.database.guard:
            outermost, named = self._begun is None, dict(self._named)
            begun = self._begun = [] if self._begun is None else self._begun
            mark = len(begun)
            try:
                yield
                if outermost and (changes := joined(begun)):
                    self._take_back(
                        begun, 0
                    )  # until it is on disk; it is applied as any other transaction is
                    self._commit(label or _("change through TinyDB"), self._clock(), changes)
            except BaseException:
                self._take_back(begun, mark)
                self._named = named
                raise
            finally:
                if outermost:
                    self._begun = None

    def change(self, table: str, documents: Mapping[Any, Mapping[str, Any] | None]) -> None:
        """Set documents of a table by number, or with None remove them.

        Raises:
            TypeError, ValueError, BadValue: One of them cannot be kept, and nothing was changed.
        """
        if table in RESERVED:
            raise BadValue(_("The name {table} is taken.").format(table=table))
        dumps(table).encode()
        kept = {checked_number(number): normalised(document) for number, document in documents.items()}
        with self.transaction():
            if table not in STORED:
                self._named.setdefault(table)
            for number, document in kept.items():
                self._put(table, number, document)

    def _put(self, table: str, number: int, document: Raw | None) -> None:
        old = self._row(table, number)
        if is_same(old, document):
            return
        if table in STORED and document is not None:
            self._refuse_misfit(table, number, document, old)
        assert self._begun is not None
        self._begun.append([table, str(number), document, old])
        self.database.state.put(table, number, document, old)

    def _row(self, table: str, number: int) -> Raw | None:
        records = self.database.state.records(table)
        slot = records.slot(number)
        return None if slot is None else records.row(slot)

    def _refuse_misfit(self, table: str, number: int, document: Raw, old: Raw | None) -> None:
        if key := STORED[table].misfit(document):
            raise _misfit(table, key)
        records = self.database.state.tables[table]
        holder = records.of(document["uid"])
        if (old and old["uid"] != document["uid"]) or (
            holder is not None and records.number(holder) != number
        ):
            raise BadValue(
                _("The uid {uid} in {table} belongs to another record.").format(
                    uid=document["uid"], table=table
                ),
                _("Nothing was written. A record keeps its uid, and no two have the same."),
            )

    def _take_back(self, begun: list[list[Any]], mark: int) -> None:
        for table, number, new, old in reversed(begun[mark:]):
            self.database.state.put(table, int(number), old, new)
        del begun[mark:]

    # Changes of the archive's records by uid

    def commit(
        self, label: str, changes: Iterable[Change], now: datetime, numbers: Mapping[str, int] = NO_NUMBERS
    ) -> Entry | None:
        """Write several changes as one, on disk when this returns.

        Args:
            label: What the user did, for the history.
            changes: Records before and after.
            now: The time of the change.
            numbers: Kept with the archive for `recall`; undo does not take them back.

        Returns:
            The entry of the history, None if nothing changes.
        """
        real = tuple(change for change in changes if change.new != change.old)
        if not real:
            return None
        _refuse_misfits(real)
        with self.database.guard:
            number = self._commit(label, now, self.database.state.numbered(real), numbers)
            return Entry(number, label, now, real)

    def _commit(
        self, label: str, now: datetime, changes: list[list[Any]], numbers: Mapping[str, int] = NO_NUMBERS
    ) -> int:
        number = 1 + self.recall("entries")
        extra = {"entry": number, "at": now.isoformat(), "meta": {**numbers, "entries": number}}
        self.database.write(label, now, changes, extra)
        self.database.revision += 1
        return number

    def note(
        self, label: str, changes: Sequence[Change], now: datetime, numbers: Mapping[str, int] = NO_NUMBERS
    ) -> None:
        """Write changes at opening, which are no step of undo; `numbers` as in `commit`."""
        _refuse_misfits(changes)
        with self.database.guard:
            numbered = self.database.state.numbered(changes)
            self.database.write(label, now, numbered, {"meta": {**numbers}})

    def recall(self, key: str) -> int:
        """A number kept by `commit`, 0 if there is none."""
        return int(self.database.state.meta.get(key, 0))

    # History

    def undo(self) -> Entry | None:
        """Take the newest change back; None if there is none."""
        self._refuse_inside()
        with self.database.guard:
            entry = self.database.state.history.to_undo()
            if entry:
                self._reverse(
                    entry, [change.inverted() for change in reversed(entry.changes)], is_undone=True
                )
            return entry

    def redo(self) -> Entry | None:
        """Bring back the change that was taken back last; None if there is none."""
        self._refuse_inside()
        with self.database.guard:
            entry = self.database.state.history.to_redo()
            if entry:
                self._reverse(entry, entry.changes, is_undone=False)
            return entry

    def _reverse(self, entry: Entry, changes: Sequence[Change], *, is_undone: bool) -> None:
        numbered = self.database.state.numbered(changes)
        for first in {(change[0], change[1]): change for change in reversed(numbered)}.values():
            if self._row(first[0], int(first[1])) != first[3]:
                raise CannotWrite(
                    _("{path} was changed by another program, so this change cannot be taken back.").format(
                        path=self.database.path
                    ),
                    _("Nothing was written."),
                )
        self.database.write(entry.label, self._clock(), numbered, {"undone": [[entry.number, is_undone]]})
        self.database.revision += 1

    def history(self) -> list[Entry]:
        """All changes that are kept, newest first."""
        with self.database.guard:
            return self.database.state.history.entries()

    def undo_label(self) -> str:
        """The label of the change that `undo` would take back, "" if there is none."""
        return self.database.state.history.undo_label()

    def compact(self) -> None:
        """Write everything as one plain file, which TinyDB's own storage reads."""
        self._refuse_inside()
        self.database.refuse_reading()
        self.database.compact()

    def _refuse_inside(self) -> None:
        if self._begun is not None:
            raise RuntimeError("not inside a transaction")


def _is_in(tables: Mapping[str, StoredDocuments], name: str, rows: Any) -> bool:
    """Whether a table is already what is to be written."""
    return name in tables and tables[name].is_of(rows)


def _mapping(rows: Any) -> dict[str, Any]:
    if not isinstance(rows, Mapping) or not all(isinstance(row, Mapping) for row in rows.values()):
        raise BadValue(_("A table is a mapping of documents by number."))
    return {str(number): document for number, document in rows.items()}


def _refuse_misfits(changes: Iterable[Change]) -> None:
    """Refuse what could not be opened again."""
    for table, _uid, new, _old in changes:
        if new is not None and table in STORED and (key := STORED[table].misfit(new)):
            raise _misfit(table, key)


def _misfit(table: str, key: str) -> BadValue:
    return BadValue(
        _("{key} of a record in {table} has a value of a wrong kind.").format(key=key, table=table)
    )
