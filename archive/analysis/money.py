"""Money in whole minor units (cents), which add up exactly and fast, and back to Decimal for showing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from functools import cache

# ISO 4217: currencies without minor units, and with three digits of them; all others have two.
_DIGITS = dict.fromkeys(
    "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF".split(), 0
) | dict.fromkeys("BHD IQD JOD KWD LYD OMR TND".split(), 3)

# The worth of one unit of a currency in the home currency, from a day (ordinal) on, oldest first.
Rates = Mapping[str, Sequence[tuple[int, Decimal]]]


def digits(currency: str) -> int:
    """How many decimal digits the minor unit of a currency has."""
    return _DIGITS.get(currency, 2)


def to_minor(amount: str, currency: str) -> int:
    """A kept amount ("12.50") in minor units (1250); finer amounts are rounded half up."""
    whole, _point, cents = amount.partition(".")
    places = digits(currency)
    if len(cents) == places:
        return int(whole + cents)
    if not cents:
        return int(whole) * 10**places  # type: ignore[no-any-return]
    return int(Decimal(amount).scaleb(places).to_integral_value(ROUND_HALF_UP))


def to_decimal(minor: int, currency: str) -> Decimal:
    """Minor units (1250) as an amount (12.50)."""
    return Decimal(minor).scaleb(-digits(currency))


def rate_on(rates: Rates, currency: str, day: int) -> Decimal | None:
    """Return the rate in force on a day (ordinal); None if the currency has no rate or its first one is later."""
    return next((rate for since, rate in reversed(rates.get(currency, ())) if since <= day), None)


def converted(minor: int, currency: str, into: str, rate: Decimal) -> int:
    """Minor units of one currency in those of another, rounded half up."""
    places = digits(into) - digits(currency)
    return int((minor * rate).scaleb(places).to_integral_value(ROUND_HALF_UP))


@cache
def ordinal(day: str) -> int:
    """A kept day ("2026-11-21", or the beginning of a moment) as a number of days; 0 for none."""
    return date.fromisoformat(day[:10]).toordinal() if day else 0
