"""Look at files and folders: whether they exist, what is in them, and whose they are."""

from __future__ import annotations

import errno
import os
import stat
from contextlib import suppress
from pathlib import Path

from archive.files import not_ordinary, unreadable

# Errors that mean there is no file of this name, or cannot be one (EINVAL on Windows).
_NOTHING_THERE = {errno.ENOENT, errno.ENOTDIR, errno.ELOOP, errno.ENAMETOOLONG, errno.EINVAL}


def exists(path: Path) -> bool:
    """Return whether a regular file exists at `path`; raises as `status` does."""
    return status(path) is not None


def status(path: Path) -> os.stat_result | None:
    """Return the status of a file, or None if there is no file.

    Raises:
        NotOrdinary: It is a device, a pipe or the like, from which a read might never end.
        ArchiveError: The status cannot be read.
    """
    try:
        result = path.stat()
    except ValueError:
        return None
    except OSError as error:
        if error.errno in _NOTHING_THERE:
            return None  # no other error counts as missing: the caller would create a new file in its place
        raise unreadable(path, error) from error
    if not stat.S_ISREG(result.st_mode):
        raise not_ordinary(path, result.st_mode)
    return result


def entry_status(path: Path) -> os.stat_result | None:
    """Return the status of a folder's entry, of a symbolic link itself, or None if there is no entry.

    Raises:
        ArchiveError: The status cannot be read.
    """
    try:
        return path.lstat()
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise unreadable(path, error) from error


def names_in(folder: Path) -> list[str]:
    """Return the names in a folder, sorted; none if there is no such folder.

    Raises:
        ArchiveError: The folder cannot be read.
    """
    try:
        return sorted(os.listdir(folder))  # noqa: PTH208 - iterdir would make a path of each name
    except (FileNotFoundError, NotADirectoryError):
        return []
    except OSError as error:
        raise unreadable(folder, error) from error


def is_strangers(owner: int, beside: Path) -> bool:
    """Return whether a file of the user `owner` belongs to somebody else.

    Some drives give every file the same owner, so the owner of `beside`, a file of ours, is accepted too.
    """
    owners = {os.geteuid()} if hasattr(os, "geteuid") else {owner}
    with suppress(OSError):
        owners.add(beside.stat().st_uid)
    return owner not in owners
