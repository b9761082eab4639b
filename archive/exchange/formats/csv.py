"""CSV: text tables with commas, semicolons or tabs as delimiters."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain

from archive.errors import ArchiveError, UsageError
from archive.exchange.csv_table import read_sheet
from archive.exchange.detect import decode
from archive.exchange.format import Certainty, Format, ReadOptions, Source, Table, WriteOptions
from archive.exchange.kinds import NotText
from archive.exchange.writer import csv_pieces
from archive.text import N_, _

_SUFFIXES = (".csv", ".tsv", ".txt")
_DELIMITERS = {".tsv": "\t"}
_HEAD = 4096  # bytes that show whether a file is text


def _sniff(head: bytes, suffix: str) -> Certainty:
    """Accept any text, because any text may be a table, and `_check` says why some cannot be read."""
    try:
        decode(head[:_HEAD], is_whole=False)
    except NotText:
        return Certainty.NO
    except ArchiveError:
        pass
    return Certainty.LIKELY if suffix in _SUFFIXES else Certainty.POSSIBLE


def _check(head: bytes, options: ReadOptions) -> None:
    decode(head, options.encoding, is_whole=False)


def _read(data: bytes, options: ReadOptions) -> Source:
    sheet = read_sheet(
        data,
        encoding=options.encoding,
        delimiter=options.delimiter,
        header_row=options.header_row,
        restore_guard=not options.raw,
    )
    return Source(
        header=sheet.header,
        rows=sheet,
        ignored=sheet.ignored,
        notes=sheet.notes,
        encoding=sheet.decoded.encoding,
        samples=sheet.decoded.samples,
        delimiter=sheet.delimiter,
    )


def _write(tables: Sequence[Table], options: WriteOptions) -> Iterator[bytes]:
    if len(tables) != 1:
        raise UsageError(_("A CSV file holds exactly one table."), _("Export each table to its own file."))
    return csv_pieces(
        chain([tables[0].header], tables[0].rows),
        delimiter=options.delimiter or _DELIMITERS.get(options.suffix, ","),
        for_file=options.for_file,
        bom=options.bom,
        raw=options.raw,
        encoding=options.encoding,
    )


def _loses(table: Table) -> list[str]:
    if not table.unknown:
        return []
    sentence = _("CSV leaves out fields that a newer version of this program added: {names}.")
    return [sentence.format(names=", ".join(sorted(table.unknown)))]


FORMAT = Format(
    key="csv",
    label=N_("CSV"),
    suffixes=_SUFFIXES,
    place=1,
    sniff=_sniff,
    read=_read,
    check=_check,
    options=frozenset({"encoding", "delimiter", "header_row", "raw"}),
    write=_write,
    loses=_loses,
)
