"""Repair an archive, or restore a backup: the former files are kept, and an archive is replaced atomically."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from archive.errors import ArchiveError, Damaged, NotFound, NotOrdinary
from archive.file_status import entry_status, exists
from archive.files import sweep
from archive.service.backups import backup, folder_of, generations
from archive.store import opening
from archive.store.copying import counts, files_of, replace, set_aside, state_of
from archive.store.lock import WriterLock
from archive.store.salvage import wal_scanner
from archive.store.salvage.salvage import salvage
from archive.store.verify import Finding, verify_files
from archive.text import _


class Repaired(NamedTuple):
    """The result of a repair."""

    copies: Path | None  # the folder with copies of the former files; None if there was nothing to repair
    lost: list[str]
    doubtful: list[str]


class Restored(NamedTuple):
    """The result of restoring a backup."""

    former: Path | None  # the path of the former archive, if there was one
    counts: dict[str, int]
    doubtful: list[str]  # messages about the end of the backup's journal, if it has a journal


def is_there(path: Path) -> bool:
    """Return whether any file of an archive exists."""
    return opening.is_there(Path(os.path.realpath(path)))


def findings(path: Path) -> list[Finding]:
    """Verify the files of an archive and return all damage."""
    return verify_files(path)


def repair(path: Path, now: datetime, take: str = "") -> Repaired:
    """Salvage a damaged archive. Its files are copied before anything is written.

    Args:
        path: The archive.
        now: The time for the names of the copies.
        take: "file" or "journal": which to use if another program rewrote the file.

    Raises:
        InUse: Another program has the archive open for writing.
        Damaged: Nothing can be salvaged, or `take` must be given; nothing was changed.
        CannotWrite: A file cannot be written; nothing was changed.
    """
    real = Path(os.path.realpath(path))
    with _locked(real, now):
        if all(finding.harmless for finding in verify_files(real)):
            return Repaired(None, [], [])
        backups = [path_of_backup for _made, path_of_backup in generations(real, folder_of(real))]
        saved = salvage(real, take, backups)
        copies = set_aside(real, "before-repair", now)
        replace(real, saved.state, saved.lsn, {})
        return Repaired(copies, saved.report.lost, saved.report.doubtful)


def restore(path: Path, source: Path, now: datetime) -> Restored:
    """Replace the archive by a backup. The backup is verified first, and the present archive is kept.

    Args:
        path: The archive.
        source: The backup.
        now: The time for the name of the former archive.

    Raises:
        InUse: Another program has the archive open for writing.
        Damaged, NotFound, NotOrdinary: The backup is damaged or cannot be read; nothing was changed.
        ArchiveError: The backup is the archive itself.
    """
    real = Path(os.path.realpath(path))
    if os.path.realpath(source) == os.fspath(real):
        raise ArchiveError(
            _("{path} is the archive itself.").format(path=path),
            _("Specify a backup: archive restore BACKUP"),
        )
    otherwise = _("The archive was not changed. Choose another backup.")
    try:
        state, lsn = state_of(source)
    except (Damaged, NotFound, NotOrdinary) as error:  # replace the hint, which is about opening an archive
        raise type(error)(error.message, otherwise) from error
    findings = verify_files(source)
    for finding in findings:
        if not (finding.harmless or finding.is_unsure):
            raise Damaged(finding.message, otherwise)
    with _locked(real, now):
        former, uuid, last_lsn = _saved_former(real, now)
        identity = {"uuid": uuid} if uuid else {}
        replace(real, state, 1 + max(lsn, last_lsn), identity)
    return Restored(former, counts(state), [finding.message for finding in findings if finding.is_unsure])


def _saved_former(path: Path, now: datetime) -> tuple[Path | None, str, int]:
    """Keep a copy of the present archive; return its path, the archive's UUID and its last LSN."""
    journal = wal_scanner.segments_of(path)
    last = wal_scanner.last_of(journal)
    uuid = next((segment.archive for segment in journal if segment.archive), "")
    if not exists(path):
        former = set_aside(path, "before-restore", now) if journal else None
        return former, uuid, last
    try:
        state, lsn = state_of(path)
        if any(
            segment.tail for segment in journal
        ):  # a backup would leave out an incomplete last record, which may be a saved change
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
    """Return the total size of an archive's files in bytes."""
    entries = map(entry_status, files_of(Path(os.path.realpath(path))))
    return sum(entry.st_size for entry in entries if entry)
