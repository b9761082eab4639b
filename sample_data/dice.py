"""A random generator that gives the same results in every run and on every machine."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import date, timedelta
from typing import TypeVar

from archive.service.demo import SAMPLE_DAY

T = TypeVar("T")
FIRST_DAY = date(2023, 11, 20)  # of the first transaction, three years before SAMPLE_DAY


class Dice(random.Random):
    """A random generator seeded by its purpose, so that changing one part of the sample leaves the others unchanged.

    It uses basic arithmetic only: logarithms may differ between machines in the last bit.
    """

    def __init__(self, purpose: str) -> None:
        super().__init__(f"customer archive: {purpose}")

    def uid(self) -> str:
        """Return an id in the archive's format."""
        return f"{self.getrandbits(64):016x}"

    def chance(self, share: float) -> bool:
        """Return True with this probability."""
        return self.random() < share

    def some(self, pool: Sequence[T], low: int, high: int) -> list[T]:
        """Choose `low` to `high` different items, and return them in the order of the pool."""
        left = self.randrange(low, high + 1)
        chosen: list[T] = []
        for index, thing in enumerate(pool):
            if self.random() * (len(pool) - index) < left:
                chosen.append(thing)
                left -= 1
        return chosen

    def weighted(self, shares: dict[T, int]) -> T:
        """Choose a key with a probability proportional to its value."""
        mark = self.randrange(sum(shares.values()))
        for thing, share in shares.items():
            mark -= share
            if mark < 0:
                return thing
        raise AssertionError

    def about(self, middle: float, spread: float) -> float:
        """Return a number within 1.5 `spread` of `middle`; numbers near the middle are more likely."""
        return middle + spread * (self.random() + self.random() + self.random() - 1.5)

    def day(self, first: date, last: date) -> date:
        """Return a day from `first` to `last`, both included."""
        return first + timedelta(days=self.randrange(max(1, (last - first).days + 1)))


def ago(days: float) -> date:
    """Return the day this many days before SAMPLE_DAY."""
    return SAMPLE_DAY - timedelta(days=round(days))


def workday(day: date) -> date:
    """Return the day itself, or the following Monday if it is at a weekend."""
    return day + timedelta(days=max(0, 7 - day.weekday()) if day.weekday() > 4 else 0)
