"""The snapshot of an archive: ordinary TinyDB JSON with one record per line, and a checksum for each block of lines.

The last table, `_sum`, has the position of each table and the checksums of its blocks.
"""

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
_DIGITS = 16  # hexadecimal digits per block in `Extent.blocks`
_LONGEST = 22  # longest number with the quotes around it
_FIRST = b'{"_meta":{\n'
_SUM_TABLE = b'\n,"_sum":{\n'


class Extent(NamedTuple):
    """The byte range of a table's records in the file, and the sizes and checksums of its blocks."""

    table: str
    start: int
    end: int
    records: int
    blocks: str  # size in bytes and checksum of each block, with eight hexadecimal digits each

    @property
    def block_count(self) -> int:
        """The number of blocks."""
        return len(self.blocks) // _DIGITS

    def block(self, number: int) -> tuple[int, str]:
        """Return size and checksum of a block. Parsed on demand: most blocks of a large archive are never needed."""
        at = number * _DIGITS
        return int(self.blocks[at : at + _DIGITS // 2], 16), self.blocks[at + _DIGITS // 2 : at + _DIGITS]

    def all_blocks(self) -> list[tuple[int, str]]:
        """Return size and checksum of all blocks, in order."""
        return list(map(self.block, range(self.block_count)))


class Lines:
    """The records of a table, by ascending number. A record is decoded on access, after its block was verified."""

    def __init__(
        self,
        data: Data,
        extent: Extent,
        path: Path,
        places: Callable[[], Places | None] = lambda: None,
        *,
        checked: bool = False,
    ) -> None:
        """Read the records of a table.

        Args:
            data: The bytes of the snapshot.
            extent: The byte range of the table.
            path: The archive, for errors.
            places: Returns the record numbers and line starts if the index file has them; see `numbers`, `starts`.
            checked: Whether all blocks have been verified already.
        """
        self.data, self.extent, self._path, self._known_places = data, extent, path, places
        self._checked = bytearray([checked]) * extent.block_count

    def __len__(self) -> int:
        return self.extent.records

    @cached_property
    def _places(self) -> Places:
        places = self._known_places() or _places(self.data, self.extent, self._path)
        if len(places[0]) != len(self):
            raise damaged(self._path, _("records of {table} are missing").format(table=self.extent.table))
        return places

    @property
    def numbers(self) -> Numbers:
        """The number of each record."""
        return self._places[0]

    @property
    def starts(self) -> Numbers:
        """The offset at which each line starts, followed by the end of the last line."""
        return self._places[1]

    def slot(self, number: int) -> int | None:
        """Return the position of the record with this number in the table, or None if there is no such record."""
        slot = bisect_left(self.numbers, number)
        return slot if slot < len(self.numbers) and self.numbers[slot] == number else None

    def line(self, slot: int) -> bytes:
        """Return the line of a record as stored, without the trailing comma."""
        block = slot // BLOCK
        if not self._checked[block]:
            self._check(block)
        return bytes(self.data[self.starts[slot] : self.starts[slot + 1]]).rstrip(b",\n")

    def row(self, slot: int) -> Raw:
        """Decode a record; every call returns a new object."""
        line = str(self.line(slot), "utf-8")
        row: Raw = _decode(line, line.index(":") + 1)[0]
        return row

    @property
    def is_small(self) -> bool:
        """Whether the whole file is small. It was verified when it was opened, and can be decoded in a single call."""
        return len(self.data) <= SMALL

    def all(self) -> list[Raw]:
        """Decode all records in a single call, which is faster than one by one. Only for a verified file."""
        rows: dict[str, Raw] = json.loads(b"{%b}" % self.data[self.extent.start : self.extent.end])
        return list(rows.values())

    def rows(self) -> Iterator[Raw]:
        """Yield all records, decoding them one by one."""
        return map(self.row, range(len(self)))

    def containing(self, text: str) -> Iterator[int]:
        """Yield the slots of the records whose line contains a text, without decoding any."""
        pattern = dumps(text)[1:-1].encode()
        offset = self.data.find(pattern, self.extent.start, self.extent.end)
        while offset >= 0:
            slot = bisect_left(self.starts, offset + 1) - 1
            yield slot
            offset = self.data.find(pattern, self.starts[slot + 1], self.extent.end)

    def _check(self, block: int) -> None:
        start = self.starts[block * BLOCK]
        _check_block(self.data, self.extent, block, start, self._path)
        self._checked[block] = 1


def check(data: Data, extent: Extent, path: Path) -> None:
    """Verify every block of a table.

    Raises:
        Damaged: A block does not match its checksum; the message names the first.
    """
    start = extent.start
    for block in range(extent.block_count):
        start = _check_block(data, extent, block, start, path)


def _check_block(data: Data, extent: Extent, block: int, start: int, path: Path) -> int:
    """Verify the block that starts at `start`, and return its end."""
    size, total = extent.block(block)
    if f"{crc32(data[start : start + size]):08x}" != total:
        message = _("in {table}, bytes {start} to {end} are not what was written")
        raise damaged(path, message.format(table=extent.table, start=start, end=start + size))
    return start + size


def _places(data: Data, extent: Extent, path: Path) -> Places:
    """Scan a table and return the number and the start of every line, with the end of the last line."""
    numbers, starts = array("Q"), array("Q")
    for begin, piece in windows(data, extent.start, extent.end):
        offset = 0
        try:
            while offset < len(piece):
                starts.append(begin + offset)
                numbers.append(int(piece[offset + 1 : piece.find(b'"', offset + 1, offset + _LONGEST)]))
                offset = piece.find(b"\n", offset) + 1 or len(piece)
        except ValueError:
            message = _("no record starts at byte {n}, in {table}")
            raise damaged(path, message.format(n=begin + offset, table=extent.table)) from None
    starts.append(extent.end)
    return numbers, starts


class Snapshot:
    """A snapshot written by this program. Its tables are read lazily."""

    def __init__(self, data: Data, path: Path, extents: Iterable[Extent]) -> None:
        self.data, self.path = data, path
        self._checked = False
        self.extents = {extent.table: extent for extent in extents}

    @cached_property
    def meta(self) -> Raw:
        """The metadata of the archive."""
        return self.lines(META).row(0)

    @property
    def name(self) -> str:
        """The random name of this snapshot, unique among all snapshots; it links the index file to the snapshot."""
        return str(self.meta.get("snapshot", ""))

    @property
    def lsn(self) -> int:
        """The LSN of the last transaction in the snapshot."""
        return int(self.meta.get("lsn", 0))

    @property
    def tail(self) -> str:
        """The fingerprint of the last transaction in the snapshot (see `fingerprint`), or "" if it is not known."""
        return str(self.meta.get("tail", ""))

    def lines(self, table: str, places: Callable[[], Places | None] = lambda: None) -> Lines:
        """Return the records of a table."""
        return Lines(self.data, self.extents[table], self.path, places, checked=self._checked)

    def check(self) -> None:
        """Verify the records of every table against their checksums."""
        for extent in self.extents.values():
            check(self.data, extent, self.path)
        self._checked = True


def read(data: Data, path: Path) -> Snapshot | None:
    """Open the bytes of a file as a snapshot.

    A small snapshot is verified completely, a large one only outside its records; see `Lines`.

    Returns:
        The snapshot, or None if another program wrote the file.

    Raises:
        Damaged: A checksum does not match, or the table of checksums cannot be read.
    """
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
        raise damaged(path, _("its table of checksums, from byte {n}, does not match the file").format(n=at))
    opened = Snapshot(data, path, extents)
    if len(data) <= SMALL:
        opened.check()
    return opened


def pieces(tables: Iterable[tuple[str, Iterable[bytes]]]) -> Iterator[bytes]:
    """Yield the bytes of a snapshot.

    Args:
        tables: Name and lines of each table, `_meta` first; the lines ascending by number.
    """
    extents: list[Extent] = []
    offset = between = 0
    for table, lines in tables:
        head = ("}\n," if extents else "{") + dumps(table) + ":{\n"
        between = crc32(head.encode(), between)
        yield head.encode()
        offset = start = offset + len(head.encode())
        sums: list[str] = []
        records = 0
        for count, block in _blocks(lines):
            yield block
            sums.append(f"{len(block):08x}{crc32(block):08x}")
            offset += len(block)
            records += count
        extents.append(Extent(table, start, offset, records, "".join(sums)))
    yield b"}\n" + _sums(extents, crc32(b"}\n", between))


def encoded(tables: Mapping[str, Mapping[str, Raw]]) -> bytes:
    """Return the bytes of a snapshot of tables in memory, given their records by number."""
    return b"".join(
        pieces(
            (table, [encode_record(int(number), rows[number]) for number in sorted(rows, key=int)])
            for table, rows in {META: tables[META], **tables}.items()
            if table != SUM
        )
    )


def _blocks(lines: Iterable[bytes]) -> Iterator[tuple[int, bytes]]:
    """Yield number of lines and bytes of each block. Only the last line of the table has no trailing comma."""
    waiting: list[bytes] = []
    for line in lines:
        if len(waiting) == BLOCK:
            yield BLOCK, b",\n".join(waiting) + b",\n"
            waiting = []
        waiting.append(line)
    if waiting:
        yield len(waiting), b",\n".join(waiting) + b"\n"


def _sums(extents: Sequence[Extent], between: int) -> bytes:
    """Return the last table, `_sum`: the extents of all tables, and a checksum of everything outside the records.

    `between` is that checksum up to this table.
    """
    rows = [extent._asdict() for extent in extents]
    head = ',"_sum":{\n' + "".join(f'"{number}":{dumps(row)},\n' for number, row in enumerate(rows, 1))
    return head.encode() + _total(len(rows) + 1, crc32(head.encode(), between))


def _total(number: int, total: int) -> bytes:
    """Return the last line of the last table and the end of the file."""
    row = {"table": SUM, "sum": f"{total:08x}"}
    return f'"{number}":{dumps(row)}\n}}\n}}\n'.encode()


def _fits(extents: Sequence[Extent], data: Data, at: int) -> bool:
    """Return whether the checksum of all bytes outside the records matches, including the last table from `at` on."""
    length = len(_total(len(extents) + 1, 0))
    end = len(data) - length
    total = crc32(data[at:end], _between(extents, data, at))
    return data[end:] == _total(len(extents) + 1, total)


def _between(extents: Sequence[Extent], data: Data, end: int) -> int:
    """Return the checksum of the bytes before `end` that are not part of a record."""
    total = offset = 0
    for extent in extents:
        total = crc32(data[offset : extent.start], total)
        offset = extent.end
    return crc32(data[offset:end], total)
