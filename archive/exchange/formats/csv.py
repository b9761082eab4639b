"""Text tables with commas, semicolons or tabs as delimiters."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from archive.errors import ArchiveError
from archive.exchange.csv_table import Sheet, read_sheet
from archive.exchange.detect import decode
from archive.exchange.format import Format, ReadOptions, WriteOptions
from archive.exchange.writer import csv_pieces
from archive.text import N_


def _sniff(data: bytes) -> bool:
    """Accept any text, because any text may be a table."""
    try:
        decode(data[:4096], is_whole=False)
    except ArchiveError:
        return False
    return True


def _read(data: bytes, options: ReadOptions) -> Sheet:
    return read_sheet(
        data,
        encoding=options.encoding,
        delimiter=options.delimiter,
        header_row=options.header_row,
        restore_guard=not options.raw,
    )


def _write(rows: Iterable[Sequence[str]], options: WriteOptions) -> Iterator[bytes]:
    return csv_pieces(
        rows,
        delimiter=options.delimiter,
        for_file=options.for_file,
        bom=options.bom,
        raw=options.raw,
        encoding=options.encoding,
    )


FORMAT = Format(
    "csv",
    N_("CSV, a table of text for every spreadsheet"),
    (".csv", ".tsv", ".txt"),
    _sniff,
    _read,
    _write,
    N_("One table a file; what a newer version of this program keeps beside the fields is left out."),
)
