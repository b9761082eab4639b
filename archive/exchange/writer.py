"""CSV output."""

import codecs
import csv
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from archive.errors import ArchiveError
from archive.exchange.detect import DELIMITERS, MARKED, codec_name, delimiter_sign
from archive.exchange.guard import protect_row
from archive.text import _


def csv_pieces(
    rows: Iterable[Sequence[str]],
    *,
    delimiter: str = ",",
    for_file: bool,
    bom: bool | None = None,
    raw: bool = False,
    encoding: str = "utf-8",
) -> Iterator[bytes]:
    """Yield the rows, header first, as encoded CSV in chunks of a few hundred rows.

    `read_sheet` restores the same cells.

    Args:
        rows: The rows.
        delimiter: The delimiter.
        for_file: Whether to write a byte order mark and CRLF, as Excel expects; pipes get neither.
        bom: Overrides `for_file` for the byte order mark; has no effect for encodings other than Unicode.
        raw: Turn off the formula guard.
        encoding: Name of the encoding.

    Raises:
        ArchiveError: The encoding cannot represent a character.
        UsageError: The encoding or the delimiter is not possible.
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
    """Yield lines that end with `end`. Cells that another program might split are quoted as well.

    csv.writer quotes cells that contain a character of its line terminator, so the terminator contains all delimiters.
    By default, LibreOffice splits at commas, semicolons and tabs at the same time.
    """
    splits = "\r\n" + "".join(DELIMITERS)
    plain = csv.writer(_Echo(), delimiter=delimiter, lineterminator=splits)
    quoted = csv.writer(_Echo(), delimiter=delimiter, lineterminator=splits, quoting=csv.QUOTE_ALL)
    for number, row in enumerate(rows):
        writer = quoted if (number == 0 or len(row) == 1) and _misleads(row) else plain
        yield writer.writerow(row)[: -len(splits)] + end


class _Echo:
    """A file object for csv.writer whose `write` returns the text."""

    def write(self, line: str) -> str:
        return line


def _misleads(row: Sequence[str]) -> bool:
    """Return whether a header, or a row with a single cell, could be split or mistaken for a `sep=` line or a mark."""
    first = row[0].lower() if row else ""
    return first.startswith(("\ufeff", "sep=")) or any(sign in cell for cell in row for sign in DELIMITERS)


def _not_encodable(error: UnicodeEncodeError) -> ArchiveError:
    sign = error.object[error.start]
    return ArchiveError(
        _("The character U+{number} cannot be written as {encoding}.").format(
            number=f"{ord(sign):04X}", encoding=error.encoding.upper()
        ),
        _("Remove it from the text, or export as UTF-8."),
    )
