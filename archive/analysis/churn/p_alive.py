"""Probability of a purchase within a number of weeks, which unlike P(alive) can be back-tested."""

from __future__ import annotations

from archive.analysis.maths.bgnbd import Model
from archive.analysis.maths.histories import History


def buys(model: Model, history: History, weeks: float) -> float:
    """Return the probability that the customer buys in the `weeks` after the history.

    Given active, the customer is j of k phases into the current gap with weight (q)_j / j! y^j, y = (T - t_x) /
    (alpha + T). The number of phases in the coming weeks is negative binomial; fewer than k - j of them mean no
    purchase. For k = 1 the result is P(alive) (1 - ((alpha + T) / (alpha + T + weeks))^(r + x)), as in Fader, Hardie
    and Lee (2005).
    """
    q = model.r + model.k * history.repeats
    y = (history.age - history.last) / (model.alpha + history.age)
    share = weeks / (model.alpha + history.age + weeks)
    weight, weights, no_purchase = 1.0, 0.0, 0.0
    for phase in range(model.k):
        weights += weight
        no_purchase += weight * _fewer(model.k - phase, q + phase, share)
        weight *= (q + phase) / (phase + 1) * y
    return model.p_alive(history) * (1 - no_purchase / weights)


def _fewer(parts: int, shape: float, share: float) -> float:
    """Return the negative binomial probability of fewer than `parts` phases."""
    chance: float = (1 - share) ** shape
    chances = chance
    for n in range(1, parts):
        chance *= (shape + n - 1) / n * share
        chances += chance
    return chances
