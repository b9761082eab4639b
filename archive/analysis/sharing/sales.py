"""What each customer bought in a period: the ground of every figure of this report."""

from __future__ import annotations

from typing import NamedTuple

from archive.analysis.book import Book
from archive.analysis.question import Ask


class Bought(NamedTuple):
    """Revenue by customer in minor units, largest first, and who bought on how many days.

    `revenue` has everybody with a sale in the period, those with more returned than bought included.
    """

    revenue: dict[str, int]
    purchases: dict[str, int]
    returning: frozenset[str]  # those who had bought before the period, too

    @property
    def total(self) -> int:
        """Orders minus returns."""
        return sum(self.revenue.values())

    @property
    def positive(self) -> dict[str, int]:
        """Those of whom something is left after their returns: the others have no share."""
        return {uid: value for uid, value in self.revenue.items() if value > 0}


def bought(book: Book, ask: Ask) -> Bought:
    """The sales of the period by customer."""
    start, end = ask.start.toordinal(), ask.end.toordinal()
    revenue: dict[str, int] = {}
    purchases: dict[str, int] = {}
    returning = set()
    for uid, history in book.histories.items():
        if history.days[-1] < start or history.days[0] > end:
            continue
        if history.opened(start, end):
            revenue[uid] = history.value(start, end)
        if days := len(history.purchases(end, start)):
            purchases[uid] = days
            if history.events[0] < start:
                returning.add(uid)
    ranked = sorted(revenue.items(), key=lambda item: (-item[1], item[0]))
    return Bought(dict(ranked), purchases, frozenset(returning))
