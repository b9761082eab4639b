"""Let a single competitor win more and more of our lost quotations."""

from __future__ import annotations

from collections.abc import Iterable

from archive.model.records.transaction import Transaction
from sample_data.dice import Dice, ago
from sample_data.wallets import GAINING


def with_a_gaining_rival(dealings: Iterable[Transaction]) -> list[Transaction]:
    """Move about 60 % of the quotations lost to competitors in the last 300 days to the gaining competitor."""
    dice = Dice("rivals")
    return [_turned(dice, dealing) for dealing in dealings]


def _turned(dice: Dice, dealing: Transaction) -> Transaction:
    recent = dealing.on is not None and dealing.on > ago(300)
    if not (dealing.lost_to and recent and dice.chance(0.6)):
        return dealing
    return dealing.with_values(lost_to=GAINING, reason=dice.weighted({"price": 3, "delivery time": 1}))
