"""Programs that lose data, which every harness must catch. Each function patches the calling process."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from pathlib import Path

from archive import files
from archive.store.wal.log import Journal
from archive.store.wal.records import LogRecord

_PIECE = 500  # bytes


def as_it_is() -> None:
    """Leave the program unchanged."""


def late() -> None:
    """Acknowledge each change, but write it only when the next change is saved."""
    usual = Journal.append
    waiting: list[LogRecord] = []

    def append(journal: Journal, frame: LogRecord) -> None:
        waiting.append(frame)
        while len(waiting) > 1:
            usual(journal, waiting.pop(0))

    Journal.append = append  # type: ignore[method-assign]


def in_place() -> None:
    """Overwrite files in place, piece by piece, instead of replacing them."""

    def write(path: Path, pieces: Iterable[files.Piece], mode: int = 0o600) -> Path:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
        data = b"".join(map(bytes, pieces))
        for start in range(0, len(data), _PIECE):
            os.write(descriptor, data[start : start + _PIECE])
        os.close(descriptor)
        return path

    files.write_beside = write
    files.take_place = lambda temporary, path, force=True: None


PROGRAMS = {"ours": as_it_is, "late": late, "in place": in_place}


def enough(program: Callable[[], None]) -> int:
    """Return the number of losses after which a harness stops: 1 for a bad program."""
    return 5 if program is as_it_is else 1
