"""Lists of a table's records for screens and files. Columns are fields, or derived from a customer's records."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from archive.errors import UsageError
from archive.model.contract_status import CONTRACT_STATUS, contract_status, notice_deadline
from archive.model.dates import age
from archive.model.derived import home_of, value_of, value_parts
from archive.model.field_types.base import Context
from archive.model.field_types.lists import ListOf
from archive.model.field_types.standard import DATE, Money
from archive.model.fields import Field
from archive.model.numbers import plain_number, show_number
from archive.model.records.contract import Contract
from archive.model.summary import Summary, currency_of
from archive.model.tables import TABLES
from archive.service.archive import Archive
from archive.service.snoozing import reminder_day
from archive.text import N_, _, nearest

Raw = Mapping[str, Any]


class Row(NamedTuple):
    """A stored record, with the data from which columns are derived."""

    raw: Raw
    summary: Summary
    ctx: Context


class ListColumn(NamedTuple):
    """A column: `show` formats a value for the screen, `plain` for a file; `width` is in cells."""

    key: str
    label: str
    width: int
    show: Callable[[Row], str]
    plain: Callable[[Row], str]
    right: bool = False

    @property
    def title(self) -> str:
        """The label in the user's language."""
        return _(self.label)


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def _ago(text: str, ctx: Context) -> str:
    day = _day(text)
    return age(day, ctx.today) if day else ""


def _shown_value(row: Row) -> str:
    """Return all sums, including those without a rate into the home currency."""
    parts = value_parts(row.summary, row.ctx)
    return " + ".join(f"{show_number(amount, 0, row.ctx.decimal)} {own}".strip() for amount, own in parts)


def plain_value(summary: Summary, ctx: Context) -> str:
    """Return the value for a file: a number in `value_currency`, "" if nothing could be converted."""
    value = value_of(summary, ctx)
    return "" if value is None or value.amount is None else plain_number(value.amount)


def value_currency(summary: Summary, ctx: Context) -> str:
    """Return the currency of `plain_value`."""
    value = value_of(summary, ctx)
    return "" if value is None else value.currency


def value_apart(summary: Summary, ctx: Context) -> str:
    """Return the sums, with their currencies, that have no rate into the currency of the value."""
    value = value_of(summary, ctx)
    apart = sorted(value.apart.items()) if value else []
    return " + ".join(f"{plain_number(amount)} {currency}".strip() for currency, amount in apart)


def _organisation(row: Row) -> str:
    positions = row.raw.get("positions", ())
    if not positions:
        return ""
    current = next((p for p in positions if not p.get("until")), positions[0])
    linked = current.get("organisation", "")
    return row.ctx.name_of("customers", linked) if isinstance(linked, str) else str(linked["name"])


def _part(listed: str, key: str) -> Callable[[Row], str]:
    """Return a getter for a value of a list's preferred entry, or of its first if none is preferred."""

    def get(row: Row) -> str:
        parts = row.raw.get(listed, ())
        chosen = next((part for part in parts if part.get("preferred")), parts[0] if parts else {})
        return str(chosen.get(key, ""))

    return get


def _twice(key: str, label: str, width: int, get: Callable[[Row], str]) -> ListColumn:
    return ListColumn(key, label, width, get, get)


_CUSTOMER_COLUMNS = [
    _twice("organisation", N_("Organisation"), 16, _organisation),
    _twice("phone", N_("Phone"), 17, _part("phones", "value")),
    _twice("email", N_("E-mail"), 22, _part("emails", "value")),
    _twice("city", N_("City"), 12, _part("addresses", "city")),
    ListColumn(
        "last",
        N_("Last contact"),
        12,
        lambda row: _ago(row.summary.last_contact, row.ctx),
        lambda row: row.summary.last_contact,
    ),
    ListColumn(
        "bought",
        N_("Last order"),
        12,
        lambda row: _ago(row.summary.last_order, row.ctx),
        lambda row: row.summary.last_order,
    ),
    ListColumn(
        "value",
        N_("Revenue (12 mo.)"),
        12,
        _shown_value,
        lambda row: plain_value(row.summary, row.ctx),
        right=True,
    ),
    ListColumn(
        "orders",
        N_("Orders"),
        6,
        lambda row: str(row.summary.orders or ""),
        lambda row: str(row.summary.orders),
        right=True,
    ),
    ListColumn(
        "next",
        N_("Next contact"),
        10,
        lambda row: _next(row),
        lambda row: str(row.raw.get("next_contact_on", "")),
    ),
]


def _next(row: Row) -> str:
    day = _day(row.raw.get("next_contact_on", ""))
    if day is None:
        return ""
    reminder = reminder_day(day.isoformat(), row.raw.get("not_before"), row.ctx.today)
    return _("overdue !") if reminder < row.ctx.today else age(reminder, row.ctx.today)


def overdue(raw: Raw, today: date) -> bool:
    """Return whether a stored customer's next contact was due before today and is not snoozed."""
    day = raw.get("next_contact_on", "")
    return bool(day) and reminder_day(day, raw.get("not_before"), today) < today


_CONTRACT_COLUMNS = [
    ListColumn(
        "status",
        N_("Status"),
        10,
        lambda row: CONTRACT_STATUS.show(_contract_status(row), row.ctx),
        lambda row: _contract_status(row),
    ),
    ListColumn(
        "notice_by",
        N_("Notice by"),
        14,
        lambda row: DATE.show(_notice_by(row), row.ctx),
        lambda row: DATE.cell(_notice_by(row)),
    ),
]


def _contract_status(row: Row) -> str:
    return contract_status(Contract.load(row.raw), row.ctx.today)


def _notice_by(row: Row) -> date | None:
    return notice_deadline(Contract.load(row.raw), row.ctx.today)


_DERIVED = {"customers": _CUSTOMER_COLUMNS, "contracts": _CONTRACT_COLUMNS}


def default_keys(table: str) -> list[str]:
    """Return the default columns of a table."""
    return list(TABLES[table].COLUMNS)


def all_columns(table: str) -> dict[str, ListColumn]:
    """Return all columns of a table by key."""
    own = {column.key: column for column in _DERIVED.get(table, ())}
    return {**{key: _field_column(field) for key, field in TABLES[table].FIELDS.items()}, **own}


def columns(table: str, keys: Sequence[str]) -> list[ListColumn]:
    """Return the columns with these keys.

    Raises:
        UsageError: There is no such column; the hint suggests similar ones.
    """
    columns = all_columns(table)
    for key in keys:
        if key not in columns:
            near = nearest(key, columns)
            raise UsageError(
                _("{table} has no column {key}.").format(table=_(TABLES[table].LABEL), key=key),
                _("Did you mean {names}?").format(names=", ".join(near)) if near else ", ".join(columns),
            )
    return [columns[key] for key in keys]


def _field_column(field: Field) -> ListColumn:
    kind, key = field.type, field.key

    def show(row: Row) -> str:
        if key not in row.raw:
            return ""
        text = kind.show(kind.load(row.raw[key]), row.ctx.within(row.raw.get("currency", "")))
        return text if len(text) < 200 else text[:200]

    def plain(row: Row) -> str:
        if key not in row.raw:
            return ""
        value = kind.load(row.raw[key])
        return kind.show(value, row.ctx) if kind.family in ("link", "links", "list") else kind.cell(value)

    width = min(24, max(kind.width, 4)) if not isinstance(kind, ListOf) else 20
    return ListColumn(key, field.label, width, show, plain, kind.right)


class Listing:
    """The texts of a table's rows in the chosen columns."""

    def __init__(self, archive: Archive, table: str, keys: Sequence[str]) -> None:
        self._archive = archive
        self._table = table
        self.columns = columns(table, keys)

    @property
    def table(self) -> str:
        """The name of the table."""
        return self._table

    def rows(self, uids: Sequence[str]) -> list[Row | None]:
        """Return the rows of records; None for a deleted record."""
        ctx = self._archive.ctx
        rows = ((uid, self._archive.raw(self._table, uid)) for uid in uids)
        return [Row(raw, self._archive.summary(uid), ctx) if raw is not None else None for uid, raw in rows]

    def texts(self, uids: Sequence[str]) -> list[dict[str, str]]:
        """Return the texts for the screen, by column, of each record; an empty mapping for a deleted record."""
        return [{c.key: c.show(row) for c in self.columns} if row else {} for row in self.rows(uids)]

    def plain(self, uids: Sequence[str]) -> list[list[str]]:
        """Return the texts for a file, without added currency columns and without deleted records."""
        return [[c.plain(row) for c in self.columns] for row in self.rows(uids) if row]


# Files: every amount is followed by its currency

VALUE_COLUMNS = [
    _twice("value_currency", N_("Revenue currency"), 5, lambda row: value_currency(row.summary, row.ctx)),
    _twice("value_apart", N_("Not converted"), 16, lambda row: value_apart(row.summary, row.ctx)),
]


def for_file(table: str, chosen: Sequence[ListColumn]) -> list[ListColumn]:
    """Return the columns for a CSV file: a currency column is added after each amount that has none."""
    keys, columns = {column.key for column in chosen}, list[ListColumn]()
    for index, column in enumerate(chosen):
        following = chosen[index + 1].key if index + 1 < len(chosen) else ""
        columns.append(column)
        if column.key in _DERIVED_MONEY.get(table, ()):
            columns += [more for more in VALUE_COLUMNS if more.key not in keys]
        elif _is_money(table, column.key) and following != "currency":
            key = f"{column.key}_currency" if "currency" in keys else "currency"
            keys.add(key)
            columns.append(_currency_column(key, column.title))
    return columns


_DERIVED_MONEY = {"customers": ("value",)}


def _is_money(table: str, key: str) -> bool:
    cls = TABLES[table]
    field = cls.FIELDS.get(key)
    return field is not None and isinstance(field.type, Money) and "currency" in cls.FIELDS


def _currency_column(key: str, amount: str) -> ListColumn:
    label = _("Currency") if key == "currency" else _("{amount} currency").format(amount=amount)
    return _twice(key, label, 5, lambda row: currency_of(row.raw) or home_of(row.ctx))
