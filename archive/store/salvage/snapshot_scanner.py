"""Divide a damaged snapshot into sound and damaged parts, and split the parts into lines."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import NamedTuple

from archive.store.history import HISTORY
from archive.store.record_codec import dumps
from archive.store.salvage import checksum_scanner
from archive.store.salvage.checksum_scanner import KNOWN, MARK, NAMELESS, Area, closest, fits
from archive.store.snapshot import Extent

SOUND = "sound"
DAMAGED = "damaged"  # records that do not match their checksum
UNKNOWN = "unknown"  # possibly records, without a checksum
OUTSIDE = "outside"  # damaged bytes outside the records, such as a heading
_RECORD = re.compile(rb'\n"[0-9]{1,18}":\{"')
_HEADING = re.compile(rb'[{},]*"([^"\\]{1,200})":\{')
_WORD = re.compile(rb"[A-Za-z_]{2,}")
_SHORTEST = 24  # bytes of a record; a damaged heading is shorter
_ROOM = 8  # extra bytes up to which the bytes before a table still count as its heading


class Part(NamedTuple):
    """A run of bytes of the same state; its table is "" if only its lines can show it."""

    table: str
    start: int
    end: int
    state: str


class Line(NamedTuple):
    """A line of a table."""

    table: str
    start: int
    text: bytes  # without the comma after it


class Layout(NamedTuple):
    """The structure of a snapshot up to the checksum table."""

    parts: list[Part]  # in file order, without intact headings
    areas: list[Area]
    unplaced: list[Extent]  # rows of the checksum table whose tables are not in the file
    has_sums: bool  # False for files of the first versions
    free: list[str]  # tables of this version without a heading or an area in the file


def is_ours(data: bytes) -> bool:
    """Return whether this program wrote the file, damaged or not: it has a record at the start of a line."""
    return _RECORD.search(data) is not None


def layout(data: bytes) -> Layout:
    """Divide the bytes before the checksum table into parts."""
    end = checksum_scanner.sums_at(data)
    areas, unplaced = checksum_scanner.areas(data, end) if end >= 0 else ([], [])
    names = {heading.name for heading in checksum_scanner.headings(data, end if end >= 0 else len(data))}
    names.update(area.table for area in areas)
    free = [name for name in KNOWN if name not in names]
    return Layout(list(_parts(data, areas, end)), areas, unplaced, end >= 0, free)


def lines(data: bytes, part: Part, table: str = "", free: Sequence[str] = ()) -> Iterator[Line]:
    """Yield the lines of a part that are not headings.

    Args:
        data: The file.
        part: The part to split.
        table: The table of the part before it.
        free: The tables that a damaged heading may open.
    """
    table = part.table or table
    start = part.start
    while start < part.end:
        stop = data.find(b"\n", start, part.end) + 1 or part.end
        text = bytes(data[start:stop]).rstrip(b",\n")
        opened = _opened(text, free)
        if opened and not part.table:
            table = opened
        if text.strip(b"{}") and not opened:
            yield Line(table, start, text)
        start = stop


def _opened(text: bytes, free: Sequence[str]) -> str:
    """Return the table that a line opens, or "" if it is not a heading, intact or damaged."""
    if heading := _HEADING.fullmatch(text):
        name = str(heading[1], "utf-8", "replace")
        damaged = closest(name, free)
        return name if name in KNOWN or damaged == NAMELESS else damaged
    words = [str(word, "ascii") for word in _WORD.findall(text)] if len(text) < _SHORTEST else []
    return next((name for word in words if (name := closest(word, free)) != NAMELESS), "")


def _parts(data: bytes, areas: list[Area], end: int) -> Iterator[Part]:
    offset = 0
    for area in areas:
        heading = (("}\n," if offset else "{") + dumps(area.table) + ":{\n").encode()
        if data[offset : area.start] != heading:
            is_heading = area.start - offset <= len(heading) + _ROOM
            yield Part("", offset, area.start, OUTSIDE if is_heading else UNKNOWN)
        yield from _blocks(data, area)
        offset = area.end
    last = len(data) if end < 0 else end + len(MARK) if data[end : end + len(MARK)] == MARK else end
    if not areas or data[offset:last] != b"}" + MARK:
        is_over = bool(areas) and areas[-1].table == HISTORY and _HEADING.search(data, offset, last) is None
        yield Part("", offset, last, OUTSIDE if is_over else UNKNOWN)


def _blocks(data: bytes, area: Area) -> Iterator[Part]:
    """Yield the parts of a table; adjacent blocks of the same state form one part.

    If the size of the table has changed, match blocks from both ends: the bytes between are damaged.
    """
    front: list[Part] = []
    start = area.start
    for length, total in area.blocks:
        stop = start + length
        state = SOUND if stop <= area.end and fits(data, start, stop, total) else DAMAGED
        if state == DAMAGED and not area.has_its_size:
            break
        front.append(Part(area.table, start, stop, state))
        start = stop
    back: list[Part] = []
    stop = area.end
    for length, total in reversed(area.blocks[len(front) :]):
        if stop - length < start or not fits(data, stop - length, stop, total):
            break
        back.append(Part(area.table, stop - length, stop, SOUND))
        stop -= length
    middle = [Part(area.table, start, stop, DAMAGED)] if start < stop else []
    for _state, run in groupby([*front, *middle, *reversed(back)], lambda part: part.state):
        first, *others = run
        yield first._replace(end=(others or [first])[-1].end)
