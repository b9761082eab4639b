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
    numbers = _numbers(values)
    return None if numbers is None else fsum(sorted(numbers, reverse=True)[: max(n, 0)]) / fsum(numbers)


def hhi(values: Iterable[SupportsFloat]) -> float | None:
    """Return the Herfindahl-Hirschman index, the sum of squared percentages: near 0 (dispersed) to 10,000."""
    numbers = _numbers(values)
    if numbers is None:
        return None
    total = fsum(numbers)
    return 10_000 * fsum((value / total) ** 2 for value in numbers)


def gini(values: Iterable[SupportsFloat]) -> float | None:
    """Return the Gini coefficient: 0 if all values are equal, (n - 1) / n if one case has everything.

    The mean difference over twice the mean, without correction for small n: sum of (2 i - n - 1) x_i / (n sum of x_i)
    over ascending x_i.
    """
    numbers = _numbers(values)
    if numbers is None:
        return None
    n = len(numbers)
    weighted_sum = fsum((2 * i - n - 1) * value for i, value in enumerate(sorted(numbers), 1))
    return max(0.0, weighted_sum / (n * fsum(numbers)))


def lorenz(values: Iterable[SupportsFloat], most: int = 101) -> list[tuple[float, float]] | None:
    """Return the Lorenz curve from (0, 0) to (1, 1): cumulative share of cases, smallest first, and of the sum.

    The curve has at most `most` points (2 or more), evenly spaced over the cases.
    """
    numbers = _numbers(values)
    if numbers is None:
        return None
    n = len(numbers)
    sums = [0.0, *accumulate(sorted(numbers))]
    steps = min(n, max(most, 2) - 1)
    positions = [round(i * n / steps) for i in range(steps)]
    return [*((position / n, sums[position] / sums[n]) for position in positions), (1.0, 1.0)]


def abc(values: Iterable[SupportsFloat]) -> list[Class] | None:
    """Return the ABC class of each value, in the order given.

    From the largest down, values are A up to and including the value at which the cumulative share reaches 80 %, then
    B up to and including that at which it reaches 95 %, the rest C. The largest is therefore always A. Ties keep the
    order given.
    """
    numbers = _numbers(values)
    if numbers is None:
        return None
    total = fsum(numbers)
    a_up_to, b_up_to = A_UP_TO * total / _ROUNDING, B_UP_TO * total / _ROUNDING
    order = sorted(range(len(numbers)), key=numbers.__getitem__, reverse=True)
    cumulative = list(accumulate(map(numbers.__getitem__, order)))
    a, b = bisect_left(cumulative, a_up_to) + 1, bisect_left(cumulative, b_up_to) + 1
    classes: list[Class] = ["C"] * len(numbers)
    for rank, index in enumerate(order[:b]):
        classes[index] = "A" if rank < a else "B"
    return classes


def _numbers(values: Iterable[SupportsFloat]) -> list[float] | None:
    numbers = [float(value) for value in values]
    if not numbers or min(numbers) < 0:
        return None
    total = fsum(numbers)
    return numbers if total > 0 and isfinite(total) else None
