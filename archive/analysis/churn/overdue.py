"""At-risk customers: overdue for their next purchase, with the probability of another order."""

from __future__ import annotations

from collections.abc import Set
from typing import NamedTuple

from archive.analysis.churn.buying import Buying, Histories
from archive.analysis.churn.model import Fitted
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


def alive(found: Fitted, known: Histories) -> dict[str, float]:
    """Return P(alive) of every customer for whom the model has an estimate, never 0 or 1."""
    model = found.model
    if model is None:
        return {}
    rated = _rated(model, known)
    return {uid: _bounded(p) for uid, p in zip(rated, p_alive_of(model, rated.values()), strict=True)}


def chances(found: Fitted, known: Histories) -> dict[str, float]:
    """Return the chance of an order within 90 days for every customer for whom the model has an estimate."""
    model = found.model
    if model is None:
        return {}
    rated = _rated(model, known)
    each = {history: _bounded(buys(model, history, AHEAD / DAYS_A_WEEK)) for history in set(rated.values())}
    return {uid: each[history] for uid, history in rated.items()}


def _rated(model: Model, known: Histories) -> Histories:
    """Exclude one-time buyers from BG/NBD, which has no dropout at the first purchase and gives them P(alive) = 1."""
    return {uid: history for uid, history in known.items() if model.chances(history.repeats)}


def _bounded(p: float) -> float:
    return min(max(p, NEVER_SURE), 1 - NEVER_SURE)


def alive_words(p: float | None, found: Fitted) -> str:
    """Return P(alive) as text for the explanation of a row; "" if there is none."""
    if p is None:
        return ""
    return "; " + _(
        "P(alive) {p:.0%} by {name}: the probability of still being an active buyer, "
        "which orders cannot confirm"
    ).format(p=p, name=found.name.upper())


def overdue(as_of: int, bought: Buying, lost: Set[str], found: Fitted) -> list[AtRiskCustomer]:
    """Return all customers who are not lost and whose last purchase is longer ago than expected, unsorted."""
    expected = {
        uid: gap for uid, gap in bought.gaps.expected(lost).items() if as_of - bought.days[uid][-1] > gap
    }
    known = {uid: bought.histories[uid] for uid in expected}
    soon, living = chances(found, known), alive(found, known)
    return [
        AtRiskCustomer(
            uid=uid,
            last=bought.days[uid][-1],
            elapsed=as_of - bought.days[uid][-1],
            expected=gap,
            chance=soon.get(uid),
            alive=living.get(uid),
            repeats=len(bought.days[uid]) - 1,
        )
        for uid, gap in expected.items()
    ]
