"""Looking at every byte of an archive's files: each place that is not as it was written, by file and byte."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from archive.errors import ArchiveError
from archive.files import exists
from archive.store import loose, loose_journal, opening, segments, shelf
from archive.store.derived import CODE
from archive.store.loose_journal import Readable
from archive.store.mapping import mapped
from archive.text import _

_TRIES = 5


class Finding(NamedTuple):
    """What is not as it was written."""

    said: str
    harmless: bool = False  # nothing that was acknowledged is in it


def inspected(path: Path) -> list[Finding]:
    """All that is wrong with the files of an archive. No lock is taken: where a writer went on meanwhile, they are
    looked at again."""
    real = Path(os.path.realpath(path))
    found: list[Finding] = []
    for _again in range(_TRIES):
        before = (opening.stamp_of(real), segments.listed(real))
        found = list(_findings(real))
        if not any(not one.harmless for one in found):
            break
        if before == (opening.stamp_of(real), segments.listed(real)):
            break
    return found


def _findings(path: Path) -> Iterator[Finding]:
    found: list[Finding] = []
    if exists(path):
        found += map(Finding, _of_snapshot(path))
    journal = loose_journal.segments_of(path)
    for segment in journal:
        found += _of_segment(segment)
    if all(one.harmless for one in found):  # how the files go together is asked of sound ones only
        found += _of_all(path)
    yield from found


def _of_snapshot(path: Path) -> Iterator[str]:
    try:
        data = mapped(path)
    except (OSError, ValueError):  # opening says why
        return
    if not loose.is_ours(data) or not loose.has_sums(data):
        return
    for part in loose.parts(data):
        if part.state == loose.HARMED:
            yield _("{path}: in {table}, bytes {start} to {end} are not what was written.").format(
                path=path, table=part.table, start=part.start, end=part.end
            )
        elif part.state == loose.UNKNOWN:
            yield _("{path}: no checksum fits bytes {start} to {end}.").format(
                path=path, start=part.start, end=part.end
            )


def _of_segment(found: Readable) -> Iterator[Finding]:
    if found.refused:
        yield Finding(found.refused)
        return
    if found.after is None:
        yield Finding(
            _("{path} is damaged at byte 0: it does not begin as a journal does.").format(path=found.path)
        )
    for start, end in found.gaps:
        said = _("{path} is damaged: bytes {start} to {end} are not what was written.")
        yield Finding(said.format(path=found.path, start=start, end=end))
    for change in found.changes:
        if not change.whole:
            said = _("{path} is damaged: a part of change {n}, from byte {start}, is missing.")
            yield Finding(said.format(path=found.path, n=change.frame.lsn, start=change.offset))
    if found.torn is not None:
        said = _(
            "{path}: what begins at byte {n} was interrupted, or is being written now. It was never acknowledged."
        )
        yield Finding(said.format(path=found.path, n=found.torn), harmless=True)


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
    file = shelf.shelf_path(path, snapshot)
    arrays = shelf.opened(path, snapshot, CODE)
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
