"""Goals other than sales: customers told of a notice, and customers won back."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from archive.analysis.campaigns.responses import Effort
from archive.analysis.churn.purchase_history import purchases
from archive.analysis.churn.tenure import tenures_of
from archive.analysis.dataset import SalesData
from archive.analysis.money import ordinal
from archive.analysis.request import ReportRequest

_NOT_REACHED = ("no_answer", "left_word")
Contacts = Mapping[str, Sequence[int]]


class Reach(NamedTuple):
    """The target customers of a campaign, and the customers with whom it reached its goal; both sorted."""

    audience: tuple[str, ...]
    achieved: tuple[str, ...]


def contacts(data: SalesData, efforts: Sequence[Effort]) -> Contacts:
    """Return the days on which each customer was reached; empty if no campaign is a notice."""
    days_by_customer: defaultdict[str, list[int]] = defaultdict(list)
    if any(effort.campaign.goal == "notice" for effort in efforts):
        columns = data.columns("interactions", "customer", "at", "outcome")
        for customer, at, outcome in zip(*columns, strict=True):
            if customer and at and outcome not in _NOT_REACHED:
                days_by_customer[customer].append(ordinal(at))
    return days_by_customer


def reach(
    data: SalesData, effort: Effort, request: ReportRequest, contact_days: Contacts, window: int
) -> Reach | None:
    """Measure a notice or a win-back; None for a sales campaign.

    A customer counts as told after any successful contact, or any transaction that names the campaign, from its first
    day to `window` days after its last. Win-backs have no time limit.
    """
    end = min(effort.last + window, request.as_of.toordinal())
    if effort.campaign.goal == "notice":
        responders = {r.customer for r in effort.responses if r.day <= end}
        notified = {
            uid
            for uid in effort.reached
            if any(effort.start <= day <= end for day in contact_days.get(uid, ()))
        }
        return Reach(tuple(sorted(effort.reached)), tuple(sorted(notified | (responders & effort.reached))))
    return _won_back(data, effort, request) if effort.campaign.goal == "win_back" else None


def _won_back(data: SalesData, effort: Effort, request: ReportRequest) -> Reach:
    """Measure a win-back: customers of the audience who were lost at its start, and are customers again on the as-of
    date.
    """
    tenures = tenures_of(data, request.as_of, purchases(data, request.as_of.toordinal())).all
    audience = [tenure for tenure in tenures if tenure.uid in effort.reached]
    lost = [
        tenure for tenure in audience if tenure.since <= effort.start and not tenure.lasts(effort.start - 1)
    ]
    won_back = [tenure.uid for tenure in lost if tenure.lasts(request.as_of.toordinal())]
    return Reach(tuple(sorted(tenure.uid for tenure in lost)), tuple(sorted(won_back)))
