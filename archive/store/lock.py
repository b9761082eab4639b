"""One writer at a time: a lock of the kernel, so that it goes with the process however that ends."""

from __future__ import annotations

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
        from socket import gethostname  # both slow to import, and readers need neither

        from filelock import FileLock, Timeout

        lock = FileLock(self.path, mode=0o600, thread_local=False)  # one thread opens, another may close
        try:
            self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            lock.acquire(timeout=0)
        except Timeout:
            raise self._refusal() from None
        except OSError as error:
            raise CannotWrite(
                _("The folder {path} cannot be written: {reason}.").format(
                    path=self.path.parent, reason=error.strerror or type(error).__name__
                ),
                _("Name an archive in a folder of yours: archive ~/customers.json"),
            ) from None
        self._release = lock.release
        holder = {"pid": os.getpid(), "host": gethostname(), "since": since}
        with suppress(OSError):  # a full disk keeps nobody from reading
            self.path.write_text(json.dumps(holder), encoding="utf-8")

    @property
    def held(self) -> bool:
        """Whether this is the one writer."""
        return self._release is not None

    def release(self) -> None:
        """Let the next writer in."""
        if self._release:
            self._release()
            self._release = None

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
