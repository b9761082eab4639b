"""The snapshot of an archive: ordinary TinyDB JSON, one record a line, with a checksum for each block of lines."""

from __future__ import annotations

import json
from array import array
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple
from zlib import crc32

from archive.store.json_import import damaged
from archive.store.mmap_file import SMALL, Data, windows
from archive.store.record_codec import dumps, encode_record
from archive.text import _

Raw = dict[str, Any]
Numbers = Sequence[int]
Places = tuple[Numbers, Numbers]

META = "_meta"
SUM = "_sum"
BLOCK = 64  # records that share a checksum
_decode = json.JSONDecoder().raw_decode
_DIGITS = 16
_LONGEST = 22  # digits of a number, and the quotes around it
_FIRST = b'{"_meta":{\n'
_SUM_TABLE = b'\n,"_sum":{\n'


class Extent(NamedTuple):
    """Where the records of a table stand in the file, and each block of them."""

    table: str
    start: int
    end: int
    records: int
    blocks: str  # of each block how many bytes, and their checksum: eight hexadecimal digits each

    @property
    def block_count(self) -> int:
        """How many blocks there are."""
        return len(self.blocks) // _DIGITS

    def block(self, number: int) -> tuple[int, str]:
        """The size of a block and its checksum; of a large archive only some are ever asked for."""
        at = number * _DIGITS
        return int(self.blocks[at : at + _DIGITS // 2], 16), self.blocks[at + _DIGITS // 2 : at + _DIGITS]

    def all_blocks(self) -> list[tuple[int, str]]:
        """All of them, in order."""
        return list(map(self.block, range(self.block_count)))


class Lines:
    """The records of one table, ascending by number. Each is decoded when it is asked for, and its block checked."""

    def __init__(
        self,
        data: Data,
        extent: Extent,
        path: Path,
        places: Callable[[], Places | None] = lambda: None,
        *,
        checked: bool = False,
    ) -> None:
        """`places` knows the numbers and the line starts (with the end of the last), or does not."""
        self.data, self.extent, self._path, self._known = data, extent, path, places
        self._checked = bytearray([checked]) * extent.block_count

    def __len__(self) -> int:
        return self.extent.records

    @cached_property
    def _places(self) -> Places:
        found = self._known() or _places(self.data, self.extent, self._path)
        if len(found[0]) != len(self):
            raise damaged(self._path, _("records of {table} are missing").format(table=self.extent.table))
        return found

    @property
    def numbers(self) -> Numbers:
        """The number of each record."""
        return self._places[0]

    @property
    def starts(self) -> Numbers:
        """Where in the file each line starts, and where the last one ends."""
        return self._places[1]

    def slot(self, number: int) -> int | None:
        """The place of a record in the table, None where it has none of that number."""
        slot = bisect_left(self.numbers, number)
        return slot if slot < len(self.numbers) and self.numbers[slot] == number else None

    def line(self, slot: int) -> bytes:
        """A record's line as it stands in the file, without the comma behind it."""
        block = slot // BLOCK
        if not self._checked[block]:
            self._check(block)
        return bytes(self.data[self.starts[slot] : self.starts[slot + 1]]).rstrip(b",\n")

    def row(self, slot: int) -> Raw:
        """A record, decoded anew."""
        line = str(self.line(slot), "utf-8")
        row: Raw = _decode(line, line.index(":") + 1)[0]
        return row

    @property
    def is_small(self) -> bool:
        """Whether it is of a file that was checked whole, so that all records can be decoded as one."""
        return len(self.data) <= SMALL

    def all(self) -> list[Raw]:
        """All records, decoded at once."""
        rows: dict[str, Raw] = json.loads(b"{%b}" % self.data[self.extent.start : self.extent.end])
        return list(rows.values())

    def rows(self) -> Iterator[Raw]:
        """All records, one after the other; none of them is kept."""
        return map(self.row, range(len(self)))

    def containing(self, text: str) -> Iterator[int]:
        """The slots of the records in whose line a text stands; found without decoding any."""
        wanted = dumps(text)[1:-1].encode()
        place = self.data.find(wanted, self.extent.start, self.extent.end)
        while place >= 0:
            slot = bisect_left(self.starts, place + 1) - 1
            yield slot
            place = self.data.find(wanted, self.starts[slot + 1], self.extent.end)

    def _check(self, block: int) -> None:
        start = self.starts[block * BLOCK]
        _check_block(self.data, self.extent, block, start, self._path)
        self._checked[block] = 1


def check(data: Data, extent: Extent, path: Path) -> None:
    """Check every block of a table; Damaged names the first that is not as it was written."""
    start = extent.start
    for block in range(extent.block_count):
        start = _check_block(data, extent, block, start, path)


def _check_block(data: Data, extent: Extent, block: int, start: int, path: Path) -> int:
    """Check a block that begins at `start`, and say where it ends."""
    size, total = extent.block(block)
    if f"{crc32(data[start : start + size]):08x}" != total:
        where = _("in {table}, bytes {start} to {end} are not what was written")
        raise damaged(path, where.format(table=extent.table, start=start, end=start + size))
    return start + size


def _places(data: Data, extent: Extent, path: Path) -> Places:
    """The number and the start of every line, found by going through all of them."""
    numbers, starts = array("Q"), array("Q")
    for begin, piece in windows(data, extent.start, extent.end):
        place = 0
        try:
            while place < len(piece):
                starts.append(begin + place)
                numbers.append(int(piece[place + 1 : piece.find(b'"', place + 1, place + _LONGEST)]))
                place = piece.find(b"\n", place) + 1 or len(piece)
        except ValueError:
            where = _("byte {n}, in {table}, begins no record")
            raise damaged(path, where.format(n=begin + place, table=extent.table)) from None
    starts.append(extent.end)
    return numbers, starts


class Snapshot:
    """A file of ours: its tables by name, each read as far as it is asked for."""

    def __init__(self, data: Data, path: Path, extents: Iterable[Extent]) -> None:
        self.data, self.path = data, path
        self._checked = False
        self.extents = {extent.table: extent for extent in extents}

    @cached_property
    def meta(self) -> Raw:
        """The archive's description of itself."""
        return self.lines(META).row(0)

    @property
    def name(self) -> str:
        """What tells this snapshot from the one before and the one after: what is derived from it is kept under it."""
        return str(self.meta.get("snapshot", ""))

    @property
    def lsn(self) -> int:
        """The number of the last change that is in it."""
        return int(self.meta.get("lsn", 0))

    @property
    def tail(self) -> str:
        """What tells that change from any other of its number, "" if it is not known."""
        return str(self.meta.get("tail", ""))

    def lines(self, table: str, places: Callable[[], Places | None] = lambda: None) -> Lines:
        """The records of a table."""
        return Lines(self.data, self.extents[table], self.path, places, checked=self._checked)

    def check(self) -> None:
        """Check every byte of the records."""
        for extent in self.extents.values():
            check(self.data, extent, self.path)
        self._checked = True


def read(data: Data, path: Path) -> Snapshot | None:
    """The snapshot that a file's bytes are; None where another program wrote them, Damaged where they were harmed."""
    at = data.rfind(_SUM_TABLE) if data[: len(_FIRST)] == _FIRST else -1
    if at < 0:
        return None
    try:
        *rows, _total = json.loads(b"{" + data[at + 2 :])[SUM].values()
        extents = [Extent(*(row[key] for key in Extent._fields)) for row in rows]
        if not all(type(extent.blocks) is str for extent in extents):
            raise TypeError(SUM)
    except (ValueError, KeyError, TypeError):
        raise damaged(path, _("its table of checksums, from byte {n}, cannot be read").format(n=at)) from None
    if not _fits(extents, data, at + 1):
        raise damaged(path, _("its table of checksums, from byte {n}, does not fit it").format(n=at))
    found = Snapshot(data, path, extents)
    if len(data) <= SMALL:
        found.check()
    return found


def pieces(tables: Iterable[tuple[str, Iterable[bytes]]]) -> Iterator[bytes]:
    """The bytes of a snapshot with these tables, `_meta` first, each with its lines ascending by number."""
    extents: list[Extent] = []
    place = between = 0
    for table, lines in tables:
        head = ("}\n," if extents else "{") + dumps(table) + ":{\n"
        between = crc32(head.encode(), between)
        yield head.encode()
        place = start = place + len(head.encode())
        sums: list[str] = []
        count = 0
        for number, block in _blocks(lines):
            yield block
            sums.append(f"{len(block):08x}{crc32(block):08x}")
            place += len(block)
            count += number
        extents.append(Extent(table, start, place, count, "".join(sums)))
    yield b"}\n" + _sums(extents, crc32(b"}\n", between))


def encoded(tables: Mapping[str, Mapping[str, Raw]]) -> bytes:
    """The snapshot of tables that are in memory, their records by number."""
    return b"".join(
        pieces(
            (table, [encode_record(int(number), rows[number]) for number in sorted(rows, key=int)])
            for table, rows in {META: tables[META], **tables}.items()
            if table != SUM
        )
    )


def _blocks(lines: Iterable[bytes]) -> Iterator[tuple[int, bytes]]:
    """How many lines, and their bytes; the last line of the table is the one without a comma."""
    waiting: list[bytes] = []
    for line in lines:
        if len(waiting) == BLOCK:
            yield BLOCK, b",\n".join(waiting) + b",\n"
            waiting = []
        waiting.append(line)
    if waiting:
        yield len(waiting), b",\n".join(waiting) + b"\n"


def _sums(extents: Sequence[Extent], between: int) -> bytes:
    """The last table: where each table stands, the checksums of its blocks, and one of all but the records."""
    rows = [extent._asdict() for extent in extents]
    head = ',"_sum":{\n' + "".join(f'"{number}":{dumps(row)},\n' for number, row in enumerate(rows, 1))
    return head.encode() + _total(len(rows) + 1, crc32(head.encode(), between))


def _total(number: int, total: int) -> bytes:
    """The last line of the last table, and the end of the file."""
    row = {"table": SUM, "sum": f"{total:08x}"}
    return f'"{number}":{dumps(row)}\n}}\n}}\n'.encode()


def _fits(extents: Sequence[Extent], data: Data, at: int) -> bool:
    """Whether all but the records is as it was written, the last table, which begins at `at`, included."""
    length = len(_total(len(extents) + 1, 0))
    end = len(data) - length
    total = crc32(data[at:end], _between(extents, data, at))
    return data[end:] == _total(len(extents) + 1, total)


def _between(extents: Sequence[Extent], data: Data, end: int) -> int:
    """The checksum of what stands outside the records, up to the last table."""
    found = place = 0
    for extent in extents:
        found = crc32(data[place : extent.start], found)
        place = extent.end
    return crc32(data[place:end], found)
