"""Recalculate the campaigns report from the definitions in the manual."""

from collections import defaultdict
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from tests.independent.ledger import DAY, ZERO, Ledger, Period, day_of, months_after, shown
from tests.independent.plain_maths import Curve, Strata, mantel_haenszel, matched, newcombe, proportion
from tests.independent.recounted_campaigns import Effort, efforts
from tests.independent.stays import stays

WINDOW = [timedelta(30)]
CHANNELS = {"press": "trade press"}
GOALS = {"": "", "sell": "sell", "win_back": "win back", "notice": "notify customers"}


def recounted(ledger: Ledger, period: Period, window: int = 30) -> dict[str, Any]:
    """Return figures and tables by key; orders count up to `window` days after a campaign."""
    WINDOW[0] = timedelta(window)
    CENT[0] = ledger.money.rounded(ZERO)
    found = efforts(ledger, period)
    reaches = {effort.row["id"]: _reach(ledger, effort, period.as_of) for effort in found}
    lifts = [(effort, Lift(ledger, effort, period.as_of)) for effort in found]
    pooled = [(e, lift) for e, lift in lifts if e.is_sale and e.held and lift.reached]
    both = mantel_haenszel([lift.counts for _e, lift in pooled])
    figures = {
        **_counts(found),
        **_ratios(ledger, found),
        "lift": {
            "value": both[0] if both else None,
            "n": sum(lift.reached + lift.others for _e, lift in pooled),
            "low": both[1] if both else None,
            "high": both[2] if both else None,
        },
        "notice.told": _met(found, reaches, "notice"),
        "win_back.won_back": _met(found, reaches, "win_back"),
    }
    tables = {
        "campaigns": [_row(effort, reaches[effort.row["id"]]) for effort in found],
        "lift": [lift.row(effort) for effort, lift in lifts if lift.reached or lift.others],
        "channels": _channels(found),
        "stages": [_stage(found, *kinds, period.as_of) for kinds in STAGES],
    }
    return {"n": len(found), "figures": figures, "tables": tables}


STAGES = (("enquiry", "quotation"), ("quotation", "order"), ("enquiry", "order"))


def _total(values: list[Decimal | None]) -> Decimal | None:
    known = [value for value in values if value is not None]
    return sum(known, ZERO) if known else None


def _text(value: Decimal | None) -> str | None:
    return None if value is None else shown(value.quantize(CENT[0]))


def revenue(found: list[Effort]) -> Decimal | None:
    """Return the revenue of campaigns; None if there are sales but no known amounts."""
    selling = [effort.revenue for effort in found if effort.sales]
    known = _total(selling)
    return ZERO if not selling else known


def _counts(found: list[Effort]) -> dict[str, Any]:
    with_cost = [effort for effort in found if effort.cost is not None]
    return {
        "cost": {"value": _text(_total([effort.cost for effort in with_cost])), "n": len(with_cost)},
        "reached": {"value": len({code for effort in found for code in effort.reached})},
        "enquiries": {"value": sum(len(effort.of("enquiry")) for effort in found)},
        "quotations": {"value": sum(len(effort.of("quotation")) for effort in found)},
        "orders": {"value": sum(len(effort.of("order")) for effort in found)},
        "new_customers": {"value": len({code for effort in found for code in effort.new})},
        "revenue": {"value": _text(revenue(found)), "n": len(found)},
    }


def romi(found: list[Effort]) -> tuple[float | None, int]:
    """Return (margin - cost) / cost over the sales campaigns whose cost and margin are known, and their number."""
    both = [e for e in found if e.is_sale and e.cost is not None and e.margin is not None]
    cost = sum((effort.cost or ZERO for effort in both), ZERO)
    cents = [(effort.margin or ZERO).quantize(CENT[0], ROUND_HALF_UP) for effort in both]
    margin = sum(cents, ZERO)
    return float((margin - cost) / cost) if cost else None, len(both)


CENT = [Decimal("0.01")]  # becomes the home currency's minor unit


def _ratios(ledger: Ledger, found: list[Effort]) -> dict[str, Any]:
    selling = [effort for effort in found if effort.is_sale and effort.cost is not None]
    cost = sum((effort.cost or ZERO for effort in selling), ZERO)
    enquiries = sum(len(effort.of("enquiry")) for effort in selling)
    new = len({code for effort in selling for code in effort.new})
    value, count = romi(found)
    return {
        "cpl": {
            "value": shown(ledger.money.rounded(cost / enquiries)) if enquiries else None,
            "n": enquiries,
        },
        "cac": {"value": shown(ledger.money.rounded(cost / new)) if new else None, "n": new},
        "romi": {"value": value, "n": count},
    }


Reach = tuple[set[str], set[str]]


def _reach(ledger: Ledger, effort: Effort, as_of: date) -> Reach | None:
    """Return the target customers of a notice or win-back campaign, and the customers that reached the goal."""
    goal, until = effort.row["goal"], min(effort.last + WINDOW[0], as_of)
    if goal == "notice":
        told = {each.customer for each in effort.responses if each.on <= until}
        for row in ledger.tables["interactions"]:
            on = day_of(row["at"])
            if on and effort.start <= on <= until and row["outcome"] not in ("no_answer", "left_word"):
                told.add(row["customer.code"])
        return effort.reached, effort.reached & told
    if goal == "win_back":
        mine = [stay for stay in stays(ledger, as_of) if stay.code in effort.reached]
        lost = [stay for stay in mine if stay.start <= effort.start and not stay.is_there(effort.start - DAY)]
        return {stay.code for stay in lost}, {stay.code for stay in lost if stay.is_there(as_of)}
    return None


def _met(found: list[Effort], reaches: dict[str, Reach | None], goal: str) -> dict[str, Any]:
    mine = [reach for e in found if e.row["goal"] == goal and (reach := reaches[e.row["id"]])]
    return proportion(sum(len(done) for _n, done in mine), sum(len(concerned) for concerned, _k in mine))


class Lift:
    """The orders of audience and control group, from the first day to the window after the last day."""

    def __init__(self, ledger: Ledger, effort: Effort, as_of: date) -> None:
        self.days = ledger.purchase_days(as_of)
        until = min(effort.last + WINDOW[0], as_of)
        self.buyers = {
            c for c, days in self.days.items() if any(effort.start <= day <= until for day in days)
        }
        self.start, self.is_observed, self.unmatched = effort.start, not effort.held, 0
        if effort.held:
            self._count([(effort.reached, effort.held)])
        else:
            self._match(ledger, effort)

    def _count(self, pairs: list[tuple[set[str], set[str]]]) -> None:
        mine = {code for ours, _others in pairs for code in ours}
        others = {code for _ours, theirs in pairs for code in theirs}
        self.reached, self.others = len(mine), len(others)
        self.ordered, self.others_ordered = len(mine & self.buyers), len(others & self.buyers)
        self.counts = (self.ordered, self.reached, self.others_ordered, self.others)

    def _match(self, ledger: Ledger, effort: Effort) -> None:
        """Stratify by kind and by purchase days in the year before: 0, 1, 2 to 3, or 4 and more."""
        there = {
            stay.code
            for stay in stays(ledger, self.start, orders_before=self.start)
            if stay.is_there(self.start)
        }
        groups: dict[tuple[str, int], tuple[set[str], set[str]]] = defaultdict(lambda: (set(), set()))
        for row in ledger.tables["customers"]:
            code = row["code"]
            group = groups[row["kind"], self._often(code)]
            if code in effort.reached:
                group[0].add(code)
            elif code in there:
                group[1].add(code)
        both = [pair for pair in groups.values() if all(pair)]
        self._count(both)
        self.unmatched = len(effort.reached) - self.reached
        self.strata = [
            (len(mine & self.buyers), len(mine), len(theirs & self.buyers), len(theirs))
            for mine, theirs in both
        ]

    def _often(self, code: str) -> int:
        first = months_after(self.start, -12)
        count = sum(first <= day < self.start for day in self.days.get(code, []))
        return sum(count >= least for least in (1, 2, 4))

    def compared(self) -> tuple[float, float, float, float] | None:
        """Return the control group's order rate, the lift and its interval."""
        if self.is_observed:
            return matched(self.strata)
        if not self.reached:
            return None
        low, high = newcombe(*self.counts)
        others = self.others_ordered / self.others
        return others, self.ordered / self.reached - others, low, high

    def row(self, effort: Effort) -> dict[str, Any]:
        """Return the campaign's row in the lift table."""
        found = self.compared()
        plain = self.others_ordered / self.others if self.others else None
        return {
            "campaign": effort.row["name"],
            "reached": self.reached,
            "ordered": self.ordered / self.reached if self.reached else None,
            "others": self.others,
            "others_ordered": found[0] if found else plain,
            "lift": found[1] if found else None,
            "low": found[2] if found else None,
            "high": found[3] if found else None,
            "kind": "similar customers (observational)" if self.is_observed else "control group",
            "ordered_k": self.ordered,
            "others_k": self.others_ordered,
            "unmatched": self.unmatched,
        }


def _row(effort: Effort, reach: Reach | None) -> dict[str, Any]:
    return {
        "campaign": effort.row["name"],
        "start": effort.start.isoformat(),
        "cost": _text(effort.cost),
        "reached": len(effort.reached),
        "enquiries": len(effort.of("enquiry")),
        "orders": len(effort.of("order")),
        "new": len(effort.new),
        "revenue": _text(effort.revenue),
        "romi": romi([effort])[0],
        "payback": _payback(effort),
        "goal": GOALS[effort.row["goal"]],
        "goal_k": len(reach[1]) if reach else None,
        "goal_n": len(reach[0]) if reach else None,
        "early": effort.early,
    }


def _payback(effort: Effort) -> int | None:
    """Return the days from the start until the known margins covered the cost."""
    earned = ZERO
    for sale in effort.sales if effort.is_sale and effort.cost else []:
        if sale.margin is not None:
            earned += sale.margin
            if earned >= (effort.cost or ZERO):
                return (sale.dealing.on - effort.start).days
    return None


def _channels(found: list[Effort]) -> list[dict[str, Any]]:
    groups: dict[str, list[Effort]] = defaultdict(list)
    for effort in found:
        groups[effort.row["channel"]].append(effort)
    return [
        {
            "channel": CHANNELS.get(name, name) or "(none)",
            "campaigns": len(mine),
            "cost": _text(_total([effort.cost for effort in mine])),
            "orders": sum(len(effort.of("order")) for effort in mine),
            "revenue": _text(revenue(mine)),
            "romi": romi(mine)[0],
        }
        for name, mine in groups.items()
    ]


def _stage(found: list[Effort], before: str, after: str, as_of: date) -> dict[str, Any]:
    """Count each customer once per campaign: the first response of type `before`, and the first of `after` since."""
    waits: list[tuple[int, bool]] = []
    for effort in found:
        firsts: dict[str, date] = {}
        for each in effort.of(before):
            firsts.setdefault(each.customer, each.on)
        for code, day in firsts.items():
            later = [each.on for each in effort.of(after) if each.customer == code and each.on >= day]
            waits.append(((min(later, default=as_of) - day).days, bool(later)))
    curve = Curve([(0, wait, gone) for wait, gone in waits])
    return {
        "stage": f"{before} to {after}",
        "came": len(waits),
        "went_on": sum(gone for _wait, gone in waits),
        "within_30": _within(curve, 30),
        "within_90": _within(curve, 90),
        "median": curve.median(),
    }


def _within(curve: Curve, days: int) -> float | None:
    left = curve.at(days)
    return None if left is None else 1 - left


__all__ = ["Strata", "recounted"]
