"""How far a contract has come: its time beside what was delivered."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple


class Progress(NamedTuple):
    """Fractions; None where there is no term, or nothing was agreed.

    `duration` of the term is over and `usage` of what was agreed is delivered, both at most 1; `overflow` was
    delivered beyond it; `deviation` is by how much usage lags behind duration, never under 0.
    """

    duration: float | None
    usage: float | None
    overflow: float | None
    deviation: float | None


def duration(start: date | None, end: date | None, as_of: date) -> float | None:
    """The share of the term's days that are over, the first and `as_of` itself included.

    None for a term without a start or an end, or one that ends before it starts.
    """
    if start is None or end is None or end < start:
        return None
    elapsed = (as_of - start).days + 1
    return min(max(elapsed / ((end - start).days + 1), 0.0), 1.0)


def progress(
    start: date | None, end: date | None, as_of: date, agreed: float | None, delivered: float
) -> Progress:
    """The duration, usage, overflow and deviation of a contract, quantities in one unit."""
    over = duration(start, end, as_of)
    if agreed is None or agreed <= 0:
        return Progress(over, None, None, None)
    used = min(max(delivered / agreed, 0.0), 1.0)
    beyond = max(delivered / agreed - 1, 0.0)
    return Progress(over, used, beyond, None if over is None else max(over - used, 0.0))
