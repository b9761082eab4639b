"""Write files atomically, readable only by their owner."""

from __future__ import annotations

import contextlib
import errno
import os
import stat
import sys
from collections.abc import Iterable
from pathlib import Path
from threading import RLock
from zlib import crc32

from archive.errors import ArchiveError, CannotWrite, NotConfirmed, NotOrdinary
from archive.text import N_, _

Piece = bytes | memoryview
_AT_ONCE = 1 << 20  # bytes between two syncs
_BEGIN, _PART, _WAITS = ".archive-", ".part", ".waits.part"  # prefix and suffixes of temporary files
_UNFINISHED: set[Path] = set()  # temporary files of this process that are not renamed yet
_AT_THE_END = 0.1  # seconds to wait for another thread that is creating a temporary file
_BEGINNING = RLock()  # held while a temporary file is created, and for ever once no thread may create more
_BINARY = getattr(os, "O_BINARY", 0)  # without it, Windows would convert line endings
_NO_FOLLOW = getattr(os, "O_NOFOLLOW", 0)
# Errors of file systems that cannot sync this kind of file at all. Any other error, such as EIO, is a failing disk.
_NO_SYNC = {errno.EINVAL, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS, errno.EBADF}
# Errors of opening a folder that can be written but not read; on Windows, of any folder.
_NO_LOOK = {errno.EACCES, errno.EPERM}
# Errors of file systems without hard links: FAT and some network drives.
_NO_LINKS = {errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS}
_UNUSUAL = {
    stat.S_IFIFO: N_("{path} is a pipe, not a regular file."),
    stat.S_IFSOCK: N_("{path} is a socket, not a regular file."),
    stat.S_IFCHR: N_("{path} is a device, not a regular file."),
    stat.S_IFBLK: N_("{path} is a device, not a regular file."),
    stat.S_IFDIR: N_("{path} is a folder, not a regular file."),
    stat.S_IFLNK: N_("{path} is a symbolic link, not a regular file."),
}
_REASONS = {
    errno.ENOENT: N_("its folder does not exist"),
    errno.ENOTDIR: N_("its folder does not exist"),
    errno.EACCES: N_("permission was denied"),
    errno.EPERM: N_("permission was denied"),
    errno.EROFS: N_("the disk is read-only"),
    errno.ENOSPC: N_("the disk is full"),
    errno.EDQUOT: N_("your disk quota is used up"),
    errno.EFBIG: N_("the file would exceed the size limit"),
    errno.EISDIR: N_("it is a folder"),
    errno.ENAMETOOLONG: N_("the name is too long"),
    errno.ELOOP: N_("its symbolic links form a loop"),
    errno.EEXIST: N_("that name is already taken"),
}
_REMEDIES = {
    errno.ENOENT: N_("Create its folder first, or choose another folder."),
    errno.ENOSPC: N_("Free some space and try again. The existing data is unchanged."),
    errno.EDQUOT: N_("Free some space and try again. The existing data is unchanged."),
    errno.EISDIR: N_("Specify a file in it."),
}


def not_ordinary(path: Path | str, mode: int, otherwise: str = "") -> NotOrdinary:
    """Return the error for a path whose `st_mode` is not a regular file's. `otherwise` replaces the default hint."""
    message = _UNUSUAL.get(stat.S_IFMT(mode), N_("{path} is not a regular file."))
    return NotOrdinary(_(message).format(path=path), otherwise or _("Choose a regular file."))


def _not_replaceable(path: Path, mode: int, hint: str) -> CannotWrite:
    return CannotWrite(not_ordinary(path, mode).message, hint)


def write_whole(
    path: Path,
    data: bytes | Iterable[Piece],
    *,
    force: bool = False,
    mode: int = 0o600,
    if_taken: str = "",
    follow: bool = True,
) -> None:
    """Write a file atomically and durably.

    After a crash, either the complete old file or the complete new file exists. When this returns, the new file is
    durable, even through a power cut, if the file system can guarantee it.

    Args:
        path: The file. If it is a symbolic link, the file it points to is replaced, given `force` and `follow`.
        data: The content, in one or several pieces.
        force: Whether to replace an existing file.
        mode: The permissions of the file, regardless of the umask.
        if_taken: The hint of the error if the file exists.
        follow: Whether to accept a symbolic link. False for files whose path the user does not choose, because
            somebody may have planted a link.

    Raises:
        CannotWrite: The file exists, is not a regular file, or cannot be written.
        NotConfirmed: The new file was written, but the disk did not confirm that it is durable.
    """
    try:
        target = Path(os.path.realpath(path)) if force and follow else path
        if not follow and path.is_symlink():
            raise _not_replaceable(path, stat.S_IFLNK, _("Delete the link."))
        refuse_what_is_there(path, target, force=force)
        _sweep_dead(target.parent)
        written = write_beside(target, [data] if isinstance(data, bytes) else data, mode)
        take_place(written, target, force=force)
    except FileExistsError as error:
        raise CannotWrite(
            _("{path} already exists.").format(path=path), if_taken or _("Choose another name.")
        ) from error
    except (OSError, ValueError) as error:
        raise cannot_write(path, error) from error
    try:
        sync_folder(target.parent)
    except OSError as error:
        raise not_confirmed(path, error) from error


def refuse_what_is_there(path: Path, target: Path, *, force: bool) -> None:
    """Raise OSError or CannotWrite if `target`, to which `path` resolves, must not be replaced."""
    if path.is_dir():
        raise IsADirectoryError(errno.EISDIR, "")
    if target.is_symlink() and force:  # only a loop of links resolves to a link
        raise OSError(errno.ELOOP, "")
    if path.exists() and not stat.S_ISREG(path.stat().st_mode):
        otherwise = _("Choose another name, or - for standard output.")
        raise _not_replaceable(path, path.stat().st_mode, otherwise)
    if os.path.lexists(path) and not force:
        raise FileExistsError(errno.EEXIST, "")
    if path.exists() and not os.access(target, os.W_OK):  # a rename would ignore that the file is read-only
        raise PermissionError(errno.EACCES, "")


def make_folder(folder: Path, otherwise: str = "") -> None:
    """Create a folder for its owner alone, with its parents; raise CannotWrite with the hint `otherwise` on failure."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise cannot_write(folder, error, otherwise) from error


def write_beside(path: Path, pieces: Iterable[Piece], mode: int = 0o600, *, waits: bool = False) -> Path:
    """Write `pieces` to a temporary file in the same folder and sync it; `take_place` renames it to `path`.

    If the program is killed, the temporary file remains, and the next write to the same folder deletes it. With
    `waits`, the file may be renamed after its writer has ended, so only `sweep` deletes it. Raises OSError.
    """
    ending = _WAITS if waits else _PART
    temporary = path.parent / f"{_remains_of(path)}{os.urandom(8).hex()}{ending}"
    with _BEGINNING:
        _UNFINISHED.add(temporary)
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _NO_FOLLOW | _BINARY, 0o600)
    try:
        try:
            _lock(descriptor)
            _write_gently(descriptor, pieces)
            if hasattr(os, "fchmod"):  # some versions of Windows lack it
                os.fchmod(descriptor, mode)
            sync_file(descriptor)
        finally:
            os.close(descriptor)
    except BaseException:
        _remove(temporary)
        raise
    return temporary


def folder_beside(path: Path) -> Path:
    """Create a temporary folder beside `path`, to be renamed with the files in it; else `sweep` deletes it."""
    folder = path.parent / f"{_remains_of(path)}{os.urandom(8).hex()}{_PART}"
    folder.mkdir()
    folder.chmod(0o700)  # regardless of the umask
    return folder


def take_place(temporary: Path, path: Path, *, force: bool = True) -> None:
    """Rename a temporary file to `path`. Without `force`, raise FileExistsError if `path` exists."""
    try:
        if force:
            temporary.replace(path)
        else:
            _name_anew(temporary, path)
    finally:
        with contextlib.suppress(OSError):  # only the rename matters; `sweep` deletes what remains
            _remove(temporary)


def remove_unfinished() -> None:
    """Delete the temporary files of this process, and keep other threads from creating more.

    Only for a process that is about to end. It waits only briefly for a thread that is blocked by the disk.
    """
    _BEGINNING.acquire(timeout=_AT_THE_END)
    for temporary in tuple(_UNFINISHED):
        with contextlib.suppress(OSError):
            _remove(temporary)


def _remove(temporary: Path) -> None:
    temporary.unlink(missing_ok=True)
    _UNFINISHED.discard(temporary)


def sweep(path: Path) -> None:
    """Delete the temporary files of a killed writer of `path`. Only call it if nobody else is writing to `path`."""
    with contextlib.suppress(OSError):
        for leftover in path.parent.glob(f"{_remains_of(path)}*{_PART}"):
            if leftover.is_dir() and not leftover.is_symlink():
                import shutil  # imports all compressors, and is rarely needed

                shutil.rmtree(leftover, ignore_errors=True)
            else:
                leftover.unlink(missing_ok=True)


def _sweep_dead(folder: Path) -> None:
    """Delete the temporary files of killed writers, which are recognised by the missing lock."""
    for leftover in folder.glob(f"{_BEGIN}*{_PART}"):
        with contextlib.suppress(OSError):
            is_ours = leftover in _UNFINISHED
            if not is_ours and not leftover.name.endswith(_WAITS) and _is_dead(leftover):
                leftover.unlink(missing_ok=True)


def _is_dead(temporary: Path) -> bool:
    descriptor = os.open(temporary, os.O_RDONLY | _NO_FOLLOW | getattr(os, "O_NONBLOCK", 0))
    try:
        return _lock(descriptor)
    finally:
        os.close(descriptor)


def _lock(descriptor: int) -> bool:
    """Lock an open file until it is closed. False if another process holds the lock or locks are not supported."""
    if sys.platform == "win32":
        return False
    import fcntl

    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def _remains_of(path: Path) -> str:
    """Return the prefix of the temporary files for `path`. It is a hash, so it stays short for a long name."""
    return f"{_BEGIN}{crc32(os.fsencode(path.name)):08x}-"


def write_pieces(descriptor: int, pieces: Iterable[Piece]) -> None:
    """Write all pieces completely, repeating short writes."""
    for piece in pieces:
        rest = memoryview(piece)
        while rest:
            rest = rest[os.write(descriptor, rest) :]


def _write_gently(descriptor: int, pieces: Iterable[Piece]) -> None:
    """Write all pieces completely, syncing after every megabyte.

    Otherwise the fsync of a save made at the same time would have to wait until all of it is on disk.
    """
    unsynced = 0
    for piece in pieces:
        view = memoryview(piece)
        for start in range(0, len(view), _AT_ONCE):
            part = view[start : start + _AT_ONCE]
            write_pieces(descriptor, [part])
            unsynced += len(part)
            if unsynced >= _AT_ONCE:
                sync_file(descriptor, content_only=True)
                unsynced = 0


def _name_anew(temporary: Path, path: Path) -> None:
    """Give `temporary` the name `path`; FileExistsError if another program has created `path` in the meantime."""
    try:
        path.hardlink_to(temporary)
    except OSError as error:
        if error.errno not in _NO_LINKS:
            raise
        os.close(os.open(path, os.O_CREAT | os.O_EXCL, 0o600))  # reserve the name; then it may be replaced
        temporary.replace(path)


def sync_file(descriptor: int, *, content_only: bool = False) -> None:
    """Make sure that written data survives a power cut. `content_only` skips metadata such as the modification time."""
    if sys.platform == "darwin":  # fsync leaves the data in the cache of the disk there
        import fcntl

        try:
            fcntl.fcntl(descriptor, fcntl.F_FULLFSYNC)
        except OSError as error:
            if error.errno not in _NO_SYNC:
                raise
        else:
            return
    (getattr(os, "fdatasync", os.fsync) if content_only else os.fsync)(descriptor)


def sync_folder(folder: Path) -> None:
    """Make sure that the names in a folder survive a power cut, if the file system can sync folders.

    Raises:
        OSError: The disk failed.
    """
    try:
        descriptor = os.open(folder, os.O_RDONLY)
    except OSError as error:
        if error.errno not in _NO_LOOK:
            raise
        return
    try:
        os.fsync(descriptor)
    except OSError as error:
        if error.errno not in _NO_SYNC:
            raise
    finally:
        os.close(descriptor)


def not_confirmed(path: Path, error: OSError) -> NotConfirmed:
    """Return the error for a file that was written, but may be lost in a power cut."""
    return NotConfirmed(
        _("{path} was written, but the disk did not confirm it: {reason}.").format(
            path=path, reason=reason_of(error)
        ),
        _("Check the disk, then save again."),
    )


def unreadable(path: Path | str, error: OSError | ValueError) -> ArchiveError:
    """Return the error for an existing file that cannot be read."""
    return ArchiveError(
        _("{path} cannot be read: {reason}.").format(path=path, reason=reason_of(error)),
        _("Choose a file that you may read."),
    )


def cannot_write(path: Path, error: OSError | ValueError, otherwise: str = "") -> CannotWrite:
    """Return the error for a file that cannot be written. `otherwise` is the hint if this error has no special hint."""
    remedy = _REMEDIES.get(error.errno or 0) if isinstance(error, OSError) else None
    return CannotWrite(
        _("{path} cannot be written: {reason}.").format(path=path, reason=reason_of(error)),
        _(remedy) if remedy else otherwise or _("Choose another name or folder."),
    )


def reason_of(error: OSError | ValueError) -> str:
    """Return the reason of a system error in words."""
    if not isinstance(error, OSError):
        return _("it is not a valid file name")
    number = error.errno or 0
    return _(_REASONS[number]) if number in _REASONS else os.strerror(number)
