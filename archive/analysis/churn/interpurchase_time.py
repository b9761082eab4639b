"""Days between purchases: of each customer, of all, and the expected gap of a customer."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Mapping, Set
from itertools import accumulate, chain
from math import log
from operator import sub
from typing import NamedTuple

from archive.analysis.churn.purchase_history import Purchases
from archive.analysis.maths.histories import DAYS_A_WEEK
from archive.analysis.maths.interpurchase_gaps import expected_gap


class Gaps(NamedTuple):
    """The gaps of each customer in days, and the frequency of each gap length over all customers."""

    own: Mapping[str, list[int]]
    counts: Counter[int]

    @property
    def typical(self) -> float | None:
        """The median of all gaps; None if nobody bought twice."""
        return middle(self.counts)

    @property
    def logs(self) -> float:
        """The sum of log(gap in weeks) over all gaps, used to fit models with regular gaps (k > 1)."""
        return sum(n * log(gap / DAYS_A_WEEK) for gap, n in sorted(self.counts.items()))

    def expected(self, lost: Set[str]) -> dict[str, float]:
        """Return the expected days between purchases, without lost customers; the typical gap includes the lost."""
        typical = self.typical
        if typical is None:
            return {}
        by_customer = {uid: expected_gap(gaps, typical) for uid, gaps in self.own.items() if uid not in lost}
        return {uid: gap for uid, gap in by_customer.items() if gap is not None}


def gaps(purchase_days: Purchases) -> Gaps:
    """Return the gaps between purchase days."""
    own = {uid: list(map(sub, days[1:], days)) for uid, days in purchase_days.items()}
    return Gaps(own, Counter(chain.from_iterable(own.values())))


def middle(counts: Mapping[int, int]) -> float | None:
    """Return the median of counted values."""
    values = sorted(counts)
    cumulative = list(accumulate(counts[value] for value in values))
    if not values:
        return None
    n = cumulative[-1]
    low, high = bisect_right(cumulative, (n - 1) // 2), bisect_right(cumulative, n // 2)
    return (values[low] + values[high]) / 2
