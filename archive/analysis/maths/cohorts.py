"""Customers by the month of their first purchase, and how many of them bought in each month after.

A month is a number: year times 12 plus the month from 0.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import date, timedelta
from typing import NamedTuple


class Cohort(NamedTuple):
    """Customers who first bought in `month`; `cells[i]` of them bought i months later.

    A cell is None where its month is not over. `is_truncated` marks the first month of the data: some of its
    customers are older than the data and only look new.
    """

    month: int
    size: int
    is_truncated: bool
    cells: list[int | None]

    @property
    def shares(self) -> list[float | None]:
        """The cells as shares of the cohort."""
        return [None if cell is None else cell / self.size for cell in self.cells]


class Retention(NamedTuple):
    """Of `size` customers whose cohorts are observed at this age in months, `active` bought in that month."""

    age: int
    active: int
    size: int


def month_of(day: date) -> int:
    """The number of the month of a date."""
    return day.year * 12 + day.month - 1


def last_full_month(as_of: date) -> int:
    """The last month that is over on `as_of`, its last day included."""
    return month_of(as_of + timedelta(days=1)) - 1


def triangle(customers: Iterable[Iterable[int]], as_of: date, since: int | None = None) -> list[Cohort]:
    """The cohorts, oldest first, from the months in which each customer bought.

    `since` is the first month of the data, by default the first in which anyone bought. Months without a new
    customer have no row, customers without a purchase up to `as_of` no place.
    """
    running, full = month_of(as_of), last_full_month(as_of)
    sizes: Counter[int] = Counter()
    together: defaultdict[int, list[int]] = defaultdict(list)
    for months in customers:
        seen = set(months)
        if max(seen, default=0) > running:
            seen = {month for month in seen if month <= running}
        if seen:
            first = min(seen)
            sizes[first] += 1
            together[first] += seen
    bought = {first: Counter(months) for first, months in together.items()}
    begin = min(sizes, default=0) if since is None else since
    return [
        Cohort(
            first,
            sizes[first],
            first <= begin,
            [bought[first][month] if month <= full else None for month in range(first, running + 1)],
        )
        for first in sorted(sizes)
    ]


def retention(cohorts: Iterable[Cohort]) -> list[Retention]:
    """All cohorts together by age, the truncated one left out, each age over those that reached it."""
    active: Counter[int] = Counter()
    sizes: Counter[int] = Counter()
    for cohort in cohorts:
        if cohort.is_truncated:
            continue
        for age, cell in enumerate(cohort.cells):
            if cell is not None:
                active[age] += cell
                sizes[age] += cohort.size
    return [Retention(age, active[age], sizes[age]) for age in sorted(sizes)]
