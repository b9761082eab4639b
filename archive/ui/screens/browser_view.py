"""The layout of browsers: column widths and priorities, the count line, and texts for empty tables."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from rich.cells import cell_len
from textual.content import Content

from archive.model.field_types.base import Context
from archive.model.filters import misspelt
from archive.model.query import parse
from archive.model.tables import TABLES
from archive.service.listing import ListColumn, all_columns, default_keys
from archive.service.views import Widths
from archive.store import Sort
from archive.text import _
from archive.ui.safe_text import plain, template
from archive.ui.screens.table_search import nothing_matches
from archive.ui.widgets.table import RecordTable
from archive.ui.widgets.table_layout import Column, measured

# Minimum width, weight, and priority of dropping (0: never) by column. "table.key" takes precedence over "key".
_SHAPES = {
    "full_name": (14, 3, 0),
    "status": (8, 0, 1),
    "last": (12, 0, 2),
    "next": (12, 0, 2),
    "phone": (17, 0, 3),
    "value": (10, 0, 4),
    "city": (8, 1, 5),
    "organisation": (13, 2, 6),
    "name": (16, 2, 0),
    "customer": (12, 2, 0),
    "summary": (20, 3, 1),
    "product": (14, 2, 2),
    "amount": (10, 0, 1),
    "category": (10, 2, 1),
    "total": (14, 0, 1),
    "at": (16, 0, 0),
    "unit": (8, 0, 3),
    "promised": (9, 0, 3),
    "contracts.status": (9, 0, 1),
}
# With the default columns, show the organisation only if the name still has enough room.
_SPARE = {"organisation": 20}
_FOUND_IN = 30  # a name, and the record in which a search found its customer
_DATE = 14  # width of a date with its weekday; such columns do not grow
_SECONDARY = {"organisation", "city", "last", "currency", "unit", "by"}


def table_columns(table: str, columns: Sequence[ListColumn], widths: Widths = ()) -> list[Column]:
    """Return the columns of the table widget for the columns of a list, some with a width that the user has set."""
    usual = [column.key for column in columns] == list(default_keys(table))
    widget_columns: list[Column] = []
    for index, column in enumerate(columns):
        if widget_columns and column.key == "currency" and widget_columns[-1].align == "right":
            widget_columns.append(_currency_of(widget_columns[-1]))
        else:
            widget_columns.append(_column(table, column, index, _SPARE.get(column.key, 0) if usual else 0))
    return _resized(widget_columns, widths)


def _resized(columns: Sequence[Column], widths: Widths) -> list[Column]:
    """Return the columns with the widths that the user has set. A narrow screen drops columns as usual."""
    wanted = dict(widths)
    return [
        replace(column, width=width, content=width, weight=0, wide=0, spare=0)
        if (width := wanted.get(column.key))
        else column
        for column in columns
    ]


def fitted_columns(
    table: str, columns: Sequence[ListColumn], texts: Iterable[Mapping[str, str]], widths: Widths = ()
) -> list[Column]:
    """Return the columns of the table widget, as wide as the texts of a sample of rows or as the user has set."""
    fitted = [
        replace(column, content=max(column.content, _FOUND_IN if column.key == "full_name" else 0))
        for column in measured(table_columns(table, columns), texts)
    ]
    return _resized(fitted, widths)


def _column(table: str, column: ListColumn, index: int, extra_width: int) -> Column:
    shape = _SHAPES.get(f"{table}.{column.key}") or _SHAPES.get(column.key)
    width, weight, priority = shape or (_least_width(column), int(column.width > _DATE), index)
    return Column(
        column.key,
        column.title,
        width,
        weight,
        priority,
        "right" if column.right else "left",
        secondary=column.key in _SECONDARY,
        spare=extra_width,
        wide=0 if weight else cell_len(column.title),
    )


def _least_width(column: ListColumn) -> int:
    """Return the width that the values need, and the label unless it is long."""
    label = cell_len(column.title)
    return max(min(column.width, 16), label if label <= _DATE else 0)


def _currency_of(amount: Column) -> Column:
    """Return the currency column of an amount: without a label, and dropped only together with it."""
    return Column("currency", "", 3, 0, amount.priority, secondary=True)


def count_line(table: str, records: RecordTable, total: int, sort: Sort) -> str:
    """Return the count, such as "14 of 312", and the sort columns that the screen does not show."""
    listed = len(records.ids)
    count = (
        f"{listed:,}"
        if listed == total
        else _("{shown} of {total}").format(shown=f"{listed:,}", total=f"{total:,}")
    )
    parts = [count]
    known, shown = all_columns(table), records.widths
    hidden = [
        f"{known[by.key].title if by.key in known else by.key} {'▼' if by.reverse else '▲'}"
        for by in sort.keys
        if by.key not in shown  # the header of the others has an arrow
    ]
    if hidden:
        parts.append(_("sorted by {columns}").format(columns=", ".join(hidden)))
    return " · ".join(filter(None, parts))


def empty_words(table: str, query: str, ctx: Context) -> Content:
    """Return the text for an empty table: the key that adds a record, or hints about misspelt parts of the query."""
    if query.strip():
        nothing = nothing_matches(query)
        return Content("\n\n").join([nothing, *map(plain, misspelt(parse(query), TABLES[table], ctx))])
    cls = TABLES[table]
    if cls.EMPTY:
        return template(_(cls.EMPTY))
    return template(_("No $noun yet.\n\n[b]n[/b] adds one."), noun=_(cls.NOUN))


def search_example(table: str) -> str:
    """Return the placeholder of the search line."""
    return _(TABLES[table].EXAMPLE) if TABLES[table].EXAMPLE else _("search")
