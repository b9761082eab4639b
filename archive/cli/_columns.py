"""The columns of `archive list`: the columns of the lists on the screen, ids, and the codes of linked records."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from archive.cli._verbs import suggestion
from archive.errors import UsageError
from archive.model.field_types.standard import Currency, Link
from archive.model.fields import Record
from archive.service import listing
from archive.service.archive import Archive
from archive.service.found_in import found_in, search_needles
from archive.service.listing import ListColumn, Row
from archive.text import N_, _

_CUSTOMERS = ["code", "full_name", "status", "last", "bought", "value"]
# For programs: each sum is followed by its currency, and a customer is identified by the code.
_SUM = {"value": ["value", "value_currency", "value_apart"]}
_LINK = {"customer": ["customer.code", "customer.name"]}


def default_keys(cls: type[Record], form: str) -> list[str]:
    """Return the default columns of a table. CSV and JSON also have the currency of a sum and the customer's code."""
    keys = _CUSTOMERS if cls.TABLE == "customers" else listing.default_keys(cls.TABLE)
    if form == "text":
        return keys
    wider = _SUM if cls.TABLE == "customers" else _LINK
    return [wide for key in keys for wide in wider.get(key, [key])]


def chosen_columns(
    archive: Archive, cls: type[Record], keys: Sequence[str], query: str = ""
) -> list[ListColumn]:
    """Return the columns with these keys or aliases.

    Args:
        archive: The archive.
        cls: The record class of the table.
        keys: Keys or aliases.
        query: The query of the list, which the column `found_in` explains.

    Raises:
        UsageError: There is no such column.
    """
    columns = _all_columns(archive, cls)
    if cls.TABLE == "customers":
        columns["found_in"] = _found_in(archive, query)
    other_names = {alias: key for key, field in cls.FIELDS.items() for alias in field.aliases}
    chosen = []
    for name in keys:
        column = columns.get(name) or columns.get(other_names.get(name, ""))
        if column is None:
            raise UsageError(
                _("{table} has no column {key}.").format(table=_(cls.LABEL), key=name),
                suggestion(name, [*columns, *other_names]),
            )
        chosen.append(column)
    return chosen


def _all_columns(archive: Archive, cls: type[Record]) -> dict[str, ListColumn]:
    columns = listing.all_columns(cls.TABLE)
    more = [_column("id", N_("Id"), lambda row: str(row.raw["uid"]))]
    for key, field in cls.FIELDS.items():
        if isinstance(field.type, Link):
            more.append(_column(f"{key}.code", field.label, _code_of(archive, key, field.type.table)))
            more.append(_column(f"{key}.name", field.label, columns[key].plain))
    if cls.TABLE == "customers":
        more += listing.VALUE_COLUMNS
    return {**columns, **{column.key: column for column in more}}


def _found_in(archive: Archive, query: str) -> ListColumn:
    """Return a column that names the records that match the query's words, if the customer itself does not."""
    needles = search_needles(query, archive.ctx)
    return _column("found_in", N_("Found in"), lambda row: found_in(archive, row.raw["uid"], needles))


def with_found_in(
    archive: Archive, columns: Sequence[ListColumn], rows: Iterable[Row], query: str
) -> tuple[Sequence[ListColumn], Iterator[Row]]:
    """Add the column "Found in" if a customer is listed only because another record matches the query."""
    listed, column = list(rows), _found_in(archive, query)
    named = any(other.key == column.key for other in columns)
    if not named and search_needles(query, archive.ctx) and any(map(column.plain, listed)):
        columns = [*columns, column]
    return columns, iter(listed)


def _column(key: str, label: str, text: Callable[[Row], str]) -> ListColumn:
    return ListColumn(key, label, 16, text, text)


def _code_of(archive: Archive, key: str, table: str) -> Callable[[Row], str]:
    def code(listed_row: Row) -> str:
        linked = listed_row.raw.get(key, "")
        stored = archive.raw(table, linked) if isinstance(linked, str) else None
        return str(stored.get("code", "")) if stored else ""

    return code


def json_value(cls: type[Record], column: ListColumn, row: Row) -> Any:
    """Return a value for JSON: the stored value, the name of a linked record, or None. Decimals are strings."""
    field = cls.FIELDS.get(column.key)
    if field is None or isinstance(field.type, Link | Currency):
        return column.plain(row) or None
    return row.raw.get(column.key)
