"""Invent the settings, products and customers of small archives full of awkward cases, from a seed.

A customer may lack *customer since*, be older than the first record, lost, won back, lost again, or lost without
a date. Each archive has a random home currency, and exchange rates of some other currencies since some day.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from archive.model.archive_settings import ArchiveSettings, Rate
from archive.model.field_types.base import Ref
from archive.model.losses import Loss
from archive.model.records.customer import Customer
from archive.model.records.product import Product

TODAY = date(2026, 11, 21)
FIRST = date(2023, 6, 1)
MANAGERS = ("ito", "kowalska", "")
KINDS = ("Wholesale / East", "Wholesale / West", "Kitchens", "")
REASONS = ("died", "moved", "changed", "advice", "cheaper", "product", "service", "other", "")
RIVALS = ("Golden Paddy", "golden paddy", "Bulk & Barrel", "Kornhaus")
CATEGORIES = ("Rice", "Rice / Basmati", "Rice / Jasmine", "Oil", "Tools / Knives")
FOREIGN = ("EUR", "USD", "JPY", "KWD", "GBP")
UNITS = ("kg", "bag", "l", "")


@dataclass
class Invented:
    """The records of an invented archive, and the random generator behind them."""

    seed: int
    dice: random.Random
    settings: ArchiveSettings
    products: list[Product] = field(default_factory=list)
    customers: list[Customer] = field(default_factory=list)

    def uid(self) -> str:
        """Return a unique id."""
        return f"{self.dice.getrandbits(64):016x}"

    def chance(self, share: float) -> bool:
        """Return True with this probability."""
        return self.dice.random() < share

    def day(self, first: date, last: date) -> date:
        """Return a day from `first` to `last`, both included; `first` if `last` is earlier."""
        return first + timedelta(days=self.dice.randint(0, max(0, (last - first).days)))

    def money(self, least: int, most: int) -> Decimal:
        """Return an amount with cents."""
        return Decimal(self.dice.randint(least * 100, most * 100)) / 100

    def whole(self, least: int, most: int) -> Decimal:
        """Return a whole amount, which is valid in every currency."""
        return Decimal(self.dice.randint(least, most))

    def pick(self, things: Sequence[str]) -> str:
        """Choose a text."""
        return self.dice.choice(things)


def invented(seed: int) -> Invented:
    """Return the settings, products and customers for a seed."""
    dice = random.Random(seed)
    made = Invented(seed, dice, _settings(dice, seed))
    made.products = [_product(made, number) for number in range(1, 9)]
    count = dice.randint(25, 45)
    made.customers = [_customer(made, number) for number in range(1, count + 1)]
    return made


def ref(record: Customer | Product) -> Ref:
    """Return a link to a record."""
    return Ref(record.uid)


def _settings(dice: random.Random, seed: int) -> ArchiveSettings:
    """Return settings: no home currency in every tenth archive; some rates start late or are missing."""
    home = "" if seed % 10 == 9 else dice.choice(("EUR", "EUR", "CNY", "JPY", "KWD"))
    rates = []
    for currency in FOREIGN:
        if currency == home or not home or dice.random() < 0.3:
            continue
        since = dice.choice((date(2020, 1, 1), date(2024, 3, 1), date(2025, 2, 10)))
        for step in range(dice.randint(1, 3)):
            rate = Decimal(dice.randint(50, 900)) / dice.choice((10, 100, 1000))
            rates.append(Rate(currency=currency, since=since + timedelta(days=211 * step), rate=rate))
    observed = dice.choice((None, None, date(2024, 1, 15)))
    return ArchiveSettings(uid="settings", currency=home, rates=tuple(rates), observed_since=observed)


def _product(made: Invented, number: int) -> Product:
    priced = made.chance(0.9)
    return Product(
        uid=made.uid(),
        code=f"P-{number}",
        name=f"Goods {number}",
        category=made.pick((*CATEGORIES, "")),
        unit=made.pick(UNITS),
        usual_price=made.money(3, 90) if priced else None,
        currency=made.pick(FOREIGN[:3]) if priced else "",
        cost=made.money(1, 40) if made.chance(0.7) else None,
    )


def _customer(made: Invented, number: int) -> Customer:
    since = made.day(date(2019, 1, 1), TODAY) if made.chance(0.7) else None
    if since and made.chance(0.05):
        since = TODAY + timedelta(days=40)
    return Customer(
        uid=made.uid(),
        code=f"C-{number:05d}",
        kind=made.pick(("person", "organisation")),
        full_name=f"Invented {number}",
        status=made.pick(("prospect", "active", "active", "lost", "")),
        category=made.pick(KINDS),
        account_manager=made.pick(MANAGERS),
        source=made.pick(("walk-in", "referral", "")),
        customer_since=since,
        currency=made.pick(FOREIGN[:2]) if made.chance(0.3) else "",
        **_spells(made, since),
    )


def _spells(made: Invented, since: date | None) -> dict[str, object]:
    """Return the fields of up to three losses, each with or without a return; most customers have no loss."""
    if not made.chance(0.45) or (since and since > TODAY):
        return {}
    days = sorted({made.day(max(since or FIRST, date(2021, 1, 1)), TODAY) for _ in range(6)})
    pairs = [(days[i], days[i + 1] if i + 1 < len(days) else None) for i in range(0, len(days), 2)]
    pairs = pairs[: made.dice.randint(1, 3)]
    *earlier, (lost, back) = pairs
    return {
        "earlier_losses": tuple(
            Loss(
                lost_on=start,
                won_back_on=end,
                lost_reason=made.pick(REASONS),
                lost_to=made.pick((*RIVALS, "")),
            )
            for start, end in earlier
        ),
        "lost_on": lost,
        "won_back_on": back if made.chance(0.5) else None,
        "lost_reason": made.pick(REASONS),
        "lost_to": made.pick((*RIVALS, "")),
    }
