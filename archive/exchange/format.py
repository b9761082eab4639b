"""The interface between file formats and the import and export.

A format is one module of `archive.exchange.formats` that declares `FORMAT`. It turns bytes into a `Source`, and tables
into bytes. Import, export, screens and command line work with these alone and know no format by name.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import IntEnum

BEFORE_HEADER, FOOTER = "before-header", "footer"  # reasons for which lines are ignored


class Certainty(IntEnum):
    """How sure a format is that a file is its own."""

    NO = 0
    POSSIBLE = 1  # no evidence against it
    LIKELY = 2  # the content or the suffix suggests it
    CERTAIN = 3  # no other format begins this way


@dataclass(frozen=True)
class ReadOptions:
    """Options for reading a file; empty values are detected. A format ignores options that do not apply to it.

    Attributes:
        encoding: The encoding of a text file.
        delimiter: The character between two cells.
        header_row: The line number of the header, starting at 1.
        raw: Whether the file was written without the formula guard.
        sheet: The name of the sheet, in a file with several.
    """

    encoding: str = ""
    delimiter: str = ""
    header_row: int = 0
    raw: bool = False
    sheet: str = ""


@dataclass(frozen=True)
class WriteOptions:
    """Options for writing a file. A format ignores options that do not apply to it.

    Attributes:
        for_file: Whether to write a file for people, not a pipe for programs.
        delimiter: The character between two cells; "" for the format's default.
        bom: Whether to write a byte order mark; None if `for_file` decides.
        raw: Whether to turn off the formula guard.
        encoding: The encoding of a text file.
        suffix: The suffix of the file name.
    """

    for_file: bool = True
    delimiter: str = ""
    bom: bool | None = None
    raw: bool = False
    encoding: str = "utf-8"
    suffix: str = ""


@dataclass(slots=True)
class Row:
    """A row of a file.

    Attributes:
        line: Where the row starts: its line in a text file, else its number in the sheet.
        cells: As many as the header has, unless there is an `error`.
        warning: The code of a problem with the row, which is imported all the same.
        error: The code of the problem for which the row is rejected.
        sentence: What the problem is, for the user.
    """

    line: int
    cells: list[str]
    warning: str = ""
    error: str = ""
    sentence: str = ""

    @property
    def is_blank(self) -> bool:
        """Whether all cells are empty, as in the rows of commas that spreadsheets write below a table."""
        return not any(map(str.strip, self.cells))


@dataclass(frozen=True)
class IgnoredLine:
    """A line of the file that is not part of the table, and the reason: BEFORE_HEADER, FOOTER or another code."""

    line: int
    text: str
    reason: str


@dataclass(kw_only=True)
class Source:
    """A table read from a file, as text.

    A value with several parts has a column per part, numbered as in our exports (`phones.2.value`), or is a single
    cell with JSON.

    Attributes:
        header: The names of the columns, non-empty and unique.
        rows: The rows. They are read twice, so this is a list or an object whose `__iter__` starts again.
        ignored: Lines that are not rows. It may be completed while the rows are read.
        notes: Messages to the user about the file. They may be completed while the rows are read.
        encoding: The encoding of a text file.
        samples: Some non-ASCII fragments of a text file, which show whether the encoding is right.
        delimiter: The delimiter of a text file.
        sheets: The names of all sheets of the file, if it has several.
    """

    header: list[str]
    rows: Iterable[Row]
    ignored: list[IgnoredLine] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    encoding: str = ""
    samples: tuple[str, ...] = ()
    delimiter: str = ""
    sheets: tuple[str, ...] = ()


@dataclass(frozen=True)
class Table:
    """A table to be written, as text.

    Attributes:
        name: The name of the table.
        header: The names of the columns.
        rows: The rows, which may be an iterator.
        unknown: Keys of fields that a newer version of the program stored, and for which there is no column.
    """

    name: str
    header: Sequence[str]
    rows: Iterable[Sequence[str]]
    unknown: frozenset[str] = frozenset()


def _never(_head: bytes, _suffix: str) -> Certainty:
    """Recognise no file."""
    return Certainty.NO


def _nothing(_table: Table) -> list[str]:
    """Lose nothing."""
    return []


def _accept(_head: bytes, _options: ReadOptions) -> None:
    """Accept every file."""


@dataclass(frozen=True, kw_only=True)
class Format:
    """A file format.

    Attributes:
        key: Its name on the command line.
        label: Its name for people; English source text.
        suffixes: The suffixes of its files, in lower case and with the dot; the first is the default.
        place: Its position in lists; it also decides between formats that are equally sure of a file.
        sniff: Returns how sure the format is of a file, given its first bytes and its suffix.
        read: Reads the content of a file; raises ArchiveError if that is impossible. None if the format cannot be
            imported.
        check: Raises ArchiveError if the first bytes show that reading would fail; the rest is then not read.
        options: The names of the ReadOptions that apply.
        write: Yields the content of a file with these tables. None if the format cannot be exported.
        loses: Returns sentences, translated, about what a file with this table will lack.
        is_text: Whether files are UTF-8 text, which may be shown on a terminal.
    """

    key: str
    label: str
    suffixes: tuple[str, ...]
    place: int
    sniff: Callable[[bytes, str], Certainty] = _never
    read: Callable[[bytes, ReadOptions], Source] | None = None
    check: Callable[[bytes, ReadOptions], None] = _accept
    options: frozenset[str] = frozenset()
    write: Callable[[Sequence[Table], WriteOptions], Iterator[bytes]] | None = None
    loses: Callable[[Table], Sequence[str]] = _nothing
    is_text: bool = True
