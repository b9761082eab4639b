"""What is known of a customer's dealings in a few figures, worked out from their records and kept by the store."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any, NamedTuple

from archive.model.currencies import NO_CURRENCY
from archive.model.money import NO_RATES, Rates, in_minor_units, ordinal, product_in_minor_units, rate_on
from archive.text import fold

# Orders count for a customer, returns against it; deliveries, invoices and payments are the same money again.
SIGN = {"order": 1, "": 1, "return": -1}


def sale_type(kind: str | None, amount: str | None) -> str:
    """Return what a transaction of this stored type and amount is: an order with a minus is a refund, so a return."""
    if kind in ("order", "", None):
        return "return" if amount is not None and amount.startswith("-") else "order"
    return kind


def currency_of(raw: Mapping[str, Any]) -> str:
    """Return the currency of a stored record, "" if it has none; older archives store "no currency" as XXX."""
    found = raw.get("currency") or ""
    return "" if found == NO_CURRENCY else str(found)


class Sale(NamedTuple):
    """An order or a return: its day, and its amount with the sign it counts with."""

    on: str  # ISO
    amount: Decimal
    currency: str


class Value(NamedTuple):
    """What a customer bought for. `apart` has the sums by currency of sales that have no rate into `currency`."""

    amount: Decimal | None  # None if there were sales and none could be converted
    currency: str
    apart: Mapping[str, Decimal]

    @property
    def parts(self) -> list[tuple[Decimal, str]]:
        """Return all sums with their currencies, the converted one first."""
        own = [] if self.amount is None else [(self.amount, self.currency)]
        return own + [(self.apart[currency], currency) for currency in sorted(self.apart)]


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

    def usual_currency(self, today: date, home: str = "") -> str:
        """Return the currency of most sales up to `today`, "" if none has one.

        Of currencies with as many sales, the one of the latest sale counts; of the same day, the home currency.
        """
        return _usual_currency(self.sales, today.isoformat(), home)

    def value(self, today: date, home: str = "", rates: Rates = NO_RATES) -> Value | None:
        """Return orders minus returns of the 12 months to `today`; None if nothing was ever sold.

        Sales are converted into the home currency at the rate of their day. What has no rate is named apart.
        """
        return _value(self, today, home, rates) if self.sales else None

    def total(self) -> dict[str, Decimal]:
        """Orders minus returns of all time, a sum for each currency."""
        return converted_sums(self.sales, "", NO_RATES)


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


def _value(summary: Summary, today: date, home: str, rates: Rates) -> Value:
    after, to = _bounds(today)
    sums = converted_sums((sale for sale in summary.sales if after < sale.on <= to), home, rates)
    currency = home or summary.usual_currency(today)
    return Value(sums.pop(currency, None if home and sums else Decimal(0)), currency, sums)


def converted_sums(sales: Iterable[Sale], home: str, rates: Rates) -> dict[str, Decimal]:
    """Add sales up by currency: in the home currency if they have a rate of their day into it, else in their own."""
    found: dict[str, Decimal] = {}
    for sale in sales:
        currency, amount = sale.currency or home, sale.amount
        if home and currency != home and (rate := rate_on(rates, currency, ordinal(sale.on))) is not None:
            currency, amount = home, product_in_minor_units(home, amount, rate)
        found[currency] = found.get(currency, Decimal(0)) + amount
    return found


def _usual_currency(sales: Iterable[Sale], today: str, home: str) -> str:
    counts: dict[str, int] = {}
    latest: dict[str, str] = {}
    for sale in sales:
        if sale.currency and sale.on <= today:
            counts[sale.currency] = counts.get(sale.currency, 0) + 1
            latest[sale.currency] = max(latest.get(sale.currency, ""), sale.on)
    ranked = sorted(counts)  # for the same answer each time
    return max(ranked, key=lambda one: (counts[one], latest[one], one == home), default="")


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
    return sale_type(raw.get("type"), raw.get("amount")) == "order"


def _sale(raw: Mapping[str, Any]) -> Sale:
    """A return counts against the customer whatever the sign of its amount."""
    size = abs(in_minor_units(Decimal(raw["amount"]), raw.get("currency", "")))
    sign = SIGN[sale_type(raw.get("type"), raw["amount"])]
    return Sale(raw.get("on", ""), sign * size, currency_of(raw))
