"""Opening an archive: which snapshot, what the journal adds to it, and whether the two belong together."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

from archive.errors import ArchiveError, Damaged, InUse
from archive.files import exists, status, unreadable
from archive.model.tables import STORED
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
from archive.store.wal.records import LogRecord, tail_of
from archive.text import _

_TRIES = 5
Stamp = tuple[int, ...]
Beside = tuple[Snapshot, Mapping[str, memoryview]]  # and what is kept beside it


class Loaded(NamedTuple):
    """An archive as its files say."""

    snapshot: Snapshot
    frames: list[LogRecord]  # the transactions behind the snapshot
    arrays: Mapping[str, memoryview]
    journal: Journal
    stamp: Stamp  # of the snapshot's file, () where there is none yet
    in_memory: (
        bool  # the snapshot is not on the disk as it is here, and is to be written before anything else
    )


def load(path: Path, *, write: bool, takes_over: bool = False) -> Loaded:
    """Read what is at `path`, or begin an empty archive where nothing is. `takes_over` allows a file that TinyDB wrote.

    A reader takes no lock: where a writer put a new snapshot in place meanwhile, it reads again.
    """
    for _again in range(_TRIES):
        before = stamp_of(path)
        try:
            found = _loaded(path, before, write, takes_over)
        except ArchiveError:
            if write or stamp_of(path) == before:
                raise
        else:
            if write or stamp_of(path) == before:
                return found
    raise InUse(
        _("{path} is being written anew again and again.").format(path=path), _("Try again in a moment.")
    )


def is_there(path: Path) -> bool:
    """Whether there is anything of an archive: its journal may be what is left."""
    return exists(path) or bool(segments.listed(path))


def stamp_of(path: Path) -> Stamp:
    """What tells a file from what it was before; () where there is none. ArchiveError where that may not be known."""
    found = status(path)
    return (found.st_ino, found.st_size, found.st_mtime_ns) if found else ()


def _loaded(path: Path, stamp: Stamp, write: bool, takes_over: bool) -> Loaded:
    if not exists(path):
        if segments.listed(path):
            raise _without_snapshot(path)
        empty = from_tables(_migrated(None, path, takes_over), path)
        return Loaded(empty, [], NOTHING, Journal(path, archive_of(empty), write=write), (), True)
    data = _bytes_of(path)
    found = snapshot.read(data, path)
    if not found:
        refuse_what_is_no_object(data, path)
    if found and found.meta.get("schema") == SCHEMA:
        journal = Journal(path, archive_of(found), write=write)
        arrays = open_index(path, found.name, CODE)
        if not is_of_one_branch(found, journal):
            raise two_stories(path)
        frames = list(journal.read(found.lsn, found.tail))
        return Loaded(found, frames, arrays, journal, stamp, False)
    if found:
        behind = Journal(path, archive_of(found), write=False).read(found.lsn)
        data = _merged(found, behind)
    taken = from_tables(_migrated(bytes(data), path, takes_over), path)
    journal = Journal(path, archive_of(taken), write=write)
    if any(True for _frame in _behind(journal, taken, path)):
        raise two_stories(path)
    return Loaded(taken, [], NOTHING, journal, stamp, True)


def _behind(journal: Journal, taken: Snapshot, path: Path) -> Iterable[LogRecord]:
    """What the journal holds behind a snapshot that another program wrote."""
    try:
        return journal.read(taken.lsn)
    except Damaged:
        raise two_stories(path) from None


def beside(written: Path, path: Path, name: str) -> Beside:
    """A snapshot that lies beside an archive and is to take its place, and what is derived from it."""
    found = snapshot.read(_bytes_of(written), path)
    assert found is not None
    return found, open_index(path, name, CODE)


def archive_of(found: Snapshot) -> str:
    """The uuid of the archive that a snapshot is of."""
    return str(found.meta.get("uuid", ""))


def _bytes_of(path: Path) -> Data:
    try:
        return map_file(path)
    except (OSError, ValueError) as error:
        raise unreadable(path, error) from error


def from_tables(tables: Tables, path: Path) -> Snapshot:
    """The snapshot that tables in memory make."""
    made = snapshot.read(snapshot.encoded(tables), path)
    assert made is not None
    return made


def _migrated(data: bytes | None, path: Path, takes_over: bool) -> Tables:
    """The tables of an archive that another version or another program wrote, or of a new one."""
    tables = None
    if data is not None:
        tables = decode(data, path) if data.strip() or not takes_over else {}
    tables = migrated(tables, path, takes_over=takes_over)
    tables[META]["1"]["snapshot"] = os.urandom(
        8
    ).hex()  # what was derived from the former one is not of this one
    check_tables(tables, path)
    return tables


def _merged(found: Snapshot, frames: Iterable[LogRecord]) -> bytes:
    state, lsn, tail = State(found, NOTHING), found.lsn, found.tail
    is_archive = found.meta.get("format") == FORMAT  # else what undo was told has another form
    for frame in frames:
        state.apply(frame if is_archive else frame._replace(extra={}))
        lsn, tail = frame.lsn, tail_of(frame)
    return b"".join(snapshot.pieces(contents(state.overlays, lsn, found.name, tail)))


def check_tables(tables: Tables, path: Path) -> None:
    """What this program has not written itself is looked through before it is used."""
    for table, cls in STORED.items():
        uids = set()
        for number, row in tables[table].items():
            if key := cls.misfit(row):
                where = _("{key} of record {number} in {table} has a value of a wrong kind")
                raise damaged(path, where.format(key=key, number=number, table=table))
            uids.add(row["uid"])
        if len(uids) < len(tables[table]):
            raise damaged(path, _("two records in {table} have one uid").format(table=table))
    for number, row in tables[HISTORY].items():
        if not is_entry(row):
            raise damaged(path, _("entry {number} of its history is not one").format(number=number))


def _without_snapshot(path: Path) -> Damaged:
    return Damaged(
        _("{path} is missing, and its journal is there.").format(path=path),
        _("Put the file back, or bring a backup back: archive restore BACKUP"),
    )


def two_stories(path: Path) -> Damaged:
    """The error for a snapshot of another program beside a journal of ours."""
    return Damaged(
        _("Another program changed {path} while changes of ours were in its journal.").format(path=path),
        _(
            "Nothing was written. `archive repair --take file` goes on with the file, `--take journal` with ours."
        ),
    )
