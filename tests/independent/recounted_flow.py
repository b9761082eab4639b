"""Recalculate the revenue bridge between two periods, and revenue retention."""

from decimal import Decimal
from typing import Any

from tests.independent.ledger import ZERO, Ledger, Period, shown
from tests.independent.stays import stays

KINDS = {
    "new": "New customers",
    "reactivation": "Reactivated",
    "expansion": "Expansion",
    "contraction": "Contraction",
    "churn": "Churned",
}


class Flow:
    """The change in each customer's revenue from the previous period."""

    def __init__(self, ledger: Ledger, period: Period) -> None:
        self.ledger, self.period = ledger, period
        before = period.before()
        self.sums = [_sums(ledger, each) for each in (before.before(), before, period)]
        self.since = {stay.code: stay.start for stay in stays(ledger, period.as_of, with_wrong_dates=True)}
        self.bought = ledger.purchase_days(period.last)
        self.changes = [
            (kind, code, old, new)
            for code in {*self.sums[1], *self.sums[2]}
            for kind, old, new in self._changes(code)
        ]

    def _changes(self, code: str) -> list[tuple[str, Decimal, Decimal]]:
        old, new = self.sums[1].get(code, ZERO), self.sums[2].get(code, ZERO)
        if old == new:
            return []
        if self._ordered(code, self.period):
            return [(self._kind(code, old, new), old, new)]
        found = [("churn", old, ZERO)] if old > 0 else []
        rest = ZERO if found else old
        if new != rest:
            found.append(("expansion" if new > rest else "contraction", rest, new))
        return found

    def _ordered(self, code: str, period: Period) -> bool:
        return any(period.first <= day <= period.last for day in self.bought.get(code, []))

    def _kind(self, code: str, old: Decimal, new: Decimal) -> str:
        if new < old:
            return "contraction"
        if self._ordered(code, self.period.before()):
            return "expansion"
        first = self.period.first
        return "reactivation" if self.since[code] < first or self.bought[code][0] < first else "new"

    def figures(self) -> dict[str, Any]:
        """Return the steps of the bridge, and gross and net revenue retention."""
        zero = self.ledger.money.rounded(ZERO)
        older, old, new = self.sums
        found = {
            "revenue.before": {"value": shown(sum(old.values(), zero)), "n": sum(map(bool, old.values()))},
            "revenue": {"value": shown(sum(new.values(), zero)), "n": sum(map(bool, new.values()))},
        }
        for kind in KINDS:
            steps = [then - first for name, _code, first, then in self.changes if name == kind]
            found[f"revenue.{kind}"] = {"value": shown(sum(steps, zero)), "n": len(steps)}
        gross, net, count = _kept(old, new)
        past_gross, past_net, _count = _kept(older, old)
        found["grr"] = {"value": gross, "n": count, "before": past_gross}
        found["nrr"] = {"value": net, "n": count, "before": past_net}
        return found

    def rows(self) -> list[dict[str, Any]]:
        """Return the table of revenue changes by customer."""
        zero = self.ledger.money.rounded(ZERO)
        return [
            {
                "customer": self.ledger.names[code],
                "change": KINDS[kind],
                "before": shown(old + zero),
                "sales": shown(new + zero),
                "difference": shown(new - old + zero),
            }
            for kind, code, old, new in self.changes
        ]


def _sums(ledger: Ledger, period: Period) -> dict[str, Decimal]:
    found: dict[str, Decimal] = {}
    for sale in ledger.sales(period.first, period.last):
        if sale.revenue is not None:
            found[sale.customer] = found.get(sale.customer, ZERO) + sale.revenue
    return found


def _kept(old: dict[str, Decimal], new: dict[str, Decimal]) -> tuple[float | None, float | None, int]:
    """Return gross retention, net retention, and the number of customers with revenue before."""
    cohort = [code for code, value in old.items() if value > 0]
    whole = sum((old[code] for code in cohort), ZERO)
    if not whole:
        return None, None, 0
    kept = sum((max(ZERO, min(old[code], new.get(code, ZERO))) for code in cohort), ZERO)
    now = sum((new.get(code, ZERO) for code in cohort), ZERO)
    return float(kept / whole), float(now / whole), len(cohort)
