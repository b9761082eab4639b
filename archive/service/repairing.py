"""Repairing an archive and bringing a backup back: what was there before is kept, and nothing is half done."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from archive.errors import ArchiveError, Damaged, NotFound, NotOrdinary
from archive.files import exists, sweep
from archive.service.backups import backup, folder_of, generations
from archive.store import opening
from archive.store.copying import counts, files_of, replace, set_aside, state_of
from archive.store.lock import WriterLock
from archive.store.salvage import wal_scanner
from archive.store.salvage.salvage import salvage
from archive.store.verify import Finding, verify_files
from archive.text import _


class Repaired(NamedTuple):
    """What a repair did."""

    copies: Path | None  # where everything was copied to before; None where there was nothing to do
    lost: list[str]
    doubtful: list[str]


class Restored(NamedTuple):
    """What bringing a backup back did."""

    former: Path | None  # where the archive is kept that was there before
    counts: dict[str, int]
    doubtful: list[str]  # about the end of the backup's journal, if that has one


def is_there(path: Path) -> bool:
    """Whether there is anything of an archive."""
    return opening.is_there(Path(os.path.realpath(path)))


def findings(path: Path) -> list[Finding]:
    """Find every place of an archive's files that is not as it was written."""
    return verify_files(path)


def repair(path: Path, now: datetime, take: str = "") -> Repaired:
    """Save what can be read of a damaged archive. A copy of its files is made before anything is written.

    InUse where a writer has it; Damaged where nothing can be saved, and CannotWrite: then nothing was changed.
    """
    real = Path(os.path.realpath(path))
    with _locked(real, now):
        if all(one.harmless for one in verify_files(real)):
            return Repaired(None, [], [])
        backups = [kept for _made, kept in generations(real, folder_of(real))]
        saved = salvage(real, take, backups)
        copies = set_aside(real, "before-repair", now)
        replace(real, saved.state, saved.lsn, {})
        return Repaired(copies, saved.report.lost, saved.report.doubtful)


def restore(path: Path, source: Path, now: datetime) -> Restored:
    """Make the archive what a backup holds. It is read and checked first, and the present archive is kept.

    InUse where a writer has the archive.
    """
    real = Path(os.path.realpath(path))
    if os.path.realpath(source) == os.fspath(real):
        raise ArchiveError(
            _("{path} is the archive itself.").format(path=path),
            _("Name a backup of it: archive restore BACKUP"),
        )
    otherwise = _("Nothing was changed. Choose another backup.")
    try:
        state, lsn = state_of(source)
    except (Damaged, NotFound, NotOrdinary) as error:  # whose advice is for an archive that is opened
        raise type(error)(error.message, otherwise) from error
    found = verify_files(source)
    for one in found:
        if not (one.harmless or one.is_unsure):
            raise Damaged(one.said, otherwise)
    with _locked(real, now):
        former, uuid, reached = _kept_before(real, now)
        told = {"uuid": uuid} if uuid else {}
        replace(real, state, 1 + max(lsn, reached), told)
    return Restored(former, counts(state), [one.said for one in found if one.is_unsure])


def _kept_before(path: Path, now: datetime) -> tuple[Path | None, str, int]:
    """Keep the present archive: where, whose it is, and the number of its last change."""
    journal = wal_scanner.segments_of(path)
    last = wal_scanner.last_of(journal)
    uuid = next((one.archive for one in journal if one.archive), "")
    if not exists(path):
        former = set_aside(path, "before-restore", now) if journal else None
        return former, uuid, last
    try:
        state, lsn = state_of(path)
        if any(
            one.tail for one in journal
        ):  # a backup would not have the last change, which may have been saved
            return set_aside(path, "before-restore", now), str(state.meta["uuid"]), max(lsn, last)
        return backup(path, now), str(state.meta["uuid"]), max(lsn, last)
    except Damaged:
        return set_aside(path, "before-restore", now), uuid, last


@contextmanager
def _locked(path: Path, now: datetime) -> Iterator[None]:
    lock = WriterLock(path)
    lock.acquire(now.isoformat(" ", "minutes"))
    try:
        sweep(path)
        yield
    finally:
        lock.release()


def size_of(path: Path) -> int:
    """Bytes of all files of an archive."""
    return sum(file.lstat().st_size for file in files_of(Path(os.path.realpath(path))))
