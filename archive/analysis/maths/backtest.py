"""How good a forecast of yes or no was: against chance, and against the plain rate."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby
from math import fsum
from operator import itemgetter


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
