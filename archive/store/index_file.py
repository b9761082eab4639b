"""The index file beside a snapshot: arrays derived from its records, each read on first use.

It can be deleted at any time: missing, stale or damaged arrays are rebuilt.
"""

from __future__ import annotations

import json
import sys
from array import array
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, TypeAlias
from zlib import crc32

from archive.errors import ArchiveError
from archive.files import write_whole
from archive.store.mmap_file import Data, map_file
from archive.store.wal.records import pack

_ALIGNED = 64  # bytes
_NAME = 8  # characters of the snapshot's name that are part of the file name
_HEAD = 18  # bytes of checksum and length before the payload of a packed line
Column: TypeAlias = "array[int] | bytes"
_WIDTHS = ((1 << 8, "B"), (1 << 16, "H"), (1 << 32, "I"), (1 << 64, "Q"))
NOTHING: Mapping[str, memoryview] = {}


def index_path(archive: Path, snapshot: str) -> Path:
    """Return the path of a snapshot's index file. It contains the snapshot's name, so the two cannot mismatch."""
    return archive.with_name(f"{archive.name}.{snapshot[:_NAME]}.idx")


def others(archive: Path, snapshot: str) -> Iterator[Path]:
    """Yield the index files of other snapshots of this archive."""
    current = index_path(archive, snapshot)
    prefix, suffix = archive.name + ".", ".idx"
    for path in archive.parent.iterdir():
        middle = path.name[len(prefix) : -len(suffix)]
        is_index = path.name == f"{prefix}{middle}{suffix}" and len(middle) == _NAME
        if is_index and path != current:
            yield path


class IndexFile(Mapping[str, memoryview]):
    """The arrays by name. The checksum of an array is verified on first access; a damaged array counts as missing."""

    def __init__(self, data: Data, entries: Mapping[str, Any], start: int) -> None:
        self._data = data
        self._entries, self._start = entries, start
        self._views: dict[str, memoryview] = {}

    def __getitem__(self, name: str) -> memoryview:
        view = self._views.get(name)
        if view is None:
            kind, offset, size, total = self._entries[name]
            try:
                part = memoryview(self._data[self._start + offset : self._start + offset + size])
            except ArchiveError:  # the file was changed or the disk fails; the arrays can be rebuilt
                raise KeyError(name) from None
            if crc32(part) != total:
                raise KeyError(name)
            view = self._views[name] = part.cast(kind) if size else part
        return view

    def __iter__(self) -> Iterator[str]:
        return iter(self._entries)

    def __len__(self) -> int:
        return len(self._entries)


def opened(archive: Path, snapshot: str, code: str) -> Mapping[str, memoryview]:
    """Open the index file of a snapshot.

    Args:
        archive: The archive.
        snapshot: The snapshot's name.
        code: The version of the arrays; see `indexes.CODE`.

    Returns:
        The arrays, or `NOTHING` if there is no index file of this snapshot, version and byte order.
    """
    with suppress(OSError, ValueError, TypeError, KeyError):
        data = map_file(index_path(archive, snapshot))
        head = data[:_HEAD]
        size = int(head[9:17], 16)
        payload = data[_HEAD : _HEAD + size]
        if pack(payload)[:_HEAD] == head:
            header = json.loads(payload)
            if [header["of"], header["code"], header["order"]] == [snapshot, code, sys.byteorder]:
                return IndexFile(data, header["arrays"], _aligned(_HEAD + size + 1))
    return NOTHING


def write(archive: Path, snapshot: str, code: str, arrays: Mapping[str, Column]) -> None:
    """Write the index file of a snapshot; it is durable when this returns."""
    entries: dict[str, Any] = {}
    parts: list[memoryview | bytes] = []
    offset = 0
    for name, column in arrays.items():
        part = memoryview(column).cast("B") if len(column) else memoryview(b"")
        kind = column.typecode if isinstance(column, array) else "B"
        entries[name] = [kind, offset, len(part), crc32(part)]
        parts += [part, bytes(_aligned(len(part)) - len(part))]
        offset += _aligned(len(part))
    header = {"of": snapshot, "code": code, "order": sys.byteorder, "arrays": entries}
    head = pack(json.dumps(header).encode())
    target = index_path(archive, snapshot)
    if target.is_symlink():
        target.unlink()  # `write_whole` would follow the link and replace a file that is not ours
    write_whole(target, [head, bytes(_aligned(len(head)) - len(head)), *parts], force=True)


def narrow(numbers: Iterable[int], most: int) -> array[int]:
    """Return numbers from 0 to `most` as an array of the smallest item size.

    Arrays used at every opening are read and checked at every opening, so their size matters.
    """
    return array(next(code for limit, code in _WIDTHS if most < limit), numbers)


def _aligned(size: int) -> int:
    return -(-size // _ALIGNED) * _ALIGNED
