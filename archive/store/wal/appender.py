"""Append transactions to the last journal segment: each is either synced to disk or truncated away again."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from archive.errors import CannotWrite, ForeignChange
from archive.files import cannot_write, sync_file, write_pieces
from archive.store.wal import segments
from archive.store.wal.records import HEAD_SIZE, mark
from archive.store.wal.segments import Segment
from archive.text import _


class End(NamedTuple):
    """The last frame of a segment: its offset, and its head, which contains its checksum."""

    offset: int
    head: bytes


class Appender:
    """The last segment, open for appending.

    Attributes:
        segment: The segment with its current size on disk.
        is_broken: Whether an append failed. A failed sync is never retried: the second fsync may report success
            although the data is lost.
    """

    def __init__(self, descriptor: int, segment: Segment, end: End) -> None:
        self.segment = segment
        self.is_broken = False
        self._descriptor = descriptor
        self._end = end

    def append(self, pieces: list[bytes]) -> None:
        """Write and sync the frames of a transaction. The caller then calls `mark`.

        Raises:
            CannotWrite: The write or the sync failed; the transaction was rolled back.
            ForeignChange: Another program wrote to the journal; nothing was written.
        """
        self.refuse_foreign_end()
        try:
            for piece in pieces:  # sync each frame before the next, so that only the last frame can be torn
                write_pieces(self._descriptor, [piece])
                sync_file(self._descriptor, content_only=True)
        except BaseException as error:
            self._take_back()
            if isinstance(error, OSError):
                raise not_saved(self.segment.path, error) from error
            raise
        self._grow(sum(map(len, pieces)))
        self._end = End(self.segment.size - len(pieces[-1]), pieces[-1][:HEAD_SIZE])

    def mark(self, lsn: int) -> None:
        """Write the acknowledgement mark of the last transaction.

        A failed write raises nothing, since the transaction itself is already on disk.
        """
        line = mark(lsn)
        try:
            write_pieces(self._descriptor, [line])
        except OSError:
            try:
                os.ftruncate(self._descriptor, self.segment.size)
            except OSError:
                self.is_broken = True
        except BaseException:
            self._take_back()
            raise
        else:
            self._grow(len(line))

    def refuse_foreign_end(self) -> None:
        """Raise ForeignChange if another program extended the journal, or replaced or overwrote its last segment."""
        path = self.segment.path
        following = segments.following(path)
        if not self.segment.is_untouched or os.path.lexists(following):
            raise foreign_change(path)
        try:
            head = segments.piece(self._descriptor, self._end.offset, HEAD_SIZE)
        except OSError as error:
            raise cannot_write(path, error, _("Check the disk.")) from error
        if head != self._end.head:  # overwritten in place: same file and size, different content
            raise foreign_change(path)

    def close(self) -> None:
        """Close the file."""
        with suppress(OSError):  # everything is synced already, so an error on close loses nothing
            os.close(self._descriptor)

    def _grow(self, count: int) -> None:
        self.segment = self.segment._replace(size=self.segment.size + count)

    def _take_back(self) -> None:
        """Roll back a failed append by truncating the file; if that fails too, the next open finds a torn tail."""
        self.is_broken = True
        with suppress(OSError):
            os.ftruncate(self._descriptor, self.segment.size)


def foreign_change(path: Path) -> ForeignChange:
    """Return the error for a file that another program changed while we had it open."""
    return ForeignChange(
        _("{path} was changed by another program since it was opened.").format(path=path),
        _("It was not overwritten. Open the archive again; what you typed stays in the form."),
    )


def not_saved(path: Path, error: OSError) -> CannotWrite:
    """Return the error for a change that was not saved. It can be saved again once the archive is reopened."""
    reason = cannot_write(path, error, _("Check the disk, then save again."))
    return CannotWrite(reason.message, f"{_('Nothing was saved.')} {reason.hint}")
