"""Read the checksum table of a damaged snapshot, and locate the tables that it describes in the file.

Its rows may be damaged too, including the table names. So a row is trusted only for an area with a block that matches
its checksums, or that follows a heading; the heading decides the name of the table.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from difflib import SequenceMatcher, get_close_matches
from itertools import zip_longest
from typing import NamedTuple
from zlib import crc32

from archive.model.tables import STORED
from archive.store.history import HISTORY
from archive.store.snapshot import META, SUM, Extent

KNOWN = (META, *STORED, HISTORY)
NAMELESS = "?"
MARK = f'\n,"{SUM}":{{\n'.encode()
Block = tuple[int, str]  # size and checksum
_HEADING = re.compile(rb'[{,]"([^"\\\n]{1,200})":\{\n')
_HEADING_END = b'":{\n'
_ROW_MARK = b'":{"table":"'
_ROW = re.compile(
    rb'"[0-9]{1,9}":\{"table":"([^"\\\n]{1,200})","start":([0-9]{1,15}),"end":([0-9]{1,15}),'
    rb'"records":([0-9]{1,15}),"blocks":"((?:[0-9a-f]{16})*)"\}'
)
_ANY_ROW = re.compile(rb'"[0-9]{1,9}":\{"table":"[^"\\\n]{1,200}","s(?:tart|um)":')
_LONGEST = 10  # bytes of a row's number with the opening quote
_CLOSING = 2  # bytes: the brace and the newline that end a table
_ALIKE = 0.75  # minimum similarity between a name and its damaged form


class Heading(NamedTuple):
    """The line that opens a table."""

    name: str
    start: int
    end: int


class Area(NamedTuple):
    """A table that the checksum table describes, at its current position in the file."""

    table: str  # NAMELESS if unknown
    start: int
    end: int
    records: int
    blocks: list[Block]
    moved: int = 0  # bytes by which it has moved since it was written
    is_sure: bool = True  # whether heading and checksum table agree on the name, except for a few bits

    @property
    def size(self) -> int:
        """Its original size in bytes."""
        return _size(self.blocks)

    @property
    def has_its_size(self) -> bool:
        """Whether it still has its original size."""
        return self.start + self.size == self.end


def sums_at(data: bytes) -> int:
    """Find the start of the checksum table, even if its first line is damaged.

    Returns:
        The offset of the newline before it; the length of the file if its rows occur only before the last heading; -1
        if there are no rows.
    """
    last = max((heading.end for heading in headings(data, len(data)) if heading.name in KNOWN), default=0)
    start = data.rfind(MARK, last - 1)
    if start >= 0:
        return start
    rows = list(_starts_of_rows(data))
    if not rows:
        return -1
    first = next((at for at in rows if at >= last), None)
    return len(data) if first is None else data.rfind(b"\n", 0, first)


def is_row(text: bytes) -> bool:
    """Return whether a line belongs to the checksum table."""
    return _ANY_ROW.match(text) is not None


def headings(data: bytes, end: int) -> Iterator[Heading]:
    """Yield the lines before `end` that open a table of any name."""
    at = data.find(_HEADING_END, 0, end)
    while at >= 0:
        start = data.rfind(b"\n", 0, at) + 1
        if match := _HEADING.fullmatch(data[start : at + len(_HEADING_END)]):
            yield Heading(str(match[1], "utf-8", "replace"), start, at + len(_HEADING_END))
        at = data.find(_HEADING_END, at + 1, end)


def areas(data: bytes, end: int) -> tuple[list[Area], list[Extent]]:
    """Locate the tables that the checksum table describes.

    Args:
        data: The file.
        end: The offset of the checksum table, from `sums_at`.

    Returns:
        The tables by ascending offset, and the rows whose tables are not in the file.
    """
    all_headings = list(headings(data, end))
    placed, unplaced = _placed(data, end, list(dict.fromkeys(_rows(data))), all_headings)
    return _with_ends(data, end, _named(data, placed, all_headings), all_headings), unplaced


def closest(name: str, free: Iterable[str]) -> str:
    """Return the name in `free` that is most similar to a damaged name, or NAMELESS if none is similar enough."""
    return next(iter(get_close_matches(name, list(free), 1, _ALIKE)), NAMELESS)


def fits(data: bytes, start: int, end: int, total: str) -> bool:
    """Return whether the bytes from `start` to `end` have this checksum."""
    return f"{crc32(data[start:end]):08x}" == total


def _starts_of_rows(data: bytes) -> Iterator[int]:
    at = data.find(_ROW_MARK)
    while at >= 0:
        start = data.rfind(b'"', max(0, at - _LONGEST), at)
        if start >= 0 and _ANY_ROW.match(data, start):
            yield start
        at = data.find(_ROW_MARK, at + 1)


def _rows(data: bytes) -> Iterator[Extent]:
    """Yield the readable rows of the checksum table anywhere in the file; no other line looks like them."""
    for start in _starts_of_rows(data):
        if match := _ROW.match(data, start):
            start, end, records = map(int, match.groups()[1:4])
            yield Extent(str(match[1], "utf-8", "replace"), start, end, records, str(match[5], "ascii"))


def _size(blocks: Iterable[Block]) -> int:
    return sum(size for size, _total in blocks)


def _placed(
    data: bytes, end: int, rows: list[Extent], all_headings: list[Heading]
) -> tuple[list[Area], list[Extent]]:
    """Locate the tables of the rows, under the names in the rows.

    A table without a matching block or heading is placed at the offset in its row if no other table is there.

    Returns:
        The tables by ascending offset, and the rows that could not be placed.
    """
    placed: list[Area] = []
    unmatched: list[tuple[Extent, Area]] = []
    moved = 0
    for row in rows:
        area = Area(row.table, row.start, row.start + _size(row.all_blocks()), row.records, row.all_blocks())
        start = _start_of(data, end, area, moved, all_headings)
        if start is None:
            unmatched.append((row, area))
        else:
            moved = start - row.start
            placed.append(area._replace(start=start, end=area.end + moved, moved=moved))
    unplaced = []
    for row, area in unmatched:
        if area.end < end and not any(area.start < other.end and other.start < area.end for other in placed):
            placed.append(area)
        else:
            unplaced.append(row)
    by_start: dict[int, Area] = {}
    for area in placed:
        by_start.setdefault(area.start, area)
    return [by_start[start] for start in sorted(by_start)], unplaced


def _start_of(data: bytes, end: int, area: Area, moved: int, all_headings: list[Heading]) -> int | None:
    """Return the offset at which a block of the table matches, else the offset after its heading, else None.

    Args:
        moved: How far the table before it has moved.
        all_headings: The headings in the file.
    """
    own = [heading.end for heading in all_headings if heading.name == area.table]
    candidates = dict.fromkeys(
        [area.start, area.start + moved, *own, *(heading.end for heading in all_headings)]
    )
    matching = (at for at in candidates if 0 <= at < end and _matches(data, at, end, area.blocks))
    return next(matching, next(iter(own), None))


def _matches(data: bytes, start: int, end: int, blocks: list[Block]) -> bool:
    """Return whether any block of a table at this offset matches its checksum; an empty table has no blocks."""
    for size, total in blocks:
        if start + size > end or not size:
            return False
        if fits(data, start, start + size, total):
            return True
        start += size
    return False


def _named(data: bytes, placed_areas: list[Area], all_headings: list[Heading]) -> list[Area]:
    """Rename the tables to the names in their headings."""
    names = {heading.end: heading.name for heading in all_headings}
    named = [_name(data, area, names.get(area.start)) for area in placed_areas]
    used = {area.table for area in named if area.is_sure} | set(names.values())
    free = [name for name in KNOWN if name not in used]
    return [
        area if area.is_sure or area.table in free else area._replace(table=closest(area.table, free))
        for area in named
    ]


def _name(data: bytes, area: Area, heading: str | None) -> Area:
    """Name a table by its heading, or by its row if the heading is missing or damaged."""
    if heading is None:
        return area._replace(is_sure=area.table in KNOWN and _has_alike_before(data, area))
    if heading in (*KNOWN, area.table):
        return area._replace(table=heading)
    return area._replace(is_sure=area.table in KNOWN and _are_alike(heading, area.table))


def _has_alike_before(data: bytes, area: Area) -> bool:
    """Return whether the bytes before a table are its heading except for a few flipped bits."""
    heading = f'"{area.table}":{{\n'.encode()
    actual = data[max(0, area.start - len(heading)) : area.start]
    same = sum(byte == expected for byte, expected in zip(actual, heading, strict=False))
    return same >= _ALIKE * len(heading)


def _are_alike(name: str, other: str) -> bool:
    return SequenceMatcher(None, name, other).ratio() >= _ALIKE


def _with_ends(data: bytes, end: int, placed_areas: list[Area], all_headings: list[Heading]) -> list[Area]:
    """Set the ends of the tables: a table that has grown or shrunk ends before the next heading."""
    ended: list[Area] = []
    for area, following in zip_longest(placed_areas, placed_areas[1:]):
        latest = following.start if following else end - 1
        is_moved = following.moved != area.moved if following else area.end != latest
        if is_moved and data[area.end : area.end + _CLOSING] != b"}\n":
            starts = (heading.start for heading in all_headings if heading.start >= area.start)
            next_heading = next(starts, end + 1)
            latest = min(latest, next_heading - _CLOSING)
        else:
            latest = min(latest, area.end)
        ended.append(area._replace(end=max(area.start, latest)))
    return ended
