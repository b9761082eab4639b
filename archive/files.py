"""Files written whole or not at all, for their owner's eyes only. Below every layer that writes one."""

from __future__ import annotations

import errno
import os
import secrets
from pathlib import Path

from archive.errors import ArchiveError, CannotWrite, NotFound
from archive.text import _


def read_bytes(path: Path) -> bytes:
    """The whole file; NotFound where there is none, a sentence where it cannot be read."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise NotFound(_("There is no file {path}.").format(path=path)) from None
    except IsADirectoryError:
        raise ArchiveError(_("{path} is a folder, not a file.").format(path=path)) from None
    except OSError as error:
        raise ArchiveError(
            _("{path} cannot be read: {reason}.").format(path=path, reason=_reason(error))
        ) from None


def write_whole(path: Path, data: bytes, *, force: bool = False, mode: int = 0o600) -> None:
    """Write `data` to `path` so that at any crash either the old file or the new one is there, whole.

    Without `force` an existing file is never replaced. CannotWrite says what is in the way.
    """
    try:
        _write_whole(path, data, force, mode)
    except FileExistsError:
        raise CannotWrite(
            _("{path} exists already.").format(path=path),
            _("Choose another name, or add --force to replace it."),
        ) from None
    except OSError as error:
        raise CannotWrite(
            _("{path} cannot be written: {reason}.").format(path=path, reason=_reason(error)), _remedy(error)
        ) from None


def _write_whole(path: Path, data: bytes, force: bool, mode: int) -> None:
    path = Path(os.path.realpath(path))  # a link stays a link to the file that is replaced
    temporary = path.with_name(f".{path.name[:100]}.{secrets.token_hex(6)}.tmp")
    try:
        _write_synced(temporary, data, mode)
        if force:
            temporary.replace(path)
        else:
            os.link(temporary, path)  # fails where the name is taken, at the same instant for everybody
    finally:
        temporary.unlink(missing_ok=True)
    _sync_folder(path.parent)


def _write_synced(path: Path, data: bytes, mode: int) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0), mode)
    try:
        view = memoryview(data)
        while view:
            view = view[os.write(descriptor, view) :]
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _sync_folder(folder: Path) -> None:
    if os.name == "nt":  # a folder cannot be opened there
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _reason(error: OSError) -> str:
    return error.strerror or type(error).__name__


def _remedy(error: OSError) -> str:
    remedies = {
        errno.ENOSPC: _(
            "The disk is full: free some space and try again. What was there before is unharmed."
        ),
        errno.EDQUOT: _("Your share of the disk is used up: free some space and try again."),
        errno.ENOENT: _("Make its folder first."),
        errno.EISDIR: _("Name a file in it."),
    }
    return remedies.get(error.errno or 0, _("Choose a folder that you may write to."))
