"""Invent transactions.

Orders follow a rhythm, with refunds, credit notes, orders of zero, foreign currencies, unknown amounts and future
dates. Quotations have every outcome."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from archive.model.field_types.base import Ref
from archive.model.records.customer import Customer
from archive.model.records.transaction import Transaction
from tests.independent.invented_people import CATEGORIES, FIRST, FOREIGN, RIVALS, TODAY, Invented, ref

PERIODS_AHEAD = TODAY + timedelta(days=60)


def dealings(made: Invented, campaigns: dict[str, tuple[date, date]]) -> list[Transaction]:
    """Return the transactions of every customer; some name a campaign, given with its first and last day."""
    found = []
    for customer in made.customers:
        if made.chance(0.12):
            continue  # never buys
        found += list(_rhythm(made, customer, campaigns))
        found += list(_quotations(made, customer, campaigns))
    return found


def _rhythm(
    made: Invented, customer: Customer, campaigns: dict[str, tuple[date, date]]
) -> Iterator[Transaction]:
    gap = made.dice.choice((9, 25, 25, 60, 140, 2000))
    on = made.day(max(FIRST, customer.customer_since or FIRST), TODAY)
    if made.chance(0.5):
        on = made.day(FIRST, date(2024, 6, 1))
    while on <= PERIODS_AHEAD:
        if customer.lost_on is None or customer.won_back_on or on <= customer.lost_on:
            yield _bought(made, customer, on, campaigns)
            if made.chance(0.1):
                yield _bought(made, customer, on, campaigns)
            if made.chance(0.15):
                yield _returned(made, customer, made.day(on, on + timedelta(days=30)))
        on += timedelta(days=1 + round(made.dice.expovariate(1 / gap)))


def _bought(
    made: Invented, customer: Customer, on: date, campaigns: dict[str, tuple[date, date]]
) -> Transaction:
    values: dict[str, Any] = {"type": made.dice.choice(("order", "order", "order", ""))}
    kind = made.dice.random()
    if kind < 0.04:
        values["amount"] = Decimal(0)
    elif kind < 0.08:
        values["amount"] = -made.money(1, 200)  # a negative order is a refund
    elif kind < 0.12:
        values["quantity"] = Decimal(2)  # the price is unknown
    elif kind < 0.5:
        product = made.dice.choice(made.products)
        values |= {"product": ref(product), "quantity": Decimal(made.dice.randint(1, 40)) / 2}
        values |= {"unit_price": made.money(2, 60), "currency": made.pick(FOREIGN[:3])}
        values["discount"] = Decimal("0.15") if made.chance(0.2) else None
    else:
        values |= {"amount": made.money(5, 900), "category": made.pick((*CATEGORIES, ""))}
        values["cost"] = made.money(2, 300) if made.chance(0.4) else None
    if "amount" in values:
        values["currency"] = made.pick(FOREIGN) if made.chance(0.35) else ""
    named = made.dice.choice(list(campaigns)) if campaigns and made.chance(0.1) else ""
    return Transaction(
        uid=made.uid(), customer=ref(customer), on=on, campaign=Ref(named) if named else Ref(), **values
    )


def _returned(made: Invented, customer: Customer, on: date) -> Transaction:
    sign = made.dice.choice((1, 1, -1))
    return Transaction(
        uid=made.uid(),
        customer=ref(customer),
        on=on,
        type="return",
        amount=sign * made.money(1, 400) if made.chance(0.95) else None,
        currency=made.pick(FOREIGN) if made.chance(0.2) else "",
        category=made.pick((*CATEGORIES, "")),
    )


def _quotations(
    made: Invented, customer: Customer, campaigns: dict[str, tuple[date, date]]
) -> Iterator[Transaction]:
    """Yield types that never count as revenue: enquiries, quotations, deliveries, invoices and payments."""
    for _ in range(made.dice.randint(0, 5)):
        kind = made.dice.choice(("enquiry", "quotation", "quotation", "delivery", "invoice", "payment"))
        outcome = made.pick(("won", "lost", "lost", "no_decision", "open", "")) if kind == "quotation" else ""
        named = made.dice.choice(list(campaigns)) if campaigns and made.chance(0.4) else ""
        is_lost = outcome == "lost"
        yield Transaction(
            uid=made.uid(),
            customer=ref(customer),
            on=made.day(date(2024, 10, 1), PERIODS_AHEAD),
            type=kind,
            amount=made.money(50, 3000) if made.chance(0.85) else None,
            currency=made.pick(FOREIGN) if made.chance(0.2) else "",
            outcome=outcome,
            lost_to=made.pick((*RIVALS, "")) if is_lost or made.chance(0.05) else "",
            reason=made.pick(("price", "Price", "delivery time", "")) if is_lost else "",
            campaign=Ref(named) if named else Ref(),
        )
