"""Who is a customer from when to when, as it was known on a day."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from archive.analysis.book import Book
from archive.analysis.churning.purchases import Purchases
from archive.analysis.money import ordinal
from archive.text import plural

_NEVER = (0,)
_KEYS = ("uid", "customer_since", "lost_on", "won_back_on", "lost_reason", "status")


class Life(NamedTuple):
    """A customer from `since` on, lost on `lost` and won back on `back`: day numbers, 0 for never.

    `reason` is why they were lost, "" where nobody wrote it down.
    """

    uid: str
    since: int
    lost: int
    back: int
    reason: str

    def lasts(self, day: int) -> bool:
        """Whether they are a customer at the end of this day."""
        gone = 0 < self.lost <= day and not 0 < self.back <= day
        return self.since <= day and not gone


class Lives(NamedTuple):
    """Everyone who ever was a customer, and what could not be counted and why."""

    all: list[Life]
    left_out: int  # lost before they became customers
    without_day: int  # called lost, but not since when

    def notes(self) -> list[str]:
        """Sentences on what was left out."""
        told = []
        if self.left_out:
            told.append(
                plural(
                    "{n} customer is left out who was lost before becoming a customer: one of the dates is wrong.",
                    "{n} customers are left out who were lost before becoming customers: one of the dates is wrong.",
                    self.left_out,
                )
            )
        if self.without_day:
            told.append(
                plural(
                    "{n} customer with the status lost has no date in Lost on and is not counted as lost.",
                    "{n} customers with the status lost have no date in Lost on and are not counted as lost.",
                    self.without_day,
                )
            )
        return told


def lives(book: Book, as_of: date, bought: Purchases) -> Lives:
    """Customers from customer since, else their first order, as it was known on `as_of`."""
    seen = as_of.toordinal()
    found: list[Life] = []
    left_out = without_day = 0
    for uid, since, lost, back, reason, status in zip(*book.columns("customers", *_KEYS), strict=True):
        begun = _until(since, seen) or bought.get(uid, _NEVER)[0]
        gone = _until(lost, seen)
        without_day += status == "lost" and not lost
        if begun and 0 < gone < begun:
            left_out += 1
        elif begun:
            again = _until(back, seen) if gone else 0
            found.append(
                Life(uid, begun, gone, again if again >= gone else 0, (reason or "") if gone else "")
            )
    return Lives(found, left_out, without_day)


def _until(kept: str | None, seen: int) -> int:
    """A kept day as a number, 0 for none or one that is still to come."""
    day = ordinal(kept) if kept else 0
    return day if day <= seen else 0


def lost_ones(everyone: Iterable[Life], day: int) -> set[str]:
    """The uids of those who are lost at the end of a day."""
    return {life.uid for life in everyone if life.lost and not life.lasts(day)}
