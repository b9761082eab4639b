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

_NOT_TOLD = ("no_answer", "left_word")
Contacts = Mapping[str, Sequence[int]]


class Reach(NamedTuple):
    """The target customers of a campaign, and the customers with whom it reached its goal; both sorted."""

    concerned: tuple[str, ...]
    done: tuple[str, ...]


def contacts(data: SalesData, efforts: Sequence[Effort]) -> Contacts:
    """Return the days on which each customer was reached; empty if no campaign is a notice."""
    found: defaultdict[str, list[int]] = defaultdict(list)
    if any(effort.campaign.goal == "notice" for effort in efforts):
        columns = data.columns("interactions", "customer", "at", "outcome")
        for customer, at, outcome in zip(*columns, strict=True):
            if customer and at and outcome not in _NOT_TOLD:
                found[customer].append(ordinal(at))
    return found


def reach(
    data: SalesData, effort: Effort, request: ReportRequest, reached: Contacts, window: int
) -> Reach | None:
    """Measure a notice or a win-back; None for a sales campaign.

    A customer counts as told after any successful contact, or any transaction that names the campaign, from its first
    day to `window` days after its last. Win-backs have no time limit.
    """
    end = min(effort.last + window, request.as_of.toordinal())
    if effort.campaign.goal == "notice":
        named = {r.customer for r in effort.responses if r.day <= end}
        told = {
            uid for uid in effort.reached if any(effort.start <= day <= end for day in reached.get(uid, ()))
        }
        return Reach(tuple(sorted(effort.reached)), tuple(sorted(told | (named & effort.reached))))
    return _won_back(data, effort, request) if effort.campaign.goal == "win_back" else None


def _won_back(data: SalesData, effort: Effort, request: ReportRequest) -> Reach:
    """Measure a win-back: customers of the audience who were lost at its start, and are customers again on the as-of
    date.
    """
    known = tenures_of(data, request.as_of, purchases(data, request.as_of.toordinal())).all
    mine = [life for life in known if life.uid in effort.reached]
    lost = [life for life in mine if life.since <= effort.start and not life.lasts(effort.start - 1)]
    back = [life.uid for life in lost if life.lasts(request.as_of.toordinal())]
    return Reach(tuple(sorted(life.uid for life in lost)), tuple(sorted(back)))
