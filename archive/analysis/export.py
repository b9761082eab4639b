"""Export of a report as JSON, and as rows for CSV.

Money is a decimal string, a share a fraction, a date ISO 8601. Exports contain the whole report: all rows,
explanations and notes, and the values of its charts.
"""

from __future__ import annotations

from dataclasses import fields
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from archive.analysis.pictures import Picture
from archive.analysis.report import MONEY, TEXT, Figure, Report, Row, Table, Value
from archive.errors import NotFound
from archive.model.currencies import NO_CURRENCY
from archive.text import _

FIGURE_COLUMNS = (
    *("key", "label", "value", "currency", "unit", "n", "low", "high", "note"),
    *("k", "before", "omitted", "why"),
)
WHY = "why"


def as_json(report: Report) -> dict[str, Any]:
    """Return the report as JSON-compatible data."""
    return {
        "report": report.name,
        "as_of": report.as_of.isoformat(),
        "period": {"from": report.start.isoformat(), "to": report.end.isoformat()},
        "currency": _currency(report),
        "n": report.n,
        "figures": {figure.key: _figure(figure) for figure in report.figures},
        "tables": {table.key: [_record(table, row) for row in table.rows] for table in report.tables},
        "notes": list(report.notes),
        "table_notes": {table.key: note for table in report.tables if (note := _table_note(table))},
        "pictures": {picture.key: _picture(picture) for picture in report.pictures},
    }


def _table_note(table: Table) -> str:
    """Return the table's note, with its message for an empty table if it has no rows."""
    return " ".join(filter(None, (table.note, "" if table.rows else table.empty)))


def _picture(picture: Picture) -> dict[str, Any]:
    """Return the fields of a chart by name."""
    return {
        field.name: _plain_tree(getattr(picture, field.name))
        for field in fields(picture)
        if field.name != "key"
    }


def _plain_tree(value: Any) -> Any:
    if isinstance(value, tuple):
        names = getattr(value, "_fields", None)
        if names is not None:
            return {name: _plain_tree(part) for name, part in zip(names, value, strict=True)}
        return [_plain_tree(part) for part in value]
    return _plain(value)


def _figure(figure: Figure) -> dict[str, Any]:
    return {
        "value": _plain(figure.value),
        "unit": figure.unit,
        "n": figure.n,
        "low": _plain(figure.low),
        "high": _plain(figure.high),
        "note": figure.note,
        "k": figure.k,
        "before": _plain(figure.before),
        "omitted": figure.omitted,
        "why": figure.why,
    }


def _record(table: Table, row: Row) -> dict[str, Any]:
    pairs = zip(table.columns, row.cells, strict=True)
    record = {column.key: _plain(cell) for column, cell in pairs}
    return record | {WHY: row.why} if row.why else record


def _plain(value: Value) -> Any:
    if isinstance(value, Decimal):
        return f"{value:f}"
    return value.isoformat() if isinstance(value, date) else value


def figures_table(report: Report) -> list[list[str]]:
    """Return the figures as rows below a header row, followed by the notes of the report and its tables."""
    keys = [key for key in FIGURE_COLUMNS if key != "currency"]
    rows = [[_cell(getattr(figure, key)) for key in keys] for figure in report.figures]
    for figure, row in zip(report.figures, rows, strict=True):
        row.insert(FIGURE_COLUMNS.index("currency"), _currency(report) if figure.unit == MONEY else "")
    notes = [
        *((f"notes.{number}", note) for number, note in enumerate(report.notes, 1)),
        *((f"tables.{table.key}.note", note) for table in report.tables if (note := _table_note(table))),
    ]
    blank = dict.fromkeys(FIGURE_COLUMNS, "")
    for key, note in notes:
        rows.append(list((blank | {"key": key, "label": _("Note"), "unit": TEXT, "note": note}).values()))
    return [list(FIGURE_COLUMNS), *rows]


class Heading(NamedTuple):
    """The key of an exported column, its heading, and whether the screen shows the column."""

    key: str
    label: str
    on_screen: bool = True


def figure_headings() -> list[Heading]:
    """Return the headings of the columns of `figures_table`."""
    labels = {
        "label": _("Figure"),
        "value": _("Value"),
        "currency": _("Currency"),
        "unit": _("Unit"),
        "n": _("Cases"),
        "low": _("95 % interval from"),
        "high": _("95 % interval to"),
        "before": _("Previous period"),
        "note": _("Note"),
    }
    others = {"key": _("Key"), "k": _("Positive cases"), "omitted": _("Left out"), WHY: _("Why")}
    return [Heading(key, labels.get(key) or others[key], key in labels) for key in FIGURE_COLUMNS]


def table_headings(table: Table) -> list[Heading]:
    """Return the headings of the columns of `table_rows`."""
    headings = []
    for column in table.columns:
        on_screen = not column.in_files_only
        headings.append(Heading(column.key, column.label, on_screen))
        if column.unit == MONEY:
            label = _("{amount} currency").format(amount=column.label)
            headings.append(Heading(f"{column.key}_currency", label, on_screen))
    return headings + [Heading(WHY, _("Why"), on_screen=False)] * any(row.why for row in table.rows)


def table_rows(report: Report, key: str) -> list[list[str]]:
    """Return a table as rows below a header row, with a column `why` if any row has an explanation.

    Raises:
        NotFound: There is no such table; the hint lists the tables.
    """
    tables = {table.key: table for table in report.tables}
    if key not in tables:
        raise NotFound(
            _("The report {name} has no table {key}.").format(name=report.name, key=key),
            _("Its tables are {names}.").format(names=", ".join(tables)) if tables else "",
        )
    table = tables[key]
    money = [column.unit == MONEY for column in table.columns]
    header = [[column.key, f"{column.key}_currency"] for column in table.columns]
    rows = ([[_cell(cell), _currency(report)] for cell in row.cells] for row in table.rows)
    has_reasons = any(row.why for row in table.rows)
    reasons = [[WHY], *([row.why] for row in table.rows)]
    return [
        [
            *(text for pair, is_money in zip(cells, money, strict=True) for text in pair[: 1 + is_money]),
            *(reason if has_reasons else ()),
        ]
        for cells, reason in zip((header, *rows), reasons, strict=True)
    ]


def _currency(report: Report) -> str:
    return "" if report.currency == NO_CURRENCY else report.currency


def _cell(value: Value) -> str:
    plain = _plain(value)
    return "" if plain is None else str(plain)
