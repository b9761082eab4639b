"""Whether there is a file, and writing files whole or not at all, for their owner alone."""

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
_AT_ONCE = 1 << 20  # bytes
_BEGIN, _PART, _WAITS = ".archive-", ".part", ".waits.part"  # of the names of hidden files
_UNFINISHED: set[Path] = set()  # hidden files of this process that have not got their names yet
_AT_THE_END = 0.1  # seconds that another thread may take to make one
_BEGINNING = RLock()  # held while one is made, and for good once no other thread is to make more
_BINARY = getattr(os, "O_BINARY", 0)  # Windows would end lines its own way
_NO_FOLLOW = getattr(os, "O_NOFOLLOW", 0)
# What file systems answer that cannot sync a folder, ever. All else, EIO above all, is a disk in trouble.
_NO_SYNC = {errno.EINVAL, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS, errno.EBADF}
# A folder in which one may write and which one may not read; on Windows, every folder.
_NO_LOOK = {errno.EACCES, errno.EPERM}
# What FAT and some network drives answer when they are asked for a second name of a file.
_NO_LINKS = {errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS}
# What a name answers under which there is no file, or can be none (EINVAL on Windows).
_NOTHING_THERE = {errno.ENOENT, errno.ENOTDIR, errno.ELOOP, errno.ENAMETOOLONG, errno.EINVAL}
_UNUSUAL = {
    stat.S_IFIFO: N_("{path} is not an ordinary file but a pipe."),
    stat.S_IFSOCK: N_("{path} is not an ordinary file but a socket."),
    stat.S_IFCHR: N_("{path} is not an ordinary file but a device."),
    stat.S_IFBLK: N_("{path} is not an ordinary file but a device."),
    stat.S_IFDIR: N_("{path} is not an ordinary file but a folder."),
    stat.S_IFLNK: N_("{path} is not an ordinary file but a symbolic link."),
}
_REASONS = {
    errno.ENOENT: N_("its folder does not exist"),
    errno.ENOTDIR: N_("its folder does not exist"),
    errno.EACCES: N_("permission was denied"),
    errno.EPERM: N_("permission was denied"),
    errno.EROFS: N_("the disk is read-only"),
    errno.ENOSPC: N_("the disk is full"),
    errno.EDQUOT: N_("your share of the disk is full"),
    errno.EFBIG: N_("no file may be that large here"),
    errno.EISDIR: N_("it is a folder"),
    errno.ENAMETOOLONG: N_("the name is too long"),
    errno.ELOOP: N_("its links lead in a circle"),
    errno.EEXIST: N_("something else has that name"),
}
_REMEDIES = {
    errno.ENOENT: N_("Make its folder first, or choose another place."),
    errno.ENOSPC: N_("Free some space and try again. What was there before is unharmed."),
    errno.EDQUOT: N_("Free some space and try again. What was there before is unharmed."),
    errno.EISDIR: N_("Name a file in it."),
}


def not_ordinary(path: Path | str, mode: int, otherwise: str = "") -> NotOrdinary:
    """The error for a name under which something else than an ordinary file is, by its `st_mode`."""
    said = _UNUSUAL.get(stat.S_IFMT(mode), N_("{path} is not an ordinary file."))
    return NotOrdinary(_(said).format(path=path), otherwise or _("Choose a file that you may read."))


def _not_replaceable(path: Path, mode: int, hint: str) -> CannotWrite:
    return CannotWrite(not_ordinary(path, mode).message, hint)


def exists(path: Path) -> bool:
    """Whether there is a file to open. ArchiveError where that may not be known, or where it is no ordinary one."""
    return status(path) is not None


def status(path: Path) -> os.stat_result | None:
    """What the system says of a file to open; None if there is none.

    ArchiveError if that cannot be known, NotOrdinary for a device, a pipe or the like: it could be read for ever.
    """
    try:
        found = path.stat()
    except ValueError:
        return None
    except OSError as error:
        if error.errno in _NOTHING_THERE:
            return None  # nothing else is taken for that: what seems not to be there is begun anew
        raise unreadable(path, error) from error
    if not stat.S_ISREG(found.st_mode):
        raise not_ordinary(path, found.st_mode)
    return found


def write_whole(
    path: Path,
    data: bytes | Iterable[Piece],
    *,
    force: bool = False,
    mode: int = 0o600,
    if_taken: str = "",
    follow: bool = True,
) -> None:
    """Write `data`, in one piece or several, to a new file at `path`, or with `force` in place of the one there.

    At any crash either the old file or the new one is there, whole, and when this returns it is the new one, also
    after a power cut, on every file system that can promise so. A link stays a link: the file that it leads to is
    replaced. Without `follow`, a link is refused: for files that a person does not name, whose link somebody may have
    planted. Raises CannotWrite if the file exists (`if_taken` is the hint then), is no ordinary one, or the disk or
    the folder is in the way; NotConfirmed if the new file is there and the disk fails to say that it stays.
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
            _("{path} exists already.").format(path=path), if_taken or _("Choose another name.")
        ) from error
    except (OSError, ValueError) as error:
        raise cannot_write(path, error) from error
    try:
        sync_folder(target.parent)
    except OSError as error:
        raise not_confirmed(path, error) from error


def refuse_what_is_there(path: Path, target: Path, *, force: bool) -> None:
    """OSError, or CannotWrite, where `target`, which `path` leads to, is not to be replaced."""
    if path.is_dir():
        raise IsADirectoryError(errno.EISDIR, "")
    if target.is_symlink() and force:  # what cannot be followed to its end leads in a circle
        raise OSError(errno.ELOOP, "")
    if path.exists() and not stat.S_ISREG(path.stat().st_mode):
        otherwise = _("Choose another name, or - for the output.")
        raise _not_replaceable(path, path.stat().st_mode, otherwise)
    if os.path.lexists(path) and not force:
        raise FileExistsError(errno.EEXIST, "")
    if path.exists() and not os.access(target, os.W_OK):  # the folder would allow it, its owner does not
        raise PermissionError(errno.EACCES, "")


def make_folder(folder: Path, otherwise: str = "") -> None:
    """Make a folder for its owner alone, with those above it, if there is none. CannotWrite if that fails."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise cannot_write(folder, error, otherwise) from error


def write_beside(path: Path, pieces: Iterable[Piece], mode: int = 0o600, *, waits: bool = False) -> Path:
    """Write `pieces` to a hidden file in the same folder, on the disk for good; `take_place` gives it the name.

    If the program is killed, the file stays. The next write to the same folder removes it, but not one that `waits`,
    whose writer may end before it gets its name; those `sweep` removes. Raises OSError.
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
            if hasattr(os, "fchmod"):  # not on every Windows
                os.fchmod(descriptor, mode)  # whatever the umask is
            sync_file(descriptor)
        finally:
            os.close(descriptor)
    except BaseException:
        _remove(temporary)
        raise
    return temporary


def folder_beside(path: Path) -> Path:
    """Make a hidden folder for files that come to lie beside `path` together; `sweep` removes it if nobody renames it.

    Raises OSError.
    """
    folder = path.parent / f"{_remains_of(path)}{os.urandom(8).hex()}{_PART}"
    folder.mkdir()
    folder.chmod(0o700)  # whatever the umask is
    return folder


def take_place(temporary: Path, path: Path, *, force: bool = True) -> None:
    """Give a file that is on the disk the name `path`; without `force` only where no file has it. Raises OSError."""
    try:
        if force:
            temporary.replace(path)
        else:
            _name_anew(temporary, path)
    finally:
        with contextlib.suppress(
            OSError
        ):  # what counts is whether the name was taken; `sweep` removes the rest
            _remove(temporary)


def remove_unfinished() -> None:
    """Remove the hidden files that this process is writing, and let no other thread begin one.

    Only for a process that is about to end. A disk that does not answer delays it for a moment only.
    """
    _BEGINNING.acquire(timeout=_AT_THE_END)
    for temporary in tuple(_UNFINISHED):
        with contextlib.suppress(OSError):
            _remove(temporary)


def _remove(temporary: Path) -> None:
    temporary.unlink(missing_ok=True)
    _UNFINISHED.discard(temporary)


def sweep(path: Path) -> None:
    """Remove what a writer of `path` left when it was killed. Only for who knows that nobody writes to it now."""
    with contextlib.suppress(OSError):
        for left in path.parent.glob(f"{_remains_of(path)}*{_PART}"):
            if left.is_dir() and not left.is_symlink():
                import shutil  # with the compressors that it imports, for those few

                shutil.rmtree(left, ignore_errors=True)
            else:
                left.unlink(missing_ok=True)


def _sweep_dead(folder: Path) -> None:
    """Remove the hidden files of writers that were killed: nobody holds the lock on them any more."""
    for left in folder.glob(f"{_BEGIN}*{_PART}"):
        with contextlib.suppress(OSError):
            if left not in _UNFINISHED and not left.name.endswith(_WAITS) and _is_dead(left):
                left.unlink(missing_ok=True)


def _is_dead(temporary: Path) -> bool:
    descriptor = os.open(temporary, os.O_RDONLY | _NO_FOLLOW | getattr(os, "O_NONBLOCK", 0))
    try:
        return _lock(descriptor)
    finally:
        os.close(descriptor)


def _lock(descriptor: int) -> bool:
    """Lock an open file until it is closed. False if another process has it, or the file system has no locks."""
    if sys.platform == "win32":
        return False
    import fcntl

    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def _remains_of(path: Path) -> str:
    """How the hidden names of files begin that are to become `path`; short, however long its name is."""
    return f"{_BEGIN}{crc32(os.fsencode(path.name)):08x}-"


def write_pieces(descriptor: int, pieces: Iterable[Piece]) -> None:
    """Write all of it, however little the system takes at a time."""
    for piece in pieces:
        rest = memoryview(piece)
        while rest:
            rest = rest[os.write(descriptor, rest) :]


def _write_gently(descriptor: int, pieces: Iterable[Piece]) -> None:
    """Write all of it, and let the disk have it a little at a time: who saves a change meanwhile has to wait until the
    disk has what was written before, and shall not feel that.
    """
    waiting = 0
    for piece in pieces:
        view = memoryview(piece)
        for start in range(0, len(view), _AT_ONCE):
            part = view[start : start + _AT_ONCE]
            write_pieces(descriptor, [part])
            waiting += len(part)
            if waiting >= _AT_ONCE:
                sync_file(descriptor, content_only=True)
                waiting = 0


def _name_anew(temporary: Path, path: Path) -> None:
    """Give `temporary` the name `path`, which fails where somebody else has taken that name meanwhile."""
    try:
        path.hardlink_to(temporary)
    except OSError as error:
        if error.errno not in _NO_LINKS:
            raise
        os.close(os.open(path, os.O_CREAT | os.O_EXCL, 0o600))  # the name is ours now, so it may be replaced
        temporary.replace(path)


def sync_file(descriptor: int, *, content_only: bool = False) -> None:
    """Make what was written last through a power cut; `content_only` leaves out what nobody needs to read it."""
    if sys.platform == "darwin":  # there fsync leaves it in the cache of the disk
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
    """Make the name last through a power cut. Where that cannot be asked for, the name is as safe as it gets there;
    OSError where it can, and fails.
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
    """The error for a file that is there, and that may be gone after a power cut."""
    return NotConfirmed(
        _("{path} was written, but the disk did not confirm it: {reason}.").format(
            path=path, reason=reason_of(error)
        ),
        _("Look after the disk, then save again."),
    )


def unreadable(path: Path | str, error: OSError | ValueError) -> ArchiveError:
    """The error for a file that is there and cannot be read."""
    return ArchiveError(
        _("{path} cannot be read: {reason}.").format(path=path, reason=reason_of(error)),
        _("Choose a file that you may read."),
    )


def cannot_write(path: Path, error: OSError | ValueError, otherwise: str = "") -> CannotWrite:
    """The error for a file that cannot be written, with what would do, or `otherwise` where nothing special does."""
    remedy = _REMEDIES.get(error.errno or 0) if isinstance(error, OSError) else None
    return CannotWrite(
        _("{path} cannot be written: {reason}.").format(path=path, reason=reason_of(error)),
        _(remedy) if remedy else otherwise or _("Choose another place."),
    )


def is_strangers(owner: int, beside: Path) -> bool:
    """Whether what belongs to the user `owner` is another user's. Some drives give all files one owner: that of
    `beside` then."""
    owners = {os.geteuid()} if hasattr(os, "geteuid") else {owner}
    with contextlib.suppress(OSError):
        owners.add(beside.stat().st_uid)
    return owner not in owners


def reason_of(error: OSError | ValueError) -> str:
    """Why the system refused, in words."""
    if not isinstance(error, OSError):
        return _("that is no file name")
    number = error.errno or 0
    return _(_REASONS[number]) if number in _REASONS else os.strerror(number)
