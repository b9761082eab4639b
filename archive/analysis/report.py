"""The one object every report returns: figures, tables, pictures and notes. The screen, the command line and the
exports read it and nothing else, so that a new report is one module.

Values are plain: a count is an int, a share a float from 0 to 1, money a Decimal in the report's currency, a day a
`date`, and None stands for what is not known or not defined; `note` then says why.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from itertools import compress
from typing import NamedTuple

from archive.analysis.pictures import Picture

Value = int | float | Decimal | str | date | None

# What a value is, and with it how it is shown and exported.
COUNT, NUMBER, SHARE, MONEY, DAYS, DATE, TEXT = "count", "number", "share", "money", "days", "date", "text"


class Opens(NamedTuple):
    """The records behind a figure or a row: what enter shows."""

    table: str
    uids: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Figure:
    """One number with a stable key.

    `n` is how many cases it rests on and `k` how many of them count, if it is a proportion of cases; `low` and `high`
    are its 95 % interval, `before` its value in the period before. `why` is the formula with the numbers and its
    source, `note` the reason if there is no value, `omitted` says what the figure leaves out and why.
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
    top: bool = False  # one of the few that stand above everything else on the screen


class Column(NamedTuple):
    """A column of a table; `unit` as of a figure. A column that is `in_files_only` is not on the screen."""

    key: str
    label: str
    unit: str = TEXT
    in_files_only: bool = False


class Row(NamedTuple):
    """A line of a table: a value for each column, the records it opens, and why it stands there."""

    cells: tuple[Value, ...]
    opens: Opens | None = None
    why: str = ""


@dataclass(frozen=True, kw_only=True)
class Table:
    """Rows in the order that matters most first. `empty` is the sentence for no rows."""

    key: str
    label: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...] = ()
    empty: str = ""
    note: str = ""

    def on_screen(self) -> Table:
        """Return the table without the columns that only files have."""
        if not any(column.in_files_only for column in self.columns):
            return self
        kept = [not column.in_files_only for column in self.columns]
        rows = tuple(row._replace(cells=tuple(compress(row.cells, kept))) for row in self.rows)
        return replace(self, columns=tuple(compress(self.columns, kept)), rows=rows)


@dataclass(frozen=True, kw_only=True)
class Report:
    """An answer. `n` is how many records of the main kind it rests on; `notes` say what was left out and why."""

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
        """The figure with this key; KeyError where there is none."""
        return {figure.key: figure for figure in self.figures}[key]

    def table(self, key: str) -> Table:
        """The table with this key; KeyError where there is none."""
        return {table.key: table for table in self.tables}[key]
