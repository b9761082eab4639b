"""Looking at every byte of an archive's files: each place that is not as it was written, by file and byte."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from archive.errors import ArchiveError
from archive.files import exists
from archive.store import index_file, opening
from archive.store.indexes import CODE
from archive.store.mmap_file import map_file
from archive.store.salvage import snapshot_scanner, wal_scanner
from archive.store.salvage.wal_scanner import Readable
from archive.store.wal import segments
from archive.text import _

_TRIES = 5


class Finding(NamedTuple):
    """Something that is not as it was written."""

    said: str
    harmless: bool = False  # nothing that was acknowledged is in it
    is_unsure: bool = False  # the last change that was acknowledged may be in it, or one that never was


def verify_files(path: Path) -> list[Finding]:
    """Find all that is wrong with the files of an archive. No lock is taken; if a writer changed them in the
    meantime, they are looked at again."""
    real = Path(os.path.realpath(path))
    found: list[Finding] = []
    for _again in range(_TRIES):
        before = _stamps(real)
        found = list(_findings(real))
        if all(one.harmless for one in found) or before == _stamps(real):
            break
    return found


def _stamps(path: Path) -> list[opening.Stamp]:
    """Fingerprints of the snapshot and of every journal file."""
    found = [opening.stamp_of(path)]
    for segment in segments.listed(path):
        with suppress(ArchiveError):  # a link, or no file at all: the look at it says so
            found.append(opening.stamp_of(segment))
    return found


def _findings(path: Path) -> Iterator[Finding]:
    found: list[Finding] = []
    if exists(path):
        found += map(Finding, _of_snapshot(path))
    journal = wal_scanner.segments_of(path)
    for segment in journal:
        found += _of_segment(segment)
    for kept in segments.kept_aside(path):
        said = _(
            "{path} was set aside as the end of a journal. Delete it when you have checked your last changes."
        )
        found.append(Finding(said.format(path=kept), harmless=True))
    if all(one.harmless or one.is_unsure for one in found):  # only sound files can be opened together
        found += _of_all(path)
    yield from found


def _of_snapshot(path: Path) -> Iterator[str]:
    try:
        data = bytes(map_file(path))
    except (OSError, ValueError):  # opening says why
        return
    layout = snapshot_scanner.layout(data) if snapshot_scanner.is_ours(data) else None
    if not layout or not layout.has_sums:
        return
    for part in layout.parts:
        if part.state == snapshot_scanner.DAMAGED:
            yield _("{path}: in {table}, bytes {start} to {end} are not what was written.").format(
                path=path, table=part.table, start=part.start, end=part.end
            )
        elif part.state != snapshot_scanner.SOUND:
            yield _("{path}: no checksum fits bytes {start} to {end}.").format(
                path=path, start=part.start, end=part.end
            )


def _of_segment(found: Readable) -> Iterator[Finding]:
    if found.refused:
        yield Finding(found.refused)
        return
    if found.after is None:
        yield Finding(
            _("{path} is damaged at byte 0: it does not begin like a journal.").format(path=found.path)
        )
    for gap in found.gaps:
        said = _("{path} is damaged: bytes {start} to {end} are not what was written{what}.")
        what = f" ({gap.glimpse})" if gap.glimpse else ""
        yield Finding(said.format(path=found.path, start=gap.start, end=gap.end, what=what))
    for change in found.changes:
        if not change.whole:
            said = _("{path} is damaged: a part of change {n}, from byte {start}, is missing.")
            yield Finding(said.format(path=found.path, n=change.frame.lsn, start=change.offset))
    if found.tail:
        yield Finding(found.tail.said, is_unsure=True)
    if found.has_bad_mark:
        said = _("{path}: the mark behind the last change is damaged. Nothing is lost.")
        yield Finding(said.format(path=found.path), harmless=True)


def _of_all(path: Path) -> Iterator[Finding]:
    try:
        loaded = opening.load(path, write=False)
        loaded.snapshot.check()
    except ArchiveError as error:
        yield Finding(error.message)
        return
    loaded.journal.close()
    yield from _of_shelf(path, loaded.snapshot.name)


def _of_shelf(path: Path, snapshot: str) -> Iterator[Finding]:
    file = index_file.index_path(path, snapshot)
    arrays = index_file.opened(path, snapshot, CODE)
    if not arrays and file.exists():
        yield Finding(
            _("{path} cannot be used, and is made anew from the archive.").format(path=file), harmless=True
        )
    for name in arrays:
        if arrays.get(name) is None:
            said = _(
                "{path}: what it has as {name} is not what was written. It is made anew from the archive."
            )
            yield Finding(said.format(path=file, name=name), harmless=True)
