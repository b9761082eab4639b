"""A journal that may have been harmed: every change that can still be read, and the bytes that cannot."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple

from archive.errors import ArchiveError
from archive.store import segments
from archive.store.frames import Frame, commits, islands, lsn_of

Payloads = Iterable[tuple[int, memoryview]]


class Found(NamedTuple):
    """A change, or what there is of one."""

    offset: int
    frame: Frame
    ended: bool = True  # its last frame is there: it was acknowledged
    broken: bool = False  # something between its frames cannot be read

    @property
    def whole(self) -> bool:
        """Whether all of it is there."""
        return self.ended and not self.broken


class Readable(NamedTuple):
    """What can be read of a segment."""

    path: Path
    archive: str  # "" where its header cannot be read
    after: int | None
    changes: list[Found]
    gaps: list[tuple[int, int]]  # from where to where there is nothing that can be read
    torn: int | None  # where a last change begins that was never acknowledged
    refused: str  # why the file could not be read at all


def segments_of(archive: Path) -> list[Readable]:
    """The segments beside an archive, oldest first."""
    paths = segments.listed(archive)
    return [read(path, is_last=path == paths[-1]) for path in paths]


def read(path: Path, *, is_last: bool) -> Readable:
    """What can be read of one segment. The last one may have a torn end."""
    try:
        data = segments.read(path)
    except ArchiveError as error:
        return Readable(path, "", None, [], [], None, error.message)
    payloads, gaps = islands(data)
    whose, after = "", None
    if payloads and payloads[0][0] == 0 and (said := _header(payloads[0][1])):
        whose, after = said
        payloads = payloads[1:]
    changes, strange = _changes(payloads, {end for _start, end in gaps})
    torn = None
    if is_last:
        if gaps and gaps[-1][1] == len(data):
            torn = gaps.pop()[0]
        if changes and not changes[-1].ended:
            torn = changes.pop().offset
        if torn == 0 or not data:  # it was begun, and no more
            after = 0
    return Readable(path, whose, after, changes, sorted(gaps + strange), torn, "")


def _header(payload: memoryview) -> tuple[str, int] | None:
    try:
        said = json.loads(str(payload, "utf-8"))
        whose, after = said["archive"], said["after"]
    except (ValueError, TypeError, KeyError, RecursionError):
        return None
    return (whose, after) if type(whose) is str and type(after) is int else None


def _changes(payloads: Payloads, behind_gaps: set[int]) -> tuple[list[Found], list[tuple[int, int]]]:
    """The changes that frames make, and the frames that make none. Of a change that lost some of its frames there is
    what the others say."""
    found: list[Found] = []
    strange: list[tuple[int, int]] = []
    for offset, payload in payloads:
        frame = _frame(payload)
        if frame is None:
            strange.append((offset, offset + len(payload) + 1))
        elif found and not found[-1].ended and found[-1].frame.lsn == frame.lsn:
            begun = found[-1]
            joined = frame._replace(changes=begun.frame.changes + frame.changes)
            found[-1] = begun._replace(
                frame=joined, ended=commits(payload), broken=begun.broken or offset in behind_gaps
            )
        else:
            found.append(Found(offset, frame, commits(payload)))
    return found, strange


def _frame(payload: memoryview) -> Frame | None:
    """What one frame says, None where it is no part of a change."""
    if lsn_of(payload) is None:
        return None
    try:
        lsn, ms, label, changes, extra = json.loads(str(payload, "utf-8"))
    except (ValueError, TypeError, RecursionError):
        return None
    extra = {} if extra is True else extra
    sound = type(ms) is int and type(label) is str and type(changes) is list and type(extra) is dict
    return Frame(lsn, ms, label, changes, extra) if sound and all(map(_is_change, changes)) else None


def _is_change(value: Any) -> bool:
    if type(value) is not list or len(value) != 4 or type(value[0]) is not str:
        return False
    number, *rows = value[1:]
    return (
        type(number) is str and number.isdecimal() and all(row is None or type(row) is dict for row in rows)
    )
