"""One writer at a time: a lock of the kernel, so that it goes with the process however that ends."""

from __future__ import annotations

import errno
import json
import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from archive.errors import CannotWrite, InUse
from archive.text import _, clean


class WriterLock:
    """Held from `acquire` to `release`. The file beside the archive names the holder, for the message only."""

    def __init__(self, archive: Path) -> None:
        self.path = archive.with_name(archive.name + ".lock")
        self._release: Callable[[], object] | None = None

    def acquire(self, since: str) -> None:
        """Take the lock or raise InUse with who holds it, without waiting."""
        for _attempt in range(2):
            descriptor, release = self._locked()
            if self._is_of_this_name(descriptor):
                self._release = release
                self._name_holder(descriptor, since)
                return
            release()  # the file was replaced before it was locked: whoever comes next would lock the new one
        raise InUse(
            _("{path} was replaced by another program.").format(path=self.path),
            _("Nothing was opened. Try again."),
        )

    @property
    def held(self) -> bool:
        """Whether this is the one writer."""
        return self._release is not None

    def release(self) -> None:
        """Let the next writer in."""
        if self._release:
            with suppress(OSError):  # the kernel lets go of it with the process, whatever the disk says
                self._release()
            self._release = None

    def _locked(self) -> tuple[int, Callable[[], object]]:
        """The descriptor of the locked file, and how to let go of it."""
        from filelock import FileLock, Timeout  # slow to import, and readers do not need it

        descriptors: list[
            int
        ] = []  # asked for, a file system without locks is an error, not a file that goes stale
        lock = FileLock(
            self.path,
            mode=0o600,
            thread_local=False,  # one thread opens, another may close
            on_acquired=descriptors.append,
        )
        try:
            self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            lock.acquire(timeout=0)
        except Timeout:
            raise self._refusal() from None
        except OSError as error:
            raise self._cannot_lock(error) from None
        return descriptors[0], lock.release

    def _is_of_this_name(self, descriptor: int) -> bool:
        try:
            return os.path.samestat(os.fstat(descriptor), self.path.lstat())
        except OSError:
            return False

    def _name_holder(self, descriptor: int, since: str) -> None:
        from socket import gethostname  # slow to import too

        holder = {"pid": os.getpid(), "host": gethostname(), "since": since}
        with suppress(OSError):  # a full disk keeps nobody from reading
            # Written over and not cut off first: that would have the file system wait for the disk.
            size = os.fstat(descriptor).st_size
            os.write(descriptor, json.dumps(holder).encode().ljust(size))

    def _cannot_lock(self, error: OSError) -> CannotWrite:
        if error.errno == errno.ELOOP:
            return CannotWrite(
                _("{path} is a link, and a lock is none.").format(path=self.path),
                _("Nothing was opened. Delete the link."),
            )
        return CannotWrite(
            _("The folder {path} cannot be written: {reason}.").format(
                path=self.path.parent, reason=error.strerror or type(error).__name__
            ),
            _("Name an archive in a folder of yours: archive ~/customers.json"),
        )

    def _refusal(self) -> InUse:
        try:
            holder = json.loads(self.path.read_text(encoding="utf-8"))
            who = _("process {pid} on {host}, since {since}").format(
                pid=holder["pid"], host=clean(str(holder["host"])), since=clean(str(holder["since"]))
            )
        except (OSError, ValueError, KeyError, TypeError):
            who = _("another program")
        return InUse(
            _("The archive is in use by {who}.").format(who=who),
            _("Close it there first; `archive list` and `archive export` can read meanwhile."),
        )
