"""Summary figures of a customer's transactions and activities; computed from records and cached by the store."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any, NamedTuple

from archive.model.currencies import NO_CURRENCY
from archive.model.money import NO_RATES, Rates, in_minor_units, ordinal, product_in_minor_units, rate_on
from archive.text import fold

# Orders add to a customer's value, returns reduce it. Deliveries, invoices and payments would count the money twice.
SIGN = {"order": 1, "": 1, "return": -1}


def sale_type(kind: str | None, amount: str | None) -> str:
    """Return the effective type of a stored transaction: an order with a negative amount is a return."""
    if kind in ("order", "", None):
        return "return" if amount is not None and amount.startswith("-") else "order"
    return kind


def currency_of(raw: Mapping[str, Any]) -> str:
    """Return the currency of a stored record, or "" if it has none; older archives store XXX for "no currency"."""
    currency = raw.get("currency") or ""
    return "" if currency == NO_CURRENCY else str(currency)


class Sale(NamedTuple):
    """An order (positive amount) or a return (negative amount) with its date."""

    on: str  # ISO
    amount: Decimal
    currency: str


class Value(NamedTuple):
    """The value of a customer. `apart` has the sums of sales without an exchange rate into `currency`, by currency."""

    amount: Decimal | None  # None if there were sales and none could be converted
    currency: str
    apart: Mapping[str, Decimal]

    @property
    def parts(self) -> list[tuple[Decimal, str]]:
        """All sums with their currencies, the converted sum first."""
        own = [] if self.amount is None else [(self.amount, self.currency)]
        return own + [(self.apart[currency], currency) for currency in sorted(self.apart)]


class Summary(NamedTuple):
    """Figures of a customer's transactions and activities. Dates are ISO text, "" if there is no such record."""

    sales: tuple[Sale, ...] = ()
    orders: int = 0
    first_order: str = ""
    last_order: str = ""
    first_enquiry: str = ""
    last_contact: str = ""
    follow_up_on: str = ""  # earliest open follow-up
    transactions: int = 0
    interactions: int = 0
    products: frozenset[str] = frozenset()  # folded names of products without a record
    linked_products: frozenset[str] = frozenset()  # uids
    planned_orders: int = 0  # dated after the last day that the summary covers
    planned_contacts: int = 0
    newest: str = ""  # latest date of any transaction or activity, including planned ones

    def usual_currency(self, today: date, home: str = "") -> str:
        """Return the most frequent currency of sales up to `today`, or "" if no sale has a currency.

        Ties are broken by the latest sale, then in favour of the home currency.
        """
        return _usual_currency(self.sales, today.isoformat(), home)

    def value(self, today: date, home: str = "", rates: Rates = NO_RATES) -> Value | None:
        """Return orders minus returns of the 12 months up to `today`; None if there were no sales at all.

        Sales are converted into the home currency at the rate of their day; sums without a rate are listed separately.
        """
        return _value(self, today, home, rates) if self.sales else None

    def total(self) -> dict[str, Decimal]:
        """Return orders minus returns of all time, by currency."""
        return converted_sums(self.sales, "", NO_RATES)


NOTHING = Summary()
END = "9999-12-31"  # no record is dated later


def year_before(day: date) -> date:
    """Return the same day of the previous year; 28 February for 29 February."""
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
    """Sum sales by currency: in the home currency if there is a rate for their day, otherwise in their own currency."""
    sums: dict[str, Decimal] = {}
    for sale in sales:
        currency, amount = sale.currency or home, sale.amount
        if home and currency != home and (rate := rate_on(rates, currency, ordinal(sale.on))) is not None:
            currency, amount = home, product_in_minor_units(home, amount, rate)
        sums[currency] = sums.get(currency, Decimal(0)) + amount
    return sums


def _usual_currency(sales: Iterable[Sale], today: str, home: str) -> str:
    counts: dict[str, int] = {}
    latest: dict[str, str] = {}
    for sale in sales:
        if sale.currency and sale.on <= today:
            counts[sale.currency] = counts.get(sale.currency, 0) + 1
            latest[sale.currency] = max(latest.get(sale.currency, ""), sale.on)
    ranked = sorted(counts)  # deterministic in case of a tie
    return max(
        ranked, key=lambda currency: (counts[currency], latest[currency], currency == home), default=""
    )


def summarise(
    transactions: Iterable[Mapping[str, Any]], interactions: Iterable[Mapping[str, Any]], until: str = END
) -> Summary:
    """Summarise one customer's stored (not decoded) transactions and interactions, in any order.

    Entries dated after the ISO day `until` only count as planned.
    """
    rows, contacts = list(transactions), list(interactions)
    past_rows = [row for row in rows if row.get("on", "") <= until]
    contact_days = [day for contact in contacts if (day := contact.get("at", "")[:10]) <= until]
    orders = [row.get("on", "") for row in past_rows if _is_order(row)]
    enquiries = [row.get("on", "") for row in past_rows if row.get("type") == "enquiry"]
    products = [row["product"] for row in past_rows if "product" in row]
    due = [
        contact["follow_up_on"]
        for contact in contacts
        if "follow_up_on" in contact and "follow_up_done_on" not in contact
    ]
    return Summary(
        sales=tuple(_sale(row) for row in past_rows if row.get("type", "") in SIGN and "amount" in row),
        orders=len(orders),
        first_order=min(orders, default=""),
        last_order=max(orders, default=""),
        first_enquiry=min(enquiries, default=""),
        last_contact=max(contact_days, default=""),
        follow_up_on=min(due, default=""),
        transactions=len(rows),
        interactions=len(contacts),
        products=frozenset(fold(p["name"]) for p in products if isinstance(p, dict)),
        linked_products=frozenset(p for p in products if isinstance(p, str)),
        planned_orders=sum(map(_is_order, rows)) - len(orders),
        planned_contacts=len(contacts) - len(contact_days),
        newest=max(
            [
                *(row.get("on", "") for row in rows),
                *(contact.get("at", "")[:10] for contact in contacts),
            ],
            default="",
        ),
    )


def _is_order(raw: Mapping[str, Any]) -> bool:
    return sale_type(raw.get("type"), raw.get("amount")) == "order"


def counted_amount(raw: Mapping[str, Any]) -> Decimal:
    """Return the amount of a stored transaction in minor units. A return is negative, whatever its sign."""
    amount = in_minor_units(Decimal(raw["amount"]), raw.get("currency", ""))
    return -abs(amount) if sale_type(raw.get("type"), raw["amount"]) == "return" else amount


def _sale(raw: Mapping[str, Any]) -> Sale:
    """Convert a stored order or return."""
    return Sale(raw.get("on", ""), counted_amount(raw), currency_of(raw))
