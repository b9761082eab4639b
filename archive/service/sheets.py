"""The rows of a list on the screen, as a file holds them: ISO dates, plain numbers, a currency beside each amount."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from functools import partial
from operator import itemgetter
from typing import Any, NamedTuple

from archive.model.derived import home_of
from archive.model.field_types.links import Links
from archive.model.field_types.standard import Link, Moment
from archive.model.fields import Record
from archive.model.numbers import plain_number
from archive.model.summary import counted_amount
from archive.model.tables import TABLES, public_name
from archive.service.archive import Archive
from archive.service.listing import ListColumn, Listing, Row, all_columns, for_file
from archive.text import _


class SheetColumn(NamedTuple):
    """A column of a file: its stored key, its heading on the screen, and its text for a line of the list.

    `stored` is its text in a file with stored keys, if that differs.
    """

    key: str
    heading: str
    cell: Callable[[Any], str]
    stored: Callable[[Any], str] | None = None


class Sheet(NamedTuple):
    """A list that can be exported.

    Attributes:
        name: The beginning of the file name.
        records: What a row is, in the plural: "customers".
        columns: The columns on the screen.
        all_columns: All columns.
        line: Returns the line for the id of a row, or None if it was deleted.
        shown: The ids of the rows on the screen, in order.
        marked: The ids of the marked rows among them, in the same order.
        total: The number of rows without a search.
    """

    name: str
    records: str
    columns: Sequence[SheetColumn]
    all_columns: Sequence[SheetColumn]
    line: Callable[[str], Any]
    shown: Sequence[str]
    marked: Sequence[str] = ()
    total: int = 0


# Lists of records


def listing_sheet(
    archive: Archive, listing: Listing, shown: Sequence[str], marked: Sequence[str] = ()
) -> Sheet:
    """Return the sheet of a list of records in the chosen columns."""
    table = listing.table
    cls, ctx = TABLES[table], archive.ctx
    chosen = [column.key for column in listing.columns]
    others = [column for key, column in all_columns(table).items() if key not in chosen]

    def row(uid: str) -> Row | None:
        raw = archive.raw(table, uid)
        return None if raw is None else Row(raw, archive.summary(uid), ctx)

    return Sheet(
        public_name(table),
        _(cls.LABEL).lower(),
        _distinct(_of_table(table, listing.columns)),
        _distinct([*_ids(archive, cls), *_of_table(table, [*listing.columns, *others])]),
        row,
        shown,
        marked,
        archive.count(table),
    )


def _distinct(columns: Sequence[SheetColumn]) -> list[SheetColumn]:
    """Add the key to a heading that is already taken: the first phone is "Phone (phone)" beside all phones."""
    taken: set[str] = set()
    distinct = []
    for column in columns:
        heading = f"{column.heading} ({column.key})" if column.heading in taken else column.heading
        taken.add(heading)
        distinct.append(column._replace(heading=heading))
    return distinct


def _of_table(table: str, columns: Sequence[ListColumn]) -> list[SheetColumn]:
    return [_column(table, column) for column in for_file(table, columns)]


def _column(table: str, column: ListColumn) -> SheetColumn:
    plain = _counted if (table, column.key) == ("transactions", "amount") else column.plain
    field = TABLES[table].FIELDS.get(column.key)
    shown = plain
    if _is_choice(table, column.key):
        shown = column.show
    elif field and isinstance(field.type, Moment):
        shown = partial(_moment, plain)
    elif field and isinstance(field.type, Links):
        plain = shown = partial(_all_names, column.key, field.type)
    return SheetColumn(column.key, column.title, shown, plain)


def _moment(plain: Callable[[Row], str], row: Row) -> str:
    """Return date and time in the form that spreadsheets read."""
    return plain(row).replace("T", " ")


def _all_names(key: str, kind: Links, row: Row) -> str:
    """Return the names of all linked records; the screen shows only the first."""
    return kind.edit(kind.load(row.raw[key]), row.ctx) if key in row.raw else ""


def _counted(row: Row) -> str:
    """Return an amount as the reports count it: a return is negative."""
    return plain_number(counted_amount(row.raw)) if "amount" in row.raw else ""


def _is_choice(table: str, key: str) -> bool:
    """Return whether a column has fixed values, which are stored as keys and shown as words."""
    field = TABLES[table].FIELDS.get(key)
    return (table, key) == ("contracts", "status") or (
        field is not None and field.type.family in ("choice", "flag")
    )


def _ids(archive: Archive, cls: type[Record]) -> list[SheetColumn]:
    """Return the columns that identify a record and the records it refers to."""
    columns = [SheetColumn("id", _("Id"), lambda row: str(row.raw["uid"]))]
    for key, field in cls.FIELDS.items():
        if isinstance(field.type, Link):
            heading = _("{field} code").format(field=field.title)
            columns.append(SheetColumn(f"{key}.code", heading, _code_of(archive, key, field.type.table)))
    return columns


def _code_of(archive: Archive, key: str, table: str) -> Callable[[Row], str]:
    def code(row: Row) -> str:
        link = row.raw.get(key)
        return archive.ctx.code_of(table, link) if isinstance(link, str) else ""

    return code


# Other lists


def lines_sheet(
    name: str,
    lines: Sequence[Sequence[str]],
    headings: Sequence[tuple[str, str, bool]],
    marked: Sequence[str],
) -> Sheet:
    """Return the sheet of finished lines, whose row numbers are their ids.

    Args:
        name: The beginning of the file name.
        lines: The lines, without a header.
        headings: For each column its key, its heading, and whether the screen shows it.
        marked: The ids of the marked lines.
    """
    columns = [
        (SheetColumn(key, heading, itemgetter(number)), on_screen)
        for number, (key, heading, on_screen) in enumerate(headings)
    ]
    return Sheet(
        name,
        _("rows"),
        [column for column, on_screen in columns if on_screen],
        [column for column, _on_screen in columns],
        lambda id: lines[int(id)],
        list(map(str, range(len(lines)))),
        marked,
        len(lines),
    )


def text_column(key: str, heading: str, get: Callable[[Any], str]) -> SheetColumn:
    """Return a column of text."""
    return SheetColumn(key, heading, get)


def day_column(key: str, heading: str, get: Callable[[Any], date | None]) -> SheetColumn:
    """Return a column of dates."""

    def cell(line: Any) -> str:
        day = get(line)
        return day.isoformat() if day else ""

    return SheetColumn(key, heading, cell)


def money_columns(
    archive: Archive,
    key: str,
    heading: str,
    amount_of: Callable[[Any], Decimal | None],
    currency_of: Callable[[Any], str],
) -> list[SheetColumn]:
    """Return the columns of an amount and of its currency, which is empty if there is no amount."""
    home = home_of(archive.ctx)

    def amount(line: Any) -> str:
        value = amount_of(line)
        return "" if value is None else plain_number(value)

    def currency(line: Any) -> str:
        return "" if amount_of(line) is None else currency_of(line) or home

    label = _("{amount} currency").format(amount=heading)
    return [SheetColumn(key, heading, amount), SheetColumn(f"{key}_currency", label, currency)]


def customer_columns(archive: Archive, customer_of: Callable[[Any], str]) -> list[SheetColumn]:
    """Return the columns with the name and the code of a customer."""
    ctx = archive.ctx
    return [
        SheetColumn("customer", _("Customer"), lambda line: archive.name("customers", customer_of(line))),
        SheetColumn(
            "customer.code", _("Customer code"), lambda line: ctx.code_of("customers", customer_of(line))
        ),
    ]
