"""Amounts of money: the minor unit of each currency, rounding, and dated exchange rates."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal, localcontext
from functools import cache

from archive.model.currencies import NO_CURRENCY
from archive.model.numbers import show_number

# ISO 4217, decimal digits of the minor unit where they are not two.
_DIGITS = {
    **dict.fromkeys("BYR ESP ITL LUF".split(), 0),
    **dict.fromkeys("BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF".split(), 0),
    **dict.fromkeys("BHD IQD JOD KWD LYD OMR TND".split(), 3),
    **dict.fromkeys("CLF UYW".split(), 4),
}
_ENOUGH = 99  # digits of a product of two kept numbers

Rates = Mapping[str, Sequence[tuple[int, Decimal]]]
"""By currency, what one unit is worth in the home currency from a day (ordinal) on, oldest first."""
NO_RATES: Rates = {}
Convert = Callable[[Decimal, str, str, date], Decimal | None]
"""An amount, its currency, the wanted one and the day; None if there is no rate."""


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
        found = Decimal(1)
        for factor in factors:
            found *= factor
        return in_minor_units(found, currency)


def rate_on(rates: Rates, currency: str, day: int) -> Decimal | None:
    """Return the rate in force on a day (ordinal); None if the currency has no rate or its first one is later."""
    return next((rate for since, rate in reversed(rates.get(currency, ())) if since <= day), None)


def converter(home: str, rates: Rates) -> Convert:
    """Return a function that converts at the rates of a day, through the home currency, and rounds once."""

    def rate(currency: str, day: date) -> Decimal | None:
        return Decimal(1) if currency == home else rate_on(rates, currency, day.toordinal())

    def convert(amount: Decimal, currency: str, wanted: str, day: date) -> Decimal | None:
        own, other = rate(currency, day), rate(wanted, day)
        return in_minor_units(amount * own / other, wanted) if own is not None and other else None

    return convert


@cache
def ordinal(day: str) -> int:
    """Return a stored day ("2026-11-21", or the beginning of a moment) as a number of days; 0 for none."""
    return date.fromisoformat(day[:10]).toordinal() if day else 0


def dated_rates(rates: Iterable[tuple[str, date, Decimal]]) -> Rates:
    """Sort (currency, first day, rate) into `Rates`; of two rates of a day the later entry counts."""
    found: dict[str, dict[int, Decimal]] = {}
    for currency, day, rate in rates:
        found.setdefault(currency, {})[day.toordinal()] = rate
    return {currency: sorted(days.items()) for currency, days in found.items()}


def show_amount(amount: Decimal | None, currency: str, decimal: str = ".") -> str:
    """Format an amount in at least the digits of its currency; further digits that were entered are not cut.

    A unit price of 0.0035 EUR stays one; computed amounts are rounded before they get here.
    """
    if amount is None:
        return ""
    written = -int(amount.normalize().as_tuple().exponent)
    return show_number(amount, max(digits(currency), written), decimal)


def show_money(amount: Decimal | None, currency: str, decimal: str = ".") -> str:
    """Format an amount with its currency; NO_CURRENCY is never shown."""
    shown = show_amount(amount, currency, decimal)
    return f"{shown} {currency}".strip() if shown and currency != NO_CURRENCY else shown
