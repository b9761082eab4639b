"""Verify an archive's files: check every byte against its checksum, and report damage by file and offset."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from archive.errors import ArchiveError
from archive.file_status import entry_status, exists
from archive.store import index_file, opening
from archive.store.indexes import CODE
from archive.store.mmap_file import map_file
from archive.store.salvage import snapshot_scanner, wal_scanner
from archive.store.salvage.wal_scanner import Readable
from archive.store.wal import segments
from archive.text import _

_TRIES = 5


class Finding(NamedTuple):
    """A problem in the files of an archive."""

    message: str
    harmless: bool = False  # no acknowledged change is affected
    is_unsure: bool = False  # a torn tail: the change in it may or may not have been acknowledged


def verify_files(path: Path) -> list[Finding]:
    """Find all problems in the files of an archive.

    Takes no lock. If problems are found while a writer changes the files, they are checked again.
    """
    real = Path(os.path.realpath(path))
    findings: list[Finding] = []
    for _again in range(_TRIES):
        before = _stamps(real)
        findings = list(_findings(real))
        if all(finding.harmless for finding in findings) or before == _stamps(real):
            break
    return findings


def _stamps(path: Path) -> list[opening.Stamp]:
    """Return fingerprints of the snapshot and of every journal segment."""
    stamps = [opening.stamp_of(path)]
    for segment in segments.listed(path):
        with suppress(ArchiveError):  # not a regular file: `_findings` reports it
            stamps.append(opening.stamp_of(segment))
    return stamps


def _findings(path: Path) -> Iterator[Finding]:
    findings: list[Finding] = []
    if exists(path):
        findings += map(Finding, _of_snapshot(path))
    journal = wal_scanner.segments_of(path)
    for segment in journal:
        findings += _of_segment(segment)
    for torn in segments.torn_files(path):
        message = _(
            "{path} contains the incomplete end of a journal. Check your last changes, then delete this file."
        )
        findings.append(Finding(message.format(path=torn), harmless=True))
    if all(finding.harmless or finding.is_unsure for finding in findings):  # damaged files cannot be opened
        findings += _of_all(path)
    yield from findings


def _of_snapshot(path: Path) -> Iterator[str]:
    try:
        data = bytes(map_file(path))
    except (OSError, ValueError):  # `_of_all` reports the reason
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
            yield _("{path}: no checksum matches bytes {start} to {end}.").format(
                path=path, start=part.start, end=part.end
            )


def _of_segment(segment: Readable) -> Iterator[Finding]:
    if segment.refused:
        yield Finding(segment.refused)
        return
    if segment.after is None:
        yield Finding(
            _("{path} is damaged at byte 0: it does not begin like a journal.").format(path=segment.path)
        )
    for gap in segment.gaps:
        message = _("{path} is damaged: bytes {start} to {end} are not what was written{what}.")
        excerpt = f" ({gap.glimpse})" if gap.glimpse else ""
        yield Finding(message.format(path=segment.path, start=gap.start, end=gap.end, what=excerpt))
    for change in segment.changes:
        if not change.is_complete:
            message = _("{path} is damaged: a part of change {n}, from byte {start}, is missing.")
            yield Finding(message.format(path=segment.path, n=change.frame.lsn, start=change.offset))
    if segment.tail:
        yield Finding(segment.tail.message, is_unsure=True)
    if segment.has_bad_mark:
        message = _("{path}: the mark after the last change is damaged. No data is lost.")
        yield Finding(message.format(path=segment.path), harmless=True)


def _of_all(path: Path) -> Iterator[Finding]:
    try:
        loaded = opening.load(path, write=False)
        loaded.snapshot.check()
    except ArchiveError as error:
        yield Finding(error.message)
        return
    loaded.journal.close()
    yield from _of_index_file(path, loaded.snapshot.name)


def _of_index_file(path: Path, snapshot: str) -> Iterator[Finding]:
    file = index_file.index_path(path, snapshot)
    arrays = index_file.opened(path, snapshot, CODE)
    if not arrays and entry_status(file):
        yield Finding(
            _("{path} cannot be used; it is rebuilt from the archive.").format(path=file), harmless=True
        )
    for name in arrays:
        if arrays.get(name) is None:
            message = _("{path}: its column {name} is damaged. It is rebuilt from the archive.")
            yield Finding(message.format(path=file, name=name), harmless=True)
