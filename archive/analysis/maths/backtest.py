"""How good a forecast of yes or no was: against chance, and against the plain rate."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from itertools import compress, groupby
from math import fsum, sqrt
from operator import itemgetter
from typing import TypeVar

K = TypeVar("K", bound=Hashable)


def auc(scores: Sequence[float], happened: Sequence[bool]) -> float | None:
    """The probability that one to whom it happened had the higher score than one to whom it did not.

    Ties count half: the area under the ROC curve by ranks (Hanley and McNeil 1982). 0.5 is chance. None
    unless it happened to some and not to others. ValueError for sequences of unlike length.
    """
    pairs = sorted(zip(scores, happened, strict=True), key=itemgetter(0))
    positives = sum(1 for _, yes in pairs if yes)
    negatives = len(pairs) - positives
    if not positives or not negatives:
        return None
    won, negatives_below = 0.0, 0
    for _, tied in groupby(pairs, key=itemgetter(0)):
        outcomes = [yes for _, yes in tied]
        yes = sum(1 for outcome in outcomes if outcome)
        no = len(outcomes) - yes
        won += yes * (negatives_below + no / 2)
        negatives_below += no
    return won / (positives * negatives)


def auc_parts(scores: Sequence[float], happened: Sequence[bool]) -> list[float] | None:
    """Return how much each case moves the AUC; None as for `auc`.

    The parts add up to 0 and the sum of their squares is the variance of the AUC: the placements of DeLong, DeLong and
    Clarke-Pearson (1988), Biometrics 44. Parts of two forecasts of the same cases subtract.
    """
    area = auc(scores, happened)
    if area is None:
        return None
    yes = sorted(compress(scores, happened))
    no = sorted(compress(scores, (not came for came in happened)))
    parts = []
    for score, came in zip(scores, happened, strict=True):
        below, n = (_below(no, score), len(yes)) if came else (1 - _below(yes, score), len(no))
        parts.append((below - area) / n)
    return parts


def _below(ascending: Sequence[float], score: float) -> float:
    """Return the share of values below a score, equal ones counted half."""
    return (bisect_left(ascending, score) + bisect_right(ascending, score)) / (2 * len(ascending))


def mean_parts(values: Sequence[float]) -> list[float]:
    """Return how much each value moves the mean; the sum of the squares is the variance of the mean."""
    mean = fsum(values) / len(values)
    return [(value - mean) / len(values) for value in values]


def spread(parts: Iterable[Mapping[K, float]]) -> float:
    """Return the standard error of the mean of several figures of the same cases.

    Each figure gives its parts by case. Those of one case are added before they are squared, so that a case in
    several figures counts once (Liang and Zeger 1986, Biometrika 73).
    """
    sums: defaultdict[K, float] = defaultdict(float)
    figures = list(parts)
    for figure in figures:
        for case, part in figure.items():
            sums[case] += part / len(figures)
    return sqrt(fsum(part * part for part in sums.values()))


def brier(probabilities: Sequence[float], happened: Sequence[bool]) -> float | None:
    """The mean squared distance of the forecast from what came, 0 (perfect) to 1; None for no cases.

    Brier (1950), the form for yes or no. ValueError for sequences of unlike length.
    """
    pairs = zip(probabilities, happened, strict=True)
    missed = [(p - 1) ** 2 if yes else p * p for p, yes in pairs]
    return fsum(missed) / len(missed) if missed else None


def base_rate(happened: Iterable[bool]) -> float | None:
    """The share of those to whom it happened; None for no cases."""
    outcomes = [bool(yes) for yes in happened]
    return sum(outcomes) / len(outcomes) if outcomes else None


def base_brier(happened: Iterable[bool]) -> float | None:
    """The Brier score of forecasting the base rate for everyone: p (1 - p), what a model has to beat."""
    rate = base_rate(happened)
    return None if rate is None else rate * (1 - rate)
