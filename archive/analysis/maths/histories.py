"""Purchase histories, the input of the repeat-buying models.

Time is measured in weeks (days / 7) from a customer's first purchase. A purchase is one customer-day.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from itertools import pairwise
from math import log
from typing import NamedTuple

DAYS_A_WEEK = 7


class History(NamedTuple):
    """The statistics (x, t_x, T): repeat purchases, time of the last purchase, and observed age."""

    repeats: int
    last: float
    age: float


class RepeatGroup(NamedTuple):
    """Customers with the same number of repeat purchases: their number, and the count of each (last, age).

    `last` and `age` are indexes into the sample's `times`.
    """

    repeats: int
    n: int
    rows: list[tuple[int, int, int]]


class Sample(NamedTuple):
    """The customers to fit a model to; equal histories are counted, not listed.

    `log_gaps` is the sum of log(gap in weeks) over all gaps between purchases, None if unknown.
    """

    times: list[float]
    groups: list[RepeatGroup]
    n: int
    repeats: int
    log_gaps: float | None

    @property
    def size(self) -> int:
        """The number of distinct histories."""
        return sum(len(group.rows) for group in self.groups)

    @property
    def weeks(self) -> float:
        """The total observed weeks of all customers."""
        return sum(n * self.times[age] for group in self.groups for _, age, n in group.rows)

    def thinned(self, most: int) -> Sample:
        """Return a systematic subsample of at most about `most` distinct histories, with their counts."""
        step = -(-self.size // most)
        if step <= 1:
            return self
        rows = [(group.repeats, row) for group in self.groups for row in group.rows][::step]
        counts: Counter[History] = Counter()
        for repeats, (last, age, n) in rows:
            counts[History(repeats, self.times[last], self.times[age])] = n
        return sample(counts)


def history(days: Sequence[int], as_of: int) -> History | None:
    """Return the history of a customer from ascending purchase days; None if there is no purchase up to `as_of`."""
    past_days = sorted({day for day in days if day <= as_of})
    if not past_days:
        return None
    first = past_days[0]
    return History(len(past_days) - 1, (past_days[-1] - first) / DAYS_A_WEEK, (as_of - first) / DAYS_A_WEEK)


def log_gaps(days: Sequence[int], as_of: int) -> float:
    """Return the sum of log(gap in weeks) over a customer's purchases up to `as_of`."""
    past_days = sorted({day for day in days if day <= as_of})
    return sum(log((later - day) / DAYS_A_WEEK) for day, later in pairwise(past_days))


def sample(histories: Iterable[History], log_gaps: float | None = None) -> Sample:
    """Build a sample by counting equal histories; a Counter is taken with its counts.

    Raises:
        ValueError: A history is impossible: negative repeats, or times that are not ascending.
    """
    counts = histories if isinstance(histories, Counter) else Counter(histories)
    impossible = [h for h in counts if not (h[0] >= 0 and 0 <= h[1] <= h[2] and (h[0] > 0) == (h[1] > 0))]
    if impossible:
        raise ValueError(f"{impossible[0]} is no history")
    times = sorted({time for h in counts for time in h[1:]})
    index_of = {time: index for index, time in enumerate(times)}
    by_repeats: dict[int, list[tuple[int, int, int]]] = defaultdict(list)
    for (repeats, last, age), n in counts.items():
        by_repeats[repeats].append((index_of[last], index_of[age], n))
    groups = [
        RepeatGroup(x, sum(n for *_, n in rows), sorted(rows)) for x, rows in sorted(by_repeats.items())
    ]
    return Sample(times, groups, counts.total(), sum(group.repeats * group.n for group in groups), log_gaps)
