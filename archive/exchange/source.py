"""Where an import comes from: a file, a pipe with a name, or the standard input. The bytes are still unknown."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable
from pathlib import Path

from archive.errors import UsageError
from archive.exchange.formats import format_of
from archive.exchange.sniff import decode
from archive.files import not_ordinary, unreadable
from archive.inputs import open_to_read, read_open
from archive.text import _

Turn = Callable[[float], None]


def _no_turn(_silent: float) -> None:
    """Nobody watches."""


def read_file(path: Path, encoding: str = "", turn: Turn = _no_turn) -> bytes:
    """All of an ordinary file or of a named pipe, refused by its beginning if it cannot be a table.

    `turn` as in `read_open`. Raises NotFound, UsageError for an unknown encoding, and ArchiveError.
    """
    with open_to_read(path, pipes=True) as descriptor:
        return read_open(descriptor, path, check=_check(encoding), turn=turn)


def read_input(descriptor: int, encoding: str = "", turn: Turn = _no_turn) -> bytes:
    """All of the standard input. UsageError for a terminal, and otherwise as `read_file`."""
    name = "stdin"
    if os.isatty(descriptor):
        raise UsageError(
            _("The input is a terminal, so there is nothing to import."),
            _("Name a file, or pipe one into this program: archive import - < FILE"),
        )
    mode = os.fstat(descriptor).st_mode
    # Some programs connect their children by a socket in place of a pipe.
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
        if format_of(head).name == "csv":  # another format has its own signs, and reads them itself
            decode(head, encoding, is_whole=False)

    return check
