"""Export whole tables, or a wide layout with one row per customer. `list_export` exports a list on the screen."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from archive.errors import BadValue, UsageError
from archive.exchange.flatten import Column, column_of, flat_columns
from archive.exchange.format import Format, Table, WriteOptions
from archive.exchange.formats import format_for, format_named, writable
from archive.exchange.paths import place_of
from archive.model.field_types.base import Context
from archive.model.field_types.lists import ListOf
from archive.model.field_types.standard import Link
from archive.model.fields import Record
from archive.model.tables import STORED, public_name
from archive.service.archive import Archive
from archive.service.listing import Row, all_columns, plain_value, value_apart, value_currency
from archive.text import _

LAST = 3  # transactions and activities per customer in the wide layout
Raw = Mapping[str, Any]


@dataclass(frozen=True)
class Exported:
    """Records to export: a header, their uids, and a function that returns the row of a record.

    `unknown` are the keys of fields that a newer version stored and that have no column.
    """

    name: str
    header: list[str]
    uids: list[str]
    row: Callable[[str], list[str]]
    unknown: frozenset[str] = frozenset()

    @property
    def rows(self) -> Iterator[list[str]]:
        """An iterator over the rows, which are created lazily."""
        return map(self.row, self.uids)

    @property
    def table(self) -> Table:
        """The table for a format."""
        return Table(self.name, self.header, self.rows, self.unknown)

    def pieces(self, options: WriteOptions, key: str = "") -> Iterator[bytes]:
        """Yield the contents of a file in the format with this key, or in the default format."""
        return written(self.table, format_named(key, writable()) if key else format_for(""), options)


def written(table: Table, form: Format, options: WriteOptions) -> Iterator[bytes]:
    """Yield the contents of a file with a table."""
    assert form.write
    return form.write([table], options)


def export_table(
    archive: Archive,
    table: str,
    *,
    query: str = "",
    columns: Sequence[str] | None = None,
    layout: str = "table",
    headers: str = "en",
) -> Exported:
    """Export records of a table, sorted by id.

    Args:
        archive: The archive.
        table: The table.
        query: Which records to export; "" for all.
        columns: The columns; None for all fields, with as many columns per list as its longest value needs.
        layout: "table" can be imported again without loss. "wide" is for people, and only for customers: it adds their
            totals and last transactions and activities.
        headers: The language of the header, "en" or "zh".

    Raises:
        UsageError: The query is invalid, a column does not exist, or the table has no wide layout.
    """
    if layout == "wide" and table != "customers":
        raise UsageError(
            _("The wide layout has a row per customer, so it is only for the table customers."),
            _("Leave --table out, or use --layout table."),
        )
    uids = sorted(_selected(archive, table, query))
    cls, ctx = STORED[table], archive.ctx
    unknown: set[str] = set()
    if columns:
        getters_by_name = [
            column for key in columns for column in _chosen(archive, cls, key, uids, ctx, headers)
        ]
    else:
        records = _noting_unknown(cls, _stored_rows(archive, table, uids), unknown)
        getters_by_name = _named(flat_columns(cls, records, ctx), cls, headers)
        getters_by_name += _wide(archive) if layout == "wide" else []
    getters = [get for _name, get in getters_by_name]

    def row(uid: str) -> list[str]:
        raw = archive.raw(table, uid) or {"uid": uid}
        return [get(raw) for get in getters]

    return Exported(table, [name for name, _get in getters_by_name], uids, row, frozenset(unknown))


Named = tuple[str, Callable[[Raw], str]]


def _selected(archive: Archive, table: str, query: str) -> Sequence[str]:
    try:
        return archive.select(table, query)
    except BadValue as error:
        raise UsageError(error.message, error.hint) from None


def _stored_rows(archive: Archive, table: str, uids: Sequence[str]) -> Iterator[Raw]:
    rows = (archive.raw(table, uid) for uid in uids)
    return (raw for raw in rows if raw is not None)


def _noting_unknown(cls: type[Record], records: Iterable[Raw], unknown: set[str]) -> Iterator[Raw]:
    """Yield the records, and collect the keys that are not fields of this version."""
    keys = cls.KEYS
    for raw in records:
        unknown.update(raw.keys() - keys)
        yield raw


def _named(columns: Sequence[Column], cls: type[Record], headers: str = "en") -> list[Named]:
    return [(column.place.header(cls, headers), column.cell) for column in columns]


def _chosen(
    archive: Archive, cls: type[Record], key: str, uids: Sequence[str], ctx: Context, headers: str
) -> Sequence[Named]:
    """Return the columns for a key: all columns of a list or a link, a single field, or a column of the screen."""
    place = place_of(cls, key)
    if place is None:
        return [_of_screen(archive, cls, key)]
    field = place.field(cls)
    if field and not place.side and not place.number and isinstance(field.type, ListOf | Link):
        columns = flat_columns(cls, _stored_rows(archive, cls.TABLE, uids), ctx)
        return _named([column for column in columns if column.place.key == key], cls, headers)
    return _named([column_of(cls, place, ctx)], cls, headers)


def _of_screen(archive: Archive, cls: type[Record], key: str) -> Named:
    columns = all_columns(cls.TABLE)
    aliases = {alias: field.key for field in cls.FIELDS.values() for alias in field.aliases}
    column = columns.get(key) or columns.get(aliases.get(key, ""))
    if column is None:
        raise UsageError(
            _("{table} has no column {key}.").format(table=_(cls.LABEL), key=key),
            _("`archive fields {table}` lists them.").format(table=public_name(cls.TABLE)),
        )
    ctx = archive.ctx
    plain = column.plain
    return key, lambda raw: plain(Row(raw, archive.summary(raw["uid"]), ctx))


def _wide(archive: Archive) -> list[Named]:
    """Return the columns of the wide layout: the totals of a customer, and the last transactions and activities."""
    ctx = archive.ctx

    def value(raw: Raw) -> str:
        return plain_value(archive.summary(raw["uid"]), ctx)

    def currency(raw: Raw) -> str:
        return value_currency(archive.summary(raw["uid"]), ctx)

    def apart(raw: Raw) -> str:
        return value_apart(archive.summary(raw["uid"]), ctx)

    def of_summary(key: str) -> Callable[[Raw], str]:
        return lambda raw: str(getattr(archive.summary(raw["uid"]), key))

    sums: list[Named] = [
        ("orders", of_summary("orders")),
        ("value", value),
        ("value_currency", currency),
        ("value_apart", apart),
        ("first_enquiry", of_summary("first_enquiry")),
        ("first_order", of_summary("first_order")),
        ("bought", of_summary("last_order")),
        ("last", of_summary("last_contact")),
    ]
    transactions = _last(
        archive, "transactions", "on type product.name quantity unit amount currency".split()
    )
    return sums + transactions + _last(archive, "interactions", "at channel summary".split())


def _last(archive: Archive, table: str, keys: Sequence[str]) -> list[Named]:
    """Return columns of a customer's newest records: `transactions.1.on` is the date of the newest transaction."""
    cls, ctx = STORED[table], archive.ctx
    places = [place_of(cls, key) for key in keys]
    columns = [column_of(cls, place, ctx) for place in places if place]
    return [
        (f"{table}.{number}.{column.place}", _of_newest(archive, table, number, column))
        for number in range(1, LAST + 1)
        for column in columns
    ]


def _of_newest(archive: Archive, table: str, number: int, column: Column) -> Callable[[Raw], str]:
    """Return a getter for a value of a customer's `number`th newest record, ignoring future dates."""
    today, day = archive.ctx.today.isoformat(), STORED[table].DAY

    def get(raw: Raw) -> str:
        rows = (archive.raw(table, uid) or {} for uid in archive.children(table, raw["uid"]))
        past = (row for row in rows if row.get(day, "")[:10] <= today)
        newest = next(itertools.islice(past, number - 1, None), None)
        return column.cell(newest) if newest else ""

    return get
