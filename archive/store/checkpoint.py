"""Checkpoints: write a new snapshot of the current tables, verify it, and install it in place of the old snapshot."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from archive.files import refuse_what_is_there, sync_folder, take_place, write_beside
from archive.model.tables import STORED
from archive.store import index_file, snapshot
from archive.store.history import HISTORY, heads_of
from archive.store.index_file import Column, narrow
from archive.store.indexes import CODE, collectors
from archive.store.json_import import damaged
from archive.store.mmap_file import SMALL, map_file
from archive.store.overlay import OverlayTable
from archive.store.record_codec import encode_record
from archive.store.snapshot import META, Snapshot
from archive.store.summaries import SummaryCollector
from archive.text import _

WORTH_AN_INDEX = SMALL  # bytes: a smaller snapshot is read as a whole, and its arrays are built on use


class Checkpoint(NamedTuple):
    """A new snapshot that is on disk and verified, but not installed yet."""

    path: Path
    name: str

    def drop(self, archive: Path) -> None:
        """Delete the checkpoint and its index file instead of installing it."""
        for path in (self.path, index_file.index_path(archive, self.name)):
            with suppress(OSError):
                path.unlink()


def write_checkpoint(
    archive: Path, tables: Mapping[str, OverlayTable], lsn: int, tail: str = ""
) -> Checkpoint:
    """Write the tables as a new snapshot with its index file, and verify it.

    Args:
        archive: The archive.
        tables: Its tables, with all transactions up to `lsn`.
        lsn: The LSN of the last transaction.
        tail: The checksum that identifies this transaction, so that a journal of another branch is noticed.
    """
    name = os.urandom(8).hex()
    path = write_beside(archive, snapshot.pieces(contents(tables, lsn, name, tail)), waits=True)
    try:
        written = snapshot.read(map_file(path), path)
        if written is None:
            raise damaged(path, _("reading it back gave other data than was written"))
        written.check()
        write_index(archive, written)
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return Checkpoint(path, name)


def _places_of(written: Snapshot, table: str) -> Iterator[tuple[str, Column]]:
    lines = written.lines(table)
    yield f"{table}.numbers", narrow(lines.numbers, lines.numbers[-1] if len(lines) else 0)
    yield f"{table}.starts", narrow(lines.starts, lines.starts[-1])


def write_index(archive: Path, written: Snapshot) -> None:
    """Write the index file of a snapshot if the snapshot is large."""
    if len(written.data) >= WORTH_AN_INDEX:
        index_file.write(archive, written.name, CODE, arrays_of(written))


def install(archive: Path, prepared: Checkpoint) -> None:
    """Rename a checkpoint to the archive's name. It is durable only after `sync`.

    Raises:
        OSError, CannotWrite: The archive was not replaced.
    """
    refuse_what_is_there(archive, archive, force=True)
    take_place(prepared.path, archive)


def sync(archive: Path, name: str) -> None:
    """Make the installation of the snapshot `name` durable, then delete the index files of former snapshots.

    Raises:
        OSError: The disk failed. Until this function returns, the journal is needed.
    """
    sync_folder(archive.parent)
    with suppress(OSError):
        for old in index_file.others(archive, name):
            old.unlink()


def contents(
    tables: Mapping[str, OverlayTable], lsn: int, name: str, tail: str = ""
) -> Iterator[tuple[str, Iterator[bytes]]]:
    """Yield name and lines of each table for a new snapshot, with its metadata first."""
    meta = next(row for _slot, row in tables[META].rows())
    yield META, iter([encode_record(1, {**meta, "lsn": lsn, "tail": tail, "snapshot": name})])
    for table, overlays in tables.items():
        if table != META:
            yield table, overlays.encoded()


def arrays_of(written: Snapshot) -> dict[str, Column]:
    """Build all arrays of a snapshot in a single pass over its records, by `TABLE.NAME`."""
    arrays: dict[str, Column] = {}
    sums = SummaryCollector()
    for table, extent in written.extents.items():
        lines = written.lines(table)
        arrays.update(_places_of(written, table))
        if table in STORED and extent.records:
            makers = [make() for make in collectors(STORED[table]).values()]
            adds = [*(maker.add for maker in makers), *sums.adders(table)]
            for row in lines.rows():
                for add in adds:
                    add(row)
            for maker in makers:
                arrays.update({f"{table}.{name}": column for name, column in maker.arrays().items()})
    history = written.lines(HISTORY)
    arrays[f"{HISTORY}.heads"] = heads_of(zip(history.numbers, history.rows(), strict=True))
    arrays.update(sums.arrays())
    return arrays
