"""Generate campaigns with audience and control group, and link the transactions that they led to."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from archive.model.field_types.base import Ref
from archive.model.records.campaign import Campaign
from archive.model.records.transaction import Transaction
from archive.service.demo import SAMPLE_DAY
from sample_data.cast import Actor
from sample_data.dice import Dice

_REGULAR = ("steady", "growing", "new", "fading", "back")
_WINDOW = timedelta(days=30)


@dataclass(frozen=True)
class _Letter:
    """The plan of a campaign.

    `ordered` and `others` are the percentages reached among the invited customers who did and did not order from its
    start to 30 days after its end.
    """

    name: str
    channel: str
    goal: str
    start: date
    end: date
    cost: int
    note: str
    invited: Callable[[Actor], bool]
    ordered: int = 100
    others: int = 100
    controlled: bool = False
    named: int = 0  # percentage of the reached buyers whose first order names the campaign
    asked: str = ""  # the campaign's name in enquiries of new customers


def _households(actor: Actor) -> bool:
    return actor.plan.segment.kind == "person" and actor.plan.story in _REGULAR


def _larger(actor: Actor) -> bool:
    return actor.plan.story in _REGULAR and actor.plan.segment.key in (
        "web_eu", "shop_cn", "trade_cn", "trade_eu", "trade_us",
    )  # fmt: skip


def _companies(actor: Actor) -> bool:
    return actor.plan.segment.trade and actor.plan.lost_on is None


def _gone(day: date) -> Callable[[Actor], bool]:
    return lambda actor: actor.plan.lost_on is not None and actor.plan.lost_on < day


def _nobody(actor: Actor) -> bool:
    return False


_TASTING, _MAILING = "Spring Tasting", "Harvest Mailing"
_LETTERS = (
    _Letter("Spring Tasting 2024", "event", "sell", date(2024, 4, 6), date(2024, 4, 7), 1900,
            "in front of the shop", _households, 70, 35, asked=_TASTING),
    _Letter("Harvest Mailing 2024", "mail", "sell", date(2024, 10, 7), date(2024, 10, 11), 1350,
            "", _larger, 85, 85, asked=_MAILING),
    _Letter("Spring Tasting 2025", "event", "sell", date(2025, 4, 5), date(2025, 4, 6), 2100,
            "in front of the shop", _households, 70, 40, named=10, asked=_TASTING),
    _Letter("Harvest Mailing 2025", "mail", "sell", date(2025, 10, 6), date(2025, 10, 10), 1400,
            "", _larger, 85, 85, named=15, asked=_MAILING),
    _Letter("Canteen cook-off", "sponsoring", "sell", date(2026, 2, 12), date(2026, 2, 13), 4800,
            "our rice in every pot, our name on the apron", _companies, 60, 60, named=12),
    _Letter("Spring Tasting 2026", "event", "sell", date(2026, 4, 11), date(2026, 4, 12), 2300,
            "in front of the shop", _households, 70, 40, named=12, asked=_TASTING),
    _Letter("Summer coupon", "web", "sell", date(2026, 6, 8), date(2026, 6, 14), 1200,
            "one in three was left out by lot", _larger, 62, 70, controlled=True, named=25),
    _Letter("We miss you", "phone", "win_back", date(2026, 8, 3), date(2026, 8, 28), 900,
            "a call to everybody who left", _gone(date(2026, 8, 1))),
    _Letter("Harvest Mailing 2026", "mail", "sell", date(2026, 9, 21), date(2026, 9, 25), 1500,
            "one in three was left out by lot", _larger, 84, 45, controlled=True, named=45, asked=_MAILING),
    _Letter("New price list", "mail", "notice", date(2026, 11, 2), date(2026, 11, 3), 260,
            "all companies, prices from January on", _companies),
    _Letter("Advertisement in the catering gazette", "press", "sell", date(2026, 11, 9),
            date(2026, 12, 4), 3200, "", _nobody),
)  # fmt: skip


@dataclass
class Made:
    """Hold the campaigns, and map a transaction's uid to its campaign."""

    campaigns: list[Campaign] = field(default_factory=list)
    names: dict[str, Ref] = field(default_factory=dict)

    def named(self, dealings: Iterable[Transaction]) -> list[Transaction]:
        """Return the transactions, linked to their campaigns."""
        return [
            dealing.with_values(campaign=self.names[dealing.uid]) if dealing.uid in self.names else dealing
            for dealing in dealings
        ]


def made(actors: list[Actor]) -> Made:
    """Return all campaigns, the earliest first."""
    found = Made()
    for letter in _LETTERS:
        _send(found, letter, actors)
    _ask(found, actors)
    return found


def _send(found: Made, letter: _Letter, actors: list[Actor]) -> None:
    dice = Dice(f"campaign {letter.name}")
    uid = dice.uid()
    audience, held_back = [], []
    for actor in filter(letter.invited, actors):
        if actor.plan.start > letter.start:
            continue  # not yet a customer
        orders = actor.of_type("order", letter.start, min(letter.end + _WINDOW, SAMPLE_DAY))
        reached = dice.randrange(100) < (letter.ordered if orders else letter.others)
        if reached:
            audience.append(Ref(uid=actor.customer.uid))
            if orders and dice.randrange(100) < letter.named:
                found.names.update({order.uid: Ref(uid=uid) for order in _first(orders)})
        elif letter.controlled:
            held_back.append(Ref(uid=actor.customer.uid))
    found.campaigns.append(
        Campaign(
            uid=uid,
            name=letter.name,
            channel=letter.channel,
            goal=letter.goal,
            start=letter.start,
            end=letter.end,
            cost=Decimal(letter.cost),
            currency="CNY",
            audience=tuple(audience),
            held_back=tuple(held_back),
            note=letter.note,
        )
    )


def _first(orders: list[Transaction]) -> list[Transaction]:
    """Return all lines of the first order."""
    return [order for order in orders if order.number == orders[0].number]  # empty without orders


def _ask(found: Made, actors: list[Actor]) -> None:
    """Link enquiries, and the quotation or order that followed, to the campaigns that prompted them."""
    dice = Dice("campaigns named")
    for actor in actors:
        enquiry = next((dealing for dealing in actor.dealings if dealing.type == "enquiry"), None)
        if enquiry is None or not enquiry.on:
            continue
        sort = enquiry.campaign.name
        before = _begun(found, enquiry.on, sort)
        if sort:
            found.names[enquiry.uid] = before or Ref(name=sort)
        elif before and dice.chance(0.6):
            found.names[enquiry.uid] = before
        if before and enquiry.uid in found.names:
            for kind in ("quotation", "order"):
                later = actor.of_type(kind, enquiry.on, enquiry.on + timedelta(days=90))
                found.names.update({dealing.uid: before for dealing in _first(later)})


def _begun(found: Made, day: date, sort: str) -> Ref:
    """Return the last campaign of a sort begun by a day; without a sort, the last to sell in the 45 days before."""
    for letter, campaign in reversed(list(zip(_LETTERS, found.campaigns, strict=True))):
        recent = letter.goal == "sell" and day - letter.start <= timedelta(days=45)
        if letter.start <= day and (letter.asked == sort if sort else recent):
            return Ref(uid=campaign.uid)
    return Ref()
