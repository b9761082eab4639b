"""Concentration of revenue: CR-n, Herfindahl-Hirschman index, Gini coefficient, Lorenz curve, ABC classes.

All functions require values of zero or more with a positive sum and return None otherwise. Customers with more
returned than bought have no share; the caller excludes and reports them.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable
from itertools import accumulate
from math import fsum, isfinite
from typing import Literal, SupportsFloat

A_UP_TO = 0.80
B_UP_TO = 0.95
_ROUNDING = 1 + 1e-12  # tolerance for float errors: a cumulative share of exactly 80 % counts as reached

Class = Literal["A", "B", "C"]


def cr(values: Iterable[SupportsFloat], n: int) -> float | None:
    """Return the concentration ratio CR-n: the share of the `n` largest values in the sum."""
    found = _measurable(values)
    return None if found is None else fsum(sorted(found, reverse=True)[: max(n, 0)]) / fsum(found)


def hhi(values: Iterable[SupportsFloat]) -> float | None:
    """Return the Herfindahl-Hirschman index, the sum of squared percentages: near 0 (dispersed) to 10,000."""
    found = _measurable(values)
    if found is None:
        return None
    total = fsum(found)
    return 10_000 * fsum((value / total) ** 2 for value in found)


def gini(values: Iterable[SupportsFloat]) -> float | None:
    """Return the Gini coefficient: 0 if all values are equal, (n - 1) / n if one case has everything.

    The mean difference over twice the mean, without correction for small n: sum of (2 i - n - 1) x_i / (n sum of x_i)
    over ascending x_i.
    """
    found = _measurable(values)
    if found is None:
        return None
    n = len(found)
    ranked = fsum((2 * i - n - 1) * value for i, value in enumerate(sorted(found), 1))
    return max(0.0, ranked / (n * fsum(found)))


def lorenz(values: Iterable[SupportsFloat], most: int = 101) -> list[tuple[float, float]] | None:
    """Return the Lorenz curve from (0, 0) to (1, 1): cumulative share of cases, smallest first, and of the sum.

    The curve has at most `most` points (2 or more), evenly spaced over the cases.
    """
    found = _measurable(values)
    if found is None:
        return None
    n = len(found)
    sums = [0.0, *accumulate(sorted(found))]
    steps = min(n, max(most, 2) - 1)
    places = [round(i * n / steps) for i in range(steps)]
    return [*((place / n, sums[place] / sums[n]) for place in places), (1.0, 1.0)]


def abc(values: Iterable[SupportsFloat]) -> list[Class] | None:
    """Return the ABC class of each value, in the order given.

    From the largest down, values are A up to and including the value at which the cumulative share reaches 80 %, then
    B up to and including that at which it reaches 95 %, the rest C. The largest is therefore always A. Ties keep the
    order given.
    """
    found = _measurable(values)
    if found is None:
        return None
    total = fsum(found)
    a_up_to, b_up_to = A_UP_TO * total / _ROUNDING, B_UP_TO * total / _ROUNDING
    down = sorted(range(len(found)), key=found.__getitem__, reverse=True)
    reached = list(accumulate(map(found.__getitem__, down)))
    a, b = bisect_left(reached, a_up_to) + 1, bisect_left(reached, b_up_to) + 1
    classes: list[Class] = ["C"] * len(found)
    for rank, place in enumerate(down[:b]):
        classes[place] = "A" if rank < a else "B"
    return classes


def _measurable(values: Iterable[SupportsFloat]) -> list[float] | None:
    found = [float(value) for value in values]
    if not found or min(found) < 0:
        return None
    total = fsum(found)
    return found if total > 0 and isfinite(total) else None
