"""How customers bought up to a day: on which days, with which gaps, and as a model needs it."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from typing import NamedTuple

from archive.analysis.book import Book
from archive.analysis.churning.gaps import Gaps, gaps
from archive.analysis.churning.purchases import Purchases, purchases
from archive.analysis.maths.histories import DAYS_A_WEEK, History

Histories = Mapping[str, History]


class Buying(NamedTuple):
    """Of everyone who bought, lost customers too: a model is fitted to all."""

    days: Purchases
    gaps: Gaps
    histories: Histories


def buying(book: Book, as_of: int) -> Buying:
    """The purchases up to a day, in all the forms they are asked for."""
    days = purchases(book, as_of)
    return Buying(days, gaps(days), histories(days, as_of))


def histories(bought: Purchases, as_of: int) -> dict[str, History]:
    """The buying history of everyone who bought up to a day."""
    found = {}
    for uid, days in bought.items():
        if days[-1] > as_of:
            days = days[: bisect_right(days, as_of)]
        if days:
            first, last = days[0], days[-1]
            found[uid] = History(len(days) - 1, (last - first) / DAYS_A_WEEK, (as_of - first) / DAYS_A_WEEK)
    return found
