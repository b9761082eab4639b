"""TinyDB storage that writes only what changed, in transactions that can be undone.

This module and `table` override private hooks of TinyDB, so its minor version is pinned.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from errno import ENOTDIR
from json import JSONEncoder
from os import PathLike
from pathlib import Path
from stat import S_ISDIR
from typing import Any

from tinydb.storages import Storage

from archive.errors import BadValue, CannotWrite
from archive.files import cannot_write
from archive.model.tables import STORED
from archive.store.changes import Change, Entry, Head, Raw
from archive.store.database import Database
from archive.store.documents import StoredDocuments, checked_number, is_same, joined, normalised
from archive.store.history import HISTORY
from archive.store.record_codec import dumps
from archive.store.snapshot import META, SUM
from archive.text import _

NO_NUMBERS: Mapping[str, int] = {}
RESERVED = (META, HISTORY, SUM)  # internal tables, hidden from TinyDB's users
_LAYOUT = {"encoding", "cls", *(JSONEncoder.__init__.__kwdefaults__ or ())}
_READ, _WRITE = ("r", "rb"), ("r+", "rb+")


def _now() -> datetime:
    return datetime.now()  # noqa: DTZ005 - dates are the user's local dates


class JournalStorage(Storage):
    """Stores an archive, or any other tables of documents. A change is on disk when the call that made it returns.

    Rows of the archive's own tables are returned without a copy and must not be changed. Documents returned through
    TinyDB are copies.
    """

    def __init__(
        self,
        path: str | PathLike[str],
        create_dirs: bool = False,
        access_mode: str = "r+",
        *,
        create: bool | None = None,
        takes_over: bool = True,
        checkpoints: bool = False,
        clock: Callable[[], datetime] = _now,
        **layout: Any,
    ) -> None:
        """Open the file at `path`.

        Args:
            path: The archive.
            create_dirs: Whether to create the folder.
            access_mode: "r+" to write, "r" to read while another program may write.
            create: Whether to start a new archive if there is none. By default only when opened for writing.
            takes_over: Whether the first change turns a file written by TinyDB into an archive.
            checkpoints: Whether a background process writes a checkpoint when the journal has grown long.
            clock: Returns the time of a change.
            layout: TinyDB's options for its JSON (`indent`, `encoding` and the like); accepted and ignored.

        Raises:
            NotFound, InUse, Damaged: See `Database`.
            CannotWrite: The folder does not exist.
        """
        if access_mode not in _READ + _WRITE:
            raise ValueError(f"access_mode {access_mode!r}")
        if unknown := layout.keys() - _LAYOUT:
            raise TypeError(f"unknown options: {', '.join(sorted(unknown))}")
        write = access_mode in _WRITE
        create = write if create is None else create
        if write and create and not create_dirs:
            _refuse_missing_folder(Path(path))
        self._clock = clock
        self._open_changes: list[list[Any]] | None = None  # changes of the open transaction
        self._named: dict[str, None] = {}  # tables created here; listed even if empty
        self.database = Database(
            Path(path),
            write=write,
            create=create,
            now=clock(),
            checkpoints=checkpoints,
            takes_over=takes_over,
        )

    # TinyDB's Storage interface

    def read(self) -> dict[str, Any]:
        """Return every table as a mapping that decodes its documents on access."""
        overlays = self.database.state.overlays
        names = {name: None for name, records in overlays.items() if name not in RESERVED and len(records)}
        return {name: StoredDocuments(self.database, name) for name in {**names, **self._named}}

    def write(self, data: Mapping[str, Any]) -> None:
        """Make the archive equal to `data`, writing only the differences."""
        tables = self.read()
        new = {name: _mapping(rows) for name, rows in data.items() if not _is_in(tables, name, rows)}
        with self.transaction():
            for name in tables.keys() - data.keys():
                self.change(name, dict.fromkeys(tables[name]))
                self._named.pop(name, None)
            for name, rows in new.items():
                self.change(name, {**dict.fromkeys(tables.get(name, ())), **rows})

    def close(self) -> None:
        """Close the files. A small archive is compacted into a plain file that TinyDB's own storage can read."""
        self.database.close()

    # Changes of documents by number

    @contextmanager
    def transaction(self, label: str = "") -> Iterator[None]:
        """Commit all changes made in the block together when it ends, or roll them back if it raises.

        A nested transaction is committed with the outer one, but can be rolled back alone.
        """
        with self.database.guard:
            outermost, named = self._open_changes is None, dict(self._named)
            changes_so_far = self._open_changes = [] if self._open_changes is None else self._open_changes
            mark = len(changes_so_far)
            try:
                yield
                if outermost and (changes := joined(changes_so_far)):
                    # Revert the changes first: the commit applies them again once they are on disk.
                    self._roll_back(changes_so_far, 0)
                    self._commit(label or _("change through TinyDB"), self._clock(), changes)
            except BaseException:
                self._roll_back(changes_so_far, mark)
                self._named = named
                raise
            finally:
                if outermost:
                    self._open_changes = None

    def change(self, table: str, documents: Mapping[Any, Mapping[str, Any] | None]) -> None:
        """Set or delete documents of a table.

        Args:
            table: The table, created if it does not exist.
            documents: Documents by number; None deletes a document.

        Raises:
            TypeError, ValueError, BadValue: A document cannot be stored. Nothing was changed.
        """
        if table in RESERVED:
            raise BadValue(
                _("The table name {table} is reserved.").format(table=table), _("Choose another name.")
            )
        dumps(table).encode()
        normal = {checked_number(number): normalised(document) for number, document in documents.items()}
        with self.transaction():
            if table not in STORED:
                self._named.setdefault(table)
            for number, document in normal.items():
                self._put(table, number, document)

    def _put(self, table: str, number: int, document: Raw | None) -> None:
        old = self._row(table, number)
        if is_same(old, document):
            return
        if table in STORED and document is not None:
            self._refuse_misfit(table, number, document, old)
        assert self._open_changes is not None
        self._open_changes.append([table, str(number), document, old])
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
                _("Nothing was written. Uids are unique, and a record keeps its uid."),
            )

    def _roll_back(self, changes: list[list[Any]], mark: int) -> None:
        for table, number, new, old in reversed(changes[mark:]):
            self.database.state.put(table, int(number), old, new)
        del changes[mark:]

    # Changes of the archive's records by uid

    def commit(
        self, label: str, changes: Iterable[Change], now: datetime, numbers: Mapping[str, int] = NO_NUMBERS
    ) -> Entry | None:
        """Write several changes as a single transaction, which is on disk when this returns.

        Args:
            label: What the user did, for the history.
            changes: Records before and after.
            now: The time of the change.
            numbers: Counters stored in the archive for `recall`; undo does not reset them.

        Returns:
            The new entry of the history, or None if nothing changes.
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
        """Write changes made while opening the archive. They are not added to the history; `numbers` as in `commit`."""
        _refuse_misfits(changes)
        with self.database.guard:
            numbered = self.database.state.numbered(changes)
            self.database.write(label, now, numbered, {"meta": {**numbers}})

    def recall(self, key: str) -> int:
        """Return a counter stored by `commit`, or 0 if there is none."""
        return int(self.database.state.meta.get(key, 0))

    # History

    def undo(self) -> Entry | None:
        """Undo the newest change and return its entry, or None if there is nothing to undo."""
        self._refuse_inside()
        with self.database.guard:
            entry = self.database.state.history.to_undo()
            if entry:
                self._reverse(
                    entry, [change.inverted() for change in reversed(entry.changes)], is_undone=True
                )
            return entry

    def redo(self) -> Entry | None:
        """Redo the last undone change and return its entry, or None if there is nothing to redo."""
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
                    _("{path} was changed by another program, so this change cannot be undone.").format(
                        path=self.database.path
                    ),
                    _("Nothing was written. Open the archive again."),
                )
        self.database.write(entry.label, self._clock(), numbered, {"undone": [[entry.number, is_undone]]})
        self.database.revision += 1

    def history(self) -> list[Entry]:
        """Return all entries of the history, newest first."""
        with self.database.guard:
            return self.database.state.history.entries()

    def heads(self) -> list[tuple[int, Head]]:
        """Return number and head of all entries of the history, newest first, without reading their changes."""
        with self.database.guard:
            return list(reversed(self.database.state.history.heads.items()))

    def entry(self, number: int) -> Entry | None:
        """Return the entry with this number, or None if the history no longer has it."""
        with self.database.guard:
            history = self.database.state.history
            return history.entry(number) if number in history.heads else None

    def undo_label(self) -> str:
        """Return the label of the change that `undo` would undo, or "" if there is none."""
        return self.database.state.history.undo_label()

    def compact(self) -> None:
        """Write everything into a single plain file that TinyDB's own storage can read."""
        self._refuse_inside()
        self.database.refuse_reading()
        self.database.compact()

    def _refuse_inside(self) -> None:
        if self._open_changes is not None:
            raise RuntimeError("not inside a transaction")


def _refuse_missing_folder(archive: Path) -> None:
    """Raise CannotWrite unless the folder for a new archive exists."""
    try:
        folder_status = archive.parent.stat()
        if not S_ISDIR(folder_status.st_mode):
            raise NotADirectoryError(ENOTDIR, "")
    except OSError as error:
        raise cannot_write(archive, error) from error


def _is_in(tables: Mapping[str, StoredDocuments], name: str, rows: Any) -> bool:
    """Return whether `rows` is the table itself, so that there is nothing to write."""
    return name in tables and tables[name].is_of(rows)


def _mapping(rows: Any) -> dict[str, Any]:
    if not isinstance(rows, Mapping) or not all(isinstance(row, Mapping) for row in rows.values()):
        raise BadValue(_("A table must be a mapping from numbers to documents."))
    return {str(number): document for number, document in rows.items()}


def _refuse_misfits(changes: Iterable[Change]) -> None:
    """Raise BadValue for a record that the next opening would refuse."""
    for table, _uid, new, _old in changes:
        if new is not None and table in STORED and (key := STORED[table].misfit(new)):
            raise _misfit(table, key)


def _misfit(table: str, key: str) -> BadValue:
    return BadValue(
        _("{key} of a record in {table} has a value of the wrong type.").format(key=key, table=table)
    )
