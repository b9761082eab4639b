"""The input of the reports: the archive as columns and each customer's sales, without decoding records."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any, NamedTuple, TypeVar

from archive.analysis.money import Rates, converted, ordinal, rate_on, to_decimal, to_minor
from archive.model.currencies import NO_CURRENCY
from archive.model.fields import Record
from archive.model.money import converter
from archive.model.summary import SIGN, sale_type

R = TypeVar("R", bound=Record)
Raw = Mapping[str, Any]
Columns = Callable[[str, Sequence[str]], Mapping[str, Sequence[Any]]]

_CACHED = {
    "customers": ("customers", "names"),
    "transactions": ("transactions", "signed", "unpriced", "_unconverted", "_days_without_amount"),
}
_KEYS = ("uid", "customer", "on", "type", "amount", "currency")


class TransactionColumns(NamedTuple):
    """The transactions as columns, one entry per record, in any order.

    `day` is an ordinal (0 if there is no date), `amount` is in minor units of `currency`, None if the record has
    none. A record without a type counts as an order, an order with a negative amount as a return. Amounts of returns
    are unsigned.
    """

    uid: Sequence[str]
    customer: Sequence[str]
    day: Sequence[int]
    type: Sequence[str]
    amount: Sequence[int | None]
    currency: Sequence[str]


class History(NamedTuple):
    """The sales of one customer by day: orders positive, returns negative. `amounts` are minor units of the data's
    currency.

    `events` are the distinct days with an order, as several orders on a day are a single purchase. Returns do not
    count.
    """

    days: tuple[int, ...] = ()
    amounts: tuple[int, ...] = ()
    uids: tuple[str, ...] = ()
    events: tuple[int, ...] = ()

    def bounds(self, start: int, end: int) -> tuple[int, int]:
        """Return the slice bounds of the sales from `start` to `end` (ordinals, both included)."""
        return bisect_left(self.days, start), bisect_right(self.days, end)

    def value(self, start: int, end: int) -> int:
        """Return orders minus returns from `start` to `end`, in minor units."""
        first, last = self.bounds(start, end)
        return sum(self.amounts[first:last])

    def purchases(self, end: int, start: int = 0) -> Sequence[int]:
        """Return the days with an order from `start` to `end`, both included."""
        return self.events[bisect_left(self.events, start) : bisect_right(self.events, end)]

    def sale_uids(self, start: int, end: int) -> tuple[str, ...]:
        """Return the uids of the sales from `start` to `end`."""
        first, last = self.bounds(start, end)
        return self.uids[first:last]


NO_HISTORY = History()


class Omission(NamedTuple):
    """Sales in a currency without an exchange rate: their number, and their total in that currency."""

    sales: int
    total: Decimal


class SalesData:
    """The data of all reports. `columns(table, keys)` returns stored values by column, as the store does.

    All sums are in `currency`: the home currency, or the currency of most sales. Sales in other currencies are
    converted at the rate of their day; sales without a rate are excluded and reported by `left_out`.
    """

    def __init__(
        self,
        columns: Columns,
        *,
        home: str = NO_CURRENCY,
        rates: Rates | None = None,
        currency: str = "",
    ) -> None:
        self._columns = columns
        self._home = home
        self._rates = rates or {}
        self.convert = converter(home, self._rates)  # exact amounts to another currency, rounded
        self._requested_currency = currency
        self._records: dict[type[Record], list[Any]] = {}

    # Columns

    def columns(self, table: str, *keys: str) -> tuple[Sequence[Any], ...]:
        """Return stored values by column, None if a record has no value; all columns are in the same record order."""
        by_key = self._columns(table, keys)
        return tuple(by_key[key] for key in keys)

    def values(self, table: str, key: str) -> dict[str, Any]:
        """Return stored values by uid, without records that have none."""
        uids, values = self.columns(table, "uid", key)
        return {uid: value for uid, value in zip(uids, values, strict=True) if value is not None}

    def records(self, cls: type[R]) -> list[R]:
        """Return all records of a small table, decoded and cached."""
        if cls not in self._records:
            keys = ["uid", *cls.FIELDS]
            lines = zip(*self.columns(cls.TABLE, *keys), strict=True)
            self._records[cls] = [
                cls.load({key: value for key, value in zip(keys, line, strict=True) if value is not None})
                for line in lines
            ]
        return self._records[cls]

    @cached_property
    def customers(self) -> Sequence[str]:
        """The uids of all customers."""
        return self.columns("customers", "uid")[0]

    @cached_property
    def names(self) -> dict[str, str]:
        """The name of each customer."""
        return self.values("customers", "full_name")

    @cached_property
    def transactions(self) -> TransactionColumns:
        """The transactions in columns."""
        uids, customers, days, types, amounts, currencies = self.columns("transactions", *_KEYS)
        own_currencies = [
            currency if currency and currency != NO_CURRENCY else self._home for currency in currencies
        ]
        sales = [sale_type(kind, amount) for kind, amount in zip(types, amounts, strict=True)]
        return TransactionColumns(
            uid=uids,
            customer=[customer or "" for customer in customers],
            day=[ordinal(day or "") for day in days],
            type=sales,
            amount=[
                None if amount is None else _size(to_minor(amount, currency), kind)
                for amount, currency, kind in zip(amounts, own_currencies, sales, strict=True)
            ],
            currency=own_currencies,
        )

    @cached_property
    def signed(self) -> Sequence[int | None]:
        """The signed amount of each transaction in minor units of the data's currency: orders positive, returns
        negative.

        Parallel to `transactions`. None if the transaction is not a sale, its amount is unknown, or there is no rate
        for it.
        """
        d, currency = self.transactions, self.currency
        return [
            None
            if amount is None or kind not in SIGN
            else SIGN[kind] * amount
            if own == currency
            else self.minor(SIGN[kind] * amount, own, day)
            for kind, amount, own, day in zip(d.type, d.amount, d.currency, d.day, strict=True)
        ]

    @cached_property
    def unpriced(self) -> frozenset[str]:
        """The uids of sales whose amount is unknown or cannot be converted. An amount of zero is known."""
        d = self.transactions
        lines = zip(d.uid, d.type, self.signed, strict=True)
        return frozenset(uid for uid, kind, amount in lines if kind in SIGN and amount is None)

    def worth(self, history: History, start: int, end: int) -> int | None:
        """Return orders minus returns from `start` to `end`; None if there are sales but none with a known amount."""
        first, last = history.bounds(start, end)
        amounts = history.amounts[first:last]
        if amounts and not any(amounts) and self.unpriced.issuperset(history.uids[first:last]):
            return None
        return sum(amounts)

    # Money

    @cached_property
    def currency(self) -> str:
        """The currency of all sums."""
        if self._requested_currency:
            return self._requested_currency
        used = Counter(
            currency
            for currency, kind in zip(self.transactions.currency, self.transactions.type, strict=True)
            if kind in SIGN
        )
        if self._home != NO_CURRENCY and (self._home in used or not used or self._rates):
            return self._home
        return max(used, key=lambda currency: (used[currency], currency), default=self._home)

    def minor(self, amount: int, currency: str, day: int) -> int | None:
        """Convert an amount to minor units of the data's currency; None if there is no rate."""
        if currency == self.currency:
            return amount
        rate = rate_on(self._rates, currency, day) if self.currency == self._home else None
        return None if rate is None else converted(amount, currency, self.currency, rate)

    def rate(self, currency: str, day: date) -> Decimal | None:
        """Return the exchange rate to the home currency on a day; None if no rate is known for that day."""
        return Decimal(1) if currency == self._home else rate_on(self._rates, currency, day.toordinal())

    def amount(self, value: Decimal | None, currency: str, day: date) -> int | None:
        """Return a record's amount in minor units of the data's currency; None if it has no amount or no rate."""
        if value is None:
            return None
        own = currency if currency and currency != NO_CURRENCY else self._home
        return self.minor(to_minor(str(value), own), own, day.toordinal())

    def money(self, minor: int) -> Decimal:
        """Convert minor units to an amount."""
        return to_decimal(minor, self.currency)

    def left_out(self, start: int, end: int) -> dict[str, Omission]:
        """Return the sales of a period that have no exchange rate, by currency."""
        counts: Counter[str] = Counter()
        sums: Counter[str] = Counter()
        for currency, kind, day, amount in self._unconverted:
            if start <= day <= end:
                counts[currency] += 1
                sums[currency] += SIGN[kind] * amount
        return {c: Omission(counts[c], to_decimal(sums[c], c)) for c in sorted(counts)}

    def first_rate(self, currency: str) -> int | None:
        """Return the first day (ordinal) on which a currency can be converted; None if there is no rate."""
        rates = self._rates.get(currency) if self.currency == self._home else None
        return rates[0][0] if rates else None

    def without_amount(self, start: int, end: int) -> int:
        """Count the sales of a period whose amount is unknown."""
        return bisect_right(self._days_without_amount, end) - bisect_left(self._days_without_amount, start)

    @cached_property
    def _days_without_amount(self) -> list[int]:
        """The days of the sales without an amount, in ascending order."""
        d = self.transactions
        return sorted(
            day
            for kind, day, amount in zip(d.type, d.day, d.amount, strict=True)
            if amount is None and kind in SIGN
        )

    @cached_property
    def _unconverted(self) -> list[tuple[str, str, int, int]]:
        """Currency, type, day and amount of the sales that cannot be converted."""
        d = self.transactions
        return [
            (currency, kind, day, amount)
            for currency, kind, day, amount in zip(d.currency, d.type, d.day, d.amount, strict=True)
            if currency != self.currency
            and kind in SIGN
            and amount is not None
            and self.minor(amount, currency, day) is None
        ]

    # Following changes

    def forget(self, tables: Iterable[str]) -> None:
        """Drop cached columns of these tables because records changed; they are read again on use."""
        for cached in {_CACHED[table] for table in tables if table in _CACHED}:
            for name in cached:
                self.__dict__.pop(name, None)
        self._records.clear()

    def follow(self, customer: str, rows: Iterable[Raw]) -> None:
        """Replace a customer's sales by these stored transactions, without a pass over other customers."""
        transactions = list(rows)
        updated = SalesData(
            lambda _table, keys: {key: [row.get(key) for row in transactions] for key in keys},
            home=self._home,
            rates=self._rates,
            currency=self.currency,
        )
        self.histories.pop(customer, None)
        self.histories.update(updated.histories)

    # Sales by customer

    @cached_property
    def histories(self) -> dict[str, History]:
        """The sales of every customer who has any."""
        d = self.transactions
        by_customer: defaultdict[str, list[int]] = defaultdict(list)
        for position, (customer, kind) in enumerate(zip(d.customer, d.type, strict=True)):
            if kind in SIGN:
                by_customer[customer].append(position)
        amounts = [amount or 0 for amount in self.signed]
        return {customer: _history(d, amounts, positions) for customer, positions in by_customer.items()}

    def history(self, customer: str) -> History:
        """Return a customer's sales, empty if there are none."""
        return self.histories.get(customer, NO_HISTORY)


def _size(minor: int, kind: str) -> int:
    """Return the amount of a sale; for a return it is unsigned, whichever sign was entered."""
    return abs(minor) if kind == "return" else minor


def _history(d: TransactionColumns, amounts: Sequence[int], positions: list[int]) -> History:
    """Build the history from the sales at these positions; a sale with an unknown amount counts with 0 in sums."""
    unsorted = list(map(d.day.__getitem__, positions))
    days = sorted(unsorted)
    if days != unsorted:
        positions.sort(key=d.day.__getitem__)
    kinds = list(map(d.type.__getitem__, positions))
    order_days = days
    if "return" in kinds:
        order_days = [day for day, kind in zip(days, kinds, strict=True) if SIGN[kind] > 0]
    return History(
        tuple(days),
        tuple(map(amounts.__getitem__, positions)),
        tuple(map(d.uid.__getitem__, positions)),
        tuple(dict.fromkeys(order_days)),
    )
