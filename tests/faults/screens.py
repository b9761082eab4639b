"""The real program on a pseudo terminal, forked from a process that has imported it: a start costs no import."""

from __future__ import annotations

import fcntl
import gc
import os
import pty
import re
import select
import signal
import struct
import sys
import termios
import traceback
from collections.abc import Callable, Sequence
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from time import monotonic

from faults.children import end_with_parent

PATIENCE = 30.0  # seconds; the machine may be busy with something else
ROWS, COLUMNS = 45, 160
_RESTORED = "\x1b[?1049l"  # back to the screen on which it was called
_ESCAPES = re.compile(
    r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[PX^_][^\x1b]*\x1b\\|[ -/]*[0-~])"
)


class Screen:
    """One run of the program. `seen` is all it ever wrote, without what steers the terminal."""

    def __init__(self, run: Callable[[], int]) -> None:
        self.pid, self._master = pty.fork()
        if not self.pid:
            _live(run)
        self.resize(COLUMNS, ROWS)
        os.set_blocking(self._master, False)
        self._ended = os.pidfd_open(self.pid)
        self._raw = ""
        self._code: int | None = None
        self.seen = ""
        self.restored = False  # whether the terminal was given back as it was

    def type(self, keys: str) -> None:
        """Press keys, as the bytes a terminal sends."""
        self.send(keys.encode("utf-8", "surrogatepass"))

    def send(self, data: bytes) -> None:
        while data and self.lives():
            with suppress(BlockingIOError, OSError):  # it is about to end
                data = data[os.write(self._master, data) :]
            self.read(0.001)

    def resize(self, width: int, height: int) -> None:
        """As a window manager does; the system tells the program."""
        with suppress(OSError):
            fcntl.ioctl(self._master, termios.TIOCSWINSZ, struct.pack("HHHH", height, width, 0, 0))

    def paste(self, text: str) -> None:
        self.type(f"\x1b[200~{text}\x1b[201~")

    def until(self, *words: str, since: int = 0, seconds: float = PATIENCE) -> str:
        """Read on until one of the words was shown; "" where it ended or the time is over before."""
        end = monotonic() + seconds
        while True:
            found = [word for word in words if word in self.seen[since:]]
            if found:
                return found[0]
            left = end - monotonic()
            if left <= 0:
                return ""
            if not self.read(min(left, 0.5)) and not self.lives():
                self.read(0)
                return next((word for word in words if word in self.seen[since:]), "")

    def wait(self, condition: Callable[[], bool], seconds: float = PATIENCE) -> bool:
        """Read on until the condition holds; whether it did before the time was over."""
        end = monotonic() + seconds
        while not condition():
            if monotonic() > end or not self.lives():
                return condition()
            self.read(0.02)
        return True

    def read(self, seconds: float) -> bool:
        """Take in what it has written, or writes within so long."""
        ready = select.select([self._master, self._ended], [], [], seconds)[0]
        if self._master not in ready:
            return False
        try:
            data = os.read(self._master, 1 << 16)
        except OSError:  # it has ended
            return False
        self._raw += data.decode("utf-8", "replace")
        cut = self._raw.rfind("\x1b")
        whole, self._raw = (
            (self._raw, "") if cut < 0 or len(self._raw) - cut > 100 else (self._raw[:cut], self._raw[cut:])
        )
        self.restored = self.restored or _RESTORED in whole
        self.seen += _ESCAPES.sub("", whole)
        return bool(data)

    def shown(self, since: int = 0) -> str:
        """The last lines with words in them, for whoever looks into a failure."""
        lines = [" ".join(line.split()) for line in self.seen[since:].splitlines()]
        return " / ".join([line for line in lines if any(map(str.isalnum, line))][-25:])

    def lives(self) -> bool:
        return not select.select([self._ended], [], [], 0)[0]

    def kill(self, number: int = signal.SIGKILL) -> None:
        with suppress(ProcessLookupError):
            os.kill(self.pid, number)

    def hang_up(self) -> None:
        """Close the terminal, as one closes a window."""
        if self._master >= 0:
            os.close(self._master)
            self._master = -1

    def ended(self, seconds: float = PATIENCE) -> int | None:
        """Its exit code, or minus the signal that ended it; None where it goes on."""
        end = monotonic() + seconds
        while self.lives():
            if monotonic() > end:
                return None
            if self._master >= 0:
                self.read(0.05)
            else:
                select.select([self._ended], [], [], 0.05)
        if self._code is None:
            self._code = os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])
        return self._code

    def close(self) -> None:
        """Leave nothing behind."""
        if self._code is None:
            self.kill()
            self.ended()
        self.hang_up()
        os.close(self._ended)


def _live(run: Callable[[], int]) -> None:
    code = 70
    try:
        os.environ.update(TERM="xterm-256color", COLORTERM="truecolor")
        own_streams()
        end_with_parent()
        gc.disable()  # as the program begins
        code = run()
    except SystemExit as error:
        code = error.code if isinstance(error.code, int) else 1
    except BaseException:
        traceback.print_exc()  # the terminal shows it, and whoever waits for something else says so
    finally:
        with suppress(OSError):
            sys.stdout.flush()
            sys.stderr.flush()
        os._exit(code)


def own_streams() -> None:
    """Begin with new stream objects: the parent's remember the files that were at their descriptors."""
    for number, (name, mode) in enumerate((("stdin", "r"), ("stdout", "w"), ("stderr", "w"))):
        stream = open(number, mode, encoding="utf-8", closefd=False)  # noqa: SIM115
        setattr(sys, name, stream)
        setattr(sys, f"__{name}__", stream)


def own_folders(home: Path) -> None:
    """Keep the program's settings, drafts and caches below `home`."""
    for variable in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME", "HOME"):
        os.environ[variable] = str(home / variable)
        (home / variable).mkdir(parents=True)


def program(words: Sequence[str]) -> Callable[[], int]:
    """The installed command with these words."""

    def run() -> int:
        from archive import __main__

        sys.argv = ["archive", *words]
        __main__.main()
        return 0

    return run


def import_late_modules() -> None:
    """Import what the program imports late: each child begins with it."""
    for name in ("archive.ui.app", "archive.service.importing"):
        import_module(name)
    for package in map(import_module, ("archive.cli", "archive.ui.screens")):
        for module in iter_modules(package.__path__):
            import_module(f"{package.__name__}.{module.name}")
