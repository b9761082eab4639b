"""The days on which each customer bought, which most sections ask for, taken from the book once."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence

from archive.analysis.book import Book

Purchases = Mapping[str, Sequence[int]]
"""Ascending day numbers by customer; nobody has none."""


def purchases(book: Book, as_of: int) -> Purchases:
    """Of everyone who bought up to a day, the days with an order. Orders without a day are not placed."""
    found: dict[str, Sequence[int]] = {}
    for uid, history in book.histories.items():
        days = history.events
        if days and not (days[0] and days[-1] <= as_of):
            days = tuple(history.purchases(as_of, 1))
        if days:
            found[uid] = days
    return found


def any_between(days: Sequence[int], start: int, end: int) -> bool:
    """Whether one of the ascending days is from `start` to `end`, inclusive."""
    place = bisect_left(days, start)
    return place < len(days) and days[place] <= end
