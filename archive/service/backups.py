"""Backups of an archive: plain files under the day and time of their making, checked, and let go when they are old."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from archive.child_process import start_child
from archive.errors import CannotWrite
from archive.files import cannot_write, is_strangers
from archive.service.archive import Archive
from archive.store.copying import STAMP, state_of, write_copy
from archive.text import _

FOLDER = "backups"  # beside the archive
NEWEST = 10  # generations that are kept however old they are: a clock may be wrong
ALL_DAYS = 7  # of the last days all are kept
WEEKS = 8  # of the last weeks one each
MONTHS = 12  # of the last months one each
LARGE = 4 << 20  # bytes: to copy more would hold up the screen
TURN = 0.5  # seconds between two looks whether all is over
_MONTH = timedelta(days=366 / 12)


def folder_of(archive: Path) -> Path:
    """Where the backups of an archive are, where nothing else is said."""
    return archive.parent / FOLDER


def generations(archive: Path, folder: Path) -> list[tuple[datetime, Path]]:
    """The backups of an archive in a folder, oldest first; no file of another name is one."""
    name = re.compile(re.escape(archive.stem) + r"-([0-9]{8}-[0-9]{6})\.json")
    found = []
    for path in folder.iterdir() if folder.is_dir() and not _is_planted(folder, archive) else ():
        if (match := name.fullmatch(path.name)) and (made := _moment(match[1])):
            found.append((made, path))
    return sorted(found)


def backup(archive: Path, now: datetime, folder: Path | None = None) -> Path:
    """Make a backup of what is on the disk, without a lock, and let old ones go. Returns its path."""
    state, lsn = state_of(archive)
    folder = folder or folder_of(archive)
    if _is_planted(folder, archive):
        raise CannotWrite(
            _("{path} is a symbolic link that another user made.").format(path=folder),
            _("Delete it, or name another folder: archive backup DIR"),
        )
    try:
        if not folder.is_dir():
            folder.mkdir(parents=True)
            folder.chmod(0o700)
    except OSError as error:
        raise cannot_write(folder, error) from error
    target = _free_name(archive, folder, now)
    write_copy(state, lsn, target)
    _let_go(archive, folder, now)
    return target


def daily(archive: Archive, is_over: Callable[[], bool]) -> None:
    """Make today's backup where there is none yet and something to keep; for a thread beside the screen.

    That of a large archive is made by a process of its own, which goes on by itself when all `is_over`.
    """
    now = archive.clock()
    made_today = any(
        made.date() == now.date() for made, _path in generations(archive.path, folder_of(archive.path))
    )
    if made_today or not archive.path.exists():
        return
    if archive.path.stat().st_size <= LARGE:
        backup(archive.path, now)
        return
    child = start_child("archive", "--archive", str(archive.path.absolute()), "backup")
    while not is_over():
        with suppress(subprocess.TimeoutExpired):
            if child.wait(TURN):
                raise CannotWrite(_("`archive backup` ended with code {n}.").format(n=child.returncode))
            return


def outdated(made: Iterable[datetime], now: datetime) -> set[datetime]:
    """Which of the generations made at these moments need not be kept."""
    moments = sorted(made)
    kept = {*moments[-NEWEST:], *(one for one in moments if one > now - timedelta(days=ALL_DAYS))}
    kept |= _newest_of_each(moments, now - timedelta(weeks=WEEKS), lambda one: one.isocalendar()[:2])
    kept |= _newest_of_each(moments, now - MONTHS * _MONTH, lambda one: (one.year, one.month))
    return set(moments) - kept


def _newest_of_each(
    moments: Sequence[datetime], since: datetime, span: Callable[[datetime], Any]
) -> set[datetime]:
    return set({span(one): one for one in moments if one > since}.values())


def _let_go(archive: Path, folder: Path, now: datetime) -> None:
    known = dict(generations(archive, folder))
    try:
        for made in outdated(known, now):
            known[made].unlink(missing_ok=True)
    except OSError as error:
        raise CannotWrite(
            _("The backup was made, and an old one in {path} cannot be deleted.").format(path=folder),
            _("Delete it yourself."),
        ) from error


def _is_planted(folder: Path, archive: Path) -> bool:
    """Whether the folder is a link that another user made: copies must not go where somebody else wants them."""
    return folder.is_symlink() and is_strangers(folder.lstat().st_uid, archive)


def _free_name(archive: Path, folder: Path, now: datetime) -> Path:
    while os.path.lexists(target := folder / f"{archive.stem}-{now.strftime(STAMP)}.json"):
        now += timedelta(seconds=1)
    return target


def _moment(text: str) -> datetime | None:
    try:
        return datetime.strptime(text, STAMP)  # noqa: DTZ007 - as the wall clock stood
    except ValueError:
        return None
