"""Cohorts of customers by the month of their first purchase, and their retention by month.

A month is a number: 12 * year + month - 1.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import date, timedelta
from typing import NamedTuple


class Cohort(NamedTuple):
    """Customers who first bought in `month`; `cells[i]` of them bought i months later.

    A cell is None if its month is not complete. `is_truncated` marks the first month of the data (left truncation):
    some of its customers are older than the data and only look new.
    """

    month: int
    size: int
    is_truncated: bool
    cells: list[int | None]

    @property
    def shares(self) -> list[float | None]:
        """The cells as fractions of the cohort."""
        return [None if cell is None else cell / self.size for cell in self.cells]


class Retention(NamedTuple):
    """Retention at an age in months: `active` of the `size` customers in the cohorts observed at that age bought."""

    age: int
    active: int
    size: int


def month_of(day: date) -> int:
    """Return the month number of a date."""
    return day.year * 12 + day.month - 1


def last_full_month(as_of: date) -> int:
    """Return the last month that is complete at the end of `as_of`."""
    return month_of(as_of + timedelta(days=1)) - 1


def triangle(customers: Iterable[Iterable[int]], as_of: date, since: int | None = None) -> list[Cohort]:
    """Return the cohorts, oldest first, from the months in which each customer bought.

    Months without a new customer have no row.

    Args:
        customers: The purchase months of each customer. Customers without a purchase up to `as_of` are ignored.
        as_of: The as-of date.
        since: The first month of the data; by default the first month with a purchase.
    """
    current_month, last_full = month_of(as_of), last_full_month(as_of)
    sizes: Counter[int] = Counter()
    months_by_cohort: defaultdict[int, list[int]] = defaultdict(list)
    for months in customers:
        purchase_months = set(months)
        if max(purchase_months, default=0) > current_month:
            purchase_months = {month for month in purchase_months if month <= current_month}
        if purchase_months:
            first = min(purchase_months)
            sizes[first] += 1
            months_by_cohort[first] += purchase_months
    counts = {first: Counter(months) for first, months in months_by_cohort.items()}
    first_month = min(sizes, default=0) if since is None else since
    return [
        Cohort(
            first,
            sizes[first],
            first <= first_month,
            [
                counts[first][month] if month <= last_full else None
                for month in range(first, current_month + 1)
            ],
        )
        for first in sorted(sizes)
    ]


def retention(cohorts: Iterable[Cohort]) -> list[Retention]:
    """Return the retention by age over all cohorts that reached it, without truncated cohorts."""
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
