"""The installed program in a terminal of its own."""

from __future__ import annotations

import fcntl
import os
import pty
import select
import struct
import sys
import termios
import time
from collections.abc import Callable, Sequence

PATIENCE = 30.0  # seconds until a test gives up; nothing is ever waited for that long


class Terminal:
    """A child process on a pseudo terminal of 80 columns and 24 lines."""

    def __init__(self, words: Sequence[str]) -> None:
        self.seen = ""
        self._code: int | None = None
        self.pid, self._master = pty.fork()
        if self.pid == 0:
            os.environ.update(TERM="xterm-256color", COVERAGE_PROCESS_START="")
            os.execv(sys.executable, [sys.executable, *words])
        fcntl.ioctl(self._master, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))

    def until(self, words: str) -> None:
        """Read on until the words have been written."""
        end = time.monotonic() + PATIENCE
        while words not in self.seen:
            assert time.monotonic() < end, f"never: {words!r} in {self.seen[-3000:]!r}"
            assert self._read() or self.code() is None, f"ended before {words!r}: {self.seen[-3000:]!r}"

    def wait(self, condition: Callable[[], bool]) -> None:
        """Read on until the condition holds."""
        end = time.monotonic() + PATIENCE
        while not condition():
            assert time.monotonic() < end, f"never: {self.seen[-3000:]!r}"
            self._read()

    def type(self, keys: str) -> None:
        """Press keys, as the bytes a terminal sends."""
        os.write(self._master, keys.encode())

    def ended(self) -> int:
        """Read on until it ends, and give its exit code, or minus the signal that ended it."""
        end = time.monotonic() + PATIENCE
        while self.code() is None:
            assert time.monotonic() < end, f"does not end: {self.seen[-3000:]!r}"
            self._read()
        while self._read():
            pass
        return self._code if self._code is not None else -1

    def code(self) -> int | None:
        """The exit code, None while it runs."""
        if self._code is None:
            pid, wait_status = os.waitpid(self.pid, os.WNOHANG)
            self._code = os.waitstatus_to_exitcode(wait_status) if pid else None
        return self._code

    def hang_up(self) -> None:
        """Close the terminal, as one closes a window."""
        os.close(self._master)
        self._master = -1

    def close(self) -> None:
        """Leave nothing behind."""
        if self.code() is None:
            os.kill(self.pid, 9)
            os.waitpid(self.pid, 0)
        if self._master >= 0:
            self.hang_up()

    def _read(self) -> bool:
        if self._master < 0:
            time.sleep(0.01)
            return False
        ready, _w, _x = select.select([self._master], [], [], 0.05)
        try:
            data = os.read(self._master, 65536) if ready else b""
        except OSError:  # the other end is closed
            data = b""
        self.seen += data.decode("utf-8", "replace")
        return bool(data)
