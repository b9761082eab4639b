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


def auc(scores: Sequence[float], outcomes: Sequence[bool]) -> float | None:
    """Return the area under the ROC curve: the probability that a positive case has a higher score than a negative one.

    Calculated from ranks, ties count half (Hanley and McNeil 1982); 0.5 is chance. None unless there are both
    positive and negative cases.

    Raises:
        ValueError: The sequences differ in length.
    """
    pairs = sorted(zip(scores, outcomes, strict=True), key=itemgetter(0))
    positives = sum(1 for _, yes in pairs if yes)
    negatives = len(pairs) - positives
    if not positives or not negatives:
        return None
    concordant, negatives_below = 0.0, 0
    for _, group in groupby(pairs, key=itemgetter(0)):
        group_outcomes = [yes for _, yes in group]
        yes = sum(1 for outcome in group_outcomes if outcome)
        no = len(group_outcomes) - yes
        concordant += yes * (negatives_below + no / 2)
        negatives_below += no
    return concordant / (positives * negatives)


def auc_parts(scores: Sequence[float], outcomes: Sequence[bool]) -> list[float] | None:
    """Return the contribution of each case to the AUC; None as for `auc`.

    Contributions sum to 0 and their squares to the variance of the AUC: the placement values of DeLong, DeLong and
    Clarke-Pearson (1988), Biometrics 44. For the difference of two forecasts on the same cases, subtract them.
    """
    area = auc(scores, outcomes)
    if area is None:
        return None
    yes = sorted(compress(scores, outcomes))
    no = sorted(compress(scores, (not outcome for outcome in outcomes)))
    parts = []
    for score, outcome in zip(scores, outcomes, strict=True):
        below, n = (_below(no, score), len(yes)) if outcome else (1 - _below(yes, score), len(no))
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


def brier(probabilities: Sequence[float], outcomes: Sequence[bool]) -> float | None:
    """Return the Brier score: the mean squared error of the forecast, 0 (perfect) to 1; None if there are no cases.

    Brier (1950), the form for binary outcomes.

    Raises:
        ValueError: The sequences differ in length.
    """
    pairs = zip(probabilities, outcomes, strict=True)
    squared_errors = [(p - 1) ** 2 if yes else p * p for p, yes in pairs]
    return fsum(squared_errors) / len(squared_errors) if squared_errors else None


def base_rate(outcomes: Iterable[bool]) -> float | None:
    """Return the share of positive cases; None if there are no cases."""
    values = [bool(yes) for yes in outcomes]
    return sum(values) / len(values) if values else None


def base_brier(outcomes: Iterable[bool]) -> float | None:
    """Return the Brier score of forecasting the base rate for every case, p (1 - p): the benchmark for a model."""
    rate = base_rate(outcomes)
    return None if rate is None else rate * (1 - rate)
