"""Read the CSV export of an archive with the standard library only, sharing no code with the program.

Definitions from the manual: a return reduces revenue whatever its sign, and so does a negative order, which is not
a purchase. A foreign amount is converted at the rate of its day and rounded half up to the minor unit of the home
currency; an amount without a rate on that day is left out of sums.
"""

import csv
import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from functools import cached_property
from pathlib import Path

MINOR = {"JPY": 0, "KRW": 0, "KWD": 3, "BHD": 3}  # decimals in the test data; other currencies have two
DAY = timedelta(days=1)
ZERO = Decimal(0)
Row = dict[str, str]


def day_of(text: str) -> date | None:
    """Parse a date; None for an empty cell."""
    return date.fromisoformat(text[:10]) if text else None


def number_of(text: str) -> Decimal | None:
    """Parse a number; None for an empty cell."""
    return Decimal(text) if text else None


def numbered(row: Row, prefix: str, *keys: str) -> list[Row]:
    """Return the entries of a list that is exported to columns such as `terms.1.key`."""
    found = []
    for number in range(1, 1000):
        start = f"{prefix}.{number}."
        if not any(name.startswith(start) for name in row):
            break
        part = {key: row.get(start + key, "") for key in keys}
        if any(part.values()):
            found.append(part)
    return found


@dataclass(frozen=True)
class Money:
    """Conversion into the home currency."""

    home: str
    rates: dict[str, list[tuple[date, Decimal]]]

    def rounded(self, value: Decimal, currency: str = "") -> Decimal:
        """Round half up to the minor unit of a currency."""
        digits = MINOR.get(currency or self.home, 2)
        return value.quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)

    def rate(self, currency: str, on: date) -> Decimal | None:
        """Return the exchange rate of a currency on a day."""
        if currency == self.home:
            return Decimal(1)
        known = [rate for since, rate in self.rates.get(currency, []) if since <= on]
        return known[-1] if known else None

    def at_home(self, value: Decimal, currency: str, on: date) -> Decimal | None:
        """Convert an amount to the home currency."""
        rate = self.rate(currency, on)
        return None if rate is None else self.rounded(value * rate)


@dataclass(frozen=True)
class Dealing:
    """A transaction of an archive."""

    row: Row
    on: date
    customer: str
    type: str
    amount: Decimal | None
    currency: str
    category: tuple[str, ...]
    home: Decimal | None  # the amount in the home currency

    @property
    def is_order(self) -> bool:
        """Whether it is a purchase. An order of zero is; a negative order is a refund."""
        return self.type == "order" and not (self.amount is not None and self.amount < 0)

    @property
    def is_return(self) -> bool:
        """Whether it reduces revenue."""
        return self.type == "return" or (self.type == "order" and not self.is_order)

    @property
    def is_sale(self) -> bool:
        """Whether it is an order or a return."""
        return self.type in ("order", "return")

    @property
    def revenue(self) -> Decimal | None:
        """Return its contribution to revenue in the home currency; None if it is unknown."""
        if self.home is None:
            return None
        return -abs(self.home) if self.is_return else self.home


def path_of(text: str) -> tuple[str, ...]:
    """Split a category into its levels."""
    return tuple(level.strip() for level in text.split("/") if level.strip())


@dataclass
class Ledger:
    """The records of an archive, read from its CSV files."""

    folder: Path
    tables: dict[str, list[Row]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Read every file."""
        for path in sorted(self.folder.glob("*.csv")):
            with path.open(encoding="utf-8-sig", newline="") as lines:
                self.tables[path.stem] = list(csv.DictReader(lines))

    @cached_property
    def money(self) -> Money:
        """Return the home currency and the rates of the archive's settings."""
        row = (self.tables["settings"] or [{}])[0]
        rates = defaultdict(list)
        for part in numbered(row, "rates", "currency", "since", "rate"):
            rates[part["currency"]].append((date.fromisoformat(part["since"]), Decimal(part["rate"])))
        return Money(self.home, {currency: sorted(known) for currency, known in rates.items()})

    @cached_property
    def home(self) -> str:
        """Return the currency of sums: the home currency or, if there is none, the most frequent currency of sales."""
        named = self.named_home
        sales = [
            row["currency"] or named
            for row in self.tables["transactions"]
            if row["type"] in ("order", "return", "")
        ]
        if named and (named in sales or not sales or self._has_rates):
            return named
        return most_frequent(sales)

    @property
    def named_home(self) -> str:
        """Return the home currency in the archive's settings, which applies to amounts without a currency."""
        return (self.tables["settings"] or [{}])[0].get("currency", "")

    @property
    def _has_rates(self) -> bool:
        return bool((self.tables["settings"] or [{}])[0].get("rates.1.currency"))

    @cached_property
    def observed_since(self) -> date | None:
        """Return the day since which losses are recorded, if it is set."""
        return day_of((self.tables["settings"] or [{}])[0].get("observed_since", ""))

    @cached_property
    def names(self) -> dict[str, str]:
        """Return the names of customers by code."""
        return {row["code"]: row["full_name"] for row in self.tables["customers"]}

    @cached_property
    def products(self) -> dict[str, Row]:
        """Return the products by code."""
        return {row["code"]: row for row in self.tables["products"]}

    @cached_property
    def dealings(self) -> list[Dealing]:
        """Return all transactions, oldest first."""
        return sorted(map(self._dealing, self.tables["transactions"]), key=lambda each: each.on)

    def _dealing(self, row: Row) -> Dealing:
        on = date.fromisoformat(row["on"])
        amount = number_of(row["amount"])
        product = self.products.get(row["product.code"], {})
        currency = row["currency"] or self.named_home
        home = None if amount is None else self.money.at_home(amount, currency, on)
        return Dealing(
            row=row,
            on=on,
            customer=row["customer.code"],
            type=row["type"] or "order",
            amount=amount,
            currency=currency,
            category=path_of(row["category"] or product.get("category", "")),
            home=home,
        )

    def sales(self, first: date, last: date) -> list[Dealing]:
        """Return orders and returns of a period, both days included."""
        return [each for each in self.dealings if each.is_sale and first <= each.on <= last]

    def sales_of(self, customer: str, first: date, last: date) -> list[Dealing]:
        """Return the orders and returns of a customer in a period."""
        return [each for each in self._by_customer[customer] if first <= each.on <= last]

    @cached_property
    def _by_customer(self) -> dict[str, list[Dealing]]:
        found: dict[str, list[Dealing]] = defaultdict(list)
        for each in self.dealings:
            if each.is_sale:
                found[each.customer].append(each)
        return found

    def purchase_days(self, as_of: date) -> dict[str, list[date]]:
        """Return the distinct days on which each customer bought, ascending."""
        found: dict[str, set[date]] = defaultdict(set)
        for each in self.dealings:
            if each.is_order and each.on <= as_of:
                found[each.customer].add(each.on)
        return {customer: sorted(days) for customer, days in found.items()}


def most_frequent(values: Iterable[str]) -> str:
    """Return the most frequent value; "" if there are no values."""
    counts: dict[str, int] = defaultdict(int)
    for value in values:
        counts[value] += 1
    return max(counts, key=lambda value: (counts[value], value), default="")


def deliveries_of(cell: str) -> list[Row]:
    """Parse the deliveries of a term, which are exported as JSON in a single cell."""
    return json.loads(cell) if cell else []


@dataclass(frozen=True)
class Period:
    """The period of a report. `last` is `end` or, if that is in the future, the as-of day."""

    first: date
    end: date  # as requested
    as_of: date

    @property
    def last(self) -> date:
        """Return the last day that counts."""
        return min(self.end, self.as_of)

    def before(self) -> "Period":
        """Return the previous period: the same number of months if the period is whole months, otherwise of days."""
        months = whole_months(self.first, self.end)
        if months:
            first = months_after(self.first, -months)
            return Period(first, self.first - DAY, self.first - DAY)
        days = (self.end - self.first).days + 1
        return Period(self.first - days * DAY, self.first - DAY, self.first - DAY)


def whole_months(first: date, last: date) -> int:
    """Return the number of months in a period; 0 if it is not a whole number."""
    after = last + DAY
    months = (after.year - first.year) * 12 + after.month - first.month
    return months if months > 0 and months_after(first, months) == after else 0


def months_after(day: date, months: int) -> date:
    """Add months to a date, at most to the end of the month."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    for number in range(day.day, 27, -1):
        try:
            return date(year, month + 1, number)
        except ValueError:
            continue
    return date(year, month + 1, day.day)


def shown(value: Decimal) -> str:
    """Format an amount as in exported files."""
    return f"{value:f}"
