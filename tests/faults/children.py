"""Child processes that say what they do and may be killed at any time, and what is to be believed of what they said."""

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
    """A forked process that does `work` and ends. What it says is read here."""

    def __init__(
        self,
        work: Callable[[Tell], None],
        *,
        waits: bool = False,
        first: Callable[[Tell], None] = lambda tell: None,
    ) -> None:
        """With `waits` it does what is to be done `first`, and the rest when `go` is called."""
        self._output, there = os.pipe()
        gate, self._gate = os.pipe()
        self.pid = os.fork()
        if not self.pid:
            os.close(self._gate)
            _live(first, work, there, gate if waits else -1)
        with suppress(OSError):  # the child does the same: whoever comes first
            os.setpgid(self.pid, self.pid)
        os.close(there)
        os.close(gate)
        os.set_blocking(self._output, False)
        self._ended = os.pidfd_open(self.pid)
        self._said = b""
        self.signal = 0  # that ended it

    def go(self) -> None:
        with suppress(BrokenPipeError):  # it was ended before it began
            os.write(self._gate, b"g")

    def listen(self, lines: int, seconds: float) -> list[str]:
        """What it said until it had said so many lines, and for so long after that; earlier when it ends."""
        while self._said.count(b"\n") < lines and self.goes_on(None):
            self.hear()
        until = monotonic() + seconds
        while (left := until - monotonic()) > 0 and self.goes_on(left):
            self.hear()
        self.hear()
        return self.said()

    def goes_on(self, seconds: float | None, *others: Child) -> bool:
        """Whether it has not ended, when it or another one said something, or after so long."""
        heard = [self._output, *(other._output for other in others)]
        return self._ended not in select.select([*heard, self._ended], [], [], seconds)[0]

    def kill(self, *, with_all: bool = False) -> None:
        """End it at once, `with_all` that it began."""
        (os.killpg if with_all else os.kill)(self.pid, signal.SIGKILL)

    def finish(self) -> list[str]:
        """All that it ever said."""
        while self.goes_on(None):
            self.hear()
        self.hear()
        self.signal = os.WTERMSIG(os.waitpid(self.pid, 0)[1])
        for descriptor in (self._output, self._gate, self._ended):
            os.close(descriptor)
        return self.said()

    def said(self) -> list[str]:
        """The whole lines up to now."""
        return self._said.decode().split("\n")[:-1]

    def hear(self) -> None:
        """Take in what it said up to now."""
        try:
            while piece := os.read(self._output, 1 << 16):
                self._said += piece
        except BlockingIOError:
            return


def _live(first: Callable[[Tell], None], work: Callable[[Tell], None], output: int, gate: int) -> None:
    def tell(text: str) -> None:
        os.writev(output, [text.replace("\n", " ").encode() + b"\n"])  # a call that no harness makes fail

    os.setpgid(0, 0)
    may_be_traced()
    end_with_parent()
    try:
        first(tell)
        if gate >= 0:
            os.readv(gate, [bytearray(1)])  # another one of those
        work(tell)
    except BaseException:
        tell("X " + traceback.format_exc(limit=-6))
    finally:
        os._exit(0)


def may_be_traced() -> None:
    """Let any process trace this one."""
    ctypes.CDLL(None).prctl(_SET_TRACER, _ANY_PROCESS, 0, 0, 0)


def end_with_parent() -> None:
    """Go when whoever began this process is gone."""
    ctypes.CDLL(None).prctl(_END_WITH_PARENT, ctypes.c_ulong(signal.SIGKILL), 0, 0, 0)


class Forked:
    """Instead of `subprocess.Popen` for a module that is here already: a hundred times as many fit into a minute."""

    def __init__(self, command: list[str], **_streams: Any) -> None:
        self._output, there = os.pipe()
        self._pid = os.fork()
        if not self._pid:
            self._be(command, there)
        os.close(there)
        os.readv(self._output, [bytearray(1)])  # it has begun
        self.returncode = -1

    def _be(self, command: list[str], there: int) -> None:
        try:
            os.dup2(there, 1)
            os.closerange(2, _FILES)  # as a new program would begin: it holds no lock of ours
            os.writev(1, [b"\n"])
            checkpointer.sys.stdout = open(1, "w", closefd=False)  # noqa: SIM115
            checkpointer.main(command[-2:])
            checkpointer.sys.stdout.flush()
            os._exit(0)
        finally:
            os._exit(1)

    def communicate(self) -> tuple[bytes, bytes]:
        said = b""
        while piece := os.read(self._output, 4096):
            said += piece
        with suppress(OSError):
            os.close(self._output)
        self.returncode = os.waitstatus_to_exitcode(os.waitpid(self._pid, 0)[1])
        return said, b""

    def kill(self) -> None:
        if self.returncode == -1:
            with suppress(ProcessLookupError):  # it has just ended
                os.kill(self._pid, signal.SIGKILL)


class Tale:
    """What may be found after a child said this, and what it should never have said."""

    def __init__(self, before: Iterable[int], lines: Iterable[str]) -> None:
        """`before` is what may have been there when it began."""
        self.allowed = set(before)
        self.wrong: list[str] = []
        self.acknowledged = self.refused = 0
        self.is_stuck = False  # whether the last two saves were refused
        self._before = ""
        for line in lines:
            self.take(line)

    def take(self, line: str) -> None:
        """Hear one more line."""
        kind, _space, rest = line.partition(" ")
        if kind == "O" and int(rest) not in self.allowed:
            self.wrong.append("what it found at opening is not what was there")
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
