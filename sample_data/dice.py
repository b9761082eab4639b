"""Chance that falls the same way every time and on every machine."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import date, timedelta
from typing import TypeVar

from archive.service.demo import SAMPLE_DAY

T = TypeVar("T")
FIRST_DAY = date(2023, 11, 20)  # the archive's first dealing; three years to SAMPLE_DAY


class Dice(random.Random):
    """A generator of its own for each purpose, so that a change to one part leaves the others as they were.

    Only plain arithmetic is used: logarithms may differ in the last bit from one machine to the next.
    """

    def __init__(self, purpose: str) -> None:
        super().__init__(f"customer archive: {purpose}")

    def uid(self) -> str:
        """An id as the archive makes them."""
        return f"{self.getrandbits(64):016x}"

    def chance(self, share: float) -> bool:
        """True in this share of cases."""
        return self.random() < share

    def some(self, pool: Sequence[T], low: int, high: int) -> list[T]:
        """Between `low` and `high` different ones, in the pool's order."""
        left = self.randrange(low, high + 1)
        chosen: list[T] = []
        for index, thing in enumerate(pool):
            if self.random() * (len(pool) - index) < left:
                chosen.append(thing)
                left -= 1
        return chosen

    def weighted(self, shares: dict[T, int]) -> T:
        """One of the keys, as often as its value says."""
        mark = self.randrange(sum(shares.values()))
        for thing, share in shares.items():
            mark -= share
            if mark < 0:
                return thing
        raise AssertionError

    def about(self, middle: float, spread: float) -> float:
        """A number near `middle`, within 1.5 `spread` of it, nearer ones more often."""
        return middle + spread * (self.random() + self.random() + self.random() - 1.5)

    def day(self, first: date, last: date) -> date:
        """A day from `first` to `last`, both included."""
        return first + timedelta(days=self.randrange(max(1, (last - first).days + 1)))


def ago(days: float) -> date:
    """The day so many days before the sample's today."""
    return SAMPLE_DAY - timedelta(days=round(days))


def workday(day: date) -> date:
    """The day itself, or the Monday after a weekend."""
    return day + timedelta(days=max(0, 7 - day.weekday()) if day.weekday() > 4 else 0)
