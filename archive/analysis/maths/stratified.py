"""Stratified differences of proportions: pooled experiments, and comparisons with weighted controls."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import sqrt
from typing import NamedTuple

from archive.analysis.maths.proportions import Z95, Difference, newcombe

_SHRINK = 2  # pseudo-cases


class Stratum(NamedTuple):
    """Two comparable groups: k1 of n1 treated and k0 of n0 controls responded."""

    k1: float
    n1: float
    k0: float
    n0: float


class Standardised(NamedTuple):
    """Two proportions under common weights and their difference, first minus second."""

    first: float
    second: float
    difference: Difference


def mantel_haenszel(strata: Iterable[Stratum], z: float = Z95) -> Standardised | None:
    """Pool the risk differences of several experiments with weights n1 n0 / (n1 + n0).

    The variance is that of Sato (1989), Biometrics 45, consistent for both few large and many small strata. A single
    stratum gets Newcombe's interval, which holds for small samples. None if no stratum has both groups.
    """
    usable = [s for s in strata if s.n1 and s.n0]
    if len(usable) < 2:
        return _single(usable[0], z) if usable else None
    weights = [s.n1 * s.n0 / (s.n1 + s.n0) for s in usable]
    total = sum(weights)
    first = sum(w * s.k1 / s.n1 for w, s in zip(weights, usable, strict=True)) / total
    second = sum(w * s.k0 / s.n0 for w, s in zip(weights, usable, strict=True)) / total
    value = first - second
    variance = value * sum(map(_p, usable)) + sum(map(_q, usable))
    half = z * sqrt(max(0.0, variance)) / total
    return Standardised(first, second, Difference(value, max(-1.0, value - half), min(1.0, value + half)))


def _single(s: Stratum, z: float) -> Standardised:
    difference = newcombe(s.k1, s.n1, s.k0, s.n0, z)
    assert difference  # both groups have cases
    return Standardised(s.k1 / s.n1, s.k0 / s.n0, difference)


def _p(s: Stratum) -> float:
    squared_size = (s.n1 + s.n0) ** 2
    return (s.n1**2 * s.k0 - s.n0**2 * s.k1 + s.n1 * s.n0 * (s.n0 - s.n1) / 2) / squared_size


def _q(s: Stratum) -> float:
    return (s.k1 * (s.n0 - s.k0) + s.k0 * (s.n1 - s.k1)) / (2 * (s.n1 + s.n0))


def matched_difference(strata: Sequence[Stratum], z: float = Z95) -> Standardised | None:
    """Compare treated cases with controls weighted to the distribution of the treated over the strata.

    The interval is Newcombe's, with each group size replaced by the effective sample size p (1 - p) / V (Korn and
    Graubard 1998, Survey Methodology 24), where V is the variance of the weighted proportion. None if no stratum has
    both groups.
    """
    usable = [s for s in strata if s.n1 and s.n0]
    treated = sum(s.n1 for s in usable)
    if not treated:
        return None
    weights = [s.n1 / treated for s in usable]
    first = _weighted(weights, [(s.k1, s.n1) for s in usable])
    second = _weighted(weights, [(s.k0, s.n0) for s in usable])
    difference = newcombe(first.p * first.n, first.n, second.p * second.n, second.n, z)
    assert difference  # both effective sizes are over 0
    return Standardised(first.p, second.p, difference)


class _Proportion(NamedTuple):
    p: float
    n: float  # effective


def _weighted(weights: Sequence[float], groups: Sequence[tuple[float, float]]) -> _Proportion:
    """Return a weighted proportion with its effective sample size.

    Each stratum's rate is shrunk by two pseudo-cases towards the group's rate; otherwise the variance of a stratum
    with a single case would be zero.
    """
    p = sum(w * k / n for w, (k, n) in zip(weights, groups, strict=True))
    if all(k == n for k, n in groups):
        p = 1.0  # rounded weights may sum to slightly less than 1, which would give a variance near 0
    kish = 1 / sum(w * w / n for w, (_k, n) in zip(weights, groups, strict=True))
    if not 0 < p < 1:
        return _Proportion(p, kish)
    shrunk = [(k + _SHRINK * p) / (n + _SHRINK) for k, n in groups]
    variance = sum(w * w * q * (1 - q) / n for w, q, (_k, n) in zip(weights, shrunk, groups, strict=True))
    return _Proportion(p, p * (1 - p) / variance)
