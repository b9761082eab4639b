"""The journal beside the snapshot: a change is acknowledged when its frame is on the disk, and not before."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import suppress
from itertools import pairwise
from pathlib import Path

from archive.errors import CannotWrite, Damaged, ForeignChange, InUse
from archive.files import cannot_write, not_confirmed, sync_file, sync_folder, write_pieces
from archive.store import segments
from archive.store.frames import HEAD_SIZE, Frame, Malformed, Packed, encoded, mark
from archive.store.lines import UNKEEPABLE, all_keepable, unkeepable
from archive.store.segments import Contents, Segment
from archive.store.tails import Tail
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
        self._descriptor: int | None = None  # of the last segment, where that is appended to
        self._tail = (0, b"")  # where its last frame begins, and the head of that frame with its checksum
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
        complete = self._segments if self._descriptor is None else self._segments[:-1]
        return [segment.path for segment, last in self._with_last() if last <= lsn and segment in complete]

    def read(self, after: int, tail: str = "") -> Iterator[Frame]:
        """The transactions above `after`, in order; from then on `after`, with this tail, is the least that follows.

        All of it is checked before the first one is handed out. Damaged where it does not join on to `after`.
        """
        found: list[tuple[Path, Packed]] = []
        known, previous = after, after
        for segment, last in self._with_last():
            if last <= after:
                continue
            if segment.after > known:
                raise _gap(segment.path, segment.after, known)
            if found and segment.after < previous:
                raise segments.damaged(segment.path, 0, _("it repeats what is in the one before"))
            held = self._contents(segment)
            previous, known = held.last, max(known, held.last)
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

    def newest_below(self, lsn: int) -> list[Frame]:
        """The transactions of the newest segment that ends before this one, none if there is no such segment."""
        found = [segment for segment, last in self._with_last() if last < lsn]
        return list(_decoded((s.path, packed) for s in found[-1:] for packed in self._contents(s).whole))

    def backwards(self) -> Iterator[Frame]:
        """All transactions that are still there, newest first; one segment at a time is read."""
        for segment in reversed(self._segments):
            whole = self._contents(segment).whole
            yield from _decoded((segment.path, packed) for packed in reversed(whole))

    # Writing

    @property
    def broken(self) -> bool:
        """Whether a change could not be saved, so that nothing is written until the archive is opened again."""
        return self._broken

    def append(self, frame: Frame) -> None:
        """Put a transaction on the disk; it is there when this returns. CannotWrite, and never again after that,
        where it cannot be: what the disk said of the failed one is not asked a second time.
        """
        self._refuse_if_closed()
        if frame.lsn != self.last + 1:
            raise ValueError(f"{frame.lsn} does not follow {self.last}")
        pieces = _encoded(frame)
        if self._descriptor is None:
            self._begin()
        descriptor, segment = self._active()
        self._refuse_foreign_end(descriptor, segment)
        try:
            for piece in pieces:  # each on the disk before the next: only a last one can ever be torn
                write_pieces(descriptor, [piece])
                sync_file(descriptor, content_only=True)
        except BaseException as error:
            self._take_back(descriptor, segment.size)
            if isinstance(error, OSError):
                raise _failed(segment.path, error) from error
            raise
        self._segments[-1] = segment._replace(size=segment.size + sum(map(len, pieces)))
        self._tail = (self._segments[-1].size - len(pieces[-1]), pieces[-1][:HEAD_SIZE])
        self.last, self.tail = frame.lsn, pieces[-1][: HEAD_SIZE - 1].decode()
        self._fresh = None
        self._mark(descriptor)

    def confirm(self) -> None:
        """Make sure that the segments on the disk are the ones that were read and written here. ForeignChange names
        the first that is not.
        """
        self._refuse_foreign_names()
        for segment in self._segments:
            if not segment.is_untouched:
                raise foreign_change(segment.path)
        if self._descriptor is not None:
            self._refuse_foreign_end(*self._active())

    def rotate(self) -> list[Path]:
        """Make every segment complete: the next append begins a new one. Returns them, oldest first."""
        self._seal()
        return [segment.path for segment in self._segments]

    def drop(self, paths: Iterable[Path]) -> None:
        """Delete complete segments, all of which a snapshot on the disk holds."""
        gone = set(paths)
        if not gone:
            return
        if self._descriptor is not None and self._segments[-1].path in gone:
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
        if self._write:
            try:
                self._mend(path, held, tail)
            except OSError as error:
                raise cannot_write(path, error, _("See to the disk, or open it for reading only.")) from error
        elif tail and segments.read(path) == data:  # else a writer was writing it just now
            self.notices.append(tail.said)
        if held.whole:
            inode = (0, 0) if self._descriptor is None else segments.inode_of(self._descriptor)
            self._segments.append(Segment(path, held.after or 0, held.end, inode, held.before))
            self._fresh = held
            at = held.whole[-1].offset
            self._tail = (at, data[at : at + HEAD_SIZE])
            if held.version < segments.VERSION:  # what is added would not be marked
                self._seal()
        else:  # its name may not be on the disk yet, so that it is made anew and not gone on with
            self._spare = path
            self._seal()
        if held.after is None and self._segments:
            held = self._contents(self._segments[-1])
        self.last, self.tail = held.last, held.tail

    def _mend(self, path: Path, held: Contents, tail: Tail | None) -> None:
        """Cut off a torn end. It is kept in a file of its own, unless it is the rest of a mark."""
        descriptor = self._descriptor = segments.open_to_append(path, self._archive)
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

    def _begin(self) -> None:
        """Start a segment behind the others: its name is on the disk too before anything in it counts."""
        self._refuse_foreign_names()
        number = segments.number_of(self._segments[-1].path) + 1 if self._segments else 1
        path = segments.named(self._archive, number)
        first = segments.header(self._uuid, self.last, self.tail)
        try:
            if self._spare:
                self._spare.unlink()
                self._spare = None
            descriptor = self._descriptor = segments.create(path, first)
        except OSError as error:
            self._broken = True
            raise _failed(path, error) from error
        self._segments.append(Segment(path, self.last, len(first), segments.inode_of(descriptor), self.tail))
        self._tail = (0, first[:HEAD_SIZE])
        try:
            sync_folder(path.parent)
        except OSError as error:
            self._broken = True
            raise not_confirmed(path, error) from error

    def _seal(self) -> None:
        if self._descriptor is not None:
            with suppress(OSError):  # all of it was synced: what closing says changes nothing
                os.close(self._descriptor)
            self._descriptor = None

    def _mark(self, descriptor: int) -> None:
        """Mark the last transaction as acknowledged. Where that fails it is saved all the same."""
        segment, line = self._segments[-1], mark(self.last)
        try:
            write_pieces(descriptor, [line])
        except OSError:
            try:
                os.ftruncate(descriptor, segment.size)
            except OSError:
                self._broken = True
        except BaseException:
            self._take_back(descriptor, segment.size)
            raise
        else:
            self._segments[-1] = segment._replace(size=segment.size + len(line))

    def _take_back(self, descriptor: int, length: int) -> None:
        """Be as if the failed append had not been; where even that fails it is a torn end for the next opening."""
        self._broken = True
        with suppress(OSError):
            os.ftruncate(descriptor, length)

    def _refuse_if_closed(self) -> None:
        if not self._write:
            raise CannotWrite(
                _("{path} is open for reading only.").format(path=self._archive), _("Nothing was written.")
            )
        if self._broken:
            raise CannotWrite(
                _("An earlier change could not be saved to {path}.").format(path=self._archive),
                _("Nothing more is written to it before it is opened again."),
            )

    def _active(self) -> tuple[int, Segment]:
        """The segment that is appended to, and its descriptor."""
        assert self._descriptor is not None
        return self._descriptor, self._segments[-1]

    def _refuse_foreign_names(self) -> None:
        """ForeignChange if a segment came or went that this journal knows nothing of."""
        known = [*(segment.path for segment in self._segments), *([self._spare] if self._spare else [])]
        if segments.listed(self._archive) != known:
            raise foreign_change(self._archive)

    def _refuse_foreign_end(self, descriptor: int, segment: Segment) -> None:
        """ForeignChange if another program continued the journal, replaced its last segment or wrote over it."""
        offset, head = self._tail
        following = segments.named(self._archive, segments.number_of(segment.path) + 1)
        if not segment.is_untouched or os.path.lexists(following):
            raise foreign_change(segment.path)
        try:
            found = segments.piece(descriptor, offset, HEAD_SIZE)
        except OSError as error:
            raise cannot_write(segment.path, error, _("Check the disk.")) from error
        if found != head:  # the same file and size, with other content
            raise foreign_change(segment.path)


def foreign_change(path: Path) -> ForeignChange:
    """The error for a file that another program changed while it was open here."""
    return ForeignChange(
        _("{path} was changed by another program since it was opened.").format(path=path),
        _("Nothing was written over it. Open the archive again; what you typed stays in the form."),
    )


def _tail(path: Path, data: bytes, held: Contents) -> Tail | None:
    """What follows the last whole transaction, None if nothing can be lost with it."""
    torn = data[held.end :]
    if (data and not torn) or held.is_only_mark(torn):
        return None
    return Tail(path, held.end, torn, data[held.bad :])


def _encoded(frame: Frame) -> list[bytes]:
    """All of it before the first byte is written, or BadValue."""
    try:
        pieces = list(encoded(frame))
    except (ValueError, TypeError, RecursionError):
        raise unkeepable() from None
    if any(map(UNKEEPABLE.search, pieces)) and not all(
        all_keepable(new) for _t, _n, new, _old in frame.changes
    ):
        raise unkeepable()
    return pieces


def _decoded(found: Iterable[tuple[Path, Packed]]) -> Iterator[Frame]:
    for path, packed in found:
        try:
            yield packed.frame()
        except Malformed as error:
            raise segments.damaged(path, error.offset, _("what stands there is no change")) from None


def _failed(path: Path, error: OSError) -> CannotWrite:
    """The error for a change that is not in the journal; whoever holds the journal may open it again and save."""
    said = cannot_write(path, error, _("See to the disk, then save again."))
    return CannotWrite(said.message, f"{_('Nothing was saved.')} {said.hint}")


def _gap(path: Path, after: int, known: int) -> Damaged:
    return Damaged(
        _("{path} begins behind change {after}, and what is before it ends with change {n}.").format(
            path=path, after=after, n=known
        ),
        _("An older copy may have taken a file's place. Put the newer one back, or use `archive repair`."),
    )
