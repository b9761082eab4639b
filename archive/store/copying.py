"""Copy a whole archive: either its current records to a single file, or all its files unchanged to a folder."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from datetime import datetime
from itertools import count, zip_longest
from pathlib import Path
from stat import S_ISDIR

from archive.errors import ArchiveError, CannotWrite
from archive.file_status import entry_status, names_in
from archive.files import cannot_write, folder_beside, sync_folder, write_whole
from archive.model.tables import STORED
from archive.store import checkpoint, opening, snapshot
from archive.store.json_import import missing
from archive.store.lineage import SUPERSEDED
from archive.store.mmap_file import map_file
from archive.store.overlay import OverlayTable
from archive.store.record_codec import encode_record
from archive.store.salvage import wal_scanner
from archive.store.snapshot import META
from archive.store.state import State
from archive.store.wal import segments
from archive.text import _

STAMP = "%Y%m%d-%H%M%S"
_PIECE = 1 << 20


def state_of(path: Path) -> tuple[State, int]:
    """Read an archive without taking the lock; return its state and its last LSN.

    Raises:
        NotFound: There is no archive at `path`.
        Damaged: The archive is damaged.
    """
    real = Path(os.path.realpath(path))
    if not opening.is_there(real):
        raise missing(path)
    loaded = opening.load(real, write=False)
    loaded.snapshot.check()
    state = State(loaded.snapshot, loaded.arrays)
    for frame in loaded.frames:
        state.apply(frame)
    return state, loaded.snapshot.lsn + len(loaded.frames)


def write_copy(state: State, lsn: int, target: Path) -> None:
    """Write a state to a new file, then read it back and compare every record and the history.

    Raises:
        CannotWrite: The file exists, cannot be written, or differs when read back; then it is deleted.
    """
    write_whole(target, snapshot.pieces(_contents(state, lsn)))
    try:
        copy = snapshot.read(map_file(target), target)
    except (OSError, ArchiveError):
        copy = None
    if copy is None or not all(_is_same(copy, name, overlays.encoded()) for name, overlays in _rest(state)):
        with suppress(OSError):
            target.unlink()
        raise CannotWrite(
            _("{path} was written, but could not be read back correctly.").format(path=target),
            _("It was deleted. Check the disk, or choose another one."),
        )


def counts(state: State) -> dict[str, int]:
    """Return the number of records per table, without empty tables."""
    return {name: len(state.tables[name]) for name in STORED if len(state.tables[name])}


def _contents(state: State, lsn: int) -> Iterator[tuple[str, Iterable[bytes]]]:
    yield META, [encode_record(1, {**state.meta, "lsn": lsn, "tail": "", "snapshot": os.urandom(8).hex()})]
    for name, overlays in _rest(state):
        yield name, overlays.encoded()


def _rest(state: State) -> Iterator[tuple[str, OverlayTable]]:
    return ((name, overlays) for name, overlays in state.overlays.items() if name != META)


def _is_same(copy: snapshot.Snapshot, name: str, expected_lines: Iterator[bytes]) -> bool:
    lines = copy.lines(name)
    written = map(lines.line, range(len(lines)))
    return all(expected == line for expected, line in zip_longest(expected_lines, written))


# Raw files


def files_of(archive: Path) -> list[Path]:
    """Return the archive's snapshot and every file beside it under its name, except the lock file and folders."""
    begin = archive.name + "."
    names = [name for name in names_in(archive.parent) if name == archive.name or name.startswith(begin)]
    paths = [archive.with_name(name) for name in names if name != f"{begin}lock"]
    return [path for path in paths if (entry := entry_status(path)) and not S_ISDIR(entry.st_mode)]


def set_aside(archive: Path, why: str, now: datetime) -> Path:
    """Copy all files of an archive unchanged to a new folder beside it, completely or not at all.

    Args:
        archive: The archive's snapshot file.
        why: The reason, which becomes part of the folder's name.
        now: The time, which becomes part of the folder's name.

    Returns:
        The folder's path.

    Raises:
        CannotWrite: The folder or a file cannot be written.
    """
    folder = archive.with_name(f"{archive.name}.{why}-{now.strftime(STAMP)}")
    try:
        copies = folder_beside(archive)
        try:
            for path in files_of(archive):
                _copy(path, copies / path.name)
            copies = _renamed(copies, folder)
            sync_folder(archive.parent)
        except BaseException:
            shutil.rmtree(copies, ignore_errors=True)
            raise
    except OSError as error:
        raise cannot_write(folder, error) from error
    return copies


def _copy(path: Path, target: Path) -> None:
    if path.is_symlink():
        target.symlink_to(path.readlink())
    elif path.is_file():
        write_whole(target, _pieces(path))


def _renamed(unfinished: Path, folder: Path) -> Path:
    """Rename a finished folder to `folder`, or to the first unused numbered name, and return the new path."""
    names = (folder if number == 1 else folder.with_name(f"{folder.name}-{number}") for number in count(1))
    return unfinished.rename(next(name for name in names if not os.path.lexists(name)))


def _pieces(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            yield piece


def _newest_tail(archive: Path) -> str:
    """Return the fingerprint of the last change in the journal, or "" if there is none."""
    tails = [change.tail for segment in wal_scanner.segments_of(archive) for change in segment.changes]
    return tails[-1] if tails else ""


def replace(archive: Path, state: State, lsn: int, meta: Mapping[str, str]) -> None:
    """Replace the contents of an archive with `state`, and delete its journal. The caller holds the lock.

    Args:
        archive: The archive's snapshot file.
        state: The new contents.
        lsn: An LSN above every change that the journal has ever had, so that no old change is replayed after a crash.
        meta: Fields to add to the new snapshot's `_meta`.

    Raises:
        CannotWrite: A file cannot be written or deleted.
    """
    try:
        state.overlays[META].put(1, {**state.meta, **meta, SUPERSEDED: _newest_tail(archive)})
        prepared = checkpoint.write_checkpoint(archive, state.overlays, lsn)
        checkpoint.install(archive, prepared)
        checkpoint.sync(archive, prepared.name)
        for segment in segments.listed(archive):
            segment.unlink(missing_ok=True)
        sync_folder(archive.parent)
    except OSError as error:
        raise cannot_write(archive, error) from error
