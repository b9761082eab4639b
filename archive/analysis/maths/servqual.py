"""SERVQUAL: what customers perceived less what they expected, by dimension."""

from __future__ import annotations

from collections.abc import Mapping
from math import fsum

WEIGHTS: Mapping[str, float] = {
    "reliability": 32,
    "responsiveness": 22,
    "assurance": 19,
    "empathy": 16,
    "tangibles": 11,
}
"""Zeithaml, Parasuraman and Berry (1990), Delivering Quality Service: a published default, not a law."""


def gaps(expected: Mapping[str, float | None], perceived: Mapping[str, float | None]) -> dict[str, float]:
    """Perceived less expected of each dimension for which both are known: under 0 falls short."""
    found: dict[str, float] = {}
    for name, wanted in expected.items():
        had = perceived.get(name)
        if wanted is not None and had is not None:
            found[name] = had - wanted
    return found


def gap(by_dimension: Mapping[str, float]) -> float | None:
    """The mean of the gaps, each dimension alike; None for none."""
    return fsum(by_dimension.values()) / len(by_dimension) if by_dimension else None


def weighted_gap(by_dimension: Mapping[str, float], weights: Mapping[str, float] = WEIGHTS) -> float | None:
    """The mean of the gaps by weight; the weights of dimensions without a gap are left out of the sum.

    None where no dimension has both a gap and a weight over zero.
    """
    total = fsum(weights.get(name, 0.0) for name in by_dimension)
    if total <= 0:
        return None
    return fsum(weights.get(name, 0.0) * value for name, value in by_dimension.items()) / total
