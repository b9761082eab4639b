"""Accuracy of probability forecasts: AUC and Brier score, with standard errors."""

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
    """Return the area under the ROC curve: the probability that a positive case has a higher score than a negative one.

    Calculated from ranks, ties count half (Hanley and McNeil 1982); 0.5 is chance. None unless there are both
    positive and negative cases.

    Raises:
        ValueError: The sequences differ in length.
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
    """Return the contribution of each case to the AUC; None as for `auc`.

    Contributions sum to 0 and their squares to the variance of the AUC: the placement values of DeLong, DeLong and
    Clarke-Pearson (1988), Biometrics 44. For the difference of two forecasts on the same cases, subtract them.
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
    """Return the share of values below a score; equal values count half."""
    return (bisect_left(ascending, score) + bisect_right(ascending, score)) / (2 * len(ascending))


def mean_parts(values: Sequence[float]) -> list[float]:
    """Return the contribution of each value to the mean; the squares sum to the variance of the mean."""
    mean = fsum(values) / len(values)
    return [(value - mean) / len(values) for value in values]


def spread(parts: Iterable[Mapping[K, float]]) -> float:
    """Return the standard error of the mean of several figures on overlapping cases.

    Each figure maps cases to contributions. The contributions of a case are added before they are squared, which
    accounts for the correlation between the figures (Liang and Zeger 1986, Biometrika 73).
    """
    sums: defaultdict[K, float] = defaultdict(float)
    figures = list(parts)
    for figure in figures:
        for case, part in figure.items():
            sums[case] += part / len(figures)
    return sqrt(fsum(part * part for part in sums.values()))


def brier(probabilities: Sequence[float], happened: Sequence[bool]) -> float | None:
    """Return the Brier score: the mean squared error of the forecast, 0 (perfect) to 1; None if there are no cases.

    Brier (1950), the form for binary outcomes.

    Raises:
        ValueError: The sequences differ in length.
    """
    pairs = zip(probabilities, happened, strict=True)
    missed = [(p - 1) ** 2 if yes else p * p for p, yes in pairs]
    return fsum(missed) / len(missed) if missed else None


def base_rate(happened: Iterable[bool]) -> float | None:
    """Return the share of positive cases; None if there are no cases."""
    outcomes = [bool(yes) for yes in happened]
    return sum(outcomes) / len(outcomes) if outcomes else None


def base_brier(happened: Iterable[bool]) -> float | None:
    """Return the Brier score of forecasting the base rate for every case, p (1 - p): the benchmark for a model."""
    rate = base_rate(happened)
    return None if rate is None else rate * (1 - rate)
