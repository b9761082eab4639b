"""The checksum table of a damaged snapshot: which tables it describes, and where they are in the file now.

A row of it names a table, but any bit of that name may have flipped. So a row is only believed about a place whose
blocks match its checksums, or at which a table begins; what the table is called, its heading there decides.
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
_LONGEST = 10  # bytes of a row's number, with the quote before it
_CLOSING = 2  # bytes: the brace and the newline that end a table
_ALIKE = 0.75  # of a name, and what a few flipped bits made of it


class Heading(NamedTuple):
    """The line that opens a table."""

    name: str
    start: int
    end: int


class Area(NamedTuple):
    """A table that the checksum table describes, at its place in the file now."""

    table: str  # NAMELESS if nothing tells
    start: int
    end: int
    records: int
    blocks: list[Block]
    moved: int = 0  # bytes by which it is not where it was
    is_sure: bool = True  # whether heading and checksum table agree on the name, but for a few bits

    @property
    def size(self) -> int:
        """How many bytes it had when it was written."""
        return _size(self.blocks)

    @property
    def has_its_size(self) -> bool:
        """Whether it is as long as it was."""
        return self.start + self.size == self.end


def sums_at(data: bytes) -> int:
    """Find where the checksum table begins, even if its first line is damaged.

    Returns:
        The offset of the newline before it, the length of the file if only rows of it are left in odd places, -1 if
        there are no rows.
    """
    last = max((heading.end for heading in headings(data, len(data)) if heading.name in KNOWN), default=0)
    found = data.rfind(MARK, last - 1)
    if found >= 0:
        return found
    rows = list(_starts_of_rows(data))
    if not rows:
        return -1
    first = next((at for at in rows if at >= last), None)
    return len(data) if first is None else data.rfind(b"\n", 0, first)


def is_row(text: bytes) -> bool:
    """Whether a line belongs to the checksum table."""
    return _ANY_ROW.match(text) is not None


def headings(data: bytes, end: int) -> Iterator[Heading]:
    """Find the lines before `end` that open a table, whatever its name."""
    at = data.find(_HEADING_END, 0, end)
    while at >= 0:
        start = data.rfind(b"\n", 0, at) + 1
        if found := _HEADING.fullmatch(data[start : at + len(_HEADING_END)]):
            yield Heading(str(found[1], "utf-8", "replace"), start, at + len(_HEADING_END))
        at = data.find(_HEADING_END, at + 1, end)


def areas(data: bytes, end: int) -> tuple[list[Area], list[Extent]]:
    """Locate the tables that the checksum table describes, ascending, and those that are nowhere. `end` is where
    the checksum table begins."""
    known = list(headings(data, end))
    placed, unplaced = _placed(data, end, list(dict.fromkeys(_rows(data))), known)
    return _with_ends(data, end, _named(data, placed, known), known), unplaced


def closest(name: str, free: Iterable[str]) -> str:
    """The known table whose damaged name this may be, NAMELESS if none is like it."""
    return next(iter(get_close_matches(name, list(free), 1, _ALIKE)), NAMELESS)


def fits(data: bytes, start: int, end: int, total: str) -> bool:
    """Whether a run of bytes has this checksum."""
    return f"{crc32(data[start:end]):08x}" == total


def _starts_of_rows(data: bytes) -> Iterator[int]:
    at = data.find(_ROW_MARK)
    while at >= 0:
        start = data.rfind(b'"', max(0, at - _LONGEST), at)
        if start >= 0 and _ANY_ROW.match(data, start):
            yield start
        at = data.find(_ROW_MARK, at + 1)


def _rows(data: bytes) -> Iterator[Extent]:
    """The rows that read as rows, wherever they are; no other line of an archive does."""
    for start in _starts_of_rows(data):
        if found := _ROW.match(data, start):
            start, end, records = map(int, found.groups()[1:4])
            yield Extent(str(found[1], "utf-8", "replace"), start, end, records, str(found[5], "ascii"))


def _size(blocks: Iterable[Block]) -> int:
    return sum(size for size, _total in blocks)


def _placed(
    data: bytes, end: int, rows: list[Extent], known: list[Heading]
) -> tuple[list[Area], list[Extent]]:
    """The tables of the rows, ascending, under the names in the rows. A row that matches nothing in the file is put
    where it says, if there is room. Rows for which there is none are returned too."""
    found: list[Area] = []
    unmatched: list[tuple[Extent, Area]] = []
    moved = 0
    for row in rows:
        area = Area(row.table, row.start, row.start + _size(row.all_blocks()), row.records, row.all_blocks())
        start = _place(data, end, area, moved, known)
        if start is None:
            unmatched.append((row, area))
        else:
            moved = start - row.start
            found.append(area._replace(start=start, end=area.end + moved, moved=moved))
    unplaced = []
    for row, area in unmatched:
        if area.end < end and not any(area.start < one.end and one.start < area.end for one in found):
            found.append(area)
        else:
            unplaced.append(row)
    by_start: dict[int, Area] = {}
    for area in found:
        by_start.setdefault(area.start, area)
    return [by_start[start] for start in sorted(by_start)], unplaced


def _place(data: bytes, end: int, area: Area, moved: int, known: list[Heading]) -> int | None:
    """Where a table begins now: where a block of it is as it was written, else behind its heading."""
    own = [heading.end for heading in known if heading.name == area.table]
    places = dict.fromkeys([area.start, area.start + moved, *own, *(heading.end for heading in known)])
    matching = (at for at in places if 0 <= at < end and _matches(data, at, end, area.blocks))
    return next(matching, next(iter(own), None))


def _matches(data: bytes, start: int, end: int, blocks: list[Block]) -> bool:
    """Whether any block of a table that begins here is as it was written; an empty table has none."""
    for size, total in blocks:
        if start + size > end or not size:
            return False
        if fits(data, start, start + size, total):
            return True
        start += size
    return False


def _named(data: bytes, found: list[Area], known: list[Heading]) -> list[Area]:
    """The tables under the names that their headings give them."""
    names = {heading.end: heading.name for heading in known}
    named = [_name(data, area, names.get(area.start)) for area in found]
    taken = {area.table for area in named if area.is_sure} | set(names.values())
    free = [name for name in KNOWN if name not in taken]
    return [
        area if area.is_sure or area.table in free else area._replace(table=closest(area.table, free))
        for area in named
    ]


def _name(data: bytes, area: Area, heading: str | None) -> Area:
    """What is called so at its place is called so; a row counts if its table has no heading, or a damaged one."""
    if heading is None:
        return area._replace(is_sure=area.table in KNOWN and _has_alike_before(data, area))
    if heading in (*KNOWN, area.table):
        return area._replace(table=heading)
    return area._replace(is_sure=area.table in KNOWN and _are_alike(heading, area.table))


def _has_alike_before(data: bytes, area: Area) -> bool:
    """Whether the bytes before a table are its heading but for a few flipped bits."""
    heading = f'"{area.table}":{{\n'.encode()
    there = data[max(0, area.start - len(heading)) : area.start]
    same = sum(one == other for one, other in zip(there, heading, strict=False))
    return same >= _ALIKE * len(heading)


def _are_alike(name: str, other: str) -> bool:
    return SequenceMatcher(None, name, other).ratio() >= _ALIKE


def _with_ends(data: bytes, end: int, found: list[Area], known: list[Heading]) -> list[Area]:
    """The tables with their ends: one that bytes were put into, or taken out of, ends before the next heading."""
    ended: list[Area] = []
    for area, following in zip_longest(found, found[1:]):
        latest = following.start if following else end - 1
        is_moved = following.moved != area.moved if following else area.end != latest
        if is_moved and data[area.end : area.end + _CLOSING] != b"}\n":
            next_heading = next((one.start for one in known if one.start >= area.start), end + 1)
            latest = min(latest, next_heading - _CLOSING)
        else:
            latest = min(latest, area.end)
        ended.append(area._replace(end=max(area.start, latest)))
    return ended
