"""A report as data: JSON, and rows for CSV. Money is a decimal string, a share a fraction, a day ISO 8601."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from archive.analysis.report import MONEY, Figure, Report, Row, Table, Value
from archive.errors import NotFound
from archive.model.numbers import NO_CURRENCY
from archive.text import _

FIGURE_COLUMNS = ("key", "label", "value", "currency", "unit", "n", "low", "high", "note")


def as_json(report: Report) -> dict[str, Any]:
    """The JSON form."""
    return {
        "report": report.name,
        "as_of": report.as_of.isoformat(),
        "period": {"from": report.start.isoformat(), "to": report.end.isoformat()},
        "currency": _currency(report),
        "n": report.n,
        "figures": {figure.key: _figure(figure) for figure in report.figures},
        "tables": {table.key: [_record(table, row) for row in table.rows] for table in report.tables},
        "notes": list(report.notes),
    }


def _figure(figure: Figure) -> dict[str, Any]:
    return {
        "value": _plain(figure.value),
        "unit": figure.unit,
        "n": figure.n,
        "low": _plain(figure.low),
        "high": _plain(figure.high),
        "note": figure.note,
    }


def _record(table: Table, row: Row) -> dict[str, Any]:
    pairs = zip(table.columns, row.cells, strict=True)
    return {column.key: _plain(cell) for column, cell in pairs}


def _plain(value: Value) -> Any:
    if isinstance(value, Decimal):
        return f"{value:f}"
    return value.isoformat() if isinstance(value, date) else value


def figures_table(report: Report) -> list[list[str]]:
    """The figures as rows, a header first."""
    own = [key for key in FIGURE_COLUMNS if key != "currency"]
    rows = [[_cell(getattr(figure, key)) for key in own] for figure in report.figures]
    for figure, row in zip(report.figures, rows, strict=True):
        row.insert(FIGURE_COLUMNS.index("currency"), _currency(report) if figure.unit == MONEY else "")
    return [list(FIGURE_COLUMNS), *rows]


def table_rows(report: Report, key: str) -> list[list[str]]:
    """A table as rows, a header first; NotFound names the tables there are."""
    tables = {table.key: table for table in report.tables}
    if key not in tables:
        raise NotFound(
            _("The report {name} has no table {key}.").format(name=report.name, key=key),
            _("It has {names}.").format(names=", ".join(tables)) if tables else "",
        )
    table = tables[key]
    money = [column.unit == MONEY for column in table.columns]
    header = [[column.key, f"{column.key}_currency"] for column in table.columns]
    rows = ([[_cell(cell), _currency(report)] for cell in row.cells] for row in table.rows)
    return [
        [text for pair, is_money in zip(cells, money, strict=True) for text in pair[: 1 + is_money]]
        for cells in (header, *rows)
    ]


def _currency(report: Report) -> str:
    return "" if report.currency == NO_CURRENCY else report.currency


def _cell(value: Value) -> str:
    plain = _plain(value)
    return "" if plain is None else str(plain)
