"""Which customers are later with the next purchase than usual, and how likely each orders again."""

from __future__ import annotations

from collections.abc import Set
from typing import NamedTuple

from archive.analysis.churning.buying import Buying, Histories
from archive.analysis.churning.chance import buys
from archive.analysis.churning.model import Fitted
from archive.analysis.maths.alive import Model, p_alive_of
from archive.analysis.maths.histories import DAYS_A_WEEK
from archive.text import _

AHEAD = 90  # days for which the chance of an order is given

NEVER_SURE = 0.01  # a model's probability is shown as at least this and at most 1 less it


class Silent(NamedTuple):
    """A customer later than expected: the last purchase (a day number), days since, days expected.

    `chance` is that of an order within 90 days, `alive` that of still being a buyer; None if the model gives none.
    """

    uid: str
    last: int
    elapsed: int
    expected: float
    chance: float | None
    alive: float | None
    repeats: int

    @property
    def overdue(self) -> float:
        """How many of their usual gaps have passed."""
        return self.elapsed / self.expected


def alive(found: Fitted, known: Histories) -> dict[str, float]:
    """Return P(alive) of every customer for whom the model gives one, never as a certainty."""
    model = found.model
    if model is None:
        return {}
    rated = _rated(model, known)
    return {uid: _bounded(p) for uid, p in zip(rated, p_alive_of(model, rated.values()), strict=True)}


def chances(found: Fitted, known: Histories) -> dict[str, float]:
    """Return the chance of an order within 90 days of every customer for whom the model gives one."""
    model = found.model
    if model is None:
        return {}
    rated = _rated(model, known)
    each = {history: _bounded(buys(model, history, AHEAD / DAYS_A_WEEK)) for history in set(rated.values())}
    return {uid: each[history] for uid, history in rated.items()}


def _rated(model: Model, known: Histories) -> Histories:
    """BG/NBD lets nobody leave at the first purchase: it says nothing about one-time buyers."""
    return {uid: history for uid, history in known.items() if model.chances(history.repeats)}


def _bounded(p: float) -> float:
    return min(max(p, NEVER_SURE), 1 - NEVER_SURE)


def alive_words(p: float | None, found: Fitted) -> str:
    """Give P(alive) in the text that explains a line; "" if there is none."""
    if p is None:
        return ""
    return "; " + _(
        "P(alive) {p:.0%} by {name}: the chance of still being a buyer at all, which cannot be checked against orders"
    ).format(p=p, name=found.name.upper())


def overdue(as_of: int, bought: Buying, lost: Set[str], found: Fitted) -> list[Silent]:
    """List everyone who is not lost and whose last purchase is longer ago than expected, in no order."""
    expected = {
        uid: gap for uid, gap in bought.gaps.expected(lost).items() if as_of - bought.days[uid][-1] > gap
    }
    known = {uid: bought.histories[uid] for uid in expected}
    soon, living = chances(found, known), alive(found, known)
    return [
        Silent(
            uid=uid,
            last=bought.days[uid][-1],
            elapsed=as_of - bought.days[uid][-1],
            expected=gap,
            chance=soon.get(uid),
            alive=living.get(uid),
            repeats=len(bought.days[uid]) - 1,
        )
        for uid, gap in expected.items()
    ]
