"""Recency, frequency, money: scores from 1 to 5 by cut values that can be printed.

Larger is better in all three: recency is the day number of the last purchase, not the days since.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from typing import NamedTuple

PARTS = 5


class Scores(NamedTuple):
    """From 1 (lowest fifth) to 5 (highest); None where all customers are alike and nothing can be ranked."""

    recency: int | None
    frequency: int | None
    money: int | None


class Rfm(NamedTuple):
    """The scores of each customer in the order given, and the cut values of the three."""

    scores: list[Scores]
    recency: tuple[float, ...] | None
    frequency: tuple[float, ...] | None
    money: tuple[float, ...] | None


def cuts(values: Sequence[float], parts: int = PARTS) -> tuple[float, ...] | None:
    """The values that end each part but the last: the smallest at or below which at least i / parts lie.

    By nearest rank (Hyndman-Fan 1), so that each is a value that occurs. None unless two values differ.
    """
    ordered = sorted(values)
    if not ordered or ordered[0] == ordered[-1]:
        return None
    return tuple(ordered[-(-i * len(ordered) // parts) - 1] for i in range(1, parts))


def score(value: float, at: Sequence[float] | None) -> int | None:
    """1 for a value up to the first cut, one more for each cut it is over: equals always score alike."""
    return None if at is None else 1 + bisect_left(at, value)


def rfm(recency: Sequence[float], frequency: Sequence[float], money: Sequence[float | None]) -> Rfm:
    """Score customers by three columns of equal length; ValueError when the lengths differ.

    Money that is not known, None, has no score and no part in the cuts.
    """
    at = cuts(recency), cuts(frequency), cuts([value for value in money if value is not None])
    columns = map(_scored, (recency, frequency, money), at)
    return Rfm([Scores(*row) for row in zip(*columns, strict=True)], *at)


def _scored(column: Sequence[float | None], at: Sequence[float] | None) -> list[int | None]:
    if at is None:
        return [None] * len(column)
    return [None if value is None else 1 + bisect_left(at, value) for value in column]
