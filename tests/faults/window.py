"""The program in a terminal window that may be closed, or be left unread, at any moment."""

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

TURN = 0.005  # seconds between two looks
QUIET = 0.15  # seconds without output after which a screen counts as painted
OPENS = "\x1b[?1049h"  # how the program takes the whole screen, and how it gives it back
CLOSES = "\x1b[?1049l"
OWN = """import fcntl, termios
from contextlib import suppress
with suppress(OSError):  # it may be gone already
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)
"""
IGNORING = "import signal\nsignal.signal(signal.SIGHUP, signal.SIG_IGN)\n"


class Window:
    """A process on a pseudo terminal. Its session has the terminal as its own, unless it is to be a `stranger`."""

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
        """Take what is written for so long, or until it ends; whether anything was."""
        until, size = monotonic() + seconds, len(self.seen)
        while (left := until - monotonic()) > 0 and not self.has_ended():
            if self.master in select.select([self.master, self._ended], [], [], left)[0]:
                self._take()
        return len(self.seen) > size

    def settle(self, seconds: float) -> None:
        """Read until nothing more is painted, at most for so long."""
        until = monotonic() + seconds
        while self.read(QUIET) and monotonic() < until:
            pass

    def until(self, words: str, seconds: float) -> bool:
        """Read until the words were written; whether they were, before it ended and in so many seconds."""
        until = monotonic() + seconds
        while words not in self.seen and monotonic() < until and not self.has_ended():
            self.read(QUIET)
        return words in self.seen

    def type(self, keys: str) -> None:
        os.write(self.master, keys.encode())

    def has_read(self, seconds: float, *, reads: bool = True) -> bool:
        """Whether it takes all that was typed in so many seconds, while what it writes is read, or not."""
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
        """Its exit code, or minus the signal that ended it."""
        return self._process.wait()

    def is_restored(self) -> bool:
        """Whether the terminal, which must still be there, echoes lines again and shows what it showed before."""
        while select.select([self.master], [], [], QUIET)[0]:
            self._take()
        modes = termios.tcgetattr(self.slave)[3]
        shown = self.seen.rfind(CLOSES) > self.seen.rfind(OPENS)
        return shown and bool(modes & termios.ECHO) and bool(modes & termios.ICANON)

    def leaves_children(self, seconds: float) -> bool:
        """Whether processes that it began are still there after so long."""
        until = monotonic() + seconds
        while monotonic() < until:
            try:
                os.killpg(self.pid, 0)
            except ProcessLookupError:
                return False
            sleep(0.02)
        return True

    def close(self) -> None:
        """Leave nothing behind."""
        with suppress(ProcessLookupError):
            os.killpg(self.pid, signal.SIGKILL)
        self._process.wait()
        for descriptor in (self.slave, self._ended, self.master):
            if descriptor >= 0:
                os.close(descriptor)

    def _take(self) -> None:
        with suppress(OSError):  # nobody has the other end any more
            self.seen += os.read(self.master, 1 << 16).decode("utf-8", "replace")
