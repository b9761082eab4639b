"""What is known of a customer's dealings in a few figures, worked out from their records and kept by the store."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any, NamedTuple

from archive.text import fold

# Orders count for a customer, returns against it; deliveries, invoices and payments are the same money again.
SIGN = {"order": 1, "": 1, "return": -1}


class Sale(NamedTuple):
    """An order or a return: its day, and its amount with the sign it counts with."""

    on: str  # ISO
    amount: Decimal
    currency: str


class Summary(NamedTuple):
    """A customer's dealings and contacts. Days are ISO text, "" where there was none."""

    sales: tuple[Sale, ...] = ()
    orders: int = 0
    first_order: str = ""
    last_order: str = ""
    first_enquiry: str = ""
    last_contact: str = ""
    follow_up_on: str = ""  # the earliest that is not done
    transactions: int = 0
    interactions: int = 0
    products: frozenset[str] = frozenset()  # folded names, of records and as typed
    linked_products: frozenset[str] = frozenset()  # uids
    planned_orders: int = 0  # dated after the day up to which the summary counts
    planned_contacts: int = 0
    newest: str = ""  # the latest day of any transaction or contact, planned ones included

    @property
    def currency(self) -> str:
        """The currency of the last sale that has one; unlike currencies are never added."""
        return max(((sale.on, sale.currency) for sale in self.sales if sale.currency), default=("", ""))[1]

    def value(self, today: date) -> Decimal | None:
        """Orders minus returns of the 12 months to `today`, in `currency`; None where nothing was ever sold."""
        return _value(self, today) if self.sales else None

    def total(self) -> dict[str, Decimal]:
        """Orders minus returns of all time, a sum for each currency."""
        sums: dict[str, Decimal] = {}
        for sale in self.sales:
            sums[sale.currency] = sums.get(sale.currency, Decimal(0)) + sale.amount
        return sums


NOTHING = Summary()
END = "9999-12-31"  # no record is dated later


def year_before(day: date) -> date:
    """The same day a year before; the 28th for 29 February."""
    try:
        return day.replace(year=day.year - 1)
    except ValueError:
        return day.replace(year=day.year - 1, day=28)


@lru_cache(maxsize=1024)
def _bounds(today: date) -> tuple[str, str]:
    return year_before(today).isoformat(), today.isoformat()


def _value(summary: Summary, today: date) -> Decimal:
    after, to = _bounds(today)
    currency = summary.currency
    amounts = (s.amount for s in summary.sales if after < s.on <= to and s.currency == currency)
    return sum(amounts, Decimal(0))


def summarise(
    transactions: Iterable[Mapping[str, Any]], interactions: Iterable[Mapping[str, Any]], until: str = END
) -> Summary:
    """The summary of one customer's stored (not decoded) transactions and interactions, in any order.

    What is dated after the ISO day `until` has not happened: it counts as planned only.
    """
    everything, contacts = list(transactions), list(interactions)
    dealings = [t for t in everything if t.get("on", "") <= until]
    made = [day for i in contacts if (day := i.get("at", "")[:10]) <= until]
    orders = [t.get("on", "") for t in dealings if _is_order(t)]
    enquiries = [t.get("on", "") for t in dealings if t.get("type") == "enquiry"]
    products = [t["product"] for t in dealings if "product" in t]
    due = [i["follow_up_on"] for i in contacts if "follow_up_on" in i and "follow_up_done_on" not in i]
    return Summary(
        sales=tuple(_sale(t) for t in dealings if t.get("type", "") in SIGN and "amount" in t),
        orders=len(orders),
        first_order=min(orders, default=""),
        last_order=max(orders, default=""),
        first_enquiry=min(enquiries, default=""),
        last_contact=max(made, default=""),
        follow_up_on=min(due, default=""),
        transactions=len(everything),
        interactions=len(contacts),
        products=frozenset(fold(p["name"]) for p in products if isinstance(p, dict)),
        linked_products=frozenset(p for p in products if isinstance(p, str)),
        planned_orders=sum(map(_is_order, everything)) - len(orders),
        planned_contacts=len(contacts) - len(made),
        newest=max(
            [*(t.get("on", "") for t in everything), *(i.get("at", "")[:10] for i in contacts)], default=""
        ),
    )


def _is_order(raw: Mapping[str, Any]) -> bool:
    return raw.get("type", "") in ("order", "")


def _sale(raw: Mapping[str, Any]) -> Sale:
    amount = Decimal(raw["amount"])
    signed = amount if SIGN[raw.get("type", "")] > 0 else -amount
    return Sale(raw.get("on", ""), signed, raw.get("currency", ""))
