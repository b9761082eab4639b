"""Export a list on the screen to a file: its marked rows or all it shows, in its order and columns."""

from __future__ import annotations

import itertools
import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from archive.exchange.format import Table, WriteOptions
from archive.exchange.formats import format_for, suffix_of
from archive.files import make_folder, write_whole
from archive.service.archive import Archive
from archive.service.exporting import written
from archive.service.folder import home_folder
from archive.service.progress import Progress
from archive.service.sheets import Sheet, SheetColumn
from archive.text import _


class ExportOptions(NamedTuple):
    """What to export.

    Attributes:
        name: The file, whose suffix decides the format; relative to the export folder. "" for a new file in the
            default format, named after the list, the date and the time.
        is_all: Whether to export all rows on the screen even if some are marked.
        every_column: Whether to export all columns instead of those on the screen.
        is_stored: Whether to write stored keys instead of the headings and words on the screen.
    """

    name: str = ""
    is_all: bool = False
    every_column: bool = False
    is_stored: bool = False


USUAL = ExportOptions()


class Exported(NamedTuple):
    """A file that was written, and the number of its rows."""

    path: Path
    rows: int


def export_list(
    archive: Archive, sheet: Sheet, options: ExportOptions = USUAL, progress: Progress | None = None
) -> Exported:
    """Write the marked rows of a list, or all rows on the screen if none is marked.

    Raises:
        UsageError: No format has the suffix of the file.
        CannotWrite: The file exists, or could not be written.
        Stopped: `progress` was stopped; nothing was written.
    """
    table, number = sheet_table(sheet, options), itertools.count()
    lines = (
        line for line, _number in zip(_lines(sheet, options, progress or Progress()), number, strict=False)
    )
    name = options.name.strip()
    form = format_for(name)
    suffix = suffix_of(name) or form.suffixes[0]
    content = b"".join(written(Table(table.name, table.header, lines), form, WriteOptions(suffix=suffix)))
    if name:
        target = export_path(archive, name)
        if target.parent == export_folder(archive):
            _make_export_folder(archive)
        write_whole(target, content)
    else:
        _make_export_folder(archive)
        target = _write_anew(export_folder(archive), default_stem(archive, sheet), suffix, content)
    return Exported(target.absolute(), next(number))


def sheet_table(sheet: Sheet, options: ExportOptions) -> Table:
    """Return the table to be written, without its rows."""
    columns = _columns(sheet, options)
    return Table(sheet.name, [column.key if options.is_stored else column.heading for column in columns], ())


def _columns(sheet: Sheet, options: ExportOptions) -> Sequence[SheetColumn]:
    return sheet.all_columns if options.every_column else sheet.columns


def _lines(sheet: Sheet, options: ExportOptions, progress: Progress) -> Iterator[list[str]]:
    cells = [
        column.stored if options.is_stored and column.stored else column.cell
        for column in _columns(sheet, options)
    ]
    ids = sheet.shown if options.is_all or not sheet.marked else sheet.marked
    for id in progress.over(ids, len(ids)):
        line = sheet.line(id)
        if line is not None:
            yield [cell(line) for cell in cells]


def default_stem(archive: Archive, sheet: Sheet) -> str:
    """Return the default name of a file, without its suffix."""
    return f"{sheet.name}-{archive.clock():%Y-%m-%d-%H%M}"


def export_path(archive: Archive, name: str) -> Path:
    """Return the path of a file that the user named; without a suffix, it gets that of the default format."""
    suffix = "" if suffix_of(name) else format_for("").suffixes[0]
    return export_folder(archive) / f"{home_folder(name)}{suffix}"


def export_folder(archive: Archive) -> Path:
    """Return the export folder of the settings, by default the working folder."""
    named = archive.settings.export_folder
    return Path(os.path.expanduser(named)) if named else Path.cwd()  # noqa: PTH111 - keeps an unknown ~user


def _make_export_folder(archive: Archive) -> None:
    make_folder(export_folder(archive), _("Specify another export folder in the settings."))


def _write_anew(folder: Path, stem: str, suffix: str, content: bytes) -> Path:
    for number in itertools.count(1):
        path = folder / (f"{stem}{suffix}" if number == 1 else f"{stem}-{number}{suffix}")
        if not os.path.lexists(path):
            write_whole(path, content)
            return path
    raise AssertionError
