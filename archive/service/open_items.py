"""Invoices that are not paid, against what was paid since, and against what a customer may owe."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from archive.service.archive import Archive

NOTHING = Decimal(0)
_KEYS = ("uid", "customer", "type", "on", "due_on", "amount", "currency", "number")


class OpenItem(NamedTuple):
    """An invoice of which something is not paid. `owed` is what is open of it, `amount` what it was for."""

    uid: str
    customer: str
    number: str
    on: date
    due_on: date | None
    amount: Decimal
    owed: Decimal
    currency: str

    def overdue(self, today: date) -> int:
        """Days after the day it was due, 0 before."""
        return max(0, (today - self.due_on).days) if self.due_on else 0


class Account(NamedTuple):
    """What a customer owes in a currency, and paid beyond every invoice; `limit` is None where none is set."""

    owed: Decimal
    ahead: Decimal
    limit: Decimal | None

    @property
    def is_over(self) -> bool:
        """Whether they owe more than they may."""
        return self.limit is not None and self.owed > self.limit


class OpenItems(NamedTuple):
    """The open invoices, the longest overdue first, and the account of each customer and currency."""

    items: list[OpenItem]
    accounts: dict[tuple[str, str], Account]


def open_items(archive: Archive, today: date) -> OpenItems:
    """What is owed as of a day. A payment settles the invoice whose number it names, else the oldest one."""
    invoices, payments = _read(archive, today)
    limits = _limits(archive)
    items: list[OpenItem] = []
    accounts: dict[tuple[str, str], Account] = {}
    for place in sorted(invoices.keys() | payments.keys()):
        left, ahead = settled(invoices[place], payments[place])
        items += left
        limit, currency = limits.get(place[0], (None, ""))
        fits = limit if currency in ("", place[1]) else None
        accounts[place] = Account(sum((item.owed for item in left), NOTHING), ahead, fits)
    items.sort(key=lambda item: (-item.overdue(today), item.due_on or date.max, item.on, item.uid))
    return OpenItems(items, accounts)


class Payment(NamedTuple):
    """Money that came in; `number` names the invoice it is for, "" where none is named."""

    number: str
    amount: Decimal


def settled(invoices: Iterable[OpenItem], payments: Iterable[Payment]) -> tuple[list[OpenItem], Decimal]:
    """What is left open of one customer's invoices in one currency, and what was paid beyond them.

    Payments that name an invoice settle it first; what they pay beyond it, and all others, go to the oldest.
    """
    items = sorted(invoices, key=lambda item: (item.on, item.uid))
    owed = {item.uid: item.amount for item in items}
    by_number = {item.number: item.uid for item in reversed(items) if item.number}
    free = NOTHING
    for payment in payments:
        uid = by_number.get(payment.number, "")
        used = min(owed[uid], payment.amount) if uid else NOTHING
        if uid:
            owed[uid] -= used
        free += payment.amount - used
    for item in items:
        used = min(owed[item.uid], free)
        owed[item.uid] -= used
        free -= used
    return [item._replace(owed=owed[item.uid]) for item in items if owed[item.uid] > 0], free


def _read(archive: Archive, today: date) -> tuple[Any, Any]:
    invoices: defaultdict[tuple[str, str], list[OpenItem]] = defaultdict(list)
    payments: defaultdict[tuple[str, str], list[Payment]] = defaultdict(list)
    columns = archive.columns("transactions", _KEYS)
    for uid, customer, kind, on, due_on, amount, currency, number in zip(*columns.values(), strict=True):
        if amount is None or not on or on > today.isoformat():
            continue
        place = customer or "", currency or ""
        if kind == "invoice":
            day, due = date.fromisoformat(on), date.fromisoformat(due_on) if due_on else None
            worth = Decimal(amount)
            invoices[place].append(OpenItem(uid, place[0], number or "", day, due, worth, worth, place[1]))
        elif kind == "payment":
            payments[place].append(Payment(number or "", Decimal(amount)))
    return invoices, payments


def _limits(archive: Archive) -> dict[str, tuple[Decimal, str]]:
    columns = archive.columns("customers", ("uid", "credit_limit", "currency"))
    return {
        uid: (Decimal(limit), currency or "")
        for uid, limit, currency in zip(*columns.values(), strict=True)
        if limit is not None
    }
