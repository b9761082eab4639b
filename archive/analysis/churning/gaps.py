"""The days between purchases: of each customer, of all, and what is expected of one."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Mapping, Set
from itertools import accumulate, chain
from math import log
from operator import sub
from typing import NamedTuple

from archive.analysis.churning.purchases import Purchases
from archive.analysis.maths.gaps import expected_gap
from archive.analysis.maths.histories import DAYS_A_WEEK


class Gaps(NamedTuple):
    """The gaps of each customer in days, and how often each length occurs among all of them."""

    own: Mapping[str, list[int]]
    counts: Counter[int]

    @property
    def typical(self) -> float | None:
        """The median of all gaps; None where nobody bought twice."""
        return middle(self.counts)

    @property
    def logs(self) -> float:
        """The sum of the logarithms of all gaps in weeks, which a model of regular gaps needs."""
        return sum(n * log(gap / DAYS_A_WEEK) for gap, n in sorted(self.counts.items()))

    def expected(self, lost: Set[str]) -> dict[str, float]:
        """The days expected between two purchases of those who are not lost; the lost count for what is typical."""
        typical = self.typical
        if typical is None:
            return {}
        found = {uid: expected_gap(gaps, typical) for uid, gaps in self.own.items() if uid not in lost}
        return {uid: gap for uid, gap in found.items() if gap is not None}


def gaps(bought: Purchases) -> Gaps:
    """The gaps between purchase days."""
    own = {uid: list(map(sub, days[1:], days)) for uid, days in bought.items()}
    return Gaps(own, Counter(chain.from_iterable(own.values())))


def middle(counts: Mapping[int, int]) -> float | None:
    """The median of counted values: the middle one, or the mean of the two middle ones."""
    values = sorted(counts)
    passed = list(accumulate(counts[value] for value in values))
    if not values:
        return None
    n = passed[-1]
    low, high = bisect_right(passed, (n - 1) // 2), bisect_right(passed, n // 2)
    return (values[low] + values[high]) / 2
