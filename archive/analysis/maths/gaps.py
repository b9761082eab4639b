"""The time between purchases: what is expected of one customer, and how late the next one is. In days."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise
from math import exp, log
from typing import NamedTuple

from archive.analysis.maths.quantiles import median

PSEUDO_GAPS = 2
"""How many gaps of the archive's typical length stand beside a customer's own."""


class Overdue(NamedTuple):
    """Days since the last purchase, days expected between two, and the first over the second."""

    elapsed: int
    expected: float
    ratio: float


def gaps(days: Sequence[int]) -> list[int]:
    """The days between purchases, of ascending day numbers; two purchases on one day make no gap."""
    return [later - day for day, later in pairwise(days) if later > day]


def typical_gap(everyone: Iterable[Iterable[float]]) -> float | None:
    """The median of all gaps of all customers; None where nobody bought twice."""
    return median(gap for own in everyone for gap in own)


def expected_gap(own: Sequence[float], typical: float | None) -> float | None:
    """The geometric mean of a customer's own gaps and of two gaps of the typical length.

    Shrinking keeps one odd gap from deciding. Own gaps alone where nothing is typical; None where there are
    none either. Gaps are over zero.
    """
    n = len(own) + (PSEUDO_GAPS if typical is not None else 0)
    if not n:
        return None
    borrowed = PSEUDO_GAPS * log(typical) if typical is not None else 0.0
    return exp((sum(map(log, own)) + borrowed) / n)


def overdue(days: Sequence[int], as_of: int, typical: float | None) -> Overdue | None:
    """How late a customer with purchases on these ascending day numbers is: over 1 is later than expected.

    Days after `as_of` are not seen. None without a purchase, or where no gap is expected.
    """
    seen = [day for day in days if day <= as_of]
    expected = expected_gap(gaps(seen), typical)
    if not seen or expected is None:
        return None
    elapsed = as_of - seen[-1]
    return Overdue(elapsed, expected, elapsed / expected)
