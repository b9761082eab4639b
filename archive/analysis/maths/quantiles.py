"""Medians and percentiles by a single definition.

Linear interpolation at rank (n - 1) p + 1: Hyndman and Fan (1996), The American Statistician 50, type 7, the default of
R and numpy, and PERCENTILE.INC in spreadsheets.
"""

from __future__ import annotations

from collections.abc import Iterable
from math import floor
from typing import SupportsFloat


def quantile(values: Iterable[SupportsFloat], p: float) -> float | None:
    """Return the `p` quantile of the values; None if there are no values.

    Raises:
        ValueError: Not 0 <= p <= 1.
    """
    (value,) = quantiles(values, p)
    return value


def quantiles(values: Iterable[SupportsFloat], *shares: float) -> list[float | None]:
    """Return the quantile at each share; the values are sorted only once."""
    if not all(0 <= p <= 1 for p in shares):
        raise ValueError(f"{shares} are not between 0 and 1")
    ordered = sorted(map(float, values))
    return [_between(ordered, p) if ordered else None for p in shares]


def median(values: Iterable[SupportsFloat]) -> float | None:
    """Return the median: the middle value, or the mean of the two middle values; None if there are no values."""
    return quantile(values, 0.5)


def p90(values: Iterable[SupportsFloat]) -> float | None:
    """Return the 90th percentile; None if there are no values."""
    return quantile(values, 0.9)


def _between(ordered: list[float], p: float) -> float:
    rank = (len(ordered) - 1) * p
    index = floor(rank)
    low = ordered[index]
    high = ordered[min(index + 1, len(ordered) - 1)]
    return low + (rank - index) * (high - low) if high > low else low
