"""Open an archive: read the snapshot, check that the journal belongs to it, and replay the journal."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

from archive.errors import ArchiveError, Damaged, InUse
from archive.file_status import exists, status
from archive.files import unreadable
from archive.model.tables import STORED, public_name
from archive.store import snapshot
from archive.store.changes import is_entry
from archive.store.checkpoint import contents
from archive.store.history import HISTORY
from archive.store.index_file import NOTHING
from archive.store.index_file import opened as open_index
from archive.store.indexes import CODE
from archive.store.json_import import damaged, decode, refuse_what_is_no_object
from archive.store.lineage import is_of_one_branch
from archive.store.migrations import FORMAT, SCHEMA, Tables, migrated
from archive.store.mmap_file import Data, map_file
from archive.store.snapshot import META, Snapshot
from archive.store.state import State
from archive.store.wal import segments
from archive.store.wal.log import Journal
from archive.store.wal.records import LogRecord
from archive.text import _

_TRIES = 5
Stamp = tuple[int, ...]  # inode, size and modification time of a file, () if there is no file
Beside = tuple[Snapshot, Mapping[str, memoryview]]  # a snapshot and the arrays of its index file


class Loaded(NamedTuple):
    """An archive as read from its files."""

    snapshot: Snapshot
    frames: list[LogRecord]  # transactions that are not in the snapshot
    arrays: Mapping[str, memoryview]
    journal: Journal
    stamp: Stamp  # of the snapshot's file, () if there is no file yet
    in_memory: bool  # new or migrated: the snapshot has to be written to disk before anything else


def load(path: Path, *, write: bool, takes_over: bool = False) -> Loaded:
    """Read the archive at `path`, or create an empty archive in memory if there is none.

    A reader takes no lock: if a writer replaced the snapshot in the meantime, it reads again.

    Args:
        path: The archive.
        write: Whether the caller holds the lock.
        takes_over: Whether a file written by TinyDB is accepted.

    Raises:
        InUse: The snapshot was replaced during each attempt to read it.
        Damaged: The files are damaged or do not belong together.
    """
    for _again in range(_TRIES):
        before = stamp_of(path)
        try:
            loaded = _loaded(path, before, write, takes_over)
        except ArchiveError:
            if write or stamp_of(path) == before:
                raise
        else:
            if write or stamp_of(path) == before:
                return loaded
    raise InUse(
        _("{path} keeps changing while it is being read.").format(path=path), _("Try again in a moment.")
    )


def is_there(path: Path) -> bool:
    """Return whether any file of an archive exists; its journal may be all that is left."""
    return exists(path) or bool(segments.listed(path))


def stamp_of(path: Path) -> Stamp:
    """Return a fingerprint of a file (inode, size, mtime) for detecting changes, or () if there is no file.

    Raises:
        ArchiveError: The file's status cannot be read, or it is not a regular file.
    """
    file_status = status(path)
    return (file_status.st_ino, file_status.st_size, file_status.st_mtime_ns) if file_status else ()


def _loaded(path: Path, stamp: Stamp, write: bool, takes_over: bool) -> Loaded:
    if not exists(path):
        if segments.listed(path):
            raise _without_snapshot(path)
        empty = from_tables(_migrated(None, path, takes_over), path)
        return Loaded(empty, [], NOTHING, Journal(path, archive_of(empty), write=write), (), True)
    data = _bytes_of(path)
    base = snapshot.read(data, path)
    if not base:
        refuse_what_is_no_object(data, path)
    if base and base.meta.get("schema") == SCHEMA:
        journal = Journal(path, archive_of(base), write=write)
        arrays = open_index(path, base.name, CODE)
        if not is_of_one_branch(base, journal):
            raise two_stories(path)
        frames = list(journal.read(base.lsn, base.tail))
        return Loaded(base, frames, arrays, journal, stamp, False)
    if base:
        data = _merged(base, Journal(path, archive_of(base), write=False))
    converted = from_tables(_migrated(bytes(data), path, takes_over), path)
    journal = Journal(path, archive_of(converted), write=write)
    if any(True for _frame in _behind(journal, converted, path)):
        raise two_stories(path)
    return Loaded(converted, [], NOTHING, journal, stamp, True)


def _behind(journal: Journal, converted: Snapshot, path: Path) -> Iterable[LogRecord]:
    """Return the transactions of the journal that are not in a file written by another program."""
    try:
        return journal.read(converted.lsn)
    except Damaged:
        raise two_stories(path) from None


def beside(written: Path, path: Path, name: str) -> Beside:
    """Open a checkpoint that is not installed yet, and its index file."""
    opened = snapshot.read(_bytes_of(written), path)
    assert opened is not None
    return opened, open_index(path, name, CODE)


def archive_of(base: Snapshot) -> str:
    """Return the uuid of the archive to which a snapshot belongs."""
    return str(base.meta.get("uuid", ""))


def _bytes_of(path: Path) -> Data:
    try:
        return map_file(path)
    except (OSError, ValueError) as error:
        raise unreadable(path, error) from error


def from_tables(tables: Tables, path: Path) -> Snapshot:
    """Return a snapshot, in memory, of tables in memory."""
    in_memory = snapshot.read(snapshot.encoded(tables), path)
    assert in_memory is not None
    return in_memory


def _migrated(data: bytes | None, path: Path, takes_over: bool) -> Tables:
    """Return the tables of a file that another version or program wrote, or of a new archive if `data` is None."""
    tables = None
    if data is not None:
        tables = decode(data, path) if data.strip() or not takes_over else {}
    tables = migrated(tables, path, takes_over=takes_over)
    # A new name, so that the index file of the former snapshot is not used for it.
    tables[META]["1"]["snapshot"] = os.urandom(8).hex()
    check_tables(tables, path)
    return tables


def _merged(old: Snapshot, journal: Journal) -> bytes:
    """Return the bytes of a snapshot of another schema with the transactions of its journal applied."""
    state, lsn = State(old, NOTHING), old.lsn
    is_archive = old.meta.get("format") == FORMAT  # other formats have another form of `extra`
    for frame in journal.read(old.lsn):
        state.apply(frame if is_archive else frame._replace(extra={}))
        lsn = frame.lsn
    tail = journal.tail if lsn > old.lsn else old.tail
    return b"".join(snapshot.pieces(contents(state.overlays, lsn, old.name, tail)))


def check_tables(tables: Tables, path: Path) -> None:
    """Check tables that this version did not write.

    Raises:
        Damaged: A value has the wrong type, a uid is not unique, or an entry of the history is invalid.
    """
    for table, cls in STORED.items():
        uids = set()
        for number, row in tables[table].items():
            if key := cls.misfit(row):
                message = _("{key} of record {number} in {table} has a value of the wrong type")
                raise damaged(path, message.format(key=key, number=number, table=public_name(table)))
            uids.add(row["uid"])
        if len(uids) < len(tables[table]):
            raise damaged(
                path, _("two records in {table} have the same uid").format(table=public_name(table))
            )
    for number, row in tables[HISTORY].items():
        if not is_entry(row):
            raise damaged(path, _("entry {number} of its history is not valid").format(number=number))


def _without_snapshot(path: Path) -> Damaged:
    return Damaged(
        _("{path} is missing, but its journal exists.").format(path=path),
        _("Put the file back, or restore a backup: archive restore BACKUP"),
    )


def two_stories(path: Path) -> Damaged:
    """Return the error for a journal that does not belong to the file because another program wrote the file."""
    return Damaged(
        _("Another program changed {path} while your changes were in its journal.").format(path=path),
        _(
            "Nothing was written. `archive repair --take file` keeps the file, `--take "
            "journal` keeps your changes."
        ),
    )
