"""Plan every customer: segment, story, buying rhythm. All other records are generated from these plans."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta

from sample_data import names
from sample_data.dice import FIRST_DAY, Dice, ago
from sample_data.names import Place


@dataclass(frozen=True)
class Segment:
    """A group of similar customers: where they live, what they buy, and how many follow each story."""

    key: str
    kind: str
    currency: str
    places: tuple[Place, ...]
    managers: dict[str, int]  # weight of each account manager
    categories: tuple[str, ...]
    gap: tuple[int, int]  # usual days between orders
    codes: tuple[str, ...]  # products
    quantity: tuple[int, int]
    stories: dict[str, int]

    @property
    def trade(self) -> bool:
        """Whether orders go through quotation, delivery, invoice and payment."""
        return self.key.startswith("trade")


SEGMENTS = (
    Segment(
        "round", "person", "CNY", names.CHINA_ROUND, {"li": 1}, ("Households / Rice round",), (21, 35),
        ("R-101", "R-102", "R-103"), (1, 1), {"steady": 22, "new": 3, "fading": 3, "lost": 3, "back": 1},
    ),
    Segment(
        "shop_cn", "person", "CNY", names.CHINA, {"li": 3, "zhao": 1}, ("Households / Shop",), (38, 60),
        ("R-102", "R-104", "O-101", "O-102", "T-101"), (1, 3),
        {"steady": 7, "new": 2, "fading": 2, "lost": 4, "back": 1},
    ),
    Segment(
        "web_eu", "person", "EUR", names.EUROPE, {"moreau": 3, "schmidt": 1}, ("Households / Web shop",),
        (35, 60), ("R-201", "R-202", "R-204", "O-201", "T-201", "T-202"), (1, 4),
        {"steady": 10, "new": 2, "fading": 3, "lost": 8, "back": 1},
    ),
    Segment(
        "table_cn", "organisation", "CNY", names.CHINA, {"zhao": 1, "li": 1},
        ("Restaurants / Full service", "Restaurants / Snack bars"), (8, 14),
        ("R-125", "R-126", "O-102", "O-101"), (2, 7), {"growing": 2, "steady": 3, "fading": 1, "lost": 1},
    ),
    Segment(
        "table_eu", "organisation", "EUR", names.EUROPE, {"moreau": 2, "schmidt": 1},
        ("Restaurants / Full service", "Restaurants / Snack bars"), (8, 14),
        ("R-203", "R-202", "O-202", "R-201"), (2, 8),
        {"steady": 3, "new": 1, "fading": 1, "lost": 1, "back": 1},
    ),
    Segment(
        "trade_cn", "organisation", "CNY", names.CHINA, {"zhao": 3, "li": 2},
        (*("Wholesale / East",) * 3, "Canteens / Schools", "Canteens / Companies", "Hotels"), (78, 100),
        ("R-125", "R-126", "O-101", "K-101", "S-101"), (12, 60),
        {"growing": 3, "steady": 7, "new": 3, "fading": 1, "lost": 3, "back": 1},
    ),
    Segment(
        "trade_eu", "organisation", "EUR", names.EUROPE, {"schmidt": 3, "moreau": 2},
        (*("Wholesale / West",) * 3, "Canteens / Schools", "Canteens / Companies", "Hotels"), (78, 100),
        ("R-203", "R-202", "O-202", "K-201", "K-202", "S-201"), (10, 50),
        {"growing": 2, "steady": 6, "new": 3, "fading": 3, "lost": 5, "back": 1},
    ),
    Segment(
        "trade_us", "organisation", "USD", names.AMERICA, {"schmidt": 1}, ("Wholesale / Overseas",),
        (85, 110), ("R-203", "T-201", "T-202"), (40, 120), {"steady": 3},
    ),
    Segment(
        "once_cn", "person", "CNY", names.CHINA, {"li": 1, "zhao": 1}, ("Households / Shop",), (60, 90),
        ("R-102", "T-101", "O-102"), (1, 2), {"once": 14, "lost_once": 2},
    ),
    Segment(
        "once_eu", "person", "EUR", names.EUROPE, {"moreau": 3, "schmidt": 2}, ("Households / Web shop",),
        (60, 90), ("R-201", "R-204", "O-201", "T-202"), (1, 2), {"once": 16, "lost_once": 3},
    ),
    Segment(
        "asking_cn", "organisation", "CNY", names.CHINA, {"zhao": 1, "li": 2},
        ("Restaurants / Full service", "Restaurants / Snack bars"), (60, 90), ("R-125", "R-126", "K-101"),
        (10, 40), {"prospect": 9},
    ),
    Segment(
        "asking_eu", "organisation", "EUR", names.EUROPE, {"schmidt": 2, "moreau": 1},
        ("Wholesale / West", "Canteens / Companies", "Hotels", "Restaurants / Full service"), (60, 90),
        ("R-203", "K-201", "K-202"), (6, 30), {"prospect": 14},
    ),
    Segment(
        "curious_cn", "person", "CNY", names.CHINA, {"li": 1}, ("Households / Shop",), (60, 90),
        ("R-102", "T-101"), (1, 2), {"prospect": 11},
    ),
    Segment(
        "curious_eu", "person", "EUR", names.EUROPE, {"moreau": 1}, ("Households / Web shop",), (60, 90),
        ("R-201", "T-201"), (1, 2), {"prospect": 11},
    ),
)  # fmt: skip

_RHYTHMS = {"round": 70, "table": 42, "trade": 56}  # days between regular contacts

# The textbook distribution: two thirds of lost customers leave because of poor service.
LOST_REASONS = (
    *["service"] * 24, *["product"] * 4, *["cheaper"] * 3, *["advice"] * 2, *["changed"] * 1,
    *["moved"] * 1, *["died"] * 1,
)  # fmt: skip


@dataclass(frozen=True)
class Household:
    """A household with home deliveries of rice, and its consumption."""

    adults: int
    children: int
    jar: int  # kg

    @property
    def daily(self) -> float:
        """Return the kilograms of rice a day."""
        return 0.14 * self.adults + 0.07 * self.children


@dataclass(frozen=True)
class Agenda:
    """What is due with a customer: an open follow-up, a next contact, or a contact by the customer's rhythm."""

    follow_up: date | None = None
    next_contact: date | None = None
    regular: date | None = None


@dataclass(frozen=True)
class Plan:
    """The plan of a customer, from which its records are generated."""

    number: int
    segment: Segment
    story: str
    manager: str
    place: Place
    start: date  # first order, or first enquiry of a prospect
    end: date  # last possible day of an order
    away: tuple[date, date] | None  # days lost and won back
    gap: float  # days between orders
    lost_on: date | None
    lost_reason: str
    growth: tuple[float, float]  # factor on quantities three years ago and now
    household: Household | None = None
    codes: tuple[str, ...] = field(default=())
    agenda: Agenda = Agenda()

    @property
    def purpose(self) -> str:
        """Return the seed of the customer's random generators."""
        return f"{self.segment.key} {self.number}"

    @property
    def rhythm(self) -> int | None:
        """Return the days between regular contacts, if there are any."""
        return _RHYTHMS.get(self.segment.key.partition("_")[0])


def plans() -> list[Plan]:
    """Return the plans of all customers, segment by segment."""
    dice = Dice("plans")
    reasons = list(LOST_REASONS)
    dice.shuffle(reasons)
    made = []
    for segment in SEGMENTS:
        stories = [story for story, count in segment.stories.items() for _one in range(count)]
        made += [_plan(dice, segment, story, number, reasons) for number, story in enumerate(stories)]
    return made


def _plan(dice: Dice, segment: Segment, story: str, number: int, reasons: list[str]) -> Plan:
    household = _household(dice) if segment.key == "round" else None
    gap = (
        household.jar * 0.9 / household.daily
        if household
        else dice.about(sum(segment.gap) / 2, (segment.gap[1] - segment.gap[0]) / 3)
    )
    gap = max(gap, segment.gap[0] * 0.8)
    gone = story in ("lost", "lost_once", "back")
    manager = dice.weighted(segment.managers)
    if gone and "moreau" in segment.managers and dice.chance(0.6):
        manager = "moreau"
    start, end = _span(dice, story, gap)
    away = (end, min(end + timedelta(days=round(gap * 3 + 60)), ago(70))) if story == "back" else None
    return Plan(
        number=number,
        segment=segment,
        story=story,
        manager=manager,
        place=dice.choice(segment.places),
        start=start,
        end=ago(0) if away else end,
        away=away,
        gap=gap,
        lost_on=_lost_on(dice, end, gap) if gone else None,
        lost_reason=_reason(segment, reasons) if gone else "",
        growth=_growth(story, manager),
        household=household,
        codes=tuple(dice.some(segment.codes, 1, 3)),
    )


def _reason(segment: Segment, reasons: list[str]) -> str:
    """Take the next reason that fits: a company does not die."""
    reason = next(r for r in reasons if segment.kind == "person" or r != "died")
    reasons.remove(reason)
    return reason


def _household(dice: Dice) -> Household:
    adults, children = dice.weighted({1: 1, 2: 5, 3: 3, 4: 2}), dice.weighted({0: 3, 1: 5, 2: 2})
    wanted = (0.14 * adults + 0.07 * children) * dice.about(31, 6)
    return Household(adults, children, min((5, 8, 10, 12, 15, 20, 25), key=lambda jar: abs(jar - wanted)))


def _span(dice: Dice, story: str, gap: float) -> tuple[date, date]:
    """Return the first and the last possible day of orders."""
    if story == "new":
        return ago(dice.randrange(40, 200)), ago(0)
    if story in ("once", "lost_once"):
        day = dice.day(FIRST_DAY, ago(25 if story == "once" else 200))
        return day, day
    if story == "prospect":
        return dice.day(ago(300), ago(4)), ago(0)
    start = FIRST_DAY + timedelta(days=dice.randrange(round(gap) if dice.chance(0.45) else _latest(story)))
    ends = {
        "lost": dice.day(max(start + timedelta(days=round(gap * 5)), ago(700)), ago(gap * 2 + 30)),
        "back": dice.day(max(start + timedelta(days=round(gap * 4)), ago(600)), ago(gap * 4 + 160)),
        "fading": ago(gap * dice.about(2.9, 0.7) + 8),
    }
    return start, ends.get(story, ago(0))


def _latest(story: str) -> int:
    """Return the days after FIRST_DAY within which a customer starts; customers who will leave start early."""
    return 800 if story in ("steady", "growing") else 420


def _lost_on(dice: Dice, end: date, gap: float) -> date:
    return min(end + timedelta(days=round(gap * dice.about(1.7, 0.5))), ago(6))


def _growth(story: str, manager: str) -> tuple[float, float]:
    if story == "growing":
        return 0.6, 1.9
    return (0.9, 1.3) if manager == "li" else (1.0, 1.0) if manager != "moreau" else (1.05, 0.9)
