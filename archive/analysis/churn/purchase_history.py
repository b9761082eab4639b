"""The purchase days of each customer, shared by most sections of the report."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence

from archive.analysis.dataset import SalesData

Purchases = Mapping[str, Sequence[int]]
"""Ascending day numbers by customer; customers without a purchase are not included."""


def purchases(data: SalesData, as_of: int) -> Purchases:
    """Return the order days of everyone who bought up to a day. Orders without a date are ignored."""
    days_by_customer: dict[str, Sequence[int]] = {}
    for uid, history in data.histories.items():
        days = history.events
        if days and not (days[0] and days[-1] <= as_of):
            days = tuple(history.purchases(as_of, 1))
        if days:
            days_by_customer[uid] = days
    return days_by_customer


def any_between(days: Sequence[int], start: int, end: int) -> bool:
    """Return whether one of the ascending days is from `start` to `end`, both included."""
    index = bisect_left(days, start)
    return index < len(days) and days[index] <= end
