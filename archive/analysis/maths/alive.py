"""Who still buys: BG/NBD and MBG/CNBD-k for customers who leave without a word.

While a customer is alive, purchases come at a rate of their own; after each the customer may leave for good. Rates
vary between customers by a gamma distribution (r, alpha), the chance of leaving by a beta distribution (a, b).

BG/NBD: Fader, Hardie and Lee (2005), Marketing Science 24: purchases at random, nobody leaves at the first, so who
bought once is alive for certain. MBG/CNBD-k: Platzer and Reutterer (2016), Marketing Science 35: leaving at the first
purchase too (Batislam, Denizel and Filiztekin 2007), and gaps as regular as the sum of k random ones.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from math import exp, log, log1p
from typing import NamedTuple

from archive.analysis.maths.histories import History

_ENOUGH = 1e-13  # what is left out of a sum, as a share of it
_HUGE = 1e250


class Model(NamedTuple):
    """The parameters: r and alpha (weeks) of the rates, a and b of leaving, k of the regularity.

    A rate is of k-ths of a purchase. With `leaves_first` a customer may leave at the first purchase.
    """

    r: float
    alpha: float
    a: float
    b: float
    k: int = 1
    leaves_first: bool = True

    def chances(self, repeats: int) -> int:
        """How often a customer could have left and did not, if they are alive."""
        return repeats + 1 if self.leaves_first else repeats

    def p_alive(self, history: History) -> float:
        """The probability that the customer still buys."""
        r, alpha, a, b, k, leaves_first = self
        repeats, last, age = history
        chances = repeats + leaves_first
        if not chances:
            return 1.0
        q = r + k * repeats
        odds = log(a / (b + chances - 1)) + q * log((alpha + age) / (alpha + last))
        if k > 1:
            odds -= log(sum(self._phases(history, q)))
        return 1 / (1 + exp(odds)) if odds < 0 else exp(-odds - log1p(exp(-odds)))

    def expected(self, history: History, weeks: float) -> float:
        """The expected number of purchases in so many weeks after the history; ValueError for less than none.

        For k = 1 this is what the papers write with Gauss's hypergeometric function, as the series of its
        Euler transformation: all terms are positive, so nothing cancels, not even around a = 1. For k > 1, where
        the papers approximate, it is exact too, over the k phases in which the running gap may be.
        """
        if weeks < 0:
            raise ValueError(f"{weeks} weeks ahead")
        q = self.r + self.k * history.repeats
        phases = self._phases(history, q)
        share = weeks / (self.alpha + history.age + weeks)
        stays = self.b + self.chances(history.repeats)
        while_alive = [weight * self._ahead(q + j, share, stays, j) for j, weight in enumerate(phases)]
        return self.p_alive(history) * sum(while_alive) / sum(phases)

    def _phases(self, history: History, q: float) -> list[float]:
        """How likely 0, 1 .. k - 1 of the k parts of the running gap are over, up to a common factor."""
        part = (history.age - history.last) / (self.alpha + history.age)
        weights = [1.0]
        for j in range(1, self.k):
            weights.append(weights[-1] * (q + j - 1) / j * part)
        return weights

    def _ahead(self, shape: float, share: float, stays: float, phase: int) -> float:
        """Purchases of a customer who is alive, `phase` parts into a gap: over the negative binomial of parts to come.

        Chances are counted in units of that of none, scaled down where they grow large.
        """
        chance, chances, purchases, weighted, keeps = 1.0, 1.0, 0.0, 0.0, 1.0
        parts, missing = 0, self.k - phase
        leaves = self.a + stays
        while True:
            ratio = (shape + parts) / (parts + 1) * share
            parts += 1
            chance *= ratio
            missing -= 1
            if not missing:
                purchases += keeps
                keeps *= stays / leaves
                stays, leaves, missing = stays + 1, leaves + 1, self.k
            chances += chance
            weighted += chance * purchases
            falls = ratio if ratio > share else share
            if chance * (purchases + 1) * falls <= _ENOUGH * (1 - falls) * weighted:
                return weighted / chances
            if chance > _HUGE:
                chance, chances, weighted = chance / _HUGE, chances / _HUGE, weighted / _HUGE


def p_alive_of(model: Model, histories: Iterable[History]) -> list[float]:
    """P(alive) of many customers in order, each different history computed once."""
    return _each_once(model.p_alive, histories)


def expected_of(model: Model, histories: Iterable[History], weeks: float) -> list[float]:
    """Expected purchases in so many weeks of many customers in order, each different history computed once."""
    return _each_once(lambda history: model.expected(history, weeks), histories)


def _each_once(figure: Callable[[History], float], histories: Iterable[History]) -> list[float]:
    known: dict[History, float] = {}
    found = []
    for history in histories:
        value = known.get(history)
        if value is None:
            value = known[history] = figure(history)
        found.append(value)
    return found
