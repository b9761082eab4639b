"""Time between purchases in days: the expected gap of a customer, and how overdue the next purchase is."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from math import exp, log
from typing import NamedTuple

PSEUDO_GAPS = 2
"""Number of typical gaps averaged with a customer's own (shrinkage)."""


class Overdue(NamedTuple):
    """Days since the last purchase, expected days between purchases, and the ratio of the two."""

    elapsed: int
    expected: float
    ratio: float


def gaps(days: Sequence[int]) -> list[int]:
    """Return the days between purchases on ascending day numbers; several purchases on a day count once."""
    return [later - day for day, later in pairwise(days) if later > day]


def expected_gap(own: Sequence[float], typical: float | None) -> float | None:
    """Return the geometric mean of a customer's own gaps and two gaps of the typical length.

    Shrinking towards the typical gap limits the effect of a single unusual gap. Without a typical gap, only the own
    gaps count; None without gaps of either kind. Gaps must be positive.
    """
    n = len(own) + (PSEUDO_GAPS if typical is not None else 0)
    if not n:
        return None
    prior = PSEUDO_GAPS * log(typical) if typical is not None else 0.0
    return exp((sum(map(log, own)) + prior) / n)


def overdue(days: Sequence[int], as_of: int, typical: float | None) -> Overdue | None:
    """Return how overdue the next purchase of a customer is; a ratio over 1 is later than expected.

    Args:
        days: Ascending day numbers of the purchases. Days after `as_of` are ignored.
        as_of: Day number of the as-of date.
        typical: The typical gap of all customers, if known.

    Returns:
        None if there is no purchase, or no gap can be estimated.
    """
    past_days = [day for day in days if day <= as_of]
    expected = expected_gap(gaps(past_days), typical)
    if not past_days or expected is None:
        return None
    elapsed = as_of - past_days[-1]
    return Overdue(elapsed, expected, elapsed / expected)
