"""Amounts of money: minor units of currencies, rounding, and dated exchange rates."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal, localcontext
from functools import cache

from archive.model.currencies import NO_CURRENCY
from archive.model.numbers import show_number

# ISO 4217: decimal digits of the minor unit, if other than two.
_DIGITS = {
    **dict.fromkeys("BYR ESP ITL LUF".split(), 0),
    **dict.fromkeys("BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF".split(), 0),
    **dict.fromkeys("BHD IQD JOD KWD LYD OMR TND".split(), 3),
    **dict.fromkeys("CLF UYW".split(), 4),
}
_ENOUGH = 99  # precision that holds a product of stored numbers exactly

Rates = Mapping[str, Sequence[tuple[int, Decimal]]]
"""By currency: start days (ordinal) and the value of one unit in the home currency, oldest first."""
NO_RATES: Rates = {}
Convert = Callable[[Decimal, str, str, date], Decimal | None]
"""Takes amount, source currency, target currency and day; returns None if there is no rate."""


def digits(currency: str) -> int:
    """Return the number of decimal digits of a currency's minor unit."""
    return _DIGITS.get(currency, 2)


def in_minor_units(amount: Decimal, currency: str) -> Decimal:
    """Round an amount half up to the minor unit of its currency."""
    with localcontext(prec=_ENOUGH):
        return amount.quantize(Decimal(1).scaleb(-digits(currency)), ROUND_HALF_UP)


def product_in_minor_units(currency: str, *factors: Decimal) -> Decimal:
    """Multiply exactly, then round once, half up, to the minor unit of the currency."""
    with localcontext(prec=_ENOUGH):
        product = Decimal(1)
        for factor in factors:
            product *= factor
        return in_minor_units(product, currency)


def rate_on(rates: Rates, currency: str, day: int) -> Decimal | None:
    """Return the rate in force on a day (ordinal); None if the currency has no rate or its first rate is later."""
    return next((rate for since, rate in reversed(rates.get(currency, ())) if since <= day), None)


def converter(home: str, rates: Rates) -> Convert:
    """Return a function that converts at the rates of a day via the home currency, and rounds once."""

    def rate(currency: str, day: date) -> Decimal | None:
        return Decimal(1) if currency == home else rate_on(rates, currency, day.toordinal())

    def convert(amount: Decimal, currency: str, target: str, day: date) -> Decimal | None:
        own, other = rate(currency, day), rate(target, day)
        return in_minor_units(amount * own / other, target) if own is not None and other else None

    return convert


@cache
def ordinal(day: str) -> int:
    """Return the ordinal of a stored date ("2026-11-21", or a datetime that starts with it); 0 for ""."""
    return date.fromisoformat(day[:10]).toordinal() if day else 0


def dated_rates(rates: Iterable[tuple[str, date, Decimal]]) -> Rates:
    """Sort (currency, first day, rate) into `Rates`. If a day has two rates, the later entry wins."""
    by_currency: dict[str, dict[int, Decimal]] = {}
    for currency, day, rate in rates:
        by_currency.setdefault(currency, {})[day.toordinal()] = rate
    return {currency: sorted(days.items()) for currency, days in by_currency.items()}


def show_amount(amount: Decimal | None, currency: str, decimal: str = ".") -> str:
    """Format an amount with at least the decimal digits of its currency. Additional digits are not cut off.

    A unit price of 0.0035 EUR is shown in full; computed amounts must be rounded beforehand.
    """
    if amount is None:
        return ""
    written = -int(amount.normalize().as_tuple().exponent)
    return show_number(amount, max(digits(currency), written), decimal)


def show_money(amount: Decimal | None, currency: str, decimal: str = ".") -> str:
    """Format an amount with its currency; NO_CURRENCY is not shown."""
    text = show_amount(amount, currency, decimal)
    return f"{text} {currency}".strip() if text and currency != NO_CURRENCY else text
