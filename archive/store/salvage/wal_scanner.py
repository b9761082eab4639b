"""A journal that may be damaged: every change that can still be read, and the bytes that cannot."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple

from archive.errors import ArchiveError
from archive.store.wal import segments
from archive.store.wal.records import LogRecord, commits, is_damaged_mark, islands, lsn_of, marked, size_of
from archive.store.wal.torn_tail import Tail, glimpsed

Payloads = Iterable[tuple[int, memoryview]]


class Gap(NamedTuple):
    """Bytes in which no change can be read."""

    start: int
    end: int
    glimpse: str  # what reads of it


class Found(NamedTuple):
    """A change, or what is left of one."""

    offset: int
    end: int
    frame: LogRecord
    ended: bool = True  # its last frame is there, so it was acknowledged
    broken: bool = False  # bytes between its frames cannot be read

    @property
    def whole(self) -> bool:
        """Whether all of it is there."""
        return self.ended and not self.broken


class Readable(NamedTuple):
    """What can be read of a segment."""

    path: Path
    archive: str  # "" if its header cannot be read
    after: int | None
    changes: list[Found]
    gaps: list[Gap]
    tail: Tail | None  # from where on there may be a change that was never acknowledged
    reached: int  # the number of the last change that is marked as acknowledged
    refused: str  # why the file could not be read at all
    has_bad_mark: bool = False  # the mark behind the last change is damaged, and nothing else


def segments_of(archive: Path) -> list[Readable]:
    """The segments beside an archive, oldest first."""
    paths = segments.listed(archive)
    return [read(path, is_last=path == paths[-1]) for path in paths]


def last_of(journal: Iterable[Readable]) -> int:
    """The number of the last change that anything in a journal tells of."""
    changes = (found.frame.lsn for one in journal for found in one.changes)
    return max([0, *changes, *(max(one.after or 0, one.reached) for one in journal)])


def read(path: Path, *, is_last: bool) -> Readable:
    """Read what can be read of one segment. The last one may have a torn end."""
    try:
        data = segments.read(path)
    except ArchiveError as error:
        return Readable(path, "", None, [], [], None, 0, error.message)
    payloads, gaps = islands(data)
    whose, after = "", None
    if payloads and payloads[0][0] == 0 and (header := _header(payloads[0][1])):
        whose, after = header
        payloads = payloads[1:]
    reached = max(
        (number for _offset, payload in payloads if (number := marked(payload)) is not None), default=0
    )
    changes, strange = _changes(payloads, {end for _start, end in gaps})
    bad = gaps.pop()[0] if is_last and gaps and gaps[-1][1] == len(data) else None
    torn = bad
    if is_last and changes and not changes[-1].ended and changes[-1].frame.lsn > reached:
        torn = changes.pop().offset
    if is_last and not data:
        torn = 0
    if torn == 0:  # the file was begun, and no more
        after = 0
    tail = None if torn is None else Tail(path, torn, data[torn:], b"" if bad is None else data[bad:])
    has_bad_mark = tail is not None and _is_only_mark(tail, changes, reached)
    found = [Gap(start, end, glimpsed(data[start:end])) for start, end in sorted(gaps + strange)]
    return Readable(
        path, whose, after, changes, found, None if has_bad_mark else tail, reached, "", has_bad_mark
    )


def _is_only_mark(tail: Tail, changes: list[Found], reached: int) -> bool:
    """Whether the end of a journal is the mark behind its last change, which is damaged."""
    if not changes or not changes[-1].whole or changes[-1].frame.lsn <= reached:
        return False
    return tail.start == changes[-1].end and is_damaged_mark(tail.data, changes[-1].frame.lsn)


def _header(payload: memoryview) -> tuple[str, int] | None:
    try:
        report = json.loads(str(payload, "utf-8"))
        whose, after = report["archive"], report["after"]
    except (ValueError, TypeError, KeyError, RecursionError):
        return None
    return (whose, after) if type(whose) is str and type(after) is int else None


def _changes(payloads: Payloads, behind_gaps: set[int]) -> tuple[list[Found], list[tuple[int, int]]]:
    """Put frames together to changes; frames that are intact and no part of a change are returned as places. A change
    that lost some of its frames keeps what the others say."""
    found: list[Found] = []
    strange: list[tuple[int, int]] = []
    for offset, payload in payloads:
        if marked(payload) is not None:
            continue
        frame, end = _frame(payload), offset + size_of(payload)
        if frame is None:
            strange.append((offset, end))
        elif found and not found[-1].ended and found[-1].frame.lsn == frame.lsn:
            begun = found[-1]
            joined = frame._replace(changes=begun.frame.changes + frame.changes)
            found[-1] = begun._replace(
                end=end, frame=joined, ended=commits(payload), broken=begun.broken or offset in behind_gaps
            )
        else:
            found.append(Found(offset, end, frame, commits(payload)))
    return found, strange


def _frame(payload: memoryview) -> LogRecord | None:
    """Decode one frame; None if it is no part of a change."""
    if lsn_of(payload) is None:
        return None
    try:
        lsn, ms, label, changes, extra = json.loads(str(payload, "utf-8"))
    except (ValueError, TypeError, RecursionError):
        return None
    extra = {} if extra is True else extra
    sound = type(ms) is int and type(label) is str and type(changes) is list and type(extra) is dict
    return LogRecord(lsn, ms, label, changes, extra) if sound and all(map(_is_change, changes)) else None


def _is_change(value: Any) -> bool:
    if type(value) is not list or len(value) != 4 or type(value[0]) is not str:
        return False
    number, *rows = value[1:]
    return (
        type(number) is str and number.isdecimal() and all(row is None or type(row) is dict for row in rows)
    )
