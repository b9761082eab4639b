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


class PurchaseData(NamedTuple):
    """The purchase data of everyone who bought. Lost customers are included, because models are fitted to all."""

    days: Purchases
    gaps: Gaps
    histories: Histories


def purchase_data_of(data: SalesData, as_of: int) -> PurchaseData:
    """Return the purchase data up to a day."""
    days = purchases(data, as_of)
    return PurchaseData(days, gaps(days), histories(days, as_of))


def histories(purchase_days: Purchases, as_of: int) -> dict[str, History]:
    """Return the (x, t_x, T) history of everyone who bought up to a day."""
    by_customer = {}
    for uid, days in purchase_days.items():
        if days[-1] > as_of:
            days = days[: bisect_right(days, as_of)]
        if days:
            first, last = days[0], days[-1]
            by_customer[uid] = History(
                len(days) - 1, (last - first) / DAYS_A_WEEK, (as_of - first) / DAYS_A_WEEK
            )
    return by_customer
