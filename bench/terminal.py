"""Run a program in a pseudo-terminal, send keys, and measure its CPU time and the time until it paints."""

from __future__ import annotations

import fcntl
import os
import pty
import select
import struct
import subprocess
import sys
import termios
import time
from pathlib import Path

import archive

TICK = os.sysconf("SC_CLK_TCK")


def compile_modules() -> None:
    """Compile the modules to bytecode, as an installation does, so that starts do not include compiling."""
    folder = str(Path(archive.__file__).parent)
    subprocess.run([sys.executable, "-m", "compileall", "-q", folder], check=True)


class Terminal:
    """A command in a new pseudo-terminal. Times are in seconds."""

    def __init__(
        self, command: list[str], columns: int = 160, rows: int = 45, env: dict[str, str] | None = None
    ) -> None:
        self.began = time.perf_counter()
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            os.environ.update({"TERM": "xterm-256color", "COLORTERM": "truecolor", **(env or {})})
            fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
            os.execvp(command[0], command)
        fcntl.ioctl(self.fd, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        self.seen = bytearray()

    def cpu(self) -> float:
        """Return the CPU time of the program so far."""
        try:
            fields = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        except OSError:
            return 0.0
        return (int(fields[11]) + int(fields[12])) / TICK

    def read(self, patience: float) -> bytes:
        """Return the output that arrives within `patience` seconds, or b""."""
        if not select.select([self.fd], [], [], patience)[0]:
            return b""
        try:
            got = os.read(self.fd, 1 << 16)
        except OSError:
            return b""
        self.seen += got
        return got

    def until(self, words: str, patience: float = 300.0) -> float:
        """Return the seconds from start until `words` are painted."""
        end = time.perf_counter() + patience
        while words.encode() not in self.seen:
            if time.perf_counter() > end:
                raise TimeoutError(words)
            self.read(0.05)
        return time.perf_counter() - self.began

    def quiet(self, still: float = 0.15) -> None:
        """Wait until there has been no output for `still` seconds."""
        while self.read(still):
            pass

    def key(self, keys: bytes) -> float:
        """Return the seconds from a key to the first byte of output after it."""
        began = time.perf_counter()
        os.write(self.fd, keys)
        self.read(5.0)
        took = time.perf_counter() - began
        self.quiet(0.06)
        return took

    def end(self, keys: bytes = b"q") -> float:
        """Quit the program and return its total CPU time."""
        os.write(self.fd, keys)
        while True:
            ended, _status, used = os.wait4(self.pid, os.WNOHANG)
            if ended:
                os.close(self.fd)
                return used.ru_utime + used.ru_stime
            self.read(0.02)


def p95(times: list[float]) -> float:
    """Return the 95th percentile."""
    return sorted(times)[min(len(times) - 1, int(len(times) * 0.95))]


def show(
    name: str,
    value: float,
    unit: str = "ms",
    goal: float | None = None,
    peer: tuple[str, float] | None = None,
) -> None:
    """Print one line of the results."""
    aim = f"goal {goal:7.1f}" if goal is not None else ""
    ratio = f"{value / peer[1]:6.2f} x {peer[0]} ({peer[1]:.1f})" if peer else ""
    print(f"{name:46} {value:9.1f} {unit:3} {aim:14} {ratio}".rstrip())
