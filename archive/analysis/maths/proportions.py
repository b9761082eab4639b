"""Proportions and differences of proportions, with 95 % intervals that also hold for small samples."""

from __future__ import annotations

from math import sqrt
from typing import NamedTuple

Z95 = 1.959963984540054
"""The 97.5 % quantile of the standard normal distribution, for two-sided 95 % intervals."""


class Interval(NamedTuple):
    """An interval from `low` to `high`."""

    low: float
    high: float


class Difference(NamedTuple):
    """First proportion minus second, with its interval; all between -1 and 1."""

    value: float
    low: float
    high: float


def wilson(k: float, n: float, z: float = Z95) -> Interval | None:
    """Return the Wilson score interval of the proportion k / n; None if n is 0.

    Wilson (1927), JASA 22, without continuity correction.

    Raises:
        ValueError: Not 0 <= k <= n.
    """
    if not 0 <= k <= n:
        raise ValueError(f"{k} of {n} is no proportion")
    if n == 0:
        return None
    middle = (k + z * z / 2) / (n + z * z)
    half = z / (n + z * z) * sqrt(k * (n - k) / n + z * z / 4)
    return Interval(0.0 if k == 0 else middle - half, 1.0 if k == n else middle + half)


def newcombe(k1: float, n1: float, k2: float, n2: float, z: float = Z95) -> Difference | None:
    """Return k1 / n1 - k2 / n2 with its hybrid score interval; None if n1 or n2 is 0.

    Newcombe (1998), Statistics in Medicine 17, method 10.

    Raises:
        ValueError: Not 0 <= k <= n in one of the groups.
    """
    first, second = wilson(k1, n1, z), wilson(k2, n2, z)
    if first is None or second is None:
        return None
    p1, p2 = k1 / n1, k2 / n2
    below = sqrt((p1 - first.low) ** 2 + (second.high - p2) ** 2)
    above = sqrt((first.high - p1) ** 2 + (p2 - second.low) ** 2)
    return Difference(p1 - p2, p1 - p2 - below, p1 - p2 + above)
