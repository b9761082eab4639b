"""Rows as the bytes of a CSV file."""

import codecs
import csv
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from archive.errors import ArchiveError
from archive.exchange.guard import protect_row
from archive.exchange.sniff import DELIMITERS, MARKED, codec_name, delimiter_sign
from archive.text import _


def write_csv(
    rows: Iterable[Sequence[str]],
    *,
    delimiter: str = ",",
    for_file: bool,
    bom: bool | None = None,
    raw: bool = False,
    encoding: str = "utf-8",
) -> bytes:
    """All of `csv_pieces` at once."""
    return b"".join(
        csv_pieces(rows, delimiter=delimiter, for_file=for_file, bom=bom, raw=raw, encoding=encoding)
    )


def csv_pieces(
    rows: Iterable[Sequence[str]],
    *,
    delimiter: str = ",",
    for_file: bool,
    bom: bool | None = None,
    raw: bool = False,
    encoding: str = "utf-8",
) -> Iterator[bytes]:
    """The rows, the header first, as CSV, in pieces of some hundred rows.

    Files get a byte order mark and CRLF, for Excel, pipes neither; `bom` decides otherwise and concerns Unicode only.
    Formulas are guarded unless `raw`. `read_sheet` gives the same cells back. Raises ArchiveError for text
    that the encoding cannot hold, UsageError for an encoding or a delimiter that cannot be.
    """
    name = codec_name(encoding)
    encoder = codecs.getincrementalencoder(name)()
    if (for_file if bom is None else bom) and name in MARKED:
        yield encoder.encode("\ufeff")
    end = "\r\n" if for_file else "\n"
    lines = _csv_lines(rows if raw else map(protect_row, rows), delimiter_sign(delimiter), end)
    while piece := "".join(islice(lines, 500)):
        try:
            yield encoder.encode(piece)
        except UnicodeEncodeError as error:
            raise _not_encodable(error) from error
    yield encoder.encode("", final=True)


def _csv_lines(rows: Iterable[Sequence[str]], delimiter: str, end: str) -> Iterator[str]:
    """Lines that end with `end`. A cell is also quoted if another program might split it.

    A csv.writer quotes cells that hold a character of its line terminator, so its terminator has all of those.
    LibreOffice splits at commas, semicolons and tabs at once unless it is told otherwise.
    """
    splits = "\r\n" + "".join(DELIMITERS)
    plain = csv.writer(_Echo(), delimiter=delimiter, lineterminator=splits)
    quoted = csv.writer(_Echo(), delimiter=delimiter, lineterminator=splits, quoting=csv.QUOTE_ALL)
    for number, row in enumerate(rows):
        writer = quoted if (number == 0 or len(row) == 1) and _misleads(row) else plain
        yield writer.writerow(row)[: -len(splits)] + end


class _Echo:
    """A file for csv.writer, which hands back what `write` returns."""

    def write(self, line: str) -> str:
        return line


def _misleads(row: Sequence[str]) -> bool:
    """Whether a header, or a row of one cell, might be taken for a mark, for a `sep=` line, or be split elsewhere."""
    first = row[0].lower() if row else ""
    return first.startswith(("\ufeff", "sep=")) or any(sign in cell for cell in row for sign in DELIMITERS)


def _not_encodable(error: UnicodeEncodeError) -> ArchiveError:
    sign = error.object[error.start]
    return ArchiveError(
        _("The character U+{number} cannot be written as {encoding}.").format(
            number=f"{ord(sign):04X}", encoding=error.encoding.upper()
        ),
        _("Take it out of the text, or write UTF-8."),
    )
