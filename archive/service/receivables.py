"""Receivables: open invoices less payments, returns and credit notes, against each customer's credit limit."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from archive.model.money import in_minor_units
from archive.model.summary import currency_of, sale_type
from archive.service.archive import Archive
from archive.text import fold

NOTHING = Decimal(0)
_KEYS = ("uid", "customer", "type", "on", "due_on", "amount", "currency", "number")


class OpenItem(NamedTuple):
    """An invoice that is not fully paid, or a credit. `owed` is the open part of `amount`; a credit is negative."""

    uid: str
    customer: str
    number: str
    on: date
    due_on: date | None
    amount: Decimal
    owed: Decimal
    currency: str
    kind: str = (
        ""  # "credit": paid or credited beyond all invoices; "unknown": pays an invoice that does not exist
    )

    def overdue(self, today: date) -> int:
        """Return the number of days since the due date, at least 0."""
        return max(0, (today - self.due_on).days) if self.due_on else 0


class Account(NamedTuple):
    """A customer's balance in a currency: amount owed, amount paid beyond all invoices, credit limit if set."""

    owed: Decimal
    ahead: Decimal
    limit: Decimal | None

    @property
    def is_over(self) -> bool:
        """Whether the customer owes more than the credit limit."""
        return self.limit is not None and self.owed > self.limit


class OpenItems(NamedTuple):
    """Open invoices and credits, longest overdue first, and the account of each customer and currency."""

    items: list[OpenItem]
    accounts: dict[tuple[str, str], Account]


def open_items(archive: Archive, today: date) -> OpenItems:
    """Return the receivables as of a day.

    A payment settles the invoice whose number it names; without a number, the oldest. A payment that names an unknown
    invoice settles nothing and is listed. Returns and credit notes settle the invoice they name, else the oldest.
    """
    invoices, payments = _read(_rows(archive), archive.home, today)
    limits = _limits(archive)
    items: list[OpenItem] = []
    accounts: dict[tuple[str, str], Account] = {}
    for key in sorted(invoices.keys() | payments.keys()):
        result = settled(invoices[key], payments[key])
        items += _items(key, result)
        limit, currency = limits.get(key[0], (None, ""))
        fits = limit if currency in ("", key[1]) else None
        accounts[key] = Account(sum((item.owed for item in result.items), NOTHING), result.ahead, fits)
    items.sort(key=_by_urgency(today))
    return OpenItems(items, accounts)


def _by_urgency(today: date) -> Callable[[OpenItem], tuple[int, date, date, str]]:
    return lambda item: (-item.overdue(today), item.due_on or date.max, item.on, item.uid)


def _items(key: tuple[str, str], result: Settled) -> list[OpenItem]:
    """Return the open invoices and the credits of a customer in a currency."""
    return [*result.items, *_credits(key, result)]


def open_items_of(archive: Archive, customer: str, today: date) -> list[OpenItem]:
    """Return the receivables of a customer as of a day, longest overdue first."""
    raws = (archive.raw("transactions", uid) or {} for uid in archive.children("transactions", customer))
    rows = ({key: raw.get(key) for key in _KEYS} for raw in raws)
    invoices, payments = _read(rows, archive.home, today)
    accounts = ((key, settled(invoices[key], payments[key])) for key in invoices.keys() | payments.keys())
    return sorted((item for key, result in accounts for item in _items(key, result)), key=_by_urgency(today))


class Payment(NamedTuple):
    """A payment or a credit. `number` is the number of the invoice it is for, or ""."""

    number: str
    amount: Decimal
    uid: str = ""
    on: date = date.min
    is_credit: bool = False  # a return or a credit note, whose `number` may be its own


class Settled(NamedTuple):
    """The open invoices of a customer in a currency, and the remaining payments."""

    items: list[OpenItem]
    ahead: Decimal  # paid or credited beyond all invoices
    unknown: list[Payment]  # payments that name an invoice that does not exist
    last: Payment | None  # the newest payment or credit


def settled(invoices: Iterable[OpenItem], payments: Iterable[Payment]) -> Settled:
    """Apply payments to the invoices that they name, and the rest to the oldest open invoices."""
    items = sorted(invoices, key=lambda item: (item.on, item.uid))
    owed = {item.uid: item.amount for item in items}
    free, unknown, last = NOTHING, list[Payment](), None
    for payment in payments:
        named = [item.uid for item in items if _is_named(item, payment)]
        if payment.number and not named and not payment.is_credit:
            unknown.append(payment)
            continue
        free += _paid(owed, named, payment.amount)
        last = payment if last is None or payment.on >= last.on else last
    free = _paid(owed, [item.uid for item in items], free)
    return Settled(
        [item._replace(owed=owed[item.uid]) for item in items if owed[item.uid]], free, unknown, last
    )


def _is_named(item: OpenItem, payment: Payment) -> bool:
    """Return whether a payment names an invoice; case and blanks in the number are ignored."""
    return bool(payment.number) and fold(item.number) == fold(payment.number)


def _paid(owed: dict[str, Decimal], uids: Iterable[str], amount: Decimal) -> Decimal:
    """Pay invoices in the given order; return the remaining amount."""
    for uid in uids:
        used = min(owed[uid], amount)
        owed[uid] -= used
        amount -= used
    return amount


def _credits(key: tuple[str, str], result: Settled) -> Iterator[OpenItem]:
    """Yield unapplied credit and payments for unknown invoices as items with negative amounts."""
    for payment in result.unknown:
        yield _credit(key, payment, payment.amount, "unknown")
    if result.last and result.ahead > 0:
        yield _credit(key, result.last._replace(number=""), result.ahead, "credit")


def _credit(key: tuple[str, str], payment: Payment, amount: Decimal, kind: str) -> OpenItem:
    customer, currency = key
    uid, number, on = payment.uid, payment.number, payment.on
    return OpenItem(uid, customer, number, on, None, -amount, -amount, currency, kind)


def _rows(archive: Archive) -> Iterator[Mapping[str, Any]]:
    for values in zip(*archive.columns("transactions", _KEYS).values(), strict=True):
        yield dict(zip(_KEYS, values, strict=True))


def _read(rows: Iterable[Mapping[str, Any]], home: str, today: date) -> tuple[Any, Any]:
    """Return invoices and payments by customer and currency; returns only for customers who are invoiced."""
    invoices: defaultdict[tuple[str, str], list[OpenItem]] = defaultdict(list)
    payments: defaultdict[tuple[str, str], list[Payment]] = defaultdict(list)
    returns: defaultdict[tuple[str, str], list[Payment]] = defaultdict(list)
    for row in rows:
        if row["amount"] is None or not row["on"] or row["on"] > today.isoformat():
            continue
        key = row["customer"] or "", currency_of(row) or home
        kind, is_negative = sale_type(row["type"], row["amount"]), row["amount"].startswith("-")
        if kind == "return":
            returns[key].append(_payment(row, key[1], is_credit=True))
        elif kind in ("invoice", "payment") and (kind == "invoice") is not is_negative:
            invoices[key].append(_invoice(row, key))  # a negative payment is a refund
        elif kind in ("invoice", "payment"):
            payments[key].append(_payment(row, key[1], is_credit=kind == "invoice"))
    for key in invoices.keys() | payments.keys():
        payments[key] += returns[key]
    return invoices, payments


def _size(row: Mapping[str, Any], currency: str) -> Decimal:
    return abs(in_minor_units(Decimal(row["amount"]), currency))


def _payment(row: Mapping[str, Any], currency: str, *, is_credit: bool) -> Payment:
    day = date.fromisoformat(row["on"])
    return Payment(row["number"] or "", _size(row, currency), row["uid"], day, is_credit)


def _invoice(row: Mapping[str, Any], key: tuple[str, str]) -> OpenItem:
    customer, currency = key
    day, due_on, size = date.fromisoformat(row["on"]), row["due_on"], _size(row, currency)
    due = date.fromisoformat(due_on) if due_on else None
    return OpenItem(row["uid"], customer, row["number"] or "", day, due, size, size, currency)


def _limits(archive: Archive) -> dict[str, tuple[Decimal, str]]:
    columns = archive.columns("customers", ("uid", "credit_limit", "currency"))
    return {
        uid: (Decimal(limit), currency or "")
        for uid, limit, currency in zip(*columns.values(), strict=True)
        if limit is not None
    }
