"""Append to the journal: a write-ahead log in numbered segments beside the snapshot.

A change is acknowledged only after its frames are synced to disk.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from archive.errors import CannotWrite
from archive.files import cannot_write, not_confirmed, sync_file, sync_folder
from archive.store.record_codec import UNSTORABLE, is_storable, not_storable
from archive.store.wal import segments
from archive.store.wal.appender import Appender, End, foreign_change, not_saved
from archive.store.wal.reader import JournalReader
from archive.store.wal.records import HEAD_SIZE, LogRecord, encoded
from archive.store.wal.segments import Contents, Segment
from archive.store.wal.torn_tail import Tail
from archive.text import _


class Journal(JournalReader):
    """The journal, open for appending by the writer, who holds the archive's lock."""

    def __init__(self, path: Path, uuid: str, *, write: bool) -> None:
        """Open the journal of the archive at `path`; the writer also sets aside a torn tail.

        Args:
            path: The archive's snapshot file.
            uuid: The archive's uuid, which every segment header must contain.
            write: Whether to open the last segment for appending.

        Raises:
            Damaged: A segment is damaged.
            CannotWrite: A torn tail cannot be set aside.
        """
        self._write = write
        self._broken = False
        self._appender: Appender | None = None  # of the last segment; None if that is sealed
        try:
            super().__init__(path, uuid)
        except BaseException:
            self._seal()
            raise

    def sealed(self, lsn: int) -> list[Path]:
        """Return the sealed segments without transactions above `lsn`, oldest first."""
        complete = self._segments if self._appender is None else self._segments[:-1]
        return [segment.path for segment, last in self._with_last() if last <= lsn and segment in complete]

    @property
    def broken(self) -> bool:
        """Whether a save failed. Nothing more is written then until the archive is reopened."""
        return self._broken or (self._appender is not None and self._appender.is_broken)

    def append(self, frame: LogRecord) -> None:
        """Append a transaction durably: it is synced to disk when this returns.

        After a failed write every later append is refused: a retried fsync may report success although data is lost.

        Raises:
            CannotWrite: The transaction was not saved, or an earlier append failed.
            ForeignChange: Another program wrote to the journal.
        """
        self._refuse_if_closed()
        if frame.lsn != self.last + 1:
            raise ValueError(f"{frame.lsn} does not follow {self.last}")
        pieces = _encoded(frame)
        appender = self._appender or self._start_segment()
        try:
            appender.append(pieces)
            self.last, self.tail = frame.lsn, pieces[-1][: HEAD_SIZE - 1].decode()
            self._fresh = None
            appender.mark(frame.lsn)
        finally:
            self._segments[-1] = appender.segment

    def confirm(self) -> None:
        """Check that no other program has touched the segments.

        Raises:
            ForeignChange: A segment was added, removed or changed; the message names the file.
        """
        self._refuse_foreign_names()
        for segment in self._segments:
            if not segment.is_untouched:
                raise foreign_change(segment.path)
        if self._appender:
            self._appender.refuse_foreign_end()

    def rotate(self) -> list[Path]:
        """Seal the last segment, so that the next append starts a new segment; return all of them, oldest first."""
        self._seal()
        return [segment.path for segment in self._segments]

    def drop(self, paths: Iterable[Path]) -> None:
        """Delete sealed segments. Everything in them must be in a snapshot that is on disk."""
        dropped = set(paths)
        if not dropped:
            return
        if self._appender and self._appender.segment.path in dropped:
            raise ValueError("the segment is written to")
        for segment in list(self._segments):  # oldest first, so that a crash leaves no gap in the rest
            if segment.path in dropped:
                try:
                    if segment.is_untouched:  # never delete another program's file under this name
                        segment.path.unlink()
                except OSError as error:
                    raise cannot_write(segment.path, error) from error
                self._segments.remove(segment)
        try:
            sync_folder(self._archive.parent)
        except OSError as error:
            raise not_confirmed(self._archive.parent, error) from error

    def close(self) -> None:
        """Close the files; nothing can be written afterwards."""
        self._seal()
        self._write = False

    # Opening

    def _open_last(self, path: Path, data: bytes, contents: Contents, tail: Tail | None) -> None:
        """Cut off a torn tail, and open the segment for appending if it contains a transaction."""
        if not self._write:
            super()._open_last(path, data, contents, tail)
            return
        descriptor = None
        try:
            descriptor = self._open_to_append(path, contents, tail)
            inode = segments.inode_of(descriptor)
        except OSError as error:
            _close(descriptor)
            raise cannot_write(path, error, _("Check the disk, or open it for reading only.")) from error
        self._take(path, contents, inode)
        if (
            not contents.transactions or contents.version < segments.VERSION
        ):  # version 1 has no acknowledgement marks
            _close(descriptor)
        else:
            at = contents.transactions[-1].offset
            self._appender = Appender(descriptor, self._segments[-1], End(at, data[at : at + HEAD_SIZE]))

    def _open_to_append(self, path: Path, contents: Contents, tail: Tail | None) -> int:
        """Cut off a torn tail and return a descriptor for appending.

        The torn bytes are saved to a separate file first, unless they are only a damaged mark.

        Raises:
            OSError: The file cannot be opened, copied or truncated.
        """
        descriptor = segments.open_to_append(path, self._archive)
        try:
            self._cut_torn_tail(descriptor, path, contents, tail)
        except BaseException:
            _close(descriptor)
            raise
        return descriptor

    def _cut_torn_tail(self, descriptor: int, path: Path, contents: Contents, tail: Tail | None) -> None:
        if os.fstat(descriptor).st_size > contents.end:
            if tail:
                copy = segments.set_aside(path, tail.data)
                message = _("{what} The rest was set aside as {path}.")
                self.notices.append(message.format(what=tail.message, path=copy))
            os.ftruncate(descriptor, contents.end)
            sync_file(descriptor)
        elif tail:  # an empty file
            self.notices.append(tail.message)

    # Appending

    def _start_segment(self) -> Appender:
        """Start a new segment; its folder entry is synced before anything in it is acknowledged."""
        self._refuse_foreign_names()
        number = segments.number_of(self._segments[-1].path) + 1 if self._segments else 1
        path = segments.named(self._archive, number)
        first = segments.header(self._uuid, self.last, self.tail)
        try:
            if self._empty_segment:
                self._empty_segment.unlink()
                self._empty_segment = None
            descriptor = segments.create(path, first)
            inode = segments.inode_of(descriptor)
        except OSError as error:
            self._broken = True
            raise not_saved(path, error) from error
        self._segments.append(Segment(path, self.last, len(first), inode, self.tail))
        self._appender = Appender(descriptor, self._segments[-1], End(0, first[:HEAD_SIZE]))
        try:
            sync_folder(path.parent)
        except OSError as error:
            self._broken = True
            raise not_confirmed(path, error) from error
        return self._appender

    def _start_anew(self) -> None:
        self._seal()

    def _seal(self) -> None:
        if self._appender:
            self._appender.close()
            self._appender = None

    def _refuse_if_closed(self) -> None:
        if not self._write:
            raise CannotWrite(
                _("{path} is open read-only.").format(path=self._archive),
                _("Nothing was written. Open the archive for writing."),
            )
        if self.broken:
            raise CannotWrite(
                _("An earlier change could not be saved to {path}.").format(path=self._archive),
                _("Nothing more is written. Close the archive and open it again."),
            )

    def _refuse_foreign_names(self) -> None:
        """Raise ForeignChange if another program added or removed a segment."""
        expected = [
            *(segment.path for segment in self._segments),
            *([self._empty_segment] if self._empty_segment else []),
        ]
        if segments.listed(self._archive) != expected:
            raise foreign_change(self._archive)


def _encoded(frame: LogRecord) -> list[bytes]:
    """Encode and validate the whole transaction before any byte is written.

    Raises:
        BadValue: A record contains a value that cannot be stored.
    """
    try:
        pieces = list(encoded(frame))
    except (ValueError, TypeError, RecursionError):
        raise not_storable() from None
    if any(map(UNSTORABLE.search, pieces)) and not all(
        is_storable(new) for _t, _n, new, _old in frame.changes
    ):
        raise not_storable()
    return pieces


def _close(descriptor: int | None) -> None:
    if descriptor is not None:
        with suppress(OSError):
            os.close(descriptor)
