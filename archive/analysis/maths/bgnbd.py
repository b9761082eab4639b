"""BG/NBD and MBG/CNBD-k: models of repeat buying by customers who leave without notice.

Each customer buys at a constant rate while alive and may drop out for good after each purchase. Rates vary between
customers by a gamma distribution (r, alpha), dropout probabilities by a beta distribution (a, b).

BG/NBD (Fader, Hardie and Lee 2005, Marketing Science 24): Poisson purchases and no dropout at the first purchase, so
P(alive) of one-time buyers is 1. MBG/CNBD-k (Platzer and Reutterer 2016, Marketing Science 35): dropout is possible
at the first purchase too (Batislam, Denizel and Filiztekin 2007), and the times between purchases are Erlang-k, that
is, sums of k exponential phases.
"""

from __future__ import annotations

from collections.abc import Iterable
from math import exp, log, log1p
from typing import NamedTuple

from archive.analysis.maths.histories import History

_ENOUGH = 1e-13  # truncation error of a series, relative to its sum
_HUGE = 1e250


class Model(NamedTuple):
    """Parameters: r and alpha (weeks) of the purchase rate, a and b of the dropout probability, regularity k.

    The rate counts Erlang phases, k per purchase. With `leaves_first` a customer may drop out at the first purchase.
    """

    r: float
    alpha: float
    a: float
    b: float
    k: int = 1
    leaves_first: bool = True

    def chances(self, repeats: int) -> int:
        """Return how many times the customer could have dropped out, the last purchase included."""
        return repeats + 1 if self.leaves_first else repeats

    def p_alive(self, history: History) -> float:
        """Return the probability that the customer is still active."""
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
        """Return the expected number of purchases in the `weeks` after the history.

        For k = 1 this is the papers' expression with the Gaussian hypergeometric function, summed as the series of
        its Euler transformation: all terms are positive, so nothing cancels, not even near a = 1. For k > 1, where
        the papers approximate, the sum over the k possible phases of the current gap is exact too.

        Raises:
            ValueError: `weeks` is negative.
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
        """Return the relative likelihood that 0, 1 .. k - 1 of the k phases of the current gap are complete."""
        part = (history.age - history.last) / (self.alpha + history.age)
        weights = [1.0]
        for j in range(1, self.k):
            weights.append(weights[-1] * (q + j - 1) / j * part)
        return weights

    def _ahead(self, shape: float, share: float, stays: float, phase: int) -> float:
        """Return the expected purchases of an active customer who is `phase` phases into the current gap.

        The sum runs over the negative binomial number of phases in the period. Probabilities are relative to that of
        no phase and are rescaled if they become large.
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
    """Return P(alive) of the histories in the order given, calculated once per distinct history."""
    histories = list(histories)
    chances = {history: model.p_alive(history) for history in set(histories)}
    return [chances[history] for history in histories]
