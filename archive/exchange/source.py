"""Reading the input of an import: a file, a named pipe or standard input."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable
from pathlib import Path

from archive.errors import UsageError
from archive.exchange.format import Format, ReadOptions
from archive.exchange.formats import format_named, format_of, readable, suffix_of
from archive.files import not_ordinary, unreadable
from archive.inputs import open_to_read, read_open
from archive.text import _

OnWait = Callable[[float], None]


def _ignore(_silent: float) -> None:
    """Ignore progress."""


def read_file(path: Path, key: str = "", encoding: str = "", on_wait: OnWait = _ignore) -> bytes:
    """Return the content of a regular file or named pipe; the first bytes are checked before the rest is read.

    Args:
        path: The file.
        key: The format, "" to detect it.
        encoding: Name of the encoding, "" to detect it.
        turn: Called regularly while reading, see `read_open`.

    Raises:
        NotFound: There is no such file.
        UsageError: The format or the encoding is unknown.
        ArchiveError: The file cannot be read or has no known format.
    """
    with open_to_read(path, pipes=True) as descriptor:
        return read_open(descriptor, path, check=_check(path.name, key, encoding), on_wait=on_wait)


def read_input(descriptor: int, key: str = "", encoding: str = "", on_wait: OnWait = _ignore) -> bytes:
    """Return the content of standard input; otherwise like `read_file`.

    Raises:
        UsageError: Standard input is a terminal.
    """
    name = "stdin"
    hint = _("Name a file, or pipe data into the program: archive import - < FILE")
    if os.isatty(descriptor):
        raise UsageError(_("The input is a terminal, so there is nothing to import."), hint)
    mode = os.fstat(descriptor).st_mode
    # Some programs use a socket instead of a pipe for the standard input of a child process.
    if not (stat.S_ISREG(mode) or stat.S_ISFIFO(mode) or stat.S_ISSOCK(mode)):
        raise not_ordinary(name, mode, hint)
    try:
        return read_open(descriptor, name, check=_check("", key, encoding), on_wait=on_wait)
    except OSError as error:
        raise unreadable(name, error) from error


def choose_format(head: bytes, name: str, key: str = "", encoding: str = "") -> Format:
    """Return the named format, or the format with the highest certainty for these first bytes and this name."""
    return format_named(key, readable()) if key else format_of(head, suffix_of(name), encoding)


def _check(name: str, key: str, encoding: str) -> Callable[[bytes], None]:
    def check(head: bytes) -> None:
        choose_format(head, name, key, encoding).check(head, ReadOptions(encoding=encoding))

    return check
