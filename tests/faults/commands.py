"""Run the real command line in a forked child process or in a new interpreter."""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
import traceback
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from time import monotonic
from typing import NamedTuple

from faults.children import end_with_parent, may_be_traced
from faults.screens import own_streams

ROOT = Path(__file__).parents[2]
PATIENCE = 120.0  # seconds, on a busy machine


class CommandResult(NamedTuple):
    """The output of a command, and its exit code or minus the signal that killed it."""

    code: int
    out: str
    err: str


class Command:
    """One run of the command line. Its output goes to files, so that a kill does not lose it."""

    def __init__(
        self,
        words: Sequence[str],
        folder: Path,
        install: Callable[[], object] = lambda: None,
        *,
        waits: bool = False,
    ) -> None:
        """Start it. `install` patches the program first. With `waits` it runs when `go` is called."""
        self._files = [folder / f"output-{number}" for number in (1, 2)]
        for path in self._files:
            path.unlink(missing_ok=True)
        gate, self._gate = os.pipe()
        self.pid = os.fork()
        if not self.pid:
            os.close(self._gate)
            _live(words, self._files, install, gate if waits else -1)
        os.close(gate)
        with suppress(OSError):
            os.setpgid(self.pid, self.pid)
        self._ended = os.pidfd_open(self.pid)

    def go(self) -> None:
        with suppress(BrokenPipeError):
            os.write(self._gate, b"g")

    def lives(self, seconds: float = 0) -> bool:
        """Wait at most `seconds` for its end. Returns whether it is still running."""
        return not select.select([self._ended], [], [], seconds)[0]

    def kill(self, *, with_all: bool = False) -> None:
        with suppress(ProcessLookupError):
            (os.killpg if with_all else os.kill)(self.pid, signal.SIGKILL)

    def finish(self) -> CommandResult:
        """Wait for its end and return the output. Raises TimeoutError if it does not end."""
        end = monotonic() + PATIENCE
        while self.lives(1.0):
            if monotonic() > end:
                self.kill(with_all=True)
                raise TimeoutError("the command does not end")
        code = os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])
        for descriptor in (self._gate, self._ended):
            os.close(descriptor)
        out, err = (path.read_text("utf-8", "replace") if path.exists() else "" for path in self._files)
        return CommandResult(code, out, err)


def run_command(
    words: Sequence[str], folder: Path, install: Callable[[], object] = lambda: None
) -> CommandResult:
    """Run a command and return its output."""
    return Command(words, folder, install).finish()


def run_in_new_interpreter(words: Sequence[str]) -> CommandResult:
    """Run a command as a shell does, in a new interpreter."""
    done = subprocess.run(
        [sys.executable, "-m", "archive", *words],
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=PATIENCE,
        check=False,
    )
    return CommandResult(done.returncode, done.stdout.decode(), done.stderr.decode())


def _live(words: Sequence[str], files: list[Path], install: Callable[[], object], gate: int) -> None:
    code = 70
    try:
        os.setpgid(0, 0)
        may_be_traced()
        end_with_parent()
        descriptors = [os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600) for path in files]
        for number, descriptor in enumerate([os.open(os.devnull, os.O_RDONLY), *descriptors]):
            os.dup2(descriptor, number)
            os.close(descriptor)
        own_streams()
        install()
        if gate >= 0:
            os.readv(gate, [bytearray(1)])  # no harness injects faults into readv
        code = _run(words)
    except BaseException:
        os.writev(2, [traceback.format_exc().encode()])
    finally:
        os._exit(code)


def _run(words: Sequence[str]) -> int:
    from archive import __main__

    sys.argv = ["archive", *words]
    try:
        __main__.main()
    except SystemExit as error:
        code = error.code if isinstance(error.code, int) else 1
    sys.stdout.flush()
    sys.stderr.flush()
    return code
