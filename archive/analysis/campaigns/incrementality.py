"""Incremental effect of a campaign: its audience compared with the control group or with similar customers."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from typing import NamedTuple

from archive.analysis.campaigns.responses import Effort
from archive.analysis.churn.purchase_history import purchases
from archive.analysis.churn.tenure import tenures_of
from archive.analysis.dataset import SalesData
from archive.analysis.maths.proportions import newcombe
from archive.analysis.maths.stratified import Standardised, Stratum, matched_difference
from archive.analysis.request import ReportRequest
from archive.model.summary import year_before


class Lift(NamedTuple):
    """The order rate of the audience compared with the control group, or with similar customers (`observational`).

    Attributes:
        others_ordered: Unweighted count; in `compared`, matched customers are weighted to the audience.
        compared: The two order rates and their difference; None if there are no customers to compare with.
        balance: Mean purchases in the year before, of audience and controls; ideally equal.
        unmatched: Customers of the audience without a match.
    """

    reached: int
    ordered: int
    others: int
    others_ordered: int
    compared: Standardised | None
    observational: bool
    balance: tuple[float, float] | None
    unmatched: int = 0

    @property
    def stratum(self) -> Stratum:
        """The counts as one stratum of a pooled experiment."""
        return Stratum(self.ordered, self.reached, self.others_ordered, self.others)


def lift(data: SalesData, effort: Effort, request: ReportRequest, window: int) -> Lift:
    """Compare orders from the campaign's first day to `window` days after its last, whether they name it or not."""
    reached = sorted(effort.reached)
    start = effort.campaign.start or date.min
    end = min(effort.last + window, request.as_of.toordinal())
    ordered = {uid for uid in data.histories if data.history(uid).purchases(end, effort.start)}
    if effort.held_back:
        return _against_held_back(data, effort, reached, ordered, start)
    return _matched(data, reached, ordered, start, _customers_on(data, start))


def _against_held_back(
    data: SalesData, effort: Effort, reached: list[str], ordered: set[str], start: date
) -> Lift:
    held = sorted(effort.held_back)
    responded, others = len(ordered & effort.reached), len(ordered & effort.held_back)
    found = newcombe(responded, len(reached), others, len(held)) if reached else None
    shown = Standardised(responded / len(reached), others / len(held), found) if found else None
    balance = (_mean(data, reached, start), _mean(data, held, start)) if reached else None
    return Lift(len(reached), responded, len(held), others, shown, observational=False, balance=balance)


def _customers_on(data: SalesData, day: date) -> set[str]:
    """Return the customers on a day.

    A first order on that day does not count: it may be a response to the campaign.
    """
    at = day.toordinal()
    return {life.uid for life in tenures_of(data, day, purchases(data, at - 1)).all if life.lasts(at)}


def _matched(data: SalesData, reached: list[str], ordered: set[str], start: date, there: set[str]) -> Lift:
    """Compare with customers of the same kind and purchase frequency, weighted to the audience.

    `there` were customers when the campaign began; only they serve as controls. This is observational: the choice of
    the audience may reflect knowledge that is not in the archive.
    """
    kinds = data.values("customers", "kind")
    strata: defaultdict[tuple[str, int], tuple[list[str], list[str]]] = defaultdict(lambda: ([], []))
    inside = set(reached)
    for uid in data.customers:
        stratum = strata[kinds.get(uid, ""), _often(data, uid, start)]
        if uid in inside or uid in there:
            stratum[uid not in inside].append(uid)
    both = [pair for pair in strata.values() if all(pair)]
    ours = [uid for mine, _others in both for uid in mine]
    others = [uid for _mine, others in both for uid in others]
    responded = sum(uid in ordered for uid in ours)
    balance = None
    if ours:
        weighted = sum(len(mine) * _mean(data, theirs, start) for mine, theirs in both) / len(ours)
        balance = (_mean(data, ours, start), weighted)
    return Lift(
        len(ours),
        responded,
        len(others),
        sum(uid in ordered for uid in others),
        matched_difference([_stratum(mine, theirs, ordered) for mine, theirs in both]),
        observational=True,
        balance=balance,
        unmatched=len(reached) - len(ours),
    )


def _stratum(mine: list[str], theirs: list[str], ordered: set[str]) -> Stratum:
    return Stratum(
        sum(uid in ordered for uid in mine), len(mine), sum(uid in ordered for uid in theirs), len(theirs)
    )


def _purchases(data: SalesData, uid: str, start: date) -> int:
    before = start - timedelta(days=1)
    return len(data.history(uid).purchases(before.toordinal(), year_before(start).toordinal()))


def _often(data: SalesData, uid: str, start: date) -> int:
    """Return the class of purchase frequency in the year before: 0, 1, 2 to 3, or more, as 0 to 3."""
    bought = _purchases(data, uid, start)
    return sum(bought >= least for least in (1, 2, 4))


def _mean(data: SalesData, uids: list[str], start: date) -> float:
    return sum(_purchases(data, uid, start) for uid in uids) / len(uids)
