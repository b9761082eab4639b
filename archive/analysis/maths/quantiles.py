"""Medians and percentiles, by one named definition."""

from __future__ import annotations

from collections.abc import Iterable
from math import floor
from typing import SupportsFloat

DEFINITION = "Hyndman-Fan 7"
"""Linear between the ranks (n - 1) p + 1: Hyndman and Fan (1996), The American Statistician 50, type 7.

What R, numpy and PERCENTILE.INC of spreadsheets give unless told otherwise.
"""


def quantile(values: Iterable[SupportsFloat], p: float) -> float | None:
    """The value below which the share `p` of the values lies; None for no values.

    ValueError unless 0 <= p <= 1.
    """
    (found,) = quantiles(values, p)
    return found


def quantiles(values: Iterable[SupportsFloat], *shares: float) -> list[float | None]:
    """The quantile at each of the shares, sorting the values once."""
    if not all(0 <= p <= 1 for p in shares):
        raise ValueError(f"{shares} are not between 0 and 1")
    ordered = sorted(map(float, values))
    return [_between(ordered, p) if ordered else None for p in shares]


def median(values: Iterable[SupportsFloat]) -> float | None:
    """The middle value, or the mean of the two middle ones."""
    return quantile(values, 0.5)


def p90(values: Iterable[SupportsFloat]) -> float | None:
    """The value that nine in ten do not exceed."""
    return quantile(values, 0.9)


def _between(ordered: list[float], p: float) -> float:
    rank = (len(ordered) - 1) * p
    below = floor(rank)
    low = ordered[below]
    high = ordered[min(below + 1, len(ordered) - 1)]
    return low + (rank - below) * (high - low) if high > low else low
