"""What a file format declares: a module of `archive.exchange.formats` is a format, described by its `FORMAT`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from archive.exchange.sheet import Sheet


@dataclass(frozen=True)
class ReadOptions:
    """What a person says of a file; what is left empty is found out. `header_row` is a line, counted from 1."""

    encoding: str = ""
    delimiter: str = ""
    header_row: int = 0
    raw: bool = False  # formulas were not guarded


@dataclass(frozen=True)
class WriteOptions:
    """How a file is written. `bom` None: as `for_file` says."""

    for_file: bool = True
    delimiter: str = ","
    bom: bool | None = None
    raw: bool = False
    encoding: str = "utf-8"


@dataclass(frozen=True)
class Format:
    """A way to write a table to a file and to read it again.

    `read` raises ArchiveError for a file that is not of the format. `loses` is a sentence, English source text,
    about what does not come back.
    """

    name: str
    title: str
    suffixes: tuple[str, ...]
    sniff: Callable[[bytes], bool]
    read: Callable[[bytes, ReadOptions], Sheet]
    write: Callable[[Iterable[Sequence[str]], WriteOptions], Iterator[bytes]]
    loses: str
