"""SERVQUAL gaps: perceived minus expected service quality by dimension."""

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
    """Return perceived minus expected for each dimension with both values; negative means below expectation."""
    by_dimension: dict[str, float] = {}
    for name, expectation in expected.items():
        perception = perceived.get(name)
        if expectation is not None and perception is not None:
            by_dimension[name] = perception - expectation
    return by_dimension


def gap(by_dimension: Mapping[str, float]) -> float | None:
    """Return the unweighted mean of the gaps; None if there are none."""
    return fsum(by_dimension.values()) / len(by_dimension) if by_dimension else None


def weighted_gap(by_dimension: Mapping[str, float], weights: Mapping[str, float] = WEIGHTS) -> float | None:
    """Return the weighted mean of the gaps, over the dimensions that have a gap.

    None if no dimension has both a gap and a positive weight.
    """
    total = fsum(weights.get(name, 0.0) for name in by_dimension)
    if total <= 0:
        return None
    return fsum(weights.get(name, 0.0) * value for name, value in by_dimension.items()) / total
