"""A CSV file as a header and rows of text, each with its line number. The cells are not interpreted here.

No row is dropped or shifted silently. Rows with too few cells are padded and get a warning; rows with too many get an
error; lines before the header are reported as ignored. Short rows between a blank line and the end of the file, the
usual place of totals in reports, are ignored too. A total directly below the rows cannot be distinguished from a row.
"""

import csv
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain, islice

from archive.errors import ArchiveError, UsageError
from archive.exchange.detect import (
    Decoded,
    decode,
    delimiter_sign,
    find_delimiter,
    find_header,
    head_rows,
    separator_of,
)
from archive.exchange.guard import restore_row
from archive.text import _

SHORT_ROW = "short-row"
LONG_ROW = "long-row"
BEFORE_HEADER = "before-header"
FOOTER = "footer"
MAX_CELL = 10_000_000  # characters; longer cells are nearly always caused by a missing closing quote

_END = "\0"  # sentinel line: no text contains it, and an unclosed quote absorbs it

Record = tuple[int, list[str]]


@dataclass(slots=True)
class Row:
    """A row, as wide as the header unless `error` says that it is too long; `line` is its first line in the file."""

    line: int
    cells: list[str]
    warning: str = ""
    error: str = ""

    @property
    def is_blank(self) -> bool:
        """Whether all cells are empty, as in the rows of commas that spreadsheets write below a table."""
        return not any(map(str.strip, self.cells))


@dataclass(frozen=True)
class IgnoredLine:
    """A line of the file that is not part of the table, and the reason code."""

    line: int
    text: str
    reason: str


@dataclass
class Sheet:
    """A table of text. Header names are non-empty and unique; `header_line` is the line number in the file.

    `ignored` includes footers only after `rows` has been exhausted. `note` is a warning about a readable but
    implausible table.
    """

    header: list[str]
    delimiter: str
    header_line: int
    decoded: Decoded
    ignored: list[IgnoredLine] = field(default_factory=list)
    note: str = ""
    restore_guard: bool = True

    @property
    def encoding(self) -> str:
        """The name of the file's encoding."""
        return self.decoded.encoding

    @property
    def rows(self) -> Iterator[Row]:
        """The rows, read one at a time. Each access parses the file again."""
        records = _records(self.decoded.lines(), self.delimiter)
        return self._rows(record for record in records if record[0] > self.header_line)

    def _rows(self, records: Iterable[Record]) -> Iterator[Row]:
        """Yield the rows. Short rows after a blank line are held back until a later row continues the table."""
        width, after_blank = len(self.header), False
        waiting: list[Record] = []
        for line, cells in records:
            if len(cells) == width > 1 and not after_blank:
                yield self._row(line, cells)  # fast path for nearly all rows
            elif _is_blank_line(cells, width):
                after_blank = True
            elif after_blank and len(cells) < width:
                waiting.append((line, cells))
            else:
                yield from (self._row(*record) for record in waiting)
                waiting, after_blank = [], False
                yield self._row(line, cells)
        above = [ignored for ignored in self.ignored if ignored.reason != FOOTER]
        self.ignored = above + [self._ignored(*record, FOOTER) for record in waiting]

    def _row(self, line: int, cells: list[str]) -> Row:
        cells = restore_row(cells) if self.restore_guard else cells
        missing = len(self.header) - len(cells)
        if missing > 0:
            return Row(line, cells + [""] * missing, warning=SHORT_ROW)
        return Row(line, cells, error=LONG_ROW if missing else "")

    def _ignored(self, line: int, cells: list[str], reason: str) -> IgnoredLine:
        return IgnoredLine(line, self.delimiter.join(cells), reason)

    def _read_header(self) -> None:
        """Read up to the header line, or the first non-empty line after it, and set the header."""
        records = _records(self.decoded.lines(), self.delimiter)
        for line, cells in records:
            if cells and line >= self.header_line:
                below = [cells for _line, cells in islice(records, 1000) if cells]
                self.header, self.header_line = self._names(cells, below), line
                self.note = "" if below else _("The file has a header and no rows below it.")
                return
            if cells:
                self.ignored.append(self._ignored(line, cells, BEFORE_HEADER))
        raise UsageError(
            _("The file ends before line {line}, so that line cannot be the header.").format(
                line=self.header_line
            ),
            _("Name the line that holds the column names."),
        )

    def _names(self, cells: list[str], below: Sequence[Sequence[str]]) -> list[str]:
        names = restore_row(cells) if self.restore_guard else cells
        spare = [""] * _spare_columns(len(cells), below)
        return _distinct([name.strip() for name in names] + spare)


def read_sheet(
    data: bytes, *, encoding: str = "", delimiter: str = "", header_row: int = 0, restore_guard: bool = True
) -> Sheet:
    """Read a CSV file. Arguments that are not given are detected.

    Args:
        data: The content of the file.
        encoding: Name of the encoding.
        delimiter: The delimiter.
        header_row: Line number of the header, starting at 1.
        restore_guard: Whether to remove the apostrophes of the formula guard.

    Raises:
        ArchiveError: The file is not a text table; may also be raised while the rows are read.
        UsageError: The encoding, the delimiter or the header row is not possible.
    """
    decoded = decode(data, encoding)
    head = decoded.head()
    cut_at = delimiter_sign(delimiter) if delimiter else find_delimiter(head)
    line = header_row or _header_line(decoded, head_rows(head, cut_at), cut_at)
    sheet = Sheet([], cut_at, line, decoded, restore_guard=restore_guard)
    sheet._read_header()
    return sheet


def _header_line(decoded: Decoded, rows: list[list[str]], delimiter: str) -> int:
    if not any(cell.strip() for row in rows for cell in row):
        raise ArchiveError(_("The file is empty."), _("Choose a file with a header and rows below it."))
    above = 1 if separator_of(next(decoded.lines())) else 0
    index = above + find_header(rows[above:])
    line, _cells = next(islice(_records(decoded.lines(), delimiter), index, None))
    return line


def _spare_columns(width: int, rows: Sequence[Sequence[str]]) -> int:
    """Return the number of columns without a name, if the rows but not the header end with a delimiter."""
    usual = Counter(map(len, rows)).most_common(1)
    if not usual or any(cell.strip() for row in rows for cell in row[width:]):
        return 0
    return max(0, usual[0][0] - width)


def _distinct(names: list[str]) -> list[str]:
    """Return unique names for all columns. They are not translated, because saved mappings and --map refer to them."""
    given, copies = set(names), Counter[str]()
    distinct: dict[str, None] = {}
    for number, name in enumerate(names, 1):
        base = free = name or f"Column {number}"
        while free in distinct or (free != name and free in given):
            copies[base] += 1
            free = f"{base} ({copies[base] + 1})"
        distinct[free] = None
    return list(distinct)


def _is_blank_line(cells: list[str], width: int) -> bool:
    """Return whether a line is blank. In a table with a single column, an empty cell in quotes is a value."""
    return not cells or (width > 1 and len(cells) == 1 and not cells[0].strip())


def _records(lines: Iterable[str], delimiter: str) -> Iterator[Record]:
    """Yield all records, including blank ones, with the line number at which they start."""
    csv.field_size_limit(MAX_CELL)
    reader = csv.reader(chain(lines, [_END]), delimiter=delimiter)
    line = 1
    try:
        while not (cells := next(reader)) or not cells[-1].endswith(_END):
            yield line, cells
            line = reader.line_num + 1
    except csv.Error as error:
        raise ArchiveError(
            _("The row that begins on line {line} has a cell of more than {limit} characters.").format(
                line=line, limit=MAX_CELL
            ),
            _("Look for a quote that is opened there and never closed."),
        ) from error
    if cells != [_END]:
        raise ArchiveError(
            _("The row that begins on line {line} opens a quote that is never closed.").format(line=line),
            _("Close the quote; if the file was cut off there, export it again."),
        )
