"""Sales by customer in a period, on which all figures of this report are based."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Set as AbstractSet
from typing import NamedTuple

from archive.analysis.dataset import SalesData
from archive.analysis.request import ReportRequest


class PeriodSales(NamedTuple):
    """The sales of a period by customer. Revenue is in minor units, the largest first.

    Attributes:
        revenue: Customers with a sale in the period, except the `unknown` ones.
        measured: Customers with revenue of zero or more, the basis of concentration.
        positive: Customers with revenue over zero.
        purchases: The number of days with an order, for customers with any.
        returning: Customers who ordered in the period and had also ordered before it.
        unknown: Customers none of whose sales has a known and convertible amount; no sum contains them.
        returned: Customers with a return in the period.
    """

    revenue: dict[str, int]
    measured: dict[str, int]
    positive: dict[str, int]
    purchases: dict[str, int]
    returning: frozenset[str]
    total: int
    unknown: frozenset[str]
    returned: frozenset[str]


class Sales(NamedTuple):
    """The sales of this and the preceding period; `before` is None if there are no sales before this period."""

    now: PeriodSales
    before: PeriodSales | None


def sales(data: SalesData, request: ReportRequest) -> Sales:
    """Return the sales of the period and of the preceding period."""
    has_earlier_sales = any(
        history.days[0] < request.start.toordinal() for history in data.histories.values()
    )
    return Sales(
        period_sales(data, request), period_sales(data, request.before()) if has_earlier_sales else None
    )


def period_sales(data: SalesData, request: ReportRequest) -> PeriodSales:
    """Return the sales of the period by customer."""
    start, end = request.start.toordinal(), request.end.toordinal()
    revenue: dict[str, int] = {}
    purchases: dict[str, int] = {}
    returning, without_value, returned = set(), set(), set()
    for uid, history in data.histories.items():
        days, events = history.days, history.events
        first, last = bisect_left(days, start), bisect_right(days, end)
        if first < last:
            amounts = history.amounts[first:last]
            revenue[uid] = sum(amounts)
            if not any(amounts):
                without_value.add(uid)
            elif min(amounts) < 0:
                returned.add(uid)
            order_days = bisect_right(events, end) - bisect_left(events, start)
            if order_days:
                purchases[uid] = order_days
                if events[0] < start:
                    returning.add(uid)
    unknown = _unknown(data, without_value, start, end)
    for uid in unknown:
        del revenue[uid]
    ranked = dict(sorted(revenue.items(), key=lambda item: (-item[1], item[0])))
    measured = {uid: value for uid, value in ranked.items() if value >= 0}
    positive = {uid: value for uid, value in ranked.items() if value > 0}
    total = sum(ranked.values())
    return PeriodSales(
        ranked, measured, positive, purchases, frozenset(returning), total, unknown, frozenset(returned)
    )


def _unknown(data: SalesData, candidates: AbstractSet[str], start: int, end: int) -> frozenset[str]:
    """Return the customers in `candidates` for whom no amount in the period is known. An amount of zero is known."""
    if not candidates:
        return frozenset()
    d = data.transactions
    known = {
        customer
        for customer, day, amount in zip(d.customer, d.day, data.signed, strict=True)
        if amount is not None and start <= day <= end and customer in candidates
    }
    return frozenset(candidates - known)
