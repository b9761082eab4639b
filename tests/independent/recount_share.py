"""Recalculate the share report from the definitions in the manual."""

from collections import defaultdict
from datetime import date
from decimal import Decimal
from typing import Any

from tests.independent.ledger import ZERO, Ledger, Period, shown
from tests.independent.plain_maths import gini, proportion
from tests.independent.recounted_wallets import Wallets
from tests.independent.stays import customers_on

Figures = dict[str, dict[str, Any]]


def recounted(
    ledger: Ledger, period: Period, by: str = "account_manager", possible: int | None = None, level: int = 1
) -> dict[str, Any]:
    """Return figures and tables by key."""
    now, before = Revenue(ledger, period), Revenue(ledger, period.before())
    wallets = Wallets(ledger, period.last, period.as_of)
    last = period.before().last
    earlier = Wallets(ledger, last, period.as_of)
    figures = {
        **_wallet_figures(now, wallets, earlier),
        **_revenue_figures(now, before),
        **_concentration(now),
        **_regulars(ledger, period, now),
        "penetration": _penetration(ledger, period.as_of, possible),
    }
    return {
        "n": len({sale.customer for sale in now.sales}),
        "figures": figures,
        "tables": {
            "wallets": wallets.rows(),
            "customers": _customers(now),
            "categories": _categories(now, before, level),
            "groups": _groups(now, before, wallets, by),
        },
    }


class Revenue:
    """The sales of a period, by customer."""

    def __init__(self, ledger: Ledger, period: Period) -> None:
        self.ledger = ledger
        self.first = period.first
        self.ids = {row["code"]: row["id"] for row in ledger.tables["customers"]}
        self.sales = ledger.sales(period.first, period.last)
        zero = ledger.money.rounded(ZERO)
        self.of: dict[str, Decimal] = defaultdict(lambda: zero)
        self.days: dict[str, set[date]] = defaultdict(set)
        for sale in self.sales:
            if sale.is_order:
                self.days[sale.customer].add(sale.on)
            if sale.revenue is not None:
                self.of[sale.customer] += sale.revenue
        self.buyers = set(self.days)

    @property
    def total(self) -> Decimal:
        """Return the revenue of the period."""
        return sum(self.of.values(), ZERO)

    def place(self, pair: tuple[str, Decimal]) -> tuple[Decimal, str]:
        """Return the sort key of a customer: descending by revenue, then by id."""
        return -pair[1], self.ids[pair[0]]

    def counted(self) -> dict[str, Decimal]:
        """Return the customers that count for concentration: all whose revenue is not negative."""
        return {customer: value for customer, value in self.of.items() if value >= 0}


def _wallet_figures(now: Revenue, wallets: Wallets, earlier: Wallets) -> Figures:
    spent = {wallet.customer for wallet in wallets.known}
    room = sum((max(ZERO, (wallet.total or ZERO) - wallet.ours) for wallet in wallets.known), ZERO)
    counted = {customer: value for customer, value in now.of.items() if value > 0}
    whole = sum(counted.values(), ZERO)
    covered = sum((value for customer, value in counted.items() if customer in spent), ZERO)
    return {
        "share.total": {"value": wallets.share(), "n": len(wallets.known), "before": earlier.share()},
        "share.headroom": {"value": shown(room) if wallets.known else None, "n": len(wallets.known)},
        "share.coverage": proportion(len(now.buyers & spent), len(now.buyers)),
        "share.coverage_revenue": {
            "value": float(covered / whole) if whole else None,
            "n": len(counted),
        },
    }


def _has_past(now: Revenue) -> bool:
    """Whether there are sales before the period; otherwise nothing is known about the previous period."""
    return any(each.is_sale and each.on < now.first for each in now.ledger.dealings)


def _revenue_figures(now: Revenue, before: Revenue) -> Figures:
    has_past = _has_past(now)
    return {
        "revenue": {
            "value": shown(now.total),
            "n": len(now.of),
            "before": shown(before.total) if has_past else None,
        },
        "customers": {"value": len(now.buyers), "before": len(before.buyers) if has_past else None},
    }


def _concentration(now: Revenue) -> Figures:
    values = sorted(map(float, now.counted().values()), reverse=True)
    total, n = sum(values), len(values)
    known: dict[str, Any] = {f"cr{most}": sum(values[:most]) / total for most in (1, 5, 10)} if total else {}
    known["hhi"] = sum((100 * value / total) ** 2 for value in values) if total else None
    known["gini"] = gini(values)
    classes = _classes(now)
    for letter in "abc":
        known[f"abc.{letter}"] = sum(1 for each in classes.values() if each == letter.upper())
    return {key: {"value": value, "n": n} for key, value in known.items()}


def _classes(now: Revenue) -> dict[str, str]:
    """Assign class A up to and including the customer that reaches 80 % of revenue, B up to 95 %, then C."""
    ordered = sorted(now.counted().items(), key=now.place)
    total = sum(value for _customer, value in ordered)
    found, reached = {}, ZERO
    for customer, value in ordered:
        share = reached / total if total else ZERO
        found[customer] = "A" if share < Decimal("0.8") else "B" if share < Decimal("0.95") else "C"
        reached += value
    return found


def _regulars(ledger: Ledger, period: Period, now: Revenue) -> Figures:
    days = ledger.purchase_days(period.last)
    old = {customer for customer in now.buyers if days[customer][0] < period.first}
    counted, whole = now.counted(), sum(now.counted().values(), ZERO)
    theirs = sum(
        (counted[customer] for customer in counted if days.get(customer, [period.last])[0] < period.first),
        ZERO,
    )
    again = sum(1 for each in now.days.values() if len(each) > 1)
    return {
        "regulars.share": {"value": float(theirs / whole) if whole else None, "n": len(old)},
        "repeat_rate": proportion(again, len(now.buyers)),
    }


def _penetration(ledger: Ledger, as_of: date, possible: int | None) -> dict[str, Any]:
    present = len(customers_on(ledger, as_of))
    if not possible:
        return {"value": None, "n": 0, "k": present}
    return proportion(present, possible)


def _customers(now: Revenue) -> list[dict[str, Any]]:
    """Return all customers with sales, the largest first; customers without known amounts come last."""
    classes, total = _classes(now), sum(now.counted().values())
    found, reached = [], ZERO
    for customer, value in sorted(now.of.items(), key=now.place):
        reached += value
        is_counted = customer in classes and total
        found.append(
            {
                "customer": now.ledger.names[customer],
                "revenue": shown(value),
                "share": float(value / total) if is_counted else None,
                "cumulated": float(reached / total) if is_counted else None,
                "class": classes.get(customer, ""),
            }
        )
    unknown = {sale.customer for sale in now.sales} - set(now.of)
    nothing = {"revenue": None, "share": None, "cumulated": None, "class": ""}
    return found + [{"customer": now.ledger.names[customer], **nothing} for customer in unknown]


def _categories(now: Revenue, before: Revenue, level: int) -> list[dict[str, Any]]:
    """Return revenue by the first `level` levels of the category; shares are of the sum of positive categories."""
    ours, theirs = _by_category(now, level), _by_category(before, level)
    zero = now.ledger.money.rounded(ZERO)
    whole = sum(value for value in ours.values() if value > 0)
    return [
        {
            "category": category,
            "revenue": shown(value),
            "share": float(value / whole) if value > 0 else None,
            "before": shown(theirs.get(category, zero)) if _has_past(now) else None,
        }
        for category, value in ours.items()
    ]


def _by_category(revenue: Revenue, level: int) -> dict[str, Decimal]:
    found: dict[str, Decimal] = {}
    for sale in revenue.sales:
        if sale.revenue is not None:
            name = " / ".join(sale.category[:level]) or "(none)"
            found[name] = found.get(name, ZERO) + sale.revenue
    return found


def _groups(now: Revenue, before: Revenue, wallets: Wallets, by: str) -> list[dict[str, Any]]:
    """Return revenue by the values of a field; shares are of the sum of positive groups."""
    group = {row["code"]: row[by].split(" / ")[0] for row in now.ledger.tables["customers"]}
    members: dict[str, set[str]] = defaultdict(set)
    for sale in now.sales:
        members[group[sale.customer]].add(sale.customer)
    sums, earlier = _sums(now, group), _sums(before, group)
    whole = sum(value for value in sums.values() if value is not None and value > 0)
    zero = now.ledger.money.rounded(ZERO)
    found = []
    for name, customers in members.items():
        value, past = sums.get(name), earlier.get(name, zero) if _has_past(now) else None
        held = [wallet for wallet in wallets.known if group[wallet.customer] == name]
        spent = sum((wallet.total or ZERO for wallet in held), ZERO)
        found.append(
            {
                "group": name or "(none)",
                "customers": len(customers),
                "revenue": None if value is None else shown(value),
                "share": float(value / whole) if value is not None and value > 0 else None,
                "before": None if past is None else shown(past),
                "wallet_share": float(sum((each.ours for each in held), ZERO) / spent) if spent else None,
            }
        )
    return found


def _sums(revenue: Revenue, group: dict[str, str]) -> dict[str, Decimal | None]:
    """Return revenue by group; None for a group without known amounts."""
    found: dict[str, Decimal | None] = {group[sale.customer]: None for sale in revenue.sales}
    for customer, value in revenue.of.items():
        name = group[customer]
        found[name] = (found[name] or ZERO) + value
    return found
