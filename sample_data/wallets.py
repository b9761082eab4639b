"""Generate wallets: what companies spend on rice and oil in two years, in total and with each supplier."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from archive.model.field_types.base import Ref
from archive.model.records.wallet import Supplier, Wallet
from archive.service.demo import SAMPLE_DAY
from sample_data.cast import Actor, round_to
from sample_data.dice import Dice

PERIODS = ((date(2024, 12, 1), date(2025, 11, 30)), (date(2025, 12, 1), date(2026, 11, 30)))
GAINING = "Golden Paddy 金穗"
_OTHERS = ("Kornhaus Direct", "Bulk & Barrel")
_WHY = {
    GAINING: (("a tenth cheaper", "便宜一成"), ("delivers the next morning", "次日早上送到")),
    "Kornhaus Direct": (("organic range", "有机品种多"), ("known for years", "多年的老关系")),
    "Bulk & Barrel": (("one invoice for everything", "所有货一张发票"), ("large bags", "大包装")),
}
_SOURCES = (
    ("said by the buyer", "采购员说的"),
    ("counted in the store room", "在库房里数的"),
    ("estimate from the meals served", "按出餐量估算"),
)
# Range of our share in each period, in percent, by story.
_SHARES = {
    "growing": ((45, 60), (60, 85)),
    "steady": ((50, 85), (50, 88)),
    "new": ((0, 0), (25, 60)),
    "fading": ((60, 80), (25, 45)),
    "lost": ((50, 75), (8, 30)),
    "back": ((20, 40), (30, 60)),
}


class _Spending(NamedTuple):
    """Our sales and the total spend in a period."""

    ours: Decimal
    total: Decimal


def wallets(actors: Iterable[Actor]) -> list[Wallet]:
    """Return the wallets of companies; the spend of some is unknown."""
    return [wallet for actor in actors if _is_company(actor) for wallet in _of(actor)]


def _is_company(actor: Actor) -> bool:
    return actor.plan.segment.kind == "organisation" and actor.plan.story != "prospect"


def _of(actor: Actor) -> Iterator[Wallet]:
    dice = Dice(f"wallets {actor.plan.purpose}")
    if not dice.chance(0.85):
        return
    # A few large companies buy little from us.
    small = actor.plan.segment.trade and actor.plan.story in ("steady", "growing") and dice.chance(0.42)
    ranks_only = not small and dice.chance(0.12)
    for category in ("Rice", "Oil"):
        if category == "Rice" or dice.chance(0.5):
            for number, period in enumerate(PERIODS):
                spent = _spending(dice, actor, category, number, small)
                if spent.total:
                    yield _wallet(dice, actor, category, period, spent, ranks_only)


def _spending(dice: Dice, actor: Actor, category: str, number: int, small: bool) -> _Spending:
    low, high = (8, 15) if small else _SHARES[actor.plan.story][number]
    share = Decimal(dice.randrange(low, high + 1)) / 100
    stale = number == 1 and not small and dice.chance(0.04)  # outdated: the total is less than we sell
    first, last = PERIODS[number]
    seen = Decimal((min(last, SAMPLE_DAY) - first).days + 1) / ((last - first).days + 1)
    ours = actor.sold(category, first, last) / seen  # extrapolated to the end of the period
    if ours <= 0 or not share:
        return _Spending(Decimal(0), Decimal(0))
    return _Spending(ours, round_to(ours / (Decimal("1.15") if stale else share) + 50, 100))


def _wallet(
    dice: Dice, actor: Actor, category: str, period: tuple[date, date], spent: _Spending, ranks_only: bool
) -> Wallet:
    known = dice.day(period[1] - timedelta(days=60), min(period[1] + timedelta(days=20), SAMPLE_DAY))
    rest = max(spent.total - spent.ours, Decimal(0))
    suppliers = _suppliers(dice, actor, rest, later=period == PERIODS[1])
    if ranks_only:
        suppliers = _ranked(dice, suppliers)
    fields: dict[str, Any] = {} if ranks_only else {"total": spent.total}
    return Wallet(
        uid=dice.uid(),
        customer=Ref(uid=actor.customer.uid),
        category=category,
        period_from=period[0],
        period_to=period[1],
        currency=actor.plan.segment.currency,
        suppliers=suppliers,
        source=actor.say(*dice.choice(_SOURCES)),
        confidence=dice.weighted({"high": 2, "medium": 5, "low": 2}),
        as_of=known,
        **fields,
    )


def _suppliers(dice: Dice, actor: Actor, rest: Decimal, *, later: bool) -> tuple[Supplier, ...]:
    """Divide the rest between two competitors, of which GAINING has the smaller part before and the larger part now."""
    if rest < 200:
        return ()
    part = Decimal(dice.randrange(50, 80) if later else dice.randrange(10, 35)) / 100
    other = _OTHERS[0] if dice.chance(0.6) else _OTHERS[1]
    named = rest * Decimal("0.93")  # the rest comes from suppliers whom nobody named
    his = round_to(named * part, 50)
    shares = {GAINING: his, other: round_to(named - his - 50, 50)}
    return tuple(
        Supplier(
            name=name,
            amount=amount,
            since=dice.day(date(2018, 1, 1), date(2024, 9, 30)) if dice.chance(0.4) else None,
            why=actor.say(*dice.choice(_WHY[name])) if dice.chance(0.6) else "",
        )
        for name, amount in sorted(shares.items(), key=lambda item: -item[1])
        if amount > 0
    )


def _ranked(dice: Dice, suppliers: tuple[Supplier, ...]) -> tuple[Supplier, ...]:
    """Replace amounts by ranks, leaving a rank for us."""
    ours = dice.randrange(1, len(suppliers) + 2)
    ranks = [rank for rank in range(1, len(suppliers) + 2) if rank != ours]
    return tuple(one.with_values(amount=None, rank=rank) for one, rank in zip(suppliers, ranks, strict=True))
