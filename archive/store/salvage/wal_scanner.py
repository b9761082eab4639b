"""Read a damaged journal: every readable change, and the unreadable bytes between them."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple

from archive.errors import ArchiveError
from archive.store.wal import segments
from archive.store.wal.records import (
    LogRecord,
    commits,
    fingerprint,
    is_damaged_mark,
    islands,
    lsn_of,
    marked,
    size_of,
)
from archive.store.wal.torn_tail import Tail, glimpsed

Payloads = Iterable[tuple[int, memoryview]]


class Gap(NamedTuple):
    """Bytes without a readable change."""

    start: int
    end: int
    glimpse: str  # its readable parts, from `glimpsed`


class ScannedChange(NamedTuple):
    """A change, complete or in part."""

    offset: int
    end: int
    frame: LogRecord
    tail: str  # its fingerprint, from its last readable frame
    ended: bool = True  # its last frame is intact, so it is committed
    broken: bool = False  # bytes between its frames are unreadable

    @property
    def is_complete(self) -> bool:
        """Whether the change is complete."""
        return self.ended and not self.broken


class Readable(NamedTuple):
    """The readable contents of a segment."""

    path: Path
    archive: str  # "" if the header is unreadable
    after: int | None
    changes: list[ScannedChange]
    gaps: list[Gap]
    tail: Tail | None  # the unreadable end, which may be a change that was never acknowledged
    marked_lsn: int  # LSN of the last change with an acknowledgement mark
    refused: str  # the error if the file could not be read at all
    has_bad_mark: bool = False  # only the mark after the last change is damaged


def segments_of(archive: Path) -> list[Readable]:
    """Read the segments beside an archive, oldest first."""
    paths = segments.listed(archive)
    return [read(path, is_last=path == paths[-1]) for path in paths]


def last_of(journal: Iterable[Readable]) -> int:
    """Return the highest LSN in any change, header or mark of a journal."""
    changes = (change.frame.lsn for segment in journal for change in segment.changes)
    return max([0, *changes, *(max(segment.after or 0, segment.marked_lsn) for segment in journal)])


def read(path: Path, *, is_last: bool) -> Readable:
    """Read the readable contents of a segment; only the last segment may have a torn tail."""
    try:
        data = segments.read(path)
    except ArchiveError as error:
        return Readable(path, "", None, [], [], None, 0, error.message)
    payloads, gaps = islands(data)
    owner, after = "", None
    if payloads and payloads[0][0] == 0 and (header := _header(payloads[0][1])):
        owner, after = header
        payloads = payloads[1:]
    marked_lsn = max(
        (number for _offset, payload in payloads if (number := marked(payload)) is not None), default=0
    )
    changes, strange = _changes(payloads, {end for _start, end in gaps})
    bad = gaps.pop()[0] if is_last and gaps and gaps[-1][1] == len(data) else None
    torn = bad
    if is_last and changes and not changes[-1].ended and changes[-1].frame.lsn > marked_lsn:
        torn = changes.pop().offset
    if is_last and not data:
        torn = 0
    if torn == 0:  # not even the header is complete
        after = 0
    tail = None if torn is None else Tail(path, torn, data[torn:], b"" if bad is None else data[bad:])
    has_bad_mark = tail is not None and _is_only_mark(tail, changes, marked_lsn)
    unread = [Gap(start, end, glimpsed(data[start:end])) for start, end in sorted(gaps + strange)]
    return Readable(
        path, owner, after, changes, unread, None if has_bad_mark else tail, marked_lsn, "", has_bad_mark
    )


def _is_only_mark(tail: Tail, changes: list[ScannedChange], marked_lsn: int) -> bool:
    """Return whether the torn tail is only the damaged mark of the last change."""
    if not changes or not changes[-1].is_complete or changes[-1].frame.lsn <= marked_lsn:
        return False
    return tail.start == changes[-1].end and is_damaged_mark(tail.data, changes[-1].frame.lsn)


def _header(payload: memoryview) -> tuple[str, int] | None:
    try:
        fields = json.loads(str(payload, "utf-8"))
        owner, after = fields["archive"], fields["after"]
    except (ValueError, TypeError, KeyError, RecursionError):
        return None
    return (owner, after) if type(owner) is str and type(after) is int else None


def _changes(payloads: Payloads, behind_gaps: set[int]) -> tuple[list[ScannedChange], list[tuple[int, int]]]:
    """Group frames into changes; a change with missing frames keeps the contents of the others.

    Returns:
        The changes, and the start and end of each intact frame that is not part of a change.
    """
    changes: list[ScannedChange] = []
    strange: list[tuple[int, int]] = []
    for offset, payload in payloads:
        if marked(payload) is not None:
            continue
        frame, end = _frame(payload), offset + size_of(payload)
        if frame is None:
            strange.append((offset, end))
        elif changes and not changes[-1].ended and changes[-1].frame.lsn == frame.lsn:
            unfinished = changes[-1]
            joined = frame._replace(changes=unfinished.frame.changes + frame.changes)
            changes[-1] = unfinished._replace(
                end=end,
                frame=joined,
                tail=fingerprint(payload),
                ended=commits(payload),
                broken=unfinished.broken or offset in behind_gaps,
            )
        else:
            changes.append(ScannedChange(offset, end, frame, fingerprint(payload), commits(payload)))
    return changes, strange


def _frame(payload: memoryview) -> LogRecord | None:
    """Decode a frame; None if it is not part of a change."""
    if lsn_of(payload) is None:
        return None
    try:
        lsn, ms, label, changes, extra = json.loads(str(payload, "utf-8"))
    except (ValueError, TypeError, RecursionError):
        return None
    extra = {} if extra is True else extra
    is_valid = type(ms) is int and type(label) is str and type(changes) is list and type(extra) is dict
    return LogRecord(lsn, ms, label, changes, extra) if is_valid and all(map(_is_change, changes)) else None


def _is_change(value: Any) -> bool:
    if type(value) is not list or len(value) != 4 or type(value[0]) is not str:
        return False
    number, *rows = value[1:]
    return (
        type(number) is str and number.isdecimal() and all(row is None or type(row) is dict for row in rows)
    )
