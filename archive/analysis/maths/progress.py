"""Progress of a contract: elapsed time against delivery."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple


class Progress(NamedTuple):
    """Progress as fractions; None if there is no period or nothing was agreed.

    `duration` is the elapsed share of the contract period and `usage` the delivered share of the agreed quantity,
    both at most 1; `overflow` is the share delivered beyond the agreement; `deviation` is the lag of usage behind
    duration, at least 0.
    """

    duration: float | None
    usage: float | None
    overflow: float | None
    deviation: float | None


def duration(start: date | None, end: date | None, as_of: date) -> float | None:
    """Return the elapsed share of the contract period, counting the first day and `as_of`.

    None if the period has no start or end, or ends before it starts.
    """
    if start is None or end is None or end < start:
        return None
    elapsed = (as_of - start).days + 1
    return min(max(elapsed / ((end - start).days + 1), 0.0), 1.0)


def progress(
    start: date | None, end: date | None, as_of: date, agreed: float | None, delivered: float
) -> Progress:
    """Return the duration, usage, overflow and deviation of a contract with one quantity."""
    return progress_of(start, end, as_of, [(agreed or 0.0, delivered)])


def progress_of(
    start: date | None, end: date | None, as_of: date, terms: Sequence[tuple[float, float]]
) -> Progress:
    """Return the progress of a contract with several terms (agreed, delivered) in one unit.

    Each term is capped separately, so that excess delivery on a term does not make up for a shortfall on another.
    """
    elapsed = duration(start, end, as_of)
    agreed = sum(max(0.0, quantity) for quantity, _delivered in terms)
    if agreed <= 0:
        return Progress(elapsed, None, None, None)
    usage = sum(min(max(delivered, 0.0), quantity) for quantity, delivered in terms if quantity > 0) / agreed
    overflow = sum(max(delivered - quantity, 0.0) for quantity, delivered in terms if quantity > 0) / agreed
    return Progress(elapsed, usage, overflow, None if elapsed is None else max(elapsed - usage, 0.0))
