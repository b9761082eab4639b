"""Money in integer minor units (cents), for exact and fast sums."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from archive.model.money import Rates, digits, ordinal, rate_on

__all__ = ["Rates", "converted", "digits", "half_up", "ordinal", "rate_on", "to_decimal", "to_minor"]


def to_minor(amount: str, currency: str) -> int:
    """Convert a stored amount ("12.50") to minor units (1250), rounding half up."""
    units, _point, cents = amount.partition(".")
    places = digits(currency)
    if len(cents) == places:
        return int(units + cents)
    if not cents:
        return int(units) * 10**places  # type: ignore[no-any-return]
    return int(Decimal(amount).scaleb(places).to_integral_value(ROUND_HALF_UP))


def to_decimal(minor: int, currency: str) -> Decimal:
    """Convert minor units (1250) to an amount (12.50)."""
    return Decimal(minor).scaleb(-digits(currency))


def converted(minor: int, currency: str, into: str, rate: Decimal) -> int:
    """Convert minor units between currencies at a rate, rounded half up."""
    places = digits(into) - digits(currency)
    return half_up((minor * rate).scaleb(places))


def half_up(minor: Decimal) -> int:
    """Round to whole minor units, half away from zero, as for all amounts."""
    return int(minor.to_integral_value(ROUND_HALF_UP))
