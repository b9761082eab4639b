"""Combine each customer with its plan, its staff and its transactions, as input for the other records."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from archive.model.records.customer import Customer
from archive.model.records.transaction import Transaction
from sample_data.people import language_of
from sample_data.stories import Plan


@dataclass(frozen=True)
class Actor:
    """A customer with its plan, its staff, and its transactions in order of date."""

    plan: Plan
    customer: Customer
    staff: list[Customer]
    dealings: list[Transaction]

    @property
    def zh(self) -> bool:
        """Whether notes about the customer are in Chinese."""
        return language_of(self.plan) == "zh"

    def say(self, english: str, chinese: str) -> str:
        """Return the text in the customer's language."""
        return chinese if self.zh else english

    def of_type(self, kind: str, first: date, last: date) -> list[Transaction]:
        """Return the transactions of a type in a period, both days included."""
        return [d for d in self.dealings if d.type == kind and d.on and first <= d.on <= last]

    def sold(self, category: str, first: date, last: date) -> Decimal:
        """Return orders minus returns in a category and period."""
        total = Decimal(0)
        for kind, sign in (("order", 1), ("return", -1)):
            for dealing in self.of_type(kind, first, last):
                if dealing.category.startswith(category):
                    total += sign * (dealing.amount or Decimal(0))
        return total


def cast(
    planned: Iterable[tuple[Plan, Customer]],
    staff: dict[str, list[Customer]],
    dealings: Iterable[Transaction],
) -> list[Actor]:
    """Return an actor for each customer with a plan, in the order of the plans."""
    of: defaultdict[str, list[Transaction]] = defaultdict(list)
    for dealing in dealings:
        of[dealing.customer.uid].append(dealing)
    return [Actor(plan, c, staff[c.uid], of[c.uid]) for plan, c in planned]


def round_to(amount: Decimal, step: int) -> Decimal:
    """Round to the nearest multiple of `step`, half up."""
    return Decimal((int(amount) + step // 2) // step * step)
