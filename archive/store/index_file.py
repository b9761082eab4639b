"""Arrays derived from a snapshot, in a file beside it: each is read when it is first needed, and remade if stale."""

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

_ALIGNED = 64
_NAME = 8  # characters of a snapshot's name
_HEAD = 18  # bytes of a packed line before its payload
Column: TypeAlias = "array[int] | bytes"
_WIDTHS = ((1 << 8, "B"), (1 << 16, "H"), (1 << 32, "I"), (1 << 64, "Q"))
NOTHING: Mapping[str, memoryview] = {}


def index_path(archive: Path, snapshot: str) -> Path:
    """Where the arrays of a snapshot lie: under its name, so that they are never taken for those of another."""
    return archive.with_name(f"{archive.name}.{snapshot[:_NAME]}.idx")


def others(archive: Path, snapshot: str) -> Iterator[Path]:
    """The files of other snapshots of this archive."""
    kept = index_path(archive, snapshot)
    prefix, suffix = archive.name + ".", ".idx"
    for path in archive.parent.iterdir():
        middle = path.name[len(prefix) : -len(suffix)]
        is_shelf = path.name == f"{prefix}{middle}{suffix}" and len(middle) == _NAME
        if is_shelf and path != kept:
            yield path


class IndexFile(Mapping[str, memoryview]):
    """The arrays by name. Each is checked when it is first taken; a damaged one is treated as missing."""

    def __init__(self, data: Data, entries: Mapping[str, Any], start: int) -> None:
        self._data = data
        self._entries, self._start = entries, start
        self._taken: dict[str, memoryview] = {}

    def __getitem__(self, name: str) -> memoryview:
        found = self._taken.get(name)
        if found is None:
            kind, offset, size, total = self._entries[name]
            try:
                part = memoryview(self._data[self._start + offset : self._start + offset + size])
            except ArchiveError:  # the file was changed, or its disk fails: all of it can be derived again
                raise KeyError(name) from None
            if crc32(part) != total:
                raise KeyError(name)
            found = self._taken[name] = part.cast(kind) if size else part
        return found

    def __iter__(self) -> Iterator[str]:
        return iter(self._entries)

    def __len__(self) -> int:
        return len(self._entries)


def opened(archive: Path, snapshot: str, code: str) -> Mapping[str, memoryview]:
    """The arrays of a snapshot as this program made them (`code` says how); nothing where there are none."""
    with suppress(OSError, ValueError, TypeError, KeyError):
        data = map_file(index_path(archive, snapshot))
        head = data[:_HEAD]
        size = int(head[9:17], 16)
        payload = data[_HEAD : _HEAD + size]
        if pack(payload)[:_HEAD] == head:
            found = json.loads(payload)
            if [found["of"], found["code"], found["order"]] == [snapshot, code, sys.byteorder]:
                return IndexFile(data, found["arrays"], _aligned(_HEAD + size + 1))
    return NOTHING


def kept(archive: Path, snapshot: str, code: str, arrays: Mapping[str, Column]) -> None:
    """Put the arrays on the disk beside a snapshot; on it for good when this returns."""
    entries: dict[str, Any] = {}
    parts: list[memoryview | bytes] = []
    place = 0
    for name, column in arrays.items():
        part = memoryview(column).cast("B") if len(column) else memoryview(b"")
        kind = column.typecode if isinstance(column, array) else "B"
        entries[name] = [kind, place, len(part), crc32(part)]
        parts += [part, bytes(_aligned(len(part)) - len(part))]
        place += _aligned(len(part))
    about = {"of": snapshot, "code": code, "order": sys.byteorder, "arrays": entries}
    head = pack(json.dumps(about).encode())
    target = index_path(archive, snapshot)
    if target.is_symlink():
        target.unlink()  # what it leads to is not ours
    write_whole(target, [head, bytes(_aligned(len(head)) - len(head)), *parts], force=True)


def narrow(numbers: Iterable[int], most: int) -> array[int]:
    """Numbers up to `most`, in as few bytes as hold them: what is read at every opening is checked at every opening."""
    return array(next(code for limit, code in _WIDTHS if most < limit), numbers)


def _aligned(size: int) -> int:
    return -(-size // _ALIGNED) * _ALIGNED
