"""Backups of an archive: verified copies, named by date and time, of which outdated ones are deleted."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from stat import S_ISLNK
from typing import Any

from archive.child_process import start_child
from archive.errors import ArchiveError, CannotWrite
from archive.file_status import entry_status, is_strangers, names_in, status
from archive.files import cannot_write
from archive.service.archive import Archive
from archive.store.copying import STAMP, state_of, write_copy
from archive.text import _

FOLDER = "backups"  # beside the archive
NEWEST = 10  # backups that are kept whatever their age, in case the clock is wrong
ALL_DAYS = 7  # keep all backups of this many days
WEEKS = 8  # keep a weekly backup for this many weeks
MONTHS = 12  # keep a monthly backup for this many months
LARGE = 4 << 20  # bytes: larger archives are copied by a child process, so that the screen stays responsive
TURN = 0.5  # seconds between two calls of `is_over`
_MONTH = timedelta(days=366 / 12)


def folder_of(archive: Path) -> Path:
    """Return the default backup folder of an archive."""
    return archive.parent / FOLDER


def generations(archive: Path, folder: Path) -> list[tuple[datetime, Path]]:
    """Return time and path of each backup of an archive in a folder, oldest first, recognised by the file name."""
    name = re.compile(re.escape(archive.stem) + r"-([0-9]{8}-[0-9]{6})\.json")
    backups = []
    for file in names_in(folder) if not _is_planted(folder, archive) else ():
        if (match := name.fullmatch(file)) and (moment := _moment(match[1])):
            backups.append((moment, folder / file))
    return sorted(backups)


def backup(archive: Path, now: datetime, folder: Path | None = None) -> Path:
    """Back up the archive on the disk, without taking its lock, and delete outdated backups.

    Args:
        archive: The archive.
        now: The time for the file name.
        folder: Where to, by default `folder_of(archive)`. It is created if it does not exist.

    Returns:
        The path of the backup.

    Raises:
        CannotWrite: The backup could not be written, or an outdated one could not be deleted.
    """
    state, lsn = state_of(archive)
    folder = folder or folder_of(archive)
    if _is_planted(folder, archive):
        raise CannotWrite(
            _("{path} is a symbolic link created by another user.").format(path=folder),
            _("Delete it or specify another folder: archive backup DIR"),
        )
    try:
        if not folder.is_dir():
            folder.mkdir(parents=True)
            folder.chmod(0o700)
    except OSError as error:
        raise cannot_write(folder, error) from error
    target = _free_name(archive, folder, now)
    write_copy(state, lsn, target)
    _delete_outdated(archive, folder, now)
    return target


def daily(archive: Archive, is_over: Callable[[], bool]) -> None:
    """Make today's backup if there is none yet and the archive exists. Runs in a worker thread.

    A large archive is backed up by a child process.

    Args:
        archive: The archive.
        is_over: Polled; whether the program is about to end. The child process then goes on by itself.

    Raises:
        CannotWrite: The backup failed.
    """
    now = archive.clock()
    has_todays = any(
        moment.date() == now.date() for moment, _path in generations(archive.path, folder_of(archive.path))
    )
    file_state = status(archive.path)
    if has_todays or not file_state:
        return
    if file_state.st_size <= LARGE:
        backup(archive.path, now)
        return
    child = start_child("archive", "--archive", str(archive.path.absolute()), "backup")
    while not is_over():
        with suppress(subprocess.TimeoutExpired):
            if child.wait(TURN):
                raise CannotWrite(
                    _("`archive backup` failed with exit code {n}.").format(n=child.returncode),
                    _("Run `archive backup` to see the reason."),
                )
            return


def outdated(times: Iterable[datetime], now: datetime) -> set[datetime]:
    """Return the times of the backups that need not be kept."""
    moments = sorted(times)
    needed = {*moments[-NEWEST:], *(moment for moment in moments if moment > now - timedelta(days=ALL_DAYS))}
    needed |= _newest_of_each(moments, now - timedelta(weeks=WEEKS), lambda moment: moment.isocalendar()[:2])
    needed |= _newest_of_each(moments, now - MONTHS * _MONTH, lambda moment: (moment.year, moment.month))
    return set(moments) - needed


def _newest_of_each(
    moments: Sequence[datetime], since: datetime, span: Callable[[datetime], Any]
) -> set[datetime]:
    return set({span(moment): moment for moment in moments if moment > since}.values())


def _delete_outdated(archive: Path, folder: Path, now: datetime) -> None:
    try:
        backups = dict(generations(archive, folder))
        for moment in outdated(backups, now):
            backups[moment].unlink(missing_ok=True)
    except (OSError, ArchiveError) as error:
        raise CannotWrite(
            _("The backup was made, but older backups in {path} could not be deleted.").format(path=folder),
            _("Delete the backups you no longer need."),
        ) from error


def _is_planted(folder: Path, archive: Path) -> bool:
    """Return whether the folder is a symbolic link that another user made to redirect the copies."""
    entry = entry_status(folder)
    return entry is not None and S_ISLNK(entry.st_mode) and is_strangers(entry.st_uid, archive)


def _free_name(archive: Path, folder: Path, now: datetime) -> Path:
    while os.path.lexists(target := folder / f"{archive.stem}-{now.strftime(STAMP)}.json"):
        now += timedelta(seconds=1)
    return target


def _moment(text: str) -> datetime | None:
    try:
        return datetime.strptime(text, STAMP)  # noqa: DTZ007 - local time
    except ValueError:
        return None
