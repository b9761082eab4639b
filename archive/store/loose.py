"""A snapshot that may have been harmed: which of its bytes are as they were written, and the lines of the others."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from itertools import groupby
from typing import NamedTuple
from zlib import crc32

from archive.store.lines import dumps
from archive.store.mapping import Data, matches
from archive.store.snapshot import META, SUM, Extent

SOUND = "sound"
HARMED = "harmed"  # its checksum says that it is not what was written
UNKNOWN = "unknown"  # no checksum tells
_RECORD = re.compile(rb'\n"[0-9]{1,18}":\{"')
_SUM_TABLE = f'\n,"{SUM}":{{\n'.encode()
_FIRST_SUM = f'\n"1":{{"table":"{META}","start":'.encode()
_HEAD = re.compile(rb'[{},]*"([A-Za-z_]+)":\{')
_SHORTEST = 24  # bytes of a record: what is less is what stands between tables


class Part(NamedTuple):
    """A run of bytes of one kind; its table is "" where the bytes themselves have to tell."""

    table: str
    start: int
    end: int
    state: str


class Line(NamedTuple):
    """What may be a record."""

    table: str
    start: int
    text: bytes  # without the comma behind it
    state: str


def is_ours(data: Data) -> bool:
    """Whether a file of this program is, or was, what these bytes are: it has a record a line."""
    return matches(_RECORD, data)


def has_sums(data: Data) -> bool:
    """Whether there are checksums: files of the first versions have none."""
    return _sums_at(data) >= 0


def parts(data: Data) -> Iterator[Part]:
    """All bytes in front of the checksums, in order, but not what stands between two tables as it should."""
    end = _sums_at(data)
    extents = _extents(data, end) if end >= 0 else []
    place = 0
    for at, extent in enumerate(_located(data, extents, end)):
        head = (("}\n," if at else "{") + dumps(extent.table) + ":{\n").encode()
        if data[place : extent.start] != head:
            yield Part("", place, extent.start, UNKNOWN)
        yield from _blocks(data, extent)
        place = extent.end
    last = end + len(_SUM_TABLE) if end >= 0 else len(data)
    if not extents or data[place:last] != b"}" + _SUM_TABLE:
        yield Part("", place, last, UNKNOWN)


def _sums_at(data: Data) -> int:
    """Where the checksums begin, also where that line itself was harmed; -1 where there are none."""
    found = data.rfind(_SUM_TABLE)
    if found < 0 and (row := data.rfind(_FIRST_SUM)) >= 0:
        found = data.rfind(b"\n", 0, row)
    return found


def lines(data: Data, found: Part, table: str = "") -> Iterator[Line]:
    """The lines of a part that may be records; `table` is where the part before it ended."""
    table = found.table or table
    place = found.start
    while place < found.end:
        stop = data.find(b"\n", place, found.end) + 1 or found.end
        text = bytes(data[place:stop]).rstrip(b",\n")
        if head := _HEAD.fullmatch(text):
            table = head[1].decode()
        elif len(text) >= _SHORTEST or found.state == HARMED:
            yield Line(table, place, text, found.state)
        place = stop


def _extents(data: Data, at: int) -> list[Extent]:
    """Where the tables stand, as far as the table of checksums can be read and believed."""
    found: list[Extent] = []
    for line in bytes(data[at + len(_SUM_TABLE) :]).split(b"\n"):
        try:
            row = json.loads(line.partition(b":")[2].rstrip(b","))
            extent = Extent(*(row[key] for key in Extent._fields))
            fits = (found[-1].end if found else 0) <= extent.start <= extent.end
            sizes = [size for size, _total in extent.all_blocks()]
            fits = fits and sum(sizes) == extent.end - extent.start and all(size > 0 for size in sizes)
        except (ValueError, TypeError, KeyError):
            continue
        if fits and type(extent.table) is str:
            found.append(extent)
    return found


def _located(data: Data, extents: list[Extent], end: int) -> Iterator[Extent]:
    """The tables where they are now: bytes that came in or went move all that is behind them."""
    starts: list[int] = []
    moved = place = 0
    for extent in extents:
        head = f"{dumps(extent.table)}:{{\n".encode()
        at = data.find(head, place)
        place = at + len(head) if at >= 0 else max(place, min(extent.start + moved, end))
        moved = place - extent.start
        starts.append(place)
    ends = [start - len(dumps(extent.table)) - 6 for start, extent in zip(starts, extents, strict=True)]
    for extent, start, stop in zip(extents, starts, [*ends, end - 1][1:], strict=True):
        yield extent._replace(start=start, end=max(start, stop))


def _blocks(data: Data, extent: Extent) -> Iterator[Part]:
    """The parts of a table; neighbours of one kind are one. Blocks are looked for from both ends where the table is
    not as long as it was."""
    blocks = extent.all_blocks()
    size = sum(length for length, _total in blocks)
    front: list[Part] = []
    place = extent.start
    for length, total in blocks:
        state = SOUND if _fits(data, place, place + length, total) else HARMED
        if state == HARMED and size != extent.end - extent.start:
            break
        front.append(Part(extent.table, place, place + length, state))
        place += length
    back: list[Part] = []
    stop = extent.end
    for length, total in reversed(blocks[len(front) :]):
        if stop - length < place or not _fits(data, stop - length, stop, total):
            break
        back.append(Part(extent.table, stop - length, stop, SOUND))
        stop -= length
    middle = [Part(extent.table, place, stop, HARMED)] if place < stop else []
    yield from _joined([*front, *middle, *reversed(back)])


def _fits(data: Data, start: int, end: int, total: str) -> bool:
    return f"{crc32(data[start:end]):08x}" == total


def _joined(found: list[Part]) -> Iterator[Part]:
    for _state, run in groupby(found, lambda part: part.state):
        first, *others = run
        yield first._replace(end=(others or [first])[-1].end)
