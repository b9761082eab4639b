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
from archive.exchange.format import BEFORE_HEADER, FOOTER, IgnoredLine, Row
from archive.exchange.guard import restore_row
from archive.text import _

SHORT_ROW = "short-row"
LONG_ROW = "long-row"
MAX_CELL = 10_000_000  # characters; longer cells are nearly always caused by a missing closing quote

_END = "\0"  # sentinel line: no text contains it, and an unclosed quote absorbs it

Record = tuple[int, list[str]]


@dataclass
class Sheet:
    """A table of text. Header names are non-empty and unique; `header_line` is the line number in the file.

    Each iteration parses the file again. `ignored` includes footers only after an iteration has been exhausted, and
    `notes`, messages about a readable but implausible table, only then a note about a last row that was cut off.
    """

    header: list[str]
    delimiter: str
    header_line: int
    decoded: Decoded
    ignored: list[IgnoredLine] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    restore_guard: bool = True

    def __iter__(self) -> Iterator[Row]:
        """Yield the rows, read one at a time."""
        records = _records(self.decoded.lines(), self.delimiter)
        return self._rows(record for record in records if record[0] > self.header_line)

    def _rows(self, records: Iterable[Record]) -> Iterator[Row]:
        """Yield the rows. Short rows after a blank line are held back until a later row continues the table."""
        width, after_blank, ends_short = len(self.header), False, False
        waiting: list[Record] = []
        for line, cells in records:
            if len(cells) == width > 1 and not after_blank:
                ends_short = False
                yield self._row(line, cells)  # fast path for nearly all rows
            elif _is_blank_line(cells, width):
                after_blank = True
            elif after_blank and len(cells) < width:
                waiting.append((line, cells))
            else:
                for record in [*waiting, (line, cells)]:
                    row = self._row(*record)
                    ends_short = row.warning == SHORT_ROW and not row.is_blank
                    yield row
                waiting, after_blank = [], False
        self._finish(waiting, ends_short)

    def _finish(self, footer: Iterable[Record], ends_short: bool) -> None:
        above = [ignored for ignored in self.ignored if ignored.reason != FOOTER]
        self.ignored[:] = above + [self._ignored(*record, FOOTER) for record in footer]
        cut_off = _(
            "The last row has too few cells and no line break after it: the file may have been cut off."
        )
        if ends_short and not self.decoded.is_ended and cut_off not in self.notes:
            self.notes.append(cut_off)

    def _row(self, line: int, cells: list[str]) -> Row:
        cells = restore_row(cells) if self.restore_guard else cells
        missing = len(self.header) - len(cells)
        if missing > 0:
            sentence = _("The row has fewer cells than the header; the missing ones are treated as empty.")
            return Row(line, cells + [""] * missing, warning=SHORT_ROW, sentence=sentence)
        return Row(line, cells) if not missing else self._long_row(line, cells)

    def _long_row(self, line: int, cells: list[str]) -> Row:
        sentence = _("The row has {n} cells, but the header has only {width}.")
        return Row(
            line, cells, error=LONG_ROW, sentence=sentence.format(n=len(cells), width=len(self.header))
        )

    def _ignored(self, line: int, cells: list[str], reason: str) -> IgnoredLine:
        return IgnoredLine(line, self.delimiter.join(cells), reason)

    def _read_header(self) -> None:
        """Read up to the header line, or the first non-empty line after it, and set the header."""
        records = _records(self.decoded.lines(), self.delimiter)
        for line, cells in records:
            if cells and line >= self.header_line:
                below = [cells for _line, cells in islice(records, 1000) if cells]
                self.header, self.header_line = self._names(cells, below), line
                if not below:
                    self.notes.append(_("The file has a header but no rows."))
                return
            if cells:
                self.ignored.append(self._ignored(line, cells, BEFORE_HEADER))
        raise UsageError(
            _("The file ends before line {line}, so that line cannot be the header.").format(
                line=self.header_line
            ),
            _("Specify the line with the column names."),
        )

    def _names(self, cells: list[str], below: Sequence[Sequence[str]]) -> list[str]:
        names = restore_row(cells) if self.restore_guard else cells
        extra = [""] * _spare_columns(len(cells), below)
        return _distinct([name.strip() for name in names] + extra)


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
    originals, copies = set(names), Counter[str]()
    distinct: dict[str, None] = {}
    for number, name in enumerate(names, 1):
        base = free = name or f"Column {number}"
        while free in distinct or (free != name and free in originals):
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
            _("The row that begins on line {line} has a cell with more than {limit} characters.").format(
                line=line, limit=MAX_CELL
            ),
            _("Look for a quote there that is never closed."),
        ) from error
    if cells != [_END]:
        raise ArchiveError(
            _("The row that begins on line {line} opens a quote that is never closed.").format(line=line),
            _("Close the quote; if the file was cut off there, export it again."),
        )
