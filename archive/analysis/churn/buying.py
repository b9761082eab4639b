"""Purchase histories up to a day: purchase days, gaps, and the statistics for the models."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from typing import NamedTuple

from archive.analysis.churn.interpurchase_time import Gaps, gaps
from archive.analysis.churn.purchase_history import Purchases, purchases
from archive.analysis.dataset import SalesData
from archive.analysis.maths.histories import DAYS_A_WEEK, History

Histories = Mapping[str, History]


class Buying(NamedTuple):
    """The purchase data of everyone who bought. Lost customers are included, because models are fitted to all."""

    days: Purchases
    gaps: Gaps
    histories: Histories


def buying(data: SalesData, as_of: int) -> Buying:
    """Return the purchase data up to a day."""
    days = purchases(data, as_of)
    return Buying(days, gaps(days), histories(days, as_of))


def histories(bought: Purchases, as_of: int) -> dict[str, History]:
    """Return the (x, t_x, T) history of everyone who bought up to a day."""
    found = {}
    for uid, days in bought.items():
        if days[-1] > as_of:
            days = days[: bisect_right(days, as_of)]
        if days:
            first, last = days[0], days[-1]
            found[uid] = History(len(days) - 1, (last - first) / DAYS_A_WEEK, (as_of - first) / DAYS_A_WEEK)
    return found
