"""The journal beside the snapshot: a change is acknowledged when its frame is on the disk, and not before."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import suppress
from itertools import pairwise
from pathlib import Path

from archive.errors import CannotWrite, Damaged, InUse
from archive.files import cannot_write, not_confirmed, sync_file, sync_folder
from archive.store.record_codec import UNSTORABLE, is_storable, not_storable
from archive.store.wal import segments
from archive.store.wal.appender import Appender, End, foreign_change, not_saved
from archive.store.wal.records import HEAD_SIZE, LogRecord, Malformed, Packed, encoded
from archive.store.wal.segments import Contents, Segment
from archive.store.wal.torn_tail import Tail
from archive.text import _


class Journal:
    """The segments of one archive, oldest first; the writer appends to the last one.

    The writer holds the archive's lock. A reader writes nothing, and takes what it does not understand at the very
    end for what a writer is writing just now. `notices` are sentences for the user.
    """

    def __init__(self, path: Path, uuid: str, *, write: bool) -> None:
        """Damaged where a segment is not as it was written; CannotWrite where a torn end cannot be set aside."""
        self._archive = Path(os.path.realpath(path))
        self._uuid = uuid
        self._write = write
        self._broken = False
        self._appender: Appender | None = None  # of the last segment, where that is appended to
        self._fresh: Contents | None = None  # of the last segment, kept for the first `read`
        self._segments: list[Segment] = []
        self._spare: Path | None = None  # behind them one without a transaction, left by a crash
        self.notices: list[str] = []
        self.last = 0  # lsn of the last whole transaction, or what the newest header says
        self.tail = ""  # what tells that transaction from any other of its number, "" if it is not known
        try:
            self._look_twice()
        except BaseException:
            self._seal()
            raise

    # Reading

    @property
    def size(self) -> int:
        """Bytes of all segments, those included that are kept for the history."""
        return sum(segment.size for segment in self._segments)

    def size_after(self, lsn: int) -> int:
        """Bytes of the segments that hold what a snapshot of `lsn` does not."""
        return sum(segment.size for segment, last in self._with_last() if last > lsn)

    def sealed(self, lsn: int) -> list[Path]:
        """The complete segments of which a snapshot of `lsn` holds everything, oldest first."""
        complete = self._segments if self._appender is None else self._segments[:-1]
        return [segment.path for segment, last in self._with_last() if last <= lsn and segment in complete]

    def read(self, after: int, tail: str = "") -> Iterator[LogRecord]:
        """The transactions above `after`, in order; from then on `after`, with this tail, is the least that follows.

        All of it is checked before the first one is handed out. Damaged where it does not join on to `after`.
        """
        found: list[tuple[Path, Packed]] = []
        known, previous, before = after, after, ""
        for segment, last in self._with_last():
            if last <= after:
                continue
            if segment.after > known:
                raise _gap(segment.path, segment.after, known)
            if found and segment.after < previous:
                raise segments.damaged(segment.path, 0, _("it repeats what is in the one before"))
            if before and segment.tail not in ("", before):
                raise segments.damaged(segment.path, 0, _("it does not continue the file before it"))
            held = self._contents(segment)
            previous, known, before = held.last, max(known, held.last), held.tail
            found += [(segment.path, packed) for packed in held.whole if packed.lsn > after]
        if self._spare and self.last > known:
            raise _gap(self._spare, self.last, known)
        if self.last < after:  # the snapshot knows more: what is written next joins on to that
            self.last, self.tail = after, tail
            self._seal()
        return _decoded(found)

    def tail_at(self, lsn: int) -> str:
        """What tells the transaction of this number from any other, "" if the journal does not know it."""
        for segment, last in self._with_last():
            if segment.after == lsn and segment.tail:
                return segment.tail
            if segment.after < lsn <= last:
                return next(
                    (packed.tail for packed in self._contents(segment).whole if packed.lsn == lsn), ""
                )
        return ""

    def newest_below(self, lsn: int) -> list[LogRecord]:
        """The transactions of the newest segment that ends before this one, none if there is no such segment."""
        found = [segment for segment, last in self._with_last() if last < lsn]
        return list(_decoded((s.path, packed) for s in found[-1:] for packed in self._contents(s).whole))

    # Writing

    @property
    def broken(self) -> bool:
        """Whether a change could not be saved, so that nothing is written until the archive is opened again."""
        return self._broken or (self._appender is not None and self._appender.is_broken)

    def append(self, frame: LogRecord) -> None:
        """Put a transaction on the disk; it is there when this returns. CannotWrite, and never again after that,
        where it cannot be: what the disk said of the failed one is not asked a second time.
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
        """Make sure that the segments on the disk are the ones that were read and written here. ForeignChange names
        the first that is not.
        """
        self._refuse_foreign_names()
        for segment in self._segments:
            if not segment.is_untouched:
                raise foreign_change(segment.path)
        if self._appender:
            self._appender.refuse_foreign_end()

    def rotate(self) -> list[Path]:
        """Make every segment complete: the next append begins a new one. Returns them, oldest first."""
        self._seal()
        return [segment.path for segment in self._segments]

    def drop(self, paths: Iterable[Path]) -> None:
        """Delete complete segments, all of which a snapshot on the disk holds."""
        gone = set(paths)
        if not gone:
            return
        if self._appender and self._appender.segment.path in gone:
            raise ValueError("the segment is written to")
        for segment in list(self._segments):  # oldest first, so that at any crash the rest has no gap
            if segment.path in gone:
                try:
                    if segment.is_untouched:  # another file of its name is not ours to delete
                        segment.path.unlink()
                except OSError as error:
                    raise cannot_write(segment.path, error) from error
                self._segments.remove(segment)
        try:
            sync_folder(self._archive.parent)
        except OSError as error:
            raise not_confirmed(self._archive.parent, error) from error

    def close(self) -> None:
        """Let go of the files."""
        self._seal()
        self._write = False

    # Opening

    def _look_twice(self) -> None:
        try:
            self._look()
        except InUse:  # a writer dropped old segments while they were looked through
            self._look()

    def _look(self) -> None:
        """Find the segments. What is wrong with the end of the last one is put right where we may write."""
        self._segments = []
        paths = segments.listed(self._archive)
        self._segments = [segments.opening(path, self._uuid) for path in paths[:-1]]
        if paths:
            self._look_at_last(paths[-1])

    def _look_at_last(self, path: Path) -> None:
        data = segments.read(path)
        held = segments.contents(path, data, self._uuid)
        tail = _tail(path, data, held)
        descriptor = None
        if self._write:
            try:
                descriptor = self._mended(path, held, tail)
            except OSError as error:
                raise cannot_write(path, error, _("See to the disk, or open it for reading only.")) from error
        elif tail and segments.read(path) == data:  # else a writer was writing it just now
            self.notices.append(tail.said)
        if held.whole:
            self._take(path, held, data, descriptor)
        else:  # its name may not be on the disk yet, so that it is made anew and not gone on with
            self._spare = path
            _close(descriptor)
        if held.after is None and self._segments:
            held = self._contents(self._segments[-1])
        self.last, self.tail = held.last, held.tail

    def _take(self, path: Path, held: Contents, data: bytes, descriptor: int | None) -> None:
        """Go on with the last segment, unless it is of a version without marks: what is added would have none."""
        inode = (0, 0) if descriptor is None else segments.inode_of(descriptor)
        self._segments.append(Segment(path, held.after or 0, held.end, inode, held.before))
        self._fresh = held
        if descriptor is None or held.version < segments.VERSION:
            _close(descriptor)
        else:
            at = held.whole[-1].offset
            self._appender = Appender(descriptor, self._segments[-1], End(at, data[at : at + HEAD_SIZE]))

    def _mended(self, path: Path, held: Contents, tail: Tail | None) -> int:
        """Cut off a torn end, which is kept in a file of its own unless it is the rest of a mark; a descriptor to
        append with. OSError."""
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
                kept = segments.set_aside(path, tail.data)
                told = _("{what} What is left of it was set aside as {path}.")
                self.notices.append(told.format(what=tail.said, path=kept))
            os.ftruncate(descriptor, held.end)
            sync_file(descriptor)
        elif tail:  # an empty file
            self.notices.append(tail.said)

    def _contents(self, segment: Segment) -> Contents:
        if self._fresh and segment is self._segments[-1]:
            held, self._fresh = self._fresh, None
            return held
        data = segments.read(segment.path, segment.size)
        held = segments.contents(segment.path, data, self._uuid)
        if held.end < segment.size:
            raise segments.damaged(segment.path, held.end, _("its end is not whole"))
        return held

    def _with_last(self) -> Iterator[tuple[Segment, int]]:
        """Each segment with the lsn that it reaches, of which the next one's header tells."""
        for segment, following in pairwise(self._segments):
            yield segment, following.after
        if self._segments:
            yield self._segments[-1], self.last

    # Appending

    def _begun(self) -> Appender:
        """Start a segment behind the others: its name is on the disk too before anything in it counts."""
        self._refuse_foreign_names()
        number = segments.number_of(self._segments[-1].path) + 1 if self._segments else 1
        path = segments.named(self._archive, number)
        first = segments.header(self._uuid, self.last, self.tail)
        try:
            if self._spare:
                self._spare.unlink()
                self._spare = None
            descriptor = segments.create(path, first)
        except OSError as error:
            self._broken = True
            raise not_saved(path, error) from error
        self._segments.append(Segment(path, self.last, len(first), segments.inode_of(descriptor), self.tail))
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
                _("Nothing more is written to it before it is opened again."),
            )

    def _refuse_foreign_names(self) -> None:
        """ForeignChange if a segment came or went that this journal knows nothing of."""
        known = [*(segment.path for segment in self._segments), *([self._spare] if self._spare else [])]
        if segments.listed(self._archive) != known:
            raise foreign_change(self._archive)


def _tail(path: Path, data: bytes, held: Contents) -> Tail | None:
    """What follows the last whole transaction, None if nothing can be lost with it."""
    torn = data[held.end :]
    if (data and not torn) or held.is_only_mark(torn):
        return None
    return Tail(path, held.end, torn, data[held.bad :])


def _encoded(frame: LogRecord) -> list[bytes]:
    """All of it before the first byte is written, or BadValue."""
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
            raise segments.damaged(path, error.offset, _("what stands there is no change")) from None


def _close(descriptor: int | None) -> None:
    if descriptor is not None:
        with suppress(OSError):
            os.close(descriptor)


def _gap(path: Path, after: int, known: int) -> Damaged:
    return Damaged(
        _("{path} begins behind change {after}, and what is before it ends with change {n}.").format(
            path=path, after=after, n=known
        ),
        _("An older copy may have taken a file's place. Put the newer one back, or use `archive repair`."),
    )
