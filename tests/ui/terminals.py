"""Run the program in a pseudo terminal."""

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

PATIENCE = 30.0  # seconds until a test gives up
_LOOK = 0.05  # seconds between checks of a condition that causes no output

# `python -m archive`, writing each key that the queue gives up to a file.
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


def start_in_customers() -> None:
    """Let the program start in Customers, as the screens in the other tests do."""
    folder = Path(os.environ["XDG_CONFIG_HOME"]) / "customer-archive"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "settings.toml").write_text('start_place = "customers"\n', "utf-8")


class Terminal:
    """A child process in a pseudo terminal of 80 by 24 cells. Closing it fails if a key was given up."""

    def __init__(self, words: Sequence[str]) -> None:
        self.seen = ""
        if list(words[:2]) == ["-m", "archive"]:
            words = ["-c", _TELLING, *words[2:]]
        start_in_customers()
        handle, self._give_ups = tempfile.mkstemp()
        os.close(handle)
        self._code: int | None = None
        self._life, held = os.pipe()  # the child holds the other end until it exits
        self.pid, self._master = pty.fork()
        if self.pid == 0:
            signal.signal(signal.SIGHUP, signal.SIG_DFL)  # nohup makes its children ignore it
            os.set_inheritable(held, True)
            os.environ.update(TERM="xterm-256color", COVERAGE_PROCESS_START="", GIVE_UPS=self._give_ups)
            os.execv(sys.executable, [sys.executable, *words])
        os.close(held)
        fcntl.ioctl(self._master, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))

    def until(self, words: str) -> None:
        """Read output until it contains the words."""
        end = time.monotonic() + PATIENCE
        while words not in self.seen:
            assert time.monotonic() < end, f"never: {words!r} in {self.seen[-3000:]!r}"
            more = self._read() or self._lives() or self._read()  # it may have written and exited in between
            assert more, f"ended before {words!r}: {self.seen[-3000:]!r}"

    def wait(self, condition: Callable[[], bool]) -> None:
        """Read output until the condition is true."""
        end = time.monotonic() + PATIENCE
        while not condition():
            assert time.monotonic() < end, f"never: {self.seen[-3000:]!r}"
            assert self._read() or self._lives() or condition(), f"ended before: {self.seen[-3000:]!r}"

    def type(self, keys: str) -> None:
        """Send keys as the bytes of a terminal."""
        os.write(self._master, keys.encode())

    def ended(self) -> int:
        """Read output until the process exits, and return its exit code, or minus the signal that killed it."""
        end = time.monotonic() + PATIENCE
        while self._lives():
            assert time.monotonic() < end, f"does not end: {self.seen[-3000:]!r}"
            self._read()
        while self._read():
            pass
        return self._reap()

    def hang_up(self) -> None:
        """Close the terminal, as if its window was closed."""
        os.close(self._master)
        self._master = -1

    def close(self) -> None:
        """Kill the process if it still runs, and close the terminal."""
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
        """Whether the child still holds its end of the pipe; ours becomes readable when it exits."""
        ready, _w, _x = select.select([self._life], [], [], 0)
        return not ready

    def _read(self) -> bool:
        """Read available output, or wait a moment for output or for the exit of the child."""
        terminal = [self._master] if self._master >= 0 else []
        ready, _w, _x = select.select([*terminal, self._life], [], [], _LOOK)
        try:
            data = os.read(self._master, 65536) if self._master in ready else b""
        except OSError:  # the child has closed its end
            data = b""
        self.seen += data.decode("utf-8", "replace")
        return bool(data)
