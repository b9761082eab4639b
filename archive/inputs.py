"""Reading files and pipes that somebody else made: never more than fits, and never waiting for ever."""

from __future__ import annotations

import contextlib
import errno
import os
import select
import stat
import time
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path

from archive.errors import ArchiveError, NotFound
from archive.files import not_ordinary, unreadable
from archive.text import _

MOST = 1 << 30  # bytes that are read into memory
HEAD = 1 << 16  # bytes that show what a file is
_AT_ONCE = 1 << 20  # bytes
NOBODY = 10.0  # seconds to wait for a program that writes to a named pipe
SILENCE = 60.0  # seconds to wait for a program that has the pipe open and writes nothing
_OF_FILES = 1.0  # seconds to wait for a file; only one that the kernel makes up is not ready at once
_TURN = 0.1  # seconds between two looks whether the reader has been told to stop
# A pipe is opened without waiting for a writer, and a terminal without becoming ours.
_FLAGS = (
    os.O_RDONLY
    | getattr(os, "O_BINARY", 0)
    | getattr(os, "O_CLOEXEC", 0)
    | getattr(os, "O_NONBLOCK", 0)
    | getattr(os, "O_NOCTTY", 0)
)
_NO_FOLLOW = getattr(os, "O_NOFOLLOW", 0)


def read_bytes(path: Path, most: int = MOST, *, follow: bool = True) -> bytes:
    """The content of an ordinary file. Without `follow`, a symbolic link is refused.

    Raises NotFound if there is no file, NotOrdinary for a pipe, a device and the like, and ArchiveError if it cannot
    be read, has more than `most` bytes, or changes while it is being read.
    """
    with open_to_read(path, follow=follow) as descriptor:
        return read_open(descriptor, path, most)


@contextlib.contextmanager
def open_to_read(path: Path, *, follow: bool = True, pipes: bool = False) -> Iterator[int]:
    """A descriptor of an ordinary file, or of a pipe if `pipes` are welcome; an OSError inside is that of `path`.

    Nothing else is opened, because some devices act when they are opened. Raises as `read_bytes` does.
    """
    try:
        _refuse_unusual(path, (os.stat if follow else os.lstat)(path).st_mode, pipes=pipes)
        descriptor = os.open(path, _FLAGS | (0 if follow else _NO_FOLLOW))
        try:
            # Another file may have the name by now.
            _refuse_unusual(path, os.fstat(descriptor).st_mode, pipes=pipes)
            yield descriptor
        finally:
            os.close(descriptor)
    except (FileNotFoundError, NotADirectoryError) as error:
        raise NotFound(
            _("There is no file {path}.").format(path=path), _("Check its name and folder.")
        ) from error
    except (OSError, ValueError) as error:
        raise unreadable(path, error) from error


def _refuse_unusual(path: Path, mode: int, *, pipes: bool) -> None:
    if stat.S_ISDIR(mode):
        raise IsADirectoryError(errno.EISDIR, "")
    if not (stat.S_ISREG(mode) or (pipes and stat.S_ISFIFO(mode))):
        raise not_ordinary(path, mode)


def read_open(
    descriptor: int,
    name: Path | str,
    most: int = MOST,
    check: Callable[[bytes], None] = lambda head: None,
    turn: Callable[[float], None] = lambda silent: None,
) -> bytes:
    """The rest of an open file, or all that comes out of a pipe until its writers close it.

    `check` gets the beginning and may raise before more is read. `turn` is called between pieces, and while nothing
    comes ten times a second with the seconds since; it may raise to stop. Raises OSError, and ArchiveError for more
    than `most` bytes, for a file that changes and for a pipe that stays silent.
    """
    before = os.fstat(descriptor)
    is_file = stat.S_ISREG(before.st_mode)
    # Files that the kernel makes up have no size, as pipes.
    size = max(0, before.st_size - os.lseek(descriptor, 0, os.SEEK_CUR)) if is_file else 0
    held = BytesIO()  # hands over what it holds without a copy
    while held.tell() <= size or not size:
        room = _AT_ONCE if held.tell() else HEAD
        piece = _next_piece(descriptor, room, name, turn, _OF_FILES if is_file else SILENCE)
        if not piece:
            break
        if not held.tell():
            check(piece)
        held.write(piece)
        if (known := max(size, held.tell())) > most:
            raise _too_large(name, known, most)
    is_cut = bool(size) and held.tell() != size
    if is_file and (is_cut or _stamp(before) != _stamp(os.fstat(descriptor))):
        raise ArchiveError(
            _("{path} changed while it was being read.").format(path=name),
            _("Wait until it is complete, then try again."),
        )
    return held.getvalue()


def _stamp(found: os.stat_result) -> tuple[int, int]:
    return found.st_size, found.st_mtime_ns


def _too_large(name: Path | str, size: int, most: int) -> ArchiveError:
    return ArchiveError(
        _("{path} is too large: it has at least {size} bytes, and {most} can be read.").format(
            path=name, size=f"{size:,}", most=f"{most:,}"
        ),
        _("Divide it into smaller files."),
    )


def _next_piece(
    descriptor: int, most: int, name: Path | str, turn: Callable[[float], None], patience: float
) -> bytes:
    """The next bytes; none at the end."""
    began = time.monotonic()
    while not _is_ready(descriptor):
        silent = time.monotonic() - began
        turn(silent)
        # A pipe that was handed to us has a writer. One that we opened, without blocking, may have none.
        if silent > NOBODY and not os.get_blocking(descriptor):
            with contextlib.suppress(BlockingIOError):
                if piece := os.read(descriptor, most):
                    return piece
                raise _nobody(name)
        if silent > patience:
            raise ArchiveError(
                _("Nothing came from {path} for {n} s.").format(path=name, n=f"{silent:.0f}"),
                _("Have the other program write to a file, and name that file."),
            )
    turn(0.0)
    return os.read(descriptor, most)


def _is_ready(descriptor: int) -> bool:
    """Whether there is something to read, or nothing will come any more; after a moment at the latest."""
    if not hasattr(select, "poll"):  # Windows cannot tell
        return True
    poll = select.poll()
    poll.register(descriptor, select.POLLIN)
    return bool(poll.poll(_TURN * 1000))


def _nobody(name: Path | str) -> ArchiveError:
    return ArchiveError(
        _("{path} is a pipe, and no program writes to it.").format(path=name),
        _("Start the program that writes to it first, or name a file."),
    )
