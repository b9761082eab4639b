"""Read-only access to a file's bytes: small files are loaded completely, large ones on demand."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from threading import Lock
from typing import TypeAlias

from archive.errors import ForeignChange
from archive.files import unreadable
from archive.text import _

_FLAGS = (
    os.O_RDONLY
    | getattr(os, "O_CLOEXEC", 0)
    | getattr(os, "O_BINARY", 0)
    | getattr(os, "O_NONBLOCK", 0)  # opening a named pipe would block for ever
)
SMALL = 8 << 20  # bytes: files up to this size are read and checked completely, larger files on demand
_WINDOW = 1 << 18  # bytes per read when a file is read sequentially


class FileBytes:
    """The bytes of a large open file; slices, `find` and `rfind` work like those of `bytes`.

    The file is read, not mapped into memory. If another program truncates a mapped file, or its disk
    fails, the next page access raises SIGBUS, which kills the process and leaves the terminal in raw mode; a failed
    read raises an error. Each read also checks that the file has not been written since it was opened.
    """

    def __init__(self, descriptor: int, path: Path) -> None:
        """Take over the open `descriptor` of `path`; it is closed with this object."""
        self._descriptor, self._path = descriptor, path
        self._stamp = _stamp(descriptor)
        self._size = self._stamp[0]
        self._window = (0, b"")  # read-ahead buffer: its offset and bytes
        self._next = -1  # end of the last slice: a slice that starts here is sequential access, so read ahead

    def __del__(self) -> None:
        with suppress(OSError):
            os.close(self._descriptor)

    def __len__(self) -> int:
        return self._size

    def __bytes__(self) -> bytes:
        return self._read(0, self._size)

    def __getitem__(self, part: slice) -> bytes:
        start, stop = part.start or 0, self._size if part.stop is None else part.stop
        if start < 0 or not start <= stop <= self._size:
            start, stop, _step = part.indices(self._size)
            stop = max(start, stop)
        begin, window = self._window
        if start < begin or stop > begin + len(window):
            if start != self._next:
                self._next = stop
                return self._read(start, stop - start)
            begin, window = self._window_at(start, stop - start)
        self._next = stop
        return window[start - begin : stop - begin]

    def find(self, pattern: bytes, start: int = 0, end: int | None = None) -> int:
        """Return the first offset of `pattern` between `start` and `end`, or -1."""
        end = self._size if end is None else min(end, self._size)
        while start + len(pattern) <= end:
            begin, window = self._window_at(start, len(pattern))
            index = window.find(pattern, start - begin, end - begin)
            if index >= 0:
                return begin + index
            start = begin + len(window) - len(pattern) + 1
        return -1

    def rfind(self, pattern: bytes, start: int = 0, end: int | None = None) -> int:
        """Return the last offset of `pattern` between `start` and `end`, or -1."""
        stop = end = self._size if end is None else min(end, self._size)
        while stop > start:
            begin = max(start, stop - _WINDOW)
            index = self._read(begin, min(stop + len(pattern) - 1, end) - begin).rfind(pattern)
            if index >= 0:
                return begin + index
            stop = begin
        return -1

    def windows(self, start: int, end: int) -> Iterator[tuple[int, bytes]]:
        """Yield the bytes from `start` to `end` in pieces of whole lines, each with its offset."""
        while start < end:
            size = _WINDOW
            piece = self._read(start, min(size, end - start))
            while start + len(piece) < end and b"\n" not in piece:
                size *= 2
                piece = self._read(start, min(size, end - start))
            if start + len(piece) < end:
                piece = piece[: piece.rfind(b"\n") + 1]
            yield start, piece
            start += len(piece)

    def _window_at(self, start: int, least: int) -> tuple[int, bytes]:
        """Return a window with at least `least` bytes from `start`, or up to the end of the file."""
        begin, window = self._window
        if not begin <= start <= start + least <= begin + len(window):
            size = min(max(_WINDOW, least), self._size - start)
            begin, window = self._window = start, self._read(start, size)
        return begin, window

    def _read(self, start: int, size: int) -> bytes:
        try:
            data = _read_at(self._descriptor, size, start)
            while len(data) < size and (
                more := _read_at(self._descriptor, size - len(data), start + len(data))
            ):
                data += more
        except OSError as error:
            raise unreadable(self._path, error) from error
        # Check after the read: if the file has not changed by now, the bytes read are the original ones.
        if len(data) < size or _stamp(self._descriptor) != self._stamp:
            raise ForeignChange(
                _("{path} was changed by another program while it was open here.").format(path=self._path),
                _("It was not overwritten. Close this window and open the archive again."),
            )
        return data


def _stamp(descriptor: int) -> tuple[int, int]:
    """Return the size and modification time of an open file."""
    status = os.fstat(descriptor)
    return status.st_size, status.st_mtime_ns


def _read_by_seeking(descriptor: int, size: int, start: int) -> bytes:
    with _SEEKING:
        os.lseek(descriptor, start, os.SEEK_SET)
        return os.read(descriptor, size)


_SEEKING = Lock()
_read_at = getattr(os, "pread", _read_by_seeking)  # Windows has no pread

Data: TypeAlias = bytes | FileBytes


def map_file(path: Path) -> Data:
    """Return the bytes of a file, which stay available if the file is replaced later.

    Raises:
        OSError: The file cannot be read, or is not a regular file.
    """
    descriptor = os.open(path, _FLAGS)
    try:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):  # a device could be read for ever
            raise OSError(errno.EINVAL, "")
        if status.st_size > SMALL:
            return FileBytes(os.dup(descriptor), path)
        with os.fdopen(descriptor, "rb", closefd=False) as file:
            return file.read(status.st_size)
    finally:
        os.close(descriptor)


def windows(data: Data, start: int, end: int) -> Iterator[tuple[int, bytes]]:
    """Yield the bytes from `start` to `end` in pieces of whole lines, each with its offset."""
    if isinstance(data, bytes):
        yield start, data[start:end]
    else:
        yield from data.windows(start, end)
