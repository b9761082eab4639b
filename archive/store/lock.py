"""The writer lock: a kernel lock on `archive.json.lock`, which the kernel releases when the process ends."""

from __future__ import annotations

import errno
import json
import os
import sys
from contextlib import suppress
from pathlib import Path

from archive.errors import CannotWrite, InUse
from archive.files import reason_of
from archive.text import _, clean

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

_FLAGS = os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
_BEHIND = 1 << 30  # Windows makes a locked byte unreadable, so lock a byte far after the holder's name
_TAKEN = {errno.EAGAIN, errno.EACCES, errno.EWOULDBLOCK}  # another process holds the lock
# The file system has no locks: some network drives, some FUSE file systems.
_NO_LOCKS = {errno.ENOLCK, errno.ENOSYS, errno.ENOTSUP, errno.EOPNOTSUPP}


def _lock(descriptor: int) -> None:
    """Lock an open file without waiting; raise OSError if that fails."""
    if sys.platform == "win32":
        os.lseek(descriptor, _BEHIND, os.SEEK_SET)
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        os.lseek(descriptor, 0, os.SEEK_SET)
    else:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)


class WriterLock:
    """An exclusive lock, held from `acquire` to `release`.

    The lock file contains the holder's identity only for the error message. The kernel locks the file, not its name:
    if somebody deletes the file, the next writer creates and locks another. So the holder calls `confirm` before every
    write.
    """

    def __init__(self, archive: Path) -> None:
        self.path = archive.with_name(archive.name + ".lock")
        self._descriptor: int | None = None
        self._since = ""

    def acquire(self, since: str) -> None:
        """Take the lock without waiting.

        Args:
            since: The start time shown to other writers while the lock is held.

        Raises:
            InUse: Another program holds the lock; the message names it.
            CannotWrite: The lock file cannot be opened, or the file system has no locks.
        """
        self._since = since
        for _attempt in range(2):
            descriptor = self._locked_file()
            if self._has_our_name(descriptor):
                self._descriptor = descriptor
                return
            # The file was replaced before it was locked, and the next writer would lock the new file. Try again.
            os.close(descriptor)
        raise InUse(
            _("{path} was replaced by another program.").format(path=self.path),
            _("Nothing was opened. Try again."),
        )

    @property
    def held(self) -> bool:
        """Whether this process holds the lock."""
        return self._descriptor is not None

    def confirm(self) -> None:
        """Check that no other writer has taken the lock since `acquire`.

        If the lock file was deleted, create and lock it again.

        Raises:
            InUse: Another writer was faster. The caller must not write until a later `confirm` succeeds.
            CannotWrite: The lock file cannot be opened again.
        """
        if self._descriptor is None or self._has_our_name(self._descriptor):
            return
        stale = self._descriptor
        self.acquire(self._since)
        os.close(stale)

    def release(self) -> None:
        """Release the lock."""
        if self._descriptor is not None:
            with suppress(OSError):  # the kernel releases the lock at process exit in any case
                os.close(self._descriptor)
            self._descriptor = None

    def _locked_file(self) -> int:
        """Open and lock the lock file, write this process's identity to it, and return the descriptor."""
        try:
            self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            descriptor = os.open(self.path, _FLAGS, 0o600)
        except OSError as error:
            raise self._cannot_open(error) from None
        try:
            _lock(descriptor)
            with suppress(OSError, AttributeError):  # in a shared folder the file may belong to another user
                os.fchmod(descriptor, 0o600)  # regardless of the umask
            self._name_holder(descriptor)
        except BaseException as error:
            os.close(descriptor)
            if isinstance(error, OSError):
                raise self._refusal(error) from None
            raise
        return descriptor

    def _has_our_name(self, descriptor: int) -> bool:
        try:
            return os.path.samestat(os.fstat(descriptor), self.path.lstat())
        except OSError:
            return False

    def _name_holder(self, descriptor: int) -> None:
        from socket import gethostname  # slow to import, and readers do not need it

        holder = {"pid": os.getpid(), "host": gethostname(), "since": self._since}
        with suppress(OSError):  # a full disk must not prevent opening: the identity is only informative
            # Overwrite and pad instead of truncating, which would make some file systems wait for the disk.
            size = os.fstat(descriptor).st_size
            os.write(descriptor, json.dumps(holder).encode().ljust(size))

    def _cannot_open(self, error: OSError) -> CannotWrite:
        if error.errno == errno.ELOOP:
            return CannotWrite(
                _("{path} is a symbolic link; the lock file must be a regular file.").format(path=self.path),
                _("Nothing was opened. Delete the link."),
            )
        return CannotWrite(
            _("The folder {path} cannot be written: {reason}.").format(
                path=self.path.parent, reason=reason_of(error)
            ),
            _("Specify an archive in one of your own folders: archive ~/customers.json"),
        )

    def _refusal(self, error: OSError) -> InUse | CannotWrite:
        """Return the error for a lock file that is open but cannot be locked."""
        if error.errno in _TAKEN:
            return self._in_use()
        if error.errno in _NO_LOCKS:
            return CannotWrite(
                _(
                    "The file system of {path} has no file locks, so two programs could write at the same time."
                ).format(path=self.path.parent),
                _("Move the archive to a local disk to change it. It can still be opened for reading here."),
            )
        return CannotWrite(
            _("{path} cannot be locked: {reason}.").format(path=self.path, reason=reason_of(error)),
            _("Nothing was opened. Check the disk, or move the archive to another one."),
        )

    def _in_use(self) -> InUse:
        try:
            holder = json.loads(self.path.read_text(encoding="utf-8"))
            who = _("process {pid} on {host}, since {since}").format(
                pid=holder["pid"], host=clean(str(holder["host"])), since=clean(str(holder["since"]))
            )
        except (OSError, ValueError, KeyError, TypeError):
            who = _("another program")
        return InUse(
            _("The archive is in use by {who}.").format(who=who),
            _("Close it there first; `archive list` and `archive export` can read it in the meantime."),
        )
