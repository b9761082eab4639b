"""The result of every report: figures, tables, charts and notes.

The screen, the command line and the exports depend only on this, so that a new report is a single module.

Values are plain: a count is an int, a share a float from 0 to 1, money a Decimal in the report's currency, a day a
`date`. None means unknown or undefined; `note` then gives the reason.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from itertools import compress
from typing import NamedTuple

from archive.analysis.pictures import Picture

Value = int | float | Decimal | str | date | None

# Units, which determine how values are formatted and exported.
COUNT, NUMBER, SHARE, MONEY, DAYS, DATE, TEXT = "count", "number", "share", "money", "days", "date", "text"


class Opens(NamedTuple):
    """The records behind a figure or a row, opened by enter."""

    table: str
    uids: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Figure:
    """A number with a stable key.

    Attributes:
        n: The number of cases it is based on.
        k: If it is a proportion of cases, the number of positive cases.
        low: Lower limit of its 95 % interval.
        high: Upper limit of its 95 % interval.
        before: Its value in the preceding period.
        note: The reason if there is no value.
        omitted: Which records the figure leaves out, and why.
        why: The formula with its numbers and their source.
        top: Whether it is one of the main figures, shown first on the screen.
    """

    key: str
    label: str
    value: Value
    unit: str = COUNT
    n: int | None = None
    k: int | None = None
    low: Value = None
    high: Value = None
    before: Value = None
    note: str = ""
    omitted: str = ""
    why: str = ""
    opens: Opens | None = None
    top: bool = False


class Column(NamedTuple):
    """A column of a table; `unit` as in a figure. `in_files_only` columns are exported but not shown on the screen."""

    key: str
    label: str
    unit: str = TEXT
    in_files_only: bool = False


class Row(NamedTuple):
    """A row of a table: one value per column, the records to open, and the explanation of the row."""

    cells: tuple[Value, ...]
    opens: Opens | None = None
    why: str = ""


@dataclass(frozen=True, kw_only=True)
class Table:
    """A table, most important rows first. `empty` is shown if there are no rows."""

    key: str
    label: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...] = ()
    empty: str = ""
    note: str = ""

    def on_screen(self) -> Table:
        """Return the table without its export-only columns."""
        if not any(column.in_files_only for column in self.columns):
            return self
        visible = [not column.in_files_only for column in self.columns]
        rows = tuple(row._replace(cells=tuple(compress(row.cells, visible))) for row in self.rows)
        return replace(self, columns=tuple(compress(self.columns, visible)), rows=rows)


@dataclass(frozen=True, kw_only=True)
class Report:
    """A calculated report. `n` is the number of records it is based on; `notes` list omissions with their reasons."""

    name: str
    title: str
    as_of: date
    start: date
    end: date
    currency: str
    n: int
    figures: tuple[Figure, ...] = ()
    tables: tuple[Table, ...] = ()
    pictures: tuple[Picture, ...] = ()
    notes: tuple[str, ...] = ()

    def figure(self, key: str) -> Figure:
        """Return the figure with this key.

        Raises:
            KeyError: There is no such figure.
        """
        return {figure.key: figure for figure in self.figures}[key]

    def table(self, key: str) -> Table:
        """Return the table with this key.

        Raises:
            KeyError: There is no such table.
        """
        return {table.key: table for table in self.tables}[key]
