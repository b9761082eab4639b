"""Making a new snapshot of what snapshot and journal say together, and putting it in the place of the old one."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from functools import partial
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

WORTH_AN_INDEX = SMALL  # bytes: what is smaller is read whole, and derived as it is asked for


class Checkpoint(NamedTuple):
    """A new snapshot that is on the disk, whole and read back, and has not got its place yet."""

    path: Path
    name: str

    def drop(self, archive: Path) -> None:
        """Delete it, and the arrays derived from it: it will not get its place."""
        for path in (self.path, index_file.index_path(archive, self.name)):
            with suppress(OSError):
                path.unlink()


def write_checkpoint(
    archive: Path, tables: Mapping[str, OverlayTable], lsn: int, tail: str = ""
) -> Checkpoint:
    """Write the tables as a new snapshot that holds all up to `lsn`, and what is derived from it, beside the old.

    `tail` tells the transaction `lsn` from any other of its number, so that a journal of another branch is noticed.
    """
    name = os.urandom(8).hex()
    return written(archive, name, contents(tables, lsn, name, tail), partial(write_index, archive))


def written(
    archive: Path,
    name: str,
    tables: Iterable[tuple[str, Iterable[bytes]]],
    keep: Callable[[Snapshot], None] = lambda made: None,
) -> Checkpoint:
    """Write a snapshot of that name beside the old one, and read it back; `keep` is to put beside it what it likes."""
    path = write_beside(archive, snapshot.pieces(tables), waits=True)
    try:
        made = snapshot.read(map_file(path), path)
        if made is None:
            raise damaged(path, _("it does not read as it was written"))
        made.check()
        keep(made)
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return Checkpoint(path, name)


def _places_of(made: Snapshot, table: str) -> Iterator[tuple[str, Column]]:
    lines = made.lines(table)
    yield f"{table}.numbers", narrow(lines.numbers, lines.numbers[-1] if len(lines) else 0)
    yield f"{table}.starts", narrow(lines.starts, lines.starts[-1])


def write_index(archive: Path, made: Snapshot) -> None:
    """What is derived from a large archive is kept beside it."""
    if len(made.data) >= WORTH_AN_INDEX:
        index_file.kept(archive, made.name, CODE, arrays_of(made))


def install(archive: Path, prepared: Checkpoint) -> None:
    """Put a new snapshot in its place, where `settle` makes it last. OSError, or CannotWrite."""
    refuse_what_is_there(archive, archive, force=True)
    take_place(prepared.path, archive)


def sync(archive: Path, name: str) -> None:
    """Make the place of a published snapshot last through a power cut, and remove what was derived from others.
    OSError where the disk fails: the journal is needed until this has returned.
    """
    sync_folder(archive.parent)
    with suppress(OSError):
        for old in index_file.others(archive, name):
            old.unlink()


def contents(
    tables: Mapping[str, OverlayTable], lsn: int, name: str, tail: str = ""
) -> Iterator[tuple[str, Iterator[bytes]]]:
    """What a snapshot of that name holds: each table with the lines of its records."""
    meta = next(row for _slot, row in tables[META].rows())
    yield META, iter([encode_record(1, {**meta, "lsn": lsn, "tail": tail, "snapshot": name})])
    for table, overlays in tables.items():
        if table != META:
            yield table, overlays.encoded()


def arrays_of(made: Snapshot) -> dict[str, Column]:
    """All that is derived from a snapshot, by table and name."""
    found: dict[str, Column] = {}
    sums = SummaryCollector()
    for table, extent in made.extents.items():
        lines = made.lines(table)
        found.update(_places_of(made, table))
        if table in STORED and extent.records:
            makers = [make() for make in collectors(STORED[table]).values()]
            adds = [*(maker.add for maker in makers), *sums.adders(table)]
            for row in lines.rows():
                for add in adds:
                    add(row)
            for maker in makers:
                found.update({f"{table}.{name}": column for name, column in maker.arrays().items()})
    history = made.lines(HISTORY)
    found[f"{HISTORY}.heads"] = heads_of(zip(history.numbers, history.rows(), strict=True))
    found.update(sums.arrays())
    return found
