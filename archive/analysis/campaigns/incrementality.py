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
    return _against_similar(data, reached, ordered, start, _customers_on(data, start))


def _against_held_back(
    data: SalesData, effort: Effort, reached: list[str], ordered: set[str], start: date
) -> Lift:
    controls = sorted(effort.held_back)
    treated_ordered, controls_ordered = len(ordered & effort.reached), len(ordered & effort.held_back)
    difference = newcombe(treated_ordered, len(reached), controls_ordered, len(controls)) if reached else None
    rates = (
        Standardised(treated_ordered / len(reached), controls_ordered / len(controls), difference)
        if difference
        else None
    )
    balance = (_mean(data, reached, start), _mean(data, controls, start)) if reached else None
    return Lift(
        len(reached),
        treated_ordered,
        len(controls),
        controls_ordered,
        rates,
        observational=False,
        balance=balance,
    )


def _customers_on(data: SalesData, day: date) -> set[str]:
    """Return the customers on a day.

    A first order on that day does not count: it may be a response to the campaign.
    """
    day_number = day.toordinal()
    return {
        tenure.uid
        for tenure in tenures_of(data, day, purchases(data, day_number - 1)).all
        if tenure.lasts(day_number)
    }


def _against_similar(
    data: SalesData, reached: list[str], ordered: set[str], start: date, eligible: set[str]
) -> Lift:
    """Compare with customers of the same kind and purchase frequency, weighted to the audience.

    `eligible` were customers when the campaign began; only they serve as controls. This is observational: the choice of
    the audience may reflect knowledge that is not in the archive.
    """
    kinds = data.values("customers", "kind")
    strata: defaultdict[tuple[str, int], tuple[list[str], list[str]]] = defaultdict(lambda: ([], []))
    audience = set(reached)
    for uid in data.customers:
        stratum = strata[kinds.get(uid, ""), _frequency_class(data, uid, start)]
        if uid in audience or uid in eligible:
            stratum[uid not in audience].append(uid)
    usable = [pair for pair in strata.values() if all(pair)]
    matched = [uid for treated, _others in usable for uid in treated]
    others = [uid for _treated, others in usable for uid in others]
    responded = sum(uid in ordered for uid in matched)
    balance = None
    if matched:
        mean = sum(len(treated) * _mean(data, controls, start) for treated, controls in usable) / len(matched)
        balance = (_mean(data, matched, start), mean)
    return Lift(
        len(matched),
        responded,
        len(others),
        sum(uid in ordered for uid in others),
        matched_difference([_stratum(treated, controls, ordered) for treated, controls in usable]),
        observational=True,
        balance=balance,
        unmatched=len(reached) - len(matched),
    )


def _stratum(treated: list[str], controls: list[str], ordered: set[str]) -> Stratum:
    return Stratum(
        sum(uid in ordered for uid in treated),
        len(treated),
        sum(uid in ordered for uid in controls),
        len(controls),
    )


def _purchases(data: SalesData, uid: str, start: date) -> int:
    before = start - timedelta(days=1)
    return len(data.history(uid).purchases(before.toordinal(), year_before(start).toordinal()))


def _frequency_class(data: SalesData, uid: str, start: date) -> int:
    """Return the class of purchase frequency in the year before: 0, 1, 2 to 3, or more, as 0 to 3."""
    purchases = _purchases(data, uid, start)
    return sum(purchases >= least for least in (1, 2, 4))


def _mean(data: SalesData, uids: list[str], start: date) -> float:
    return sum(_purchases(data, uid, start) for uid in uids) / len(uids)
