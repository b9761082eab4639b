"""The chance that a customer buys within some weeks: what a back-test can hold against what came."""

from __future__ import annotations

from archive.analysis.maths.alive import Model
from archive.analysis.maths.histories import History


def buys(model: Model, history: History, weeks: float) -> float:
    """The probability of at least one purchase in so many weeks after the history.

    Alive, the customer is j of k parts into the running gap with weight (q)_j / j! y^j, y = (T - t_x) / (alpha + T);
    the parts of the weeks to come are negative binomial, and fewer than k - j of them make no purchase. For k = 1
    this is P(alive) (1 - ((alpha + T) / (alpha + T + weeks))^(r + x)), as in Fader, Hardie and Lee (2005).
    """
    q = model.r + model.k * history.repeats
    waited = (history.age - history.last) / (model.alpha + history.age)
    share = weeks / (model.alpha + history.age + weeks)
    weight, weights, silent = 1.0, 0.0, 0.0
    for part in range(model.k):
        weights += weight
        silent += weight * _fewer(model.k - part, q + part, share)
        weight *= (q + part) / (part + 1) * waited
    return model.p_alive(history) * (1 - silent / weights)


def _fewer(parts: int, shape: float, share: float) -> float:
    """The negative binomial chance of fewer than so many parts."""
    chance: float = (1 - share) ** shape
    chances = chance
    for n in range(1, parts):
        chance *= (shape + n - 1) / n * share
        chances += chance
    return chances
