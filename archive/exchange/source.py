"""Reading the input of an import: a file, a named pipe or standard input."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable
from pathlib import Path

from archive.errors import UsageError
from archive.exchange.detect import decode
from archive.exchange.formats import format_of
from archive.files import not_ordinary, unreadable
from archive.inputs import open_to_read, read_open
from archive.text import _

Turn = Callable[[float], None]


def _no_turn(_silent: float) -> None:
    """Ignore progress."""


def read_file(path: Path, encoding: str = "", turn: Turn = _no_turn) -> bytes:
    """Return the content of a regular file or named pipe; the first bytes are checked before the rest is read.

    Args:
        path: The file.
        encoding: Name of the encoding, "" to detect it.
        turn: Called regularly while reading, see `read_open`.

    Raises:
        NotFound: There is no such file.
        UsageError: The encoding is unknown.
        ArchiveError: The file cannot be read or is not a table.
    """
    with open_to_read(path, pipes=True) as descriptor:
        return read_open(descriptor, path, check=_check(encoding), turn=turn)


def read_input(descriptor: int, encoding: str = "", turn: Turn = _no_turn) -> bytes:
    """Return the content of standard input; otherwise like `read_file`.

    Raises:
        UsageError: Standard input is a terminal.
    """
    name = "stdin"
    if os.isatty(descriptor):
        raise UsageError(
            _("The input is a terminal, so there is nothing to import."),
            _("Name a file, or pipe one into this program: archive import - < FILE"),
        )
    mode = os.fstat(descriptor).st_mode
    # Some programs use a socket instead of a pipe for the standard input of a child process.
    if not (stat.S_ISREG(mode) or stat.S_ISFIFO(mode) or stat.S_ISSOCK(mode)):
        raise not_ordinary(
            name, mode, _("Name a file, or pipe one into this program: archive import - < FILE")
        )
    try:
        return read_open(descriptor, name, check=_check(encoding), turn=turn)
    except OSError as error:
        raise unreadable(name, error) from error


def _check(encoding: str) -> Callable[[bytes], None]:
    def check(head: bytes) -> None:
        if format_of(head).name == "csv":  # other formats check their content themselves
            decode(head, encoding, is_whole=False)

    return check
