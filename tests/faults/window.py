"""Run the program in a terminal window that can be closed, or left unread, at any moment."""

from __future__ import annotations

import fcntl
import os
import pty
import select
import signal
import struct
import subprocess
import sys
import termios
from collections.abc import Mapping
from contextlib import suppress
from time import monotonic, sleep

TURN = 0.005  # seconds between two checks
QUIET = 0.15  # seconds without output after which a screen counts as drawn
OPENS = "\x1b[?1049h"  # enters the alternate screen
CLOSES = "\x1b[?1049l"  # leaves it
OWN = """import fcntl, termios
from contextlib import suppress
with suppress(OSError):  # the terminal may be closed already
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)
"""
IGNORING = "import signal\nsignal.signal(signal.SIGHUP, signal.SIG_IGN)\n"


class Window:
    """A process on a pseudo-terminal, which is its controlling terminal unless it is a `stranger`."""

    def __init__(
        self,
        code: str,
        words: list[str],
        environment: Mapping[str, str],
        size: tuple[int, int],
        *,
        ignores_hangup: bool = False,
        stranger: bool = False,
    ) -> None:
        self.master, self.slave = pty.openpty()
        fcntl.ioctl(self.slave, termios.TIOCSWINSZ, struct.pack("HHHH", size[1], size[0], 0, 0))

        begin = ("" if stranger else OWN) + (IGNORING if ignores_hangup else "")
        self._process = subprocess.Popen(
            [sys.executable, "-c", begin + code, *words],
            stdin=self.slave,
            stdout=self.slave,
            stderr=self.slave,
            env=dict(environment),
            start_new_session=True,
        )
        self.pid = self._process.pid
        self._ended = os.pidfd_open(self.pid)
        self.seen = ""

    def read(self, seconds: float) -> bool:
        """Read output for this many seconds, or until it ends. Returns whether there was any."""
        until, size = monotonic() + seconds, len(self.seen)
        while (left := until - monotonic()) > 0 and not self.has_ended():
            if self.master in select.select([self.master, self._ended], [], [], left)[0]:
                self._take()
        return len(self.seen) > size

    def settle(self, seconds: float) -> None:
        """Read until it has stopped drawing, at most `seconds`."""
        until = monotonic() + seconds
        while self.read(QUIET) and monotonic() < until:
            pass

    def until(self, words: str, seconds: float) -> bool:
        """Read until the words were written, at most `seconds`. Returns whether they were."""
        until = monotonic() + seconds
        while words not in self.seen and monotonic() < until and not self.has_ended():
            self.read(QUIET)
        return words in self.seen

    def type(self, keys: str) -> None:
        os.write(self.master, keys.encode())

    def has_read(self, seconds: float, *, reads: bool = True) -> bool:
        """Wait until it has read all typed keys, at most `seconds`. Returns whether it has.

        Args:
            reads: Whether to read its output in the meantime.
        """
        until = monotonic() + seconds
        wait = self.read if reads else sleep
        while monotonic() < until:
            wait(TURN)
            if not struct.unpack("i", fcntl.ioctl(self.slave, termios.FIONREAD, b"\0" * 4))[0]:
                return True
        return False

    def hang_up(self) -> None:
        """Close the window."""
        os.close(self.master)
        self.master = -1

    def terminate(self) -> None:
        os.kill(self.pid, signal.SIGTERM)

    def has_ended(self, seconds: float = 0) -> bool:
        return bool(select.select([self._ended], [], [], seconds)[0])

    def status(self) -> int:
        """Return its exit code, or minus the signal that killed it."""
        return self._process.wait()

    def is_restored(self) -> bool:
        """Return whether the terminal, which must still be open, echoes lines and shows the normal screen again."""
        while select.select([self.master], [], [], QUIET)[0]:
            self._take()
        modes = termios.tcgetattr(self.slave)[3]
        shown = self.seen.rfind(CLOSES) > self.seen.rfind(OPENS)
        return shown and bool(modes & termios.ECHO) and bool(modes & termios.ICANON)

    def leaves_children(self, seconds: float) -> bool:
        """Return whether its child processes are still running after this many seconds."""
        until = monotonic() + seconds
        while monotonic() < until:
            try:
                os.killpg(self.pid, 0)
            except ProcessLookupError:
                return False
            sleep(0.02)
        return True

    def close(self) -> None:
        """Kill all its processes and close the terminal."""
        with suppress(ProcessLookupError):
            os.killpg(self.pid, signal.SIGKILL)
        self._process.wait()
        for descriptor in (self.slave, self._ended, self.master):
            if descriptor >= 0:
                os.close(descriptor)

    def _take(self) -> None:
        with suppress(OSError):  # the other end is closed
            self.seen += os.read(self.master, 1 << 16).decode("utf-8", "replace")
