"""Run the real program on a pseudo-terminal, forked from a process that has already imported it, to save time."""

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

PATIENCE = 30.0  # seconds, on a busy machine
ROWS, COLUMNS = 45, 160
_RESTORED = "\x1b[?1049l"  # leaves the alternate screen
_ESCAPES = re.compile(
    r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[PX^_][^\x1b]*\x1b\\|[ -/]*[0-~])"
)


class Screen:
    """A run of the program. `seen` is its output without escape sequences."""

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
        self.restored = False  # whether it has left the alternate screen

    def type(self, keys: str) -> None:
        """Press keys, given as the characters that a terminal sends."""
        self.send(keys.encode("utf-8", "surrogatepass"))

    def send(self, data: bytes) -> None:
        while data and self.lives():
            with suppress(BlockingIOError, OSError):  # it is ending
                data = data[os.write(self._master, data) :]
            self.read(0.001)

    def resize(self, width: int, height: int) -> None:
        """Resize the terminal; the kernel sends SIGWINCH."""
        with suppress(OSError):
            fcntl.ioctl(self._master, termios.TIOCSWINSZ, struct.pack("HHHH", height, width, 0, 0))

    def paste(self, text: str) -> None:
        self.type(f"\x1b[200~{text}\x1b[201~")

    def until(self, *words: str, since: int = 0, seconds: float = PATIENCE) -> str:
        """Read until one of the words is shown, and return it; "" if the program ends or the time is up."""
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
        """Read until the condition holds, at most `seconds`. Returns whether it holds."""
        end = monotonic() + seconds
        while not condition():
            if monotonic() > end or not self.lives():
                return condition()
            self.read(0.02)
        return True

    def read(self, seconds: float) -> bool:
        """Read its output, waiting for it at most `seconds`. Returns whether there was any."""
        ready = select.select([self._master, self._ended], [], [], seconds)[0]
        if self._master not in ready:
            return False
        try:
            data = os.read(self._master, 1 << 16)
        except OSError:  # the other end is closed
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
        """Return the last lines that contain words, to explain a failure."""
        lines = [" ".join(line.split()) for line in self.seen[since:].splitlines()]
        return " / ".join([line for line in lines if any(map(str.isalnum, line))][-25:])

    def lives(self) -> bool:
        return not select.select([self._ended], [], [], 0)[0]

    def kill(self, number: int = signal.SIGKILL) -> None:
        """Send a signal through the pidfd, because another process may have its pid by now."""
        with suppress(ProcessLookupError):
            signal.pidfd_send_signal(self._ended, number)

    def hang_up(self) -> None:
        """Close the terminal, as when a user closes the window."""
        if self._master >= 0:
            os.close(self._master)
            self._master = -1

    def ended(self, seconds: float = PATIENCE) -> int | None:
        """Wait for its end. Returns the exit code, minus the signal that killed it, or None if it does not end."""
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
        """Kill it if it is running, and close the terminal."""
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
        gc.disable()  # as __main__ does
        code = run()
    except SystemExit as error:
        code = error.code if isinstance(error.code, int) else 1
    except BaseException:
        traceback.print_exc()  # goes to the terminal, and from there into the harness's report
    finally:
        with suppress(OSError):
            sys.stdout.flush()
            sys.stderr.flush()
        os._exit(code)


def own_streams() -> None:
    """Create new stream objects, because the inherited ones still refer to the parent's files."""
    for number, (name, mode) in enumerate((("stdin", "r"), ("stdout", "w"), ("stderr", "w"))):
        stream = open(number, mode, encoding="utf-8", closefd=False)  # noqa: SIM115
        setattr(sys, name, stream)
        setattr(sys, f"__{name}__", stream)


def own_folders(home: Path) -> None:
    """Keep the program's settings, drafts and caches below `home`."""
    for variable in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME", "HOME"):
        os.environ[variable] = str(home / variable)
        (home / variable).mkdir(parents=True)
    start_in_customers(home / "XDG_CONFIG_HOME")


def start_in_customers(config: Path) -> None:
    """Let the program start in Customers, because all stories begin there."""
    folder = config / "customer-archive"
    folder.mkdir(parents=True)
    (folder / "settings.toml").write_text('start_place = "customers"\n', "utf-8")


def program(words: Sequence[str]) -> Callable[[], int]:
    """Return a function that runs the installed command with these arguments."""

    def run() -> int:
        from archive import __main__

        sys.argv = ["archive", *words]
        __main__.main()
        return 0

    return run


def import_late_modules() -> None:
    """Import the modules that the program imports lazily, so that forked children need not."""
    for name in ("archive.ui.app", "archive.service.importing"):
        import_module(name)
    for package in map(import_module, ("archive.cli", "archive.ui.screens")):
        for module in iter_modules(package.__path__):
            import_module(f"{package.__name__}.{module.name}")
