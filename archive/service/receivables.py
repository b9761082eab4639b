"""Receivables: open invoices less payments, returns and credit notes, against each customer's credit limit."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
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
    invoices, payments = _read(archive, today)
    limits = _limits(archive)
    items: list[OpenItem] = []
    accounts: dict[tuple[str, str], Account] = {}
    for place in sorted(invoices.keys() | payments.keys()):
        found = settled(invoices[place], payments[place])
        items += [*found.items, *_credits(place, found)]
        limit, currency = limits.get(place[0], (None, ""))
        fits = limit if currency in ("", place[1]) else None
        accounts[place] = Account(sum((item.owed for item in found.items), NOTHING), found.ahead, fits)
    items.sort(key=lambda item: (-item.overdue(today), item.due_on or date.max, item.on, item.uid))
    return OpenItems(items, accounts)


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


def _credits(place: tuple[str, str], found: Settled) -> Iterator[OpenItem]:
    """Yield unapplied credit and payments for unknown invoices as items with negative amounts."""
    for payment in found.unknown:
        yield _credit(place, payment, payment.amount, "unknown")
    if found.last and found.ahead > 0:
        yield _credit(place, found.last._replace(number=""), found.ahead, "credit")


def _credit(place: tuple[str, str], payment: Payment, amount: Decimal, kind: str) -> OpenItem:
    customer, currency = place
    uid, number, on = payment.uid, payment.number, payment.on
    return OpenItem(uid, customer, number, on, None, -amount, -amount, currency, kind)


def _read(archive: Archive, today: date) -> tuple[Any, Any]:
    """Return invoices and payments by customer and currency; returns only for customers who are invoiced."""
    invoices: defaultdict[tuple[str, str], list[OpenItem]] = defaultdict(list)
    payments: defaultdict[tuple[str, str], list[Payment]] = defaultdict(list)
    returns: defaultdict[tuple[str, str], list[Payment]] = defaultdict(list)
    for values in zip(*archive.columns("transactions", _KEYS).values(), strict=True):
        row = dict(zip(_KEYS, values, strict=True))
        if row["amount"] is None or not row["on"] or row["on"] > today.isoformat():
            continue
        place = row["customer"] or "", currency_of(row) or archive.home
        what, is_negative = sale_type(row["type"], row["amount"]), row["amount"].startswith("-")
        if what == "return":
            returns[place].append(_payment(row, place[1], is_credit=True))
        elif what in ("invoice", "payment") and (what == "invoice") is not is_negative:
            invoices[place].append(_invoice(row, place))  # a negative payment is a refund
        elif what in ("invoice", "payment"):
            payments[place].append(_payment(row, place[1], is_credit=what == "invoice"))
    for place in invoices.keys() | payments.keys():
        payments[place] += returns[place]
    return invoices, payments


def _size(row: Mapping[str, Any], currency: str) -> Decimal:
    return abs(in_minor_units(Decimal(row["amount"]), currency))


def _payment(row: Mapping[str, Any], currency: str, *, is_credit: bool) -> Payment:
    day = date.fromisoformat(row["on"])
    return Payment(row["number"] or "", _size(row, currency), row["uid"], day, is_credit)


def _invoice(row: Mapping[str, Any], place: tuple[str, str]) -> OpenItem:
    customer, currency = place
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
