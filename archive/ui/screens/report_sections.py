"""Tables and figures of a report as sections: rows, with the records and the explanation of each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property
from typing import Literal, Protocol

from archive.analysis.export import Heading, figure_headings, figures_table, table_headings, table_rows
from archive.analysis.formatting import (
    NOTHING,
    Form,
    cases,
    cell,
    change,
    column_places,
    header,
    interval,
    is_number,
    rests_on_few,
    with_unit,
    without_unit,
)
from archive.analysis.report import COUNT, DATE, TEXT, Figure, Opens, Report, Table
from archive.text import _, cell_width
from archive.ui.widgets.table_layout import Column
from archive.ui.widgets.table_lines import TONE, Cells
from archive.ui.widgets.table_natural import Natural

Align = Literal["left", "right"]
MEASURED = 500  # number of rows from which column widths and decimals are determined
WIDEST = 60  # maximum width of a text column
FIGURE = 32  # minimum width of a figure's label, because several labels begin with the same words
SIGN = 3  # maximum width of a column of signs, as opposed to names
DAY = 10  # width of a date without its weekday


class Section(Protocol):
    """Rows of a report. `key` and row numbers do not change if the report is recalculated."""

    @property
    def key(self) -> str: ...

    @property
    def label(self) -> str: ...

    @property
    def note(self) -> str: ...

    @property
    def empty(self) -> str: ...

    @property
    def count(self) -> int: ...

    @property
    def columns(self) -> list[Natural]: ...

    def cells(self, row: int) -> Cells:
        """Return the texts of a row by column key."""

    def opens(self, row: int) -> Opens | None:
        """Return the records behind a row."""

    def why(self, row: int) -> tuple[str, str]:
        """Return name and explanation of a row; the explanation is "" if there is none."""

    def lines(self) -> list[list[str]]:
        """Return all rows for an export, with a header."""

    def headings(self) -> list[Heading]:
        """Return the headings of the columns of an export."""


class TableSection:
    """A table of a report."""

    def __init__(self, report: Report, table: Table, form: Form) -> None:
        self._report, self._whole = report, table
        self._table = table = table.on_screen()
        self._form = form
        self.key, self.label, self.note = table.key, table.label, table.note
        self.empty = table.empty or _("No data in this period.")

    @property
    def count(self) -> int:
        """The number of rows."""
        return len(self._table.rows)

    @cached_property
    def _places(self) -> list[int | None]:
        rows = self._table.rows[:MEASURED]
        return [
            column_places([row.cells[at] for row in rows], column.unit, self._form)
            for at, column in enumerate(self._table.columns)
        ]

    @cached_property
    def columns(self) -> list[Natural]:
        """Columns as wide as their content. In a narrow window empty columns are dropped first, then the last ones.

        The first column and the name are never dropped.
        """
        texts = [self._texts(row) for row in range(min(MEASURED, self.count))]
        naturals = [self._column(at, [line[at] for line in texts]) for at in range(len(self._table.columns))]
        name = next(
            (at for at, natural in enumerate(naturals) if natural.is_text and natural.least > SIGN), 0
        )
        stays = (0, name)
        return [_ranked(each, 0 if at in stays else at, texts, at) for at, each in enumerate(naturals)]

    def _column(self, at: int, texts: list[str]) -> Natural:
        column = self._table.columns[at]
        label = header(column, self._form)
        cells = max(map(cell_width, texts), default=0)
        width = min(WIDEST, max(cell_width(label), cells))
        align = _align(is_right=is_number(column.unit))
        is_day = column.unit == DATE
        full = Column(str(at), label, width, align=align, secondary=is_day)
        short = replace(full, key=_short(at), width=max(DAY, cell_width(label))) if is_day else None
        wraps = 0 if column.unit == TEXT else DAY if is_day else cells
        return Natural(full, column.unit == TEXT, short=short if width > DAY else None, cells=wraps)

    def _texts(self, row: int) -> list[str]:
        values = self._table.rows[row].cells
        return [
            cell(value, column, self._form, places)
            for value, column, places in zip(values, self._table.columns, self._places, strict=True)
        ]

    def cells(self, row: int) -> Cells:
        """Return the texts of a row; dates also without their weekday."""
        texts = self._texts(row)
        days = [at for at, column in enumerate(self._table.columns) if column.unit == DATE]
        return {str(at): text for at, text in enumerate(texts)} | {_short(at): texts[at][:DAY] for at in days}

    def opens(self, row: int) -> Opens | None:
        """Return the records behind a row."""
        return something(self._table.rows[row].opens)

    def why(self, row: int) -> tuple[str, str]:
        """Return the first cell of a row, and its explanation."""
        return self._texts(row)[0], self._table.rows[row].why

    def lines(self) -> list[list[str]]:
        """Return the table for an export, with a header."""
        return table_rows(self._report, self.key)

    def headings(self) -> list[Heading]:
        """Return the headings of the columns of an export."""
        return table_headings(self._whole)


class FigureSection:
    """All figures of a report, one row each."""

    key = "figures"
    note = ""

    def __init__(self, report: Report, form: Form) -> None:
        self._report = report
        self._form = form
        self.label = _("All figures")
        self.empty = _("This report has no figures.")

    @property
    def figures(self) -> Sequence[Figure]:
        """The figures."""
        return self._report.figures

    @property
    def top(self) -> list[Figure]:
        """The headline figures."""
        return [figure for figure in self.figures if figure.top]

    @property
    def count(self) -> int:
        """The number of figures."""
        return len(self.figures)

    @cached_property
    def columns(self) -> list[Natural]:
        """Label, value, interval, n, change, and a note with the reason for a missing value, or omissions."""
        return [
            replace(self._column("label", _("Figure"), 0, is_text=True), keep=FIGURE),
            self._column("value", _("Value"), 0, is_right=True),
            self._column("between", _("95 % interval"), 0),
            self._column("n", _("Cases"), 0, is_right=True),
            self._column("change", _("Previous period"), 1),
            self._column("note", "", 3, is_text=True),
        ]

    def _column(
        self, key: str, label: str, priority: int, *, is_text: bool = False, is_right: bool = False
    ) -> Natural:
        texts = [self.cells(row)[key] for row in range(self.count)]
        width = min(WIDEST, max(map(cell_width, [label, *texts])))
        return Natural(Column(key, label, width, 0, priority, _align(is_right=is_right)), is_text)

    def cells(self, row: int) -> Cells:
        """Return the texts of a figure; a rate based on few cases is dimmed."""
        figure = self.figures[row]
        return {
            "label": figure.label,
            "value": with_unit(figure.value, figure.unit, self._form),
            "between": interval(figure, self._form),
            "n": "" if figure.n is None else without_unit(figure.n, COUNT, self._form),
            "change": change(figure, self._form),
            "note": "; ".join(filter(None, (figure.note, figure.omitted))),
            TONE: "dim" if figure.value is None or rests_on_few(figure) else "",
        }

    def opens(self, row: int) -> Opens | None:
        """Return the records behind a figure."""
        return something(self.figures[row].opens)

    def why(self, row: int) -> tuple[str, str]:
        """Return a figure with its value, and its formula with numbers filled in."""
        return why_of(self.figures[row], self._form)

    def lines(self) -> list[list[str]]:
        """Return the figures for an export, with a header."""
        return figures_table(self._report)

    def headings(self) -> list[Heading]:
        """Return the headings of the columns of an export."""
        return figure_headings()


def _short(at: int) -> str:
    return f"{at}.short"


def _ranked(natural: Natural, priority: int, texts: Sequence[Sequence[str]], at: int) -> Natural:
    """Set the priority of a column and its short form, and whether it is empty."""
    column, short = natural.column, natural.short
    return replace(
        natural,
        column=replace(column, priority=priority),
        short=replace(short, priority=priority) if short else None,
        is_empty=bool(texts) and all(line[at] == NOTHING for line in texts),
    )


def _align(*, is_right: bool) -> Align:
    return "right" if is_right else "left"


def something(opens: Opens | None) -> Opens | None:
    """Return `opens`, or None if it contains no records."""
    return opens if opens and opens.uids else None


def why_of(figure: Figure, form: Form) -> tuple[str, str]:
    """Return a figure with its value, and its explanation."""
    headline = f"{figure.label}: {with_unit(figure.value, figure.unit, form)}"
    about = [interval(figure, form), cases(figure.n, form), change(figure, form)]
    if about[0]:
        about[0] = _("95 % interval {low_to_high}").format(low_to_high=about[0])
    return headline, "\n\n".join(
        filter(None, (figure.why, figure.note, figure.omitted, " · ".join(filter(None, about))))
    )


def customers_opened_by(section: Section) -> list[str]:
    """List the customers opened by the rows of a section, for next and previous."""
    opened = [section.opens(row) for row in range(section.count)]
    single = [
        opens.uids[0] for opens in opened if opens and opens.table == "customers" and len(opens.uids) == 1
    ]
    return list(dict.fromkeys(single))
