"""RFM (recency, frequency, monetary value): quintile scores with printable cut values.

Larger is better in all three: recency is the day number of the last purchase, not the days since.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from typing import NamedTuple

PARTS = 5


class Scores(NamedTuple):
    """Scores from 1 (lowest fifth) to 5 (highest); None if the value is unknown or all customers have the same."""

    recency: int | None
    frequency: int | None
    money: int | None


class Rfm(NamedTuple):
    """The scores of each customer in the order given, and the cut values of the three dimensions."""

    scores: list[Scores]
    recency: tuple[float, ...] | None
    frequency: tuple[float, ...] | None
    money: tuple[float, ...] | None


def cuts(values: Sequence[float], parts: int = PARTS) -> tuple[float, ...] | None:
    """Return the upper limit of each part but the last; None unless at least two values differ.

    Calculated by nearest rank (Hyndman-Fan 1), so that each cut is a value in the data.
    """
    ordered = sorted(values)
    if not ordered or ordered[0] == ordered[-1]:
        return None
    return tuple(ordered[-(-i * len(ordered) // parts) - 1] for i in range(1, parts))


def score(value: float, limits: Sequence[float] | None) -> int | None:
    """Return 1 for a value up to the first cut, plus 1 for each cut it exceeds. Equal values score the same."""
    return None if limits is None else 1 + bisect_left(limits, value)


def rfm(recency: Sequence[float], frequency: Sequence[float], money: Sequence[float | None]) -> Rfm:
    """Score customers by three columns of equal length.

    Unknown money (None) gets no score and does not affect the cuts.

    Raises:
        ValueError: The columns differ in length.
    """
    limits = cuts(recency), cuts(frequency), cuts([value for value in money if value is not None])
    columns = map(_scores, (recency, frequency, money), limits)
    return Rfm([Scores(*row) for row in zip(*columns, strict=True)], *limits)


def _scores(column: Sequence[float | None], limits: Sequence[float] | None) -> list[int | None]:
    if limits is None:
        return [None] * len(column)
    return [None if value is None else 1 + bisect_left(limits, value) for value in column]
