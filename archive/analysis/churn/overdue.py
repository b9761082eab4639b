"""At-risk customers: overdue for their next purchase, with the probability of another order."""

from __future__ import annotations

from collections.abc import Set
from typing import NamedTuple

from archive.analysis.churn.buying import Histories, PurchaseData
from archive.analysis.churn.model import FittedModel
from archive.analysis.churn.p_alive import buys
from archive.analysis.maths.bgnbd import Model, p_alive_of
from archive.analysis.maths.histories import DAYS_A_WEEK
from archive.text import _

AHEAD = 90  # days ahead for the chance of an order

NEVER_SURE = 0.01  # probabilities are limited to the range from this to 1 minus this


class AtRiskCustomer(NamedTuple):
    """An at-risk customer: last purchase (day number), days elapsed since, days expected between purchases.

    `chance` is the probability of an order within 90 days, `alive` is P(alive); None if the model has no estimate.
    """

    uid: str
    last: int
    elapsed: int
    expected: float
    chance: float | None
    alive: float | None
    repeats: int

    @property
    def overdue(self) -> float:
        """The elapsed time in multiples of the expected gap."""
        return self.elapsed / self.expected


def alive(fitted_model: FittedModel, histories: Histories) -> dict[str, float]:
    """Return P(alive) of every customer for whom the model has an estimate, never 0 or 1."""
    model = fitted_model.model
    if model is None:
        return {}
    estimable = _estimable(model, histories)
    return {uid: _bounded(p) for uid, p in zip(estimable, p_alive_of(model, estimable.values()), strict=True)}


def chances(fitted_model: FittedModel, histories: Histories) -> dict[str, float]:
    """Return the chance of an order within 90 days for every customer for whom the model has an estimate."""
    model = fitted_model.model
    if model is None:
        return {}
    estimable = _estimable(model, histories)
    by_history = {
        history: _bounded(buys(model, history, AHEAD / DAYS_A_WEEK)) for history in set(estimable.values())
    }
    return {uid: by_history[history] for uid, history in estimable.items()}


def _estimable(model: Model, histories: Histories) -> Histories:
    """Exclude one-time buyers from BG/NBD, which has no dropout at the first purchase and gives them P(alive) = 1."""
    return {uid: history for uid, history in histories.items() if model.chances(history.repeats)}


def _bounded(p: float) -> float:
    return min(max(p, NEVER_SURE), 1 - NEVER_SURE)


def alive_words(p: float | None, fitted_model: FittedModel) -> str:
    """Return P(alive) as text for the explanation of a row; "" if there is none."""
    if p is None:
        return ""
    return "; " + _(
        "P(alive) {p:.0%} by {name}: the probability of still being an active buyer, "
        "which orders cannot confirm"
    ).format(p=p, name=fitted_model.name.upper())


def overdue(
    as_of: int, purchase_data: PurchaseData, lost: Set[str], fitted_model: FittedModel
) -> list[AtRiskCustomer]:
    """Return all customers who are not lost and whose last purchase is longer ago than expected, unsorted."""
    expected = {
        uid: gap
        for uid, gap in purchase_data.gaps.expected(lost).items()
        if as_of - purchase_data.days[uid][-1] > gap
    }
    histories = {uid: purchase_data.histories[uid] for uid in expected}
    order_chances, p_alive = chances(fitted_model, histories), alive(fitted_model, histories)
    return [
        AtRiskCustomer(
            uid=uid,
            last=purchase_data.days[uid][-1],
            elapsed=as_of - purchase_data.days[uid][-1],
            expected=gap,
            chance=order_chances.get(uid),
            alive=p_alive.get(uid),
            repeats=len(purchase_data.days[uid]) - 1,
        )
        for uid, gap in expected.items()
    ]
