"""Which customers are later with the next purchase than usual, and how likely each still buys."""

from __future__ import annotations

from collections.abc import Mapping, Set
from typing import NamedTuple

from archive.analysis.churning.buying import Buying, Histories
from archive.analysis.churning.model import Fitted
from archive.analysis.maths.alive import p_alive_of

NEVER_SURE = 0.01  # a model's probability is shown as at least this and at most 1 less it


class Silent(NamedTuple):
    """A customer later than expected: the last purchase (a day number), days since, days expected, P(alive).

    `alive` is None where the model says nothing of them.
    """

    uid: str
    last: int
    elapsed: int
    expected: float
    alive: float | None
    repeats: int

    @property
    def overdue(self) -> float:
        """How many of their usual gaps have passed."""
        return self.elapsed / self.expected


def chances(found: Fitted, known: Histories) -> dict[str, float]:
    """P(alive) of every customer of whom the model says anything, never as a certainty.

    BG/NBD lets nobody leave at the first purchase: of one-time buyers it says nothing.
    """
    model = found.model
    if model is None:
        return {}
    told = {uid: history for uid, history in known.items() if model.chances(history.repeats)}
    alive = p_alive_of(model, told.values())
    return {uid: min(max(p, NEVER_SURE), 1 - NEVER_SURE) for uid, p in zip(told, alive, strict=True)}


def overdue(as_of: int, bought: Buying, lost: Set[str], alive: Mapping[str, float]) -> list[Silent]:
    """Everyone who is not lost and whose last purchase is longer ago than expected, in no order."""
    found = []
    for uid, expected in bought.gaps.expected(lost).items():
        days = bought.days[uid]
        if as_of - days[-1] > expected:
            found.append(Silent(uid, days[-1], as_of - days[-1], expected, alive.get(uid), len(days) - 1))
    return found
