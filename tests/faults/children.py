"""Child processes that report each step and can be killed at any time, and the states that their reports allow."""

from __future__ import annotations

import ctypes
import os
import select
import signal
import traceback
from collections.abc import Callable, Iterable
from contextlib import suppress
from time import monotonic
from typing import Any

from archive.store import checkpointer
from faults.work import Tell

_ANY_PROCESS = ctypes.c_ulong(-1)
_FILES = 1024
_SET_TRACER, _END_WITH_PARENT = 0x59616D61, 1


class Child:
    """A forked process that runs `work`, and the lines it reports through a pipe."""

    def __init__(
        self,
        work: Callable[[Tell], None],
        *,
        waits: bool = False,
        first: Callable[[Tell], None] = lambda tell: None,
    ) -> None:
        """Start it. With `waits` it runs only `first`, and runs `work` when `go` is called."""
        self._output, there = os.pipe()
        gate, self._gate = os.pipe()
        self.pid = os.fork()
        if not self.pid:
            os.close(self._gate)
            _live(first, work, there, gate if waits else -1)
        with suppress(OSError):  # parent and child both set it, so that there is no race
            os.setpgid(self.pid, self.pid)
        os.close(there)
        os.close(gate)
        os.set_blocking(self._output, False)
        self._ended = os.pidfd_open(self.pid)
        self._received = b""
        self.signal = 0  # the signal that killed it

    def go(self) -> None:
        with suppress(BrokenPipeError):  # it was killed before it started
            os.write(self._gate, b"g")

    def listen(self, lines: int, seconds: float) -> list[str]:
        """Read until it has reported this many lines, and then for this many seconds, or until it ends."""
        while self._received.count(b"\n") < lines and self.is_running(None):
            self.hear()
        until = monotonic() + seconds
        while (left := until - monotonic()) > 0 and self.is_running(left):
            self.hear()
        self.hear()
        return self.lines()

    def is_running(self, seconds: float | None, *others: Child) -> bool:
        """Wait for output of this or another child, at most `seconds`. Returns False if this child has ended."""
        heard = [self._output, *(other._output for other in others)]
        return self._ended not in select.select([*heard, self._ended], [], [], seconds)[0]

    def kill(self, *, with_all: bool = False) -> None:
        """Kill it, together with its own children if `with_all`."""
        (os.killpg if with_all else os.kill)(self.pid, signal.SIGKILL)

    def finish(self) -> list[str]:
        """Wait for its end and return all lines that it reported."""
        while self.is_running(None):
            self.hear()
        self.hear()
        self.signal = os.WTERMSIG(os.waitpid(self.pid, 0)[1])
        for descriptor in (self._output, self._gate, self._ended):
            os.close(descriptor)
        return self.lines()

    def lines(self) -> list[str]:
        """Return the complete lines read so far."""
        return self._received.decode().split("\n")[:-1]

    def hear(self) -> None:
        """Read the available output without blocking."""
        try:
            while piece := os.read(self._output, 1 << 16):
                self._received += piece
        except BlockingIOError:
            return


def _live(first: Callable[[Tell], None], work: Callable[[Tell], None], output: int, gate: int) -> None:
    def tell(text: str) -> None:
        os.writev(output, [text.replace("\n", " ").encode() + b"\n"])  # no harness injects faults into writev

    os.setpgid(0, 0)
    may_be_traced()
    end_with_parent()
    try:
        first(tell)
        if gate >= 0:
            os.readv(gate, [bytearray(1)])  # nor into readv
        work(tell)
    except BaseException:
        tell("X " + traceback.format_exc(limit=-6))
    finally:
        os._exit(0)


def may_be_traced() -> None:
    """Allow any process to trace this process."""
    ctypes.CDLL(None).prctl(_SET_TRACER, _ANY_PROCESS, 0, 0, 0)


def end_with_parent() -> None:
    """Ask the kernel to kill this process when its parent ends."""
    ctypes.CDLL(None).prctl(_END_WITH_PARENT, ctypes.c_ulong(signal.SIGKILL), 0, 0, 0)


class Forked:
    """Replace `subprocess.Popen` by a fork that runs an imported module: about 100 times as fast."""

    def __init__(self, command: list[str], **_streams: Any) -> None:
        self._output, there = os.pipe()
        self._pid = os.fork()
        if not self._pid:
            self._be(command, there)
        os.close(there)
        os.readv(self._output, [bytearray(1)])  # wait until it has started
        self.returncode = -1

    def _be(self, command: list[str], there: int) -> None:
        try:
            os.dup2(there, 1)
            os.closerange(2, _FILES)  # like a new program, it must not inherit our lock
            os.writev(1, [b"\n"])
            checkpointer.sys.stdout = open(1, "w", closefd=False)  # noqa: SIM115
            checkpointer.main(command[-2:])
            checkpointer.sys.stdout.flush()
            os._exit(0)
        finally:
            os._exit(1)

    def communicate(self) -> tuple[bytes, bytes]:
        output = b""
        while piece := os.read(self._output, 4096):
            output += piece
        with suppress(OSError):
            os.close(self._output)
        self.returncode = os.waitstatus_to_exitcode(os.waitpid(self._pid, 0)[1])
        return output, b""

    def kill(self) -> None:
        if self.returncode == -1:
            with suppress(ProcessLookupError):  # it has just ended
                os.kill(self._pid, signal.SIGKILL)


class Transcript:
    """The states that the lines of a child allow on the disk, and the errors among these lines."""

    def __init__(self, before: Iterable[int], lines: Iterable[str]) -> None:
        """Read the lines. `before` are the checksums allowed when the child started."""
        self.allowed = set(before)
        self.wrong: list[str] = []
        self.acknowledged = self.refused = 0
        self.is_stuck = False  # whether the last two saves were refused
        self._before = ""
        for line in lines:
            self.take(line)

    def take(self, line: str) -> None:
        """Read another line."""
        kind, _space, rest = line.partition(" ")
        if kind == "O" and int(rest) not in self.allowed:
            self.wrong.append("it opened a state that was never saved")
        if kind in ("O", "A"):
            self.allowed = {int(rest)}
        elif kind == "I":
            self.allowed.add(int(rest))
        elif kind in ("X", "R"):
            self.wrong.append(rest)
        if kind in ("A", "F"):
            self.is_stuck = kind == self._before == "F"
            self._before = kind
        self.acknowledged += kind == "A"
        self.refused += kind == "F"
