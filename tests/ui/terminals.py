"""The installed program in a terminal of its own."""

from __future__ import annotations

import fcntl
import os
import pty
import select
import signal
import struct
import sys
import tempfile
import termios
import time
from collections.abc import Callable, Sequence
from pathlib import Path

PATIENCE = 30.0  # seconds until a test gives up; nothing is ever waited for that long
_LOOK = 0.05  # seconds until a condition that no terminal tells of is looked at again

# `python -m archive`, telling a file about each key that is given up.
_TELLING = """
import os, sys
from archive.ui import key_queue
class Told:
    def append(self, why):
        with open(os.environ["GIVE_UPS"], "a") as file:
            file.write(why + "\\n")
key_queue.GIVE_UPS = Told()
from archive.__main__ import main
main()
"""


class Terminal:
    """A child process on a pseudo terminal of 80 columns and 24 lines. Closing it fails if a key was given up."""

    def __init__(self, words: Sequence[str]) -> None:
        self.seen = ""
        if list(words[:2]) == ["-m", "archive"]:
            words = ["-c", _TELLING, *words[2:]]
        handle, self._give_ups = tempfile.mkstemp()
        os.close(handle)
        self._code: int | None = None
        self._life, held = os.pipe()  # the child holds the other end, and lets go of it when it ends
        self.pid, self._master = pty.fork()
        if self.pid == 0:
            signal.signal(signal.SIGHUP, signal.SIG_DFL)  # nohup has its children ignore it
            os.set_inheritable(held, True)
            os.environ.update(TERM="xterm-256color", COVERAGE_PROCESS_START="", GIVE_UPS=self._give_ups)
            os.execv(sys.executable, [sys.executable, *words])
        os.close(held)
        fcntl.ioctl(self._master, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))

    def until(self, words: str) -> None:
        """Read on until the words have been written."""
        end = time.monotonic() + PATIENCE
        while words not in self.seen:
            assert time.monotonic() < end, f"never: {words!r} in {self.seen[-3000:]!r}"
            more = self._read() or self._lives() or self._read()  # its last words may have come meanwhile
            assert more, f"ended before {words!r}: {self.seen[-3000:]!r}"

    def wait(self, condition: Callable[[], bool]) -> None:
        """Read on until the condition holds."""
        end = time.monotonic() + PATIENCE
        while not condition():
            assert time.monotonic() < end, f"never: {self.seen[-3000:]!r}"
            assert self._read() or self._lives() or condition(), f"ended before: {self.seen[-3000:]!r}"

    def type(self, keys: str) -> None:
        """Press keys, as the bytes a terminal sends."""
        os.write(self._master, keys.encode())

    def ended(self) -> int:
        """Read on until it ends, and give its exit code, or minus the signal that ended it."""
        end = time.monotonic() + PATIENCE
        while self._lives():
            assert time.monotonic() < end, f"does not end: {self.seen[-3000:]!r}"
            self._read()
        while self._read():
            pass
        return self._reap()

    def hang_up(self) -> None:
        """Close the terminal, as one closes a window."""
        os.close(self._master)
        self._master = -1

    def close(self) -> None:
        """Leave nothing behind."""
        if self._code is None:
            os.kill(self.pid, signal.SIGKILL)
            self._reap()
        if self._master >= 0:
            self.hang_up()
        os.close(self._life)
        given_up = Path(self._give_ups).read_text()
        Path(self._give_ups).unlink()
        assert not given_up

    def _reap(self) -> int:
        if self._code is None:
            _pid, wait_status = os.waitpid(self.pid, 0)
            self._code = os.waitstatus_to_exitcode(wait_status)
        return self._code

    def _lives(self) -> bool:
        """Whether it holds its end of the pipe: the other one can be read (nothing) as soon as it does not."""
        ready, _w, _x = select.select([self._life], [], [], 0)
        return not ready

    def _read(self) -> bool:
        """Take what it has written; wait a moment for that, or for its end."""
        terminal = [self._master] if self._master >= 0 else []
        ready, _w, _x = select.select([*terminal, self._life], [], [], _LOOK)
        try:
            data = os.read(self._master, 65536) if self._master in ready else b""
        except OSError:  # the other end is closed
            data = b""
        self.seen += data.decode("utf-8", "replace")
        return bool(data)
