"""The journal: a write-ahead log in numbered segments beside the snapshot.

A change is acknowledged only after its frames are synced to disk.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import suppress
from itertools import pairwise
from pathlib import Path

from archive.errors import CannotWrite, InUse
from archive.files import cannot_write, not_confirmed, sync_file, sync_folder
from archive.store.record_codec import UNSTORABLE, is_storable, not_storable
from archive.store.wal import segments
from archive.store.wal.appender import Appender, End, foreign_change, not_saved
from archive.store.wal.records import HEAD_SIZE, LogRecord, Malformed, Packed, encoded, mark
from archive.store.wal.segments import Contents, Segment
from archive.store.wal.torn_tail import Tail
from archive.text import _

Inode = tuple[int, int]


class Journal:
    """The segments of an archive, oldest first; the writer appends to the last.

    The writer holds the archive's lock. A reader writes nothing, and treats an unreadable end that changes while it
    is being read as a save in progress.

    Attributes:
        notices: Messages for the user, such as an interrupted last save.
        last: The LSN of the last complete transaction, or the LSN in the newest header if no transaction follows it.
        tail: The fingerprint of that transaction (see `fingerprint`), or "" if unknown.
    """

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
        self._archive = Path(os.path.realpath(path))
        self._uuid = uuid
        self._write = write
        self._broken = False
        self._appender: Appender | None = None  # of the last segment; None if that is sealed
        self._fresh: Contents | None = None  # contents of the last segment, cached for the first `read`
        self._segments: list[Segment] = []
        self._spare: Path | None = None  # a further segment without a transaction, left by a crash
        self.notices: list[str] = []
        self.last = 0
        self.tail = ""
        try:
            self._look_twice()
        except BaseException:
            self._seal()
            raise

    # Reading

    @property
    def size(self) -> int:
        """The size of all segments in bytes, including segments retained only for the history."""
        return sum(segment.size for segment in self._segments)

    def size_after(self, lsn: int) -> int:
        """Return the size in bytes of the segments with transactions above `lsn`."""
        return sum(segment.size for segment, last in self._with_last() if last > lsn)

    def sealed(self, lsn: int) -> list[Path]:
        """Return the sealed segments without transactions above `lsn`, oldest first."""
        complete = self._segments if self._appender is None else self._segments[:-1]
        return [segment.path for segment, last in self._with_last() if last <= lsn and segment in complete]

    def read(self, after: int, tail: str = "") -> Iterator[LogRecord]:
        """Return the transactions above `after`, in order.

        If the journal ends before `after`, later appends continue from `after`. The frames of all segments are
        checked before the first transaction is yielded.

        Args:
            after: The LSN of the snapshot.
            tail: The fingerprint of the snapshot's last transaction.

        Raises:
            Damaged: A segment is damaged, or the journal does not continue from `after` without a gap.
        """
        pending: list[tuple[Path, Packed]] = []
        known, previous, before = after, after, ""
        for segment, last in self._with_last():
            if last <= after:
                continue
            if segment.after > known:
                raise segments.gap(segment.path, segment.after, known)
            if pending and segment.after < previous:
                raise segments.damaged(segment.path, 0, _("it repeats changes of the file before it"))
            if before and segment.tail not in ("", before):
                raise segments.damaged(segment.path, 0, _("it does not continue the file before it"))
            contents = self._contents(segment)
            previous, known, before = contents.last, max(known, contents.last), contents.tail
            pending += [(segment.path, packed) for packed in contents.whole if packed.lsn > after]
        if self._spare and self.last > known:
            raise segments.gap(self._spare, self.last, known)
        if self.last < after:  # the snapshot is newer: the next transaction follows it, in a new segment
            self.last, self.tail = after, tail
            self._seal()
        return _decoded(pending)

    def tail_at(self, lsn: int) -> str:
        """Return the fingerprint of the transaction with this LSN, or "" if the journal does not contain it."""
        if lsn == self.last:
            return self.tail
        for segment, last in self._with_last():
            if segment.after == lsn and segment.tail:
                return segment.tail
            if segment.after < lsn <= last:
                return next(
                    (packed.tail for packed in self._contents(segment).whole if packed.lsn == lsn), ""
                )
        return ""

    def newest_below(self, lsn: int) -> list[LogRecord]:
        """Return the transactions of the newest segment that ends below `lsn`; none if there is no such segment."""
        older = [segment for segment, last in self._with_last() if last < lsn]
        return list(_decoded((s.path, packed) for s in older[-1:] for packed in self._contents(s).whole))

    # Writing

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
        appender = self._appender or self._begun()
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
        gone = set(paths)
        if not gone:
            return
        if self._appender and self._appender.segment.path in gone:
            raise ValueError("the segment is written to")
        for segment in list(self._segments):  # oldest first, so that a crash leaves no gap in the rest
            if segment.path in gone:
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

    def _look_twice(self) -> None:
        try:
            self._look()
        except InUse:  # a writer deleted old segments during the first pass
            self._look()

    def _look(self) -> None:
        """List and open the segments; the writer also cuts off a torn tail."""
        self._segments = []
        paths = segments.listed(self._archive)
        self._segments = [segments.opening(path, self._uuid) for path in paths[:-1]]
        if paths:
            self._look_at_last(paths[-1])

    def _look_at_last(self, path: Path) -> None:
        data = segments.read(path)
        contents = segments.contents(path, data, self._uuid)
        tail = _tail(path, data, contents)
        descriptor, inode = None, (0, 0)
        if self._write:
            try:
                descriptor = self._mended(path, contents, tail)
                inode = segments.inode_of(descriptor)
            except OSError as error:
                raise cannot_write(path, error, _("Check the disk, or open it for reading only.")) from error
        elif tail and segments.read(path) == data:  # if the bytes changed, a writer is saving
            self.notices.append(tail.said)
        if contents.whole:
            self._take(path, contents, data, descriptor, inode)
        else:  # its folder entry may not be synced yet, so create the file again instead of appending to it
            self._spare = path
            _close(descriptor)
        if contents.after is None and self._segments:
            contents = self._contents(self._segments[-1])
        self.last, self.tail = contents.last, contents.tail

    def _take(self, path: Path, held: Contents, data: bytes, descriptor: int | None, inode: Inode) -> None:
        """Append to this segment from now on, unless its format version has no acknowledgement marks."""
        self._segments.append(Segment(path, held.after or 0, held.end, inode, held.before))
        self._fresh = held
        if descriptor is None or held.version < segments.VERSION:
            _close(descriptor)
        else:
            at = held.whole[-1].offset
            self._appender = Appender(descriptor, self._segments[-1], End(at, data[at : at + HEAD_SIZE]))

    def _mended(self, path: Path, held: Contents, tail: Tail | None) -> int:
        """Cut off a torn tail and return a descriptor for appending.

        The torn bytes are saved to a separate file first, unless they are only a damaged mark.

        Raises:
            OSError: The file cannot be opened, copied or truncated.
        """
        descriptor = segments.open_to_append(path, self._archive)
        try:
            self._mend(descriptor, path, held, tail)
        except BaseException:
            _close(descriptor)
            raise
        return descriptor

    def _mend(self, descriptor: int, path: Path, held: Contents, tail: Tail | None) -> None:
        if os.fstat(descriptor).st_size > held.end:
            if tail:
                copy = segments.set_aside(path, tail.data)
                message = _("{what} The rest was set aside as {path}.")
                self.notices.append(message.format(what=tail.said, path=copy))
            os.ftruncate(descriptor, held.end)
            sync_file(descriptor)
        elif tail:  # an empty file
            self.notices.append(tail.said)

    def _contents(self, segment: Segment) -> Contents:
        if self._fresh and segment is self._segments[-1]:
            contents, self._fresh = self._fresh, None
            return contents
        data = segments.read(segment.path, segment.size)
        contents = segments.contents(segment.path, data, self._uuid)
        if contents.end < segment.size and not self._is_unsynced_mark(segment, contents):
            raise segments.damaged(segment.path, contents.end, _("its end is incomplete"))
        return contents

    def _is_unsynced_mark(self, segment: Segment, contents: Contents) -> bool:
        """Return whether only the mark of the last transaction is missing: marks are not synced, so a power cut can
        lose the last one of a segment although the next segment, which continues it, is on disk.
        """
        following = self._segments[self._segments.index(segment) + 1 :][:1]
        continues = all(one.after == contents.last and one.tail in ("", contents.tail) for one in following)
        return continues and segment.size - contents.end <= len(mark(contents.last))

    def _with_last(self) -> Iterator[tuple[Segment, int]]:
        """Yield each segment with its last LSN, which the header of the next segment contains."""
        for segment, following in pairwise(self._segments):
            yield segment, following.after
        if self._segments:
            yield self._segments[-1], self.last

    # Appending

    def _begun(self) -> Appender:
        """Start a new segment; its folder entry is synced before anything in it is acknowledged."""
        self._refuse_foreign_names()
        number = segments.number_of(self._segments[-1].path) + 1 if self._segments else 1
        path = segments.named(self._archive, number)
        first = segments.header(self._uuid, self.last, self.tail)
        try:
            if self._spare:
                self._spare.unlink()
                self._spare = None
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

    def _seal(self) -> None:
        if self._appender:
            self._appender.close()
            self._appender = None

    def _refuse_if_closed(self) -> None:
        if not self._write:
            raise CannotWrite(
                _("{path} is open for reading only.").format(path=self._archive), _("Nothing was written.")
            )
        if self.broken:
            raise CannotWrite(
                _("An earlier change could not be saved to {path}.").format(path=self._archive),
                _("Nothing more is written until the archive is opened again."),
            )

    def _refuse_foreign_names(self) -> None:
        """Raise ForeignChange if another program added or removed a segment."""
        known = [*(segment.path for segment in self._segments), *([self._spare] if self._spare else [])]
        if segments.listed(self._archive) != known:
            raise foreign_change(self._archive)


def _tail(path: Path, data: bytes, held: Contents) -> Tail | None:
    """Return the bytes after the last complete transaction; None if no transaction can be lost with them."""
    torn = data[held.end :]
    if (data and not torn) or held.is_only_mark(torn):
        return None
    return Tail(path, held.end, torn, data[held.bad :])


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


def _decoded(found: Iterable[tuple[Path, Packed]]) -> Iterator[LogRecord]:
    for path, packed in found:
        try:
            yield packed.frame()
        except Malformed as error:
            raise segments.damaged(path, error.offset, _("the data there is not a change")) from None


def _close(descriptor: int | None) -> None:
    if descriptor is not None:
        with suppress(OSError):
            os.close(descriptor)
