"""The segment of the journal that is appended to: a change counts once it is on the disk, or is taken back."""

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
    """The last frame of a segment: where it begins, and its head, which holds its checksum."""

    offset: int
    head: bytes


class Appender:
    """The last segment, open for appending.

    Attributes:
        segment: The segment as it stands on the disk.
        is_broken: Whether a change could not be saved. What the disk said of it is not asked a second time.
    """

    def __init__(self, descriptor: int, segment: Segment, end: End) -> None:
        self.segment = segment
        self.is_broken = False
        self._descriptor = descriptor
        self._end = end

    def append(self, pieces: list[bytes]) -> None:
        """Put the frames of a transaction on the disk; `mark` follows.

        Raises:
            CannotWrite: The disk did not take it, and it was taken back.
            ForeignChange: Another program wrote to the journal; nothing was written.
        """
        self.refuse_foreign_end()
        try:
            for piece in pieces:  # each on the disk before the next: only a last one can ever be torn
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
        """Mark the last transaction as acknowledged. Where that fails it is saved all the same."""
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
        """ForeignChange if another program continued the journal, replaced its last segment or wrote over it."""
        path = self.segment.path
        following = segments.following(path)
        if not self.segment.is_untouched or os.path.lexists(following):
            raise foreign_change(path)
        try:
            found = segments.piece(self._descriptor, self._end.offset, HEAD_SIZE)
        except OSError as error:
            raise cannot_write(path, error, _("Check the disk.")) from error
        if found != self._end.head:  # the same file and size, with other content
            raise foreign_change(path)

    def close(self) -> None:
        """Let go of the file."""
        with suppress(OSError):  # all of it was synced: what closing says changes nothing
            os.close(self._descriptor)

    def _grow(self, count: int) -> None:
        self.segment = self.segment._replace(size=self.segment.size + count)

    def _take_back(self) -> None:
        """Be as if the failed append had not been; where even that fails it is a torn end for the next opening."""
        self.is_broken = True
        with suppress(OSError):
            os.ftruncate(self._descriptor, self.segment.size)


def foreign_change(path: Path) -> ForeignChange:
    """The error for a file that another program changed while it was open here."""
    return ForeignChange(
        _("{path} was changed by another program since it was opened.").format(path=path),
        _("Nothing was written over it. Open the archive again; what you typed stays in the form."),
    )


def not_saved(path: Path, error: OSError) -> CannotWrite:
    """The error for a change that is not in the journal; after opening it again the change can be saved."""
    said = cannot_write(path, error, _("See to the disk, then save again."))
    return CannotWrite(said.message, f"{_('Nothing was saved.')} {said.hint}")
