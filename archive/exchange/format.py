"""Interface of file formats. Each module in `archive.exchange.formats` describes a format by its `FORMAT`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from archive.exchange.csv_table import Sheet


@dataclass(frozen=True)
class ReadOptions:
    """Options for reading a file; empty values are detected. `header_row` is a line number, starting at 1."""

    encoding: str = ""
    delimiter: str = ""
    header_row: int = 0
    raw: bool = False  # the file was written without the formula guard


@dataclass(frozen=True)
class WriteOptions:
    """Options for writing a file. If `bom` is None, `for_file` decides."""

    for_file: bool = True
    delimiter: str = ","
    bom: bool | None = None
    raw: bool = False
    encoding: str = "utf-8"


@dataclass(frozen=True)
class Format:
    """A file format that can be read and written.

    `read` raises ArchiveError if the file has another format. `loses` is an English sentence, for translation, about
    information that an export loses.
    """

    name: str
    title: str
    suffixes: tuple[str, ...]
    sniff: Callable[[bytes], bool]
    read: Callable[[bytes, ReadOptions], Sheet]
    write: Callable[[Iterable[Sequence[str]], WriteOptions], Iterator[bytes]]
    loses: str
