"""What models of repeat buying need to know of a customer, and of many at once.

Time is counted from a customer's first purchase in weeks: days / 7. A purchase is one customer-day.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from itertools import pairwise
from math import log
from typing import NamedTuple

DAYS_A_WEEK = 7


class History(NamedTuple):
    """`repeats` purchases after the first, the last of them at `last`, seen up to `age`: (x, t_x, T)."""

    repeats: int
    last: float
    age: float


class Alike(NamedTuple):
    """Customers with the same number of repeats: how many, and how many for each (last, age).

    `last` and `age` are places in the sample's `times`.
    """

    repeats: int
    n: int
    rows: list[tuple[int, int, int]]


class Sample(NamedTuple):
    """Customers to fit a model to, those with equal histories counted instead of listed.

    `log_gaps` is the sum of the logarithms of all gaps between purchases in weeks; None where it is not known.
    """

    times: list[float]
    alike: list[Alike]
    n: int
    repeats: int
    log_gaps: float | None

    @property
    def size(self) -> int:
        """How many different histories there are."""
        return sum(len(group.rows) for group in self.alike)

    @property
    def weeks(self) -> float:
        """The ages of all customers together."""
        return sum(n * self.times[age] for group in self.alike for _, age, n in group.rows)

    def thinned(self, most: int) -> Sample:
        """Every i-th of the histories, so that at most about `most` are left, with their counts."""
        every = -(-self.size // most)
        if every <= 1:
            return self
        listed = [(group.repeats, row) for group in self.alike for row in group.rows][::every]
        kept: Counter[History] = Counter()
        for repeats, (last, age, n) in listed:
            kept[History(repeats, self.times[last], self.times[age])] = n
        return sample(kept)


def history(days: Sequence[int], as_of: int) -> History | None:
    """The history of a customer who bought on these ascending day numbers; None without one up to `as_of`."""
    seen = sorted({day for day in days if day <= as_of})
    if not seen:
        return None
    first = seen[0]
    return History(len(seen) - 1, (seen[-1] - first) / DAYS_A_WEEK, (as_of - first) / DAYS_A_WEEK)


def log_gaps(days: Sequence[int], as_of: int) -> float:
    """The sum of the logarithms of a customer's gaps in weeks, over purchases up to `as_of`."""
    seen = sorted({day for day in days if day <= as_of})
    return sum(log((later - day) / DAYS_A_WEEK) for day, later in pairwise(seen))


def sample(histories: Iterable[History], log_gaps: float | None = None) -> Sample:
    """Count equal histories (a Counter keeps its counts).

    ValueError for a history that cannot be: less than no repeats, or times that do not rise.
    """
    counted = histories if isinstance(histories, Counter) else Counter(histories)
    impossible = [h for h in counted if not (h[0] >= 0 and 0 <= h[1] <= h[2] and (h[0] > 0) == (h[1] > 0))]
    if impossible:
        raise ValueError(f"{impossible[0]} is no history")
    times = sorted({time for h in counted for time in h[1:]})
    places = {time: place for place, time in enumerate(times)}
    by_repeats: dict[int, list[tuple[int, int, int]]] = defaultdict(list)
    for (repeats, last, age), n in counted.items():
        by_repeats[repeats].append((places[last], places[age], n))
    alike = [Alike(x, sum(n for *_, n in rows), sorted(rows)) for x, rows in sorted(by_repeats.items())]
    return Sample(times, alike, counted.total(), sum(group.repeats * group.n for group in alike), log_gaps)
