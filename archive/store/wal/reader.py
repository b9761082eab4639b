"""Read the journal: a write-ahead log in numbered segments beside the snapshot."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from itertools import pairwise
from pathlib import Path

from archive.errors import InUse
from archive.store.wal import segments
from archive.store.wal.records import LogRecord, Malformed, Packed, mark
from archive.store.wal.segments import Contents, Segment
from archive.store.wal.torn_tail import Tail
from archive.text import _


class JournalReader:
    """The segments of an archive, oldest first.

    A reader takes no lock and writes nothing. It treats an unreadable end that changes while it is being read as a save
    in progress.

    Attributes:
        notices: Messages for the user, such as an interrupted last save.
        last: The LSN of the last complete transaction, or the LSN in the newest header if no transaction follows it.
        tail: The fingerprint of that transaction (see `fingerprint`), or "" if unknown.
    """

    def __init__(self, path: Path, uuid: str) -> None:
        """Open the journal of the archive at `path`.

        Args:
            path: The archive's snapshot file.
            uuid: The archive's uuid, which every segment header must contain.

        Raises:
            Damaged: A segment is damaged.
        """
        self._archive = Path(os.path.realpath(path))
        self._uuid = uuid
        self._fresh: Contents | None = None  # contents of the last segment, cached for the first `read`
        self._segments: list[Segment] = []
        self._empty_segment: Path | None = None  # a further segment without a transaction, left by a crash
        self.notices: list[str] = []
        self.last = 0
        self.tail = ""
        self._look_twice()

    @property
    def size(self) -> int:
        """The size of all segments in bytes, including segments retained only for the history."""
        return sum(segment.size for segment in self._segments)

    def size_after(self, lsn: int) -> int:
        """Return the size in bytes of the segments with transactions above `lsn`."""
        return sum(segment.size for segment, last in self._with_last() if last > lsn)

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
        last_known, previous, before = after, after, ""
        for segment, last in self._with_last():
            if last <= after:
                continue
            if segment.after > last_known:
                raise segments.gap(segment.path, segment.after, last_known)
            if pending and segment.after < previous:
                raise segments.damaged(segment.path, 0, _("it repeats changes of the file before it"))
            if before and segment.tail not in ("", before):
                raise segments.damaged(segment.path, 0, _("it does not continue the file before it"))
            contents = self._contents(segment)
            previous, last_known, before = contents.last, max(last_known, contents.last), contents.tail
            pending += [(segment.path, packed) for packed in contents.transactions if packed.lsn > after]
        if self._empty_segment and self.last > last_known:
            raise segments.gap(self._empty_segment, self.last, last_known)
        if self.last < after:  # the snapshot is newer: the next transaction follows it, in a new segment
            self.last, self.tail = after, tail
            self._start_anew()
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
                    (packed.tail for packed in self._contents(segment).transactions if packed.lsn == lsn), ""
                )
        return ""

    def newest_below(self, lsn: int) -> list[LogRecord]:
        """Return the transactions of the newest segment that ends below `lsn`; none if there is no such segment."""
        older = [segment for segment, last in self._with_last() if last < lsn]
        return list(
            _decoded((s.path, packed) for s in older[-1:] for packed in self._contents(s).transactions)
        )

    def _start_anew(self) -> None:
        """Append nothing more to the last segment: the snapshot is newer than it."""

    # Opening

    def _look_twice(self) -> None:
        try:
            self._look()
        except InUse:  # a writer deleted old segments during the first pass
            self._look()

    def _look(self) -> None:
        """List and open the segments."""
        self._segments = []
        paths = segments.listed(self._archive)
        self._segments = [segments.opening(path, self._uuid) for path in paths[:-1]]
        if paths:
            self._look_at_last(paths[-1])

    def _look_at_last(self, path: Path) -> None:
        data = segments.read(path)
        contents = segments.contents(path, data, self._uuid)
        self._open_last(path, data, contents, _tail(path, data, contents))
        if contents.after is None and self._segments:
            contents = self._contents(self._segments[-1])
        self.last, self.tail = contents.last, contents.tail

    def _open_last(self, path: Path, data: bytes, contents: Contents, tail: Tail | None) -> None:
        """Take the last segment for reading, and add a notice about a torn tail."""
        if tail and segments.read(path) == data:  # if the bytes changed, a writer is saving
            self.notices.append(tail.message)
        self._take(path, contents, (0, 0))

    def _take(self, path: Path, contents: Contents, inode: tuple[int, int]) -> None:
        if contents.transactions:
            self._segments.append(Segment(path, contents.after or 0, contents.end, inode, contents.before))
            self._fresh = contents
        else:  # its folder entry may not be synced yet, so create the file again instead of appending to it
            self._empty_segment = path

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
        continues = all(
            later.after == contents.last and later.tail in ("", contents.tail) for later in following
        )
        return continues and segment.size - contents.end <= len(mark(contents.last))

    def _with_last(self) -> Iterator[tuple[Segment, int]]:
        """Yield each segment with its last LSN, which the header of the next segment contains."""
        for segment, following in pairwise(self._segments):
            yield segment, following.after
        if self._segments:
            yield self._segments[-1], self.last


def _tail(path: Path, data: bytes, contents: Contents) -> Tail | None:
    """Return the bytes after the last complete transaction; None if no transaction can be lost with them."""
    torn = data[contents.end :]
    if (data and not torn) or contents.is_only_mark(torn):
        return None
    return Tail(path, contents.end, torn, data[contents.bad :])


def _decoded(packed_changes: Iterable[tuple[Path, Packed]]) -> Iterator[LogRecord]:
    for path, packed in packed_changes:
        try:
            yield packed.frame()
        except Malformed as error:
            raise segments.damaged(path, error.offset, _("the data there is not a change")) from None
