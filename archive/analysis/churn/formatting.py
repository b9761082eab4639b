"""Formatting shared by the sections."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from archive.analysis.dataset import SalesData
from archive.analysis.maths.proportions import wilson
from archive.text import _


def band(k: int, n: int) -> tuple[float | None, float | None]:
    """Return the 95 % interval of the proportion k / n; (None, None) if n is 0."""
    return wilson(k, n) or (None, None)


def some(names: Sequence[str], n: int) -> str:
    """Join the first of `n` names: "Globex, Initech and 3 more"."""
    first = ", ".join(names)
    rest = n - len(names)
    return _("{names} and {n} more").format(names=first, n=rest) if rest > 0 else first


def worth(data: SalesData, uid: str, start: int, end: int) -> Decimal | None:
    """Return a customer's sales in a period; None if there are sales, but none has a known and convertible amount."""
    amount = data.worth(data.history(uid), start, end)
    return None if amount is None else data.money(amount)


def day_of(number: int) -> date | None:
    """Convert a day number to a date; None for 0."""
    return date.fromordinal(number) if number else None
