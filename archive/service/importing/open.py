"""Open a file for import: detect its format, read its header, and map its columns to fields."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import islice

from archive.errors import UsageError
from archive.exchange.format import Format, ReadOptions, Row, Source
from archive.exchange.formats import readable
from archive.exchange.layouts import layout_names
from archive.exchange.mapping import Mapped, guess_table, map_columns
from archive.exchange.paths import Place, place_of
from archive.exchange.source import choose_format
from archive.inputs import HEAD
from archive.model.fields import Record
from archive.model.identity_keys import phone_key
from archive.model.tables import STORED, public_name
from archive.service import mapping_store
from archive.service.importing.plan import MATCHES, MERGES, SAMPLES, ColumnReport, ImportOptions
from archive.text import _

_HEAD_ROWS = 50  # rows for detection and preview


@dataclass(frozen=True)
class Look:
    """The beginning of a file and the mapping of its columns, for a preview."""

    mapped: Mapped
    format: str
    encoding: str
    encoding_samples: tuple[str, ...]
    delimiter: str
    columns: list[ColumnReport]
    rows: list[list[str]]
    notes: list[str]


def look(data: bytes, options: ImportOptions = ImportOptions(), name: str = "") -> Look:  # noqa: B008 - frozen
    """Read the beginning of a file.

    Args:
        data: The content of the file.
        options: How to read it.
        name: The name of the file, whose suffix helps to detect the format.

    Raises:
        UsageError: An option is invalid.
        ArchiveError: The file cannot be read.
    """
    opened = Opened(data, options, name)
    source = opened.source
    rows = [row.cells for row in opened.head]
    columns = column_reports(opened.mapped, opened.width)
    for number, column in enumerate(columns):
        cells = [cells[number] for cells in rows if number < len(cells)]
        column.filled = sum(map(bool, cells))
        column.samples = samples_of(cells)
    return Look(
        opened.mapped,
        opened.format.key,
        source.encoding,
        source.samples,
        source.delimiter,
        columns,
        rows,
        source.notes,
    )


class Opened:
    """A file with its header read and its columns mapped. Constant values are appended as columns."""

    def __init__(self, data: bytes, options: ImportOptions, name: str = "") -> None:
        _check(options)
        self.format: Format = choose_format(data[:HEAD], name, options.format, options.encoding)
        assert self.format.read
        self.source: Source = self.format.read(data, _read_options(options))
        header = self.source.header
        self.width = len(header)
        self.head: list[Row] = list(islice(self.source.rows, _HEAD_ROWS))
        table = options.table or guess_table(header)
        self.cls: type[Record] = STORED[table]
        sets, self.customer = _constants(self.cls, options.sets)
        names = [f"={path}" for path in sets]
        self.constants = list(sets.values())
        samples = list(zip(*(row.cells for row in self.head if not row.error), strict=True))
        self.mapped = map_columns(
            table,
            [*header, *names],
            samples,
            {**options.maps, **dict(zip(names, sets, strict=True))},
            mapping_store.saved_mapping(table, header),
            options.layout,
        )


def _check(options: ImportOptions) -> None:
    """Raise UsageError if an option has an invalid value."""
    if options.table and options.table not in STORED:
        raise UsageError(
            _("There is no table {name}.").format(name=options.table),
            _("Choose one of {names}.").format(names=", ".join(map(public_name, STORED))),
        )
    _check_word(options.merge, MERGES)
    for rule in options.match:
        _check_word(rule, MATCHES)
    _check_layout(options.layout)
    _check_numbers(options)
    if options.region:
        _check_region(options.region)
    if options.date_order:
        _check_word(options.date_order, ["dmy", "mdy", "ymd"])
    if options.decimal:
        _check_word(options.decimal, [".", ","])


def _check_layout(layout: str) -> None:
    programs = layout_names()
    if layout not in ("auto", *programs):
        raise UsageError(
            _("There is no file format or known program named {name}.").format(name=layout),
            _("Choose one of {names}.").format(names=", ".join([*readable(), *programs])),
        )


def _check_numbers(options: ImportOptions) -> None:
    if min(options.header_row, options.max_errors or 0) < 0:
        raise UsageError(
            _("The header row and the number of errors cannot be negative."),
            _("Enter 0 or more, or leave the option out."),
        )


def _check_region(region: str) -> None:
    if not phone_key("2015550123", region).startswith("+"):  # only parsed with a known country
        raise UsageError(
            _("{word} is not a country code.").format(word=region),
            _("Enter two letters, such as CN, DE or US."),
        )


def _check_word(word: str, choices: Iterable[str]) -> None:
    if word not in choices:
        raise UsageError(
            _("{word} is not one of the choices.").format(word=word),
            _("Choose one of {names}.").format(names=", ".join(choices)),
        )


def _read_options(options: ImportOptions) -> ReadOptions:
    return ReadOptions(options.encoding, options.delimiter, options.header_row, options.raw, options.sheet)


def _constants(cls: type[Record], sets: Mapping[str, str]) -> tuple[dict[str, str], dict[str, str]]:
    """Split constants into values of the record, and values of new customers such as `customer.kind`."""
    mine, customers = {}, {}
    for key, text in sets.items():
        first, _dot, rest = key.partition(".")
        if place_of(cls, key) is None and first == "customer" and "customer" in cls.FIELDS and rest:
            customers[rest] = text
        else:
            mine[key] = text
    return mine, customers


def column_reports(mapped: Mapped, width: int) -> list[ColumnReport]:
    return [
        ColumnReport(target.header, _path(target.place), target.how, target.label)
        for target in mapped.targets[:width]
    ]


def _path(place: Place | None) -> str:
    return str(place) if place else ""


def samples_of(cells: Iterable[str]) -> list[str]:
    return list(islice(dict.fromkeys(cell for cell in cells if cell.strip()), SAMPLES))
