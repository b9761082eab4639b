"""Invent wallets, contracts with their transactions, campaigns, tasks and activities."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from archive.model.field_types.base import Ref
from archive.model.field_types.duration import Span
from archive.model.records.campaign import Campaign
from archive.model.records.contract import Contract, Delivery, Term
from archive.model.records.customer import Customer
from archive.model.records.interaction import Interaction
from archive.model.records.plan import Plan
from archive.model.records.transaction import Transaction
from archive.model.records.wallet import Supplier, Wallet
from tests.independent.invented_people import CATEGORIES, FOREIGN, RIVALS, TODAY, Invented, ref

PERIODS = (
    (date(2024, 1, 1), date(2024, 12, 31)),
    (date(2025, 1, 1), date(2025, 12, 31)),
    (date(2026, 1, 1), date(2026, 12, 31)),
    (date(2025, 7, 1), date(2026, 6, 30)),
    (date(2027, 1, 1), date(2027, 12, 31)),
)
TERM_UNITS = (("kg", "g"), ("bag", "kg"), ("l", "ml"), ("kg", "kg"), ("", "kg"), ("bag", "bag"))


def wallets(made: Invented) -> list[Wallet]:
    """Return wallets of half the customers: nested categories, ties, ranks without amounts, totals too small."""
    found = []
    for customer in made.customers:
        if made.chance(0.5):
            continue
        for category in made.dice.sample(CATEGORIES, made.dice.randint(1, 3)):
            for first, last in made.dice.sample(PERIODS, made.dice.randint(1, 3)):
                found.append(_wallet(made, customer, category, first, last))
    return found


def _wallet(made: Invented, customer: Customer, category: str, first: date, last: date) -> Wallet:
    has_total = made.chance(0.8)
    names = made.dice.sample(RIVALS, made.dice.randint(0, 3))
    even = made.whole(10, 900)
    has_ranks = made.chance(0.3)
    suppliers = tuple(
        Supplier(
            name=name,
            amount=None
            if has_ranks and not has_total
            else (even if made.chance(0.3) else made.whole(10, 2000)),
            rank=place + made.dice.randint(1, 2) if has_ranks else None,
        )
        for place, name in enumerate(names)
    )
    return Wallet(
        uid=made.uid(),
        customer=ref(customer),
        category=category,
        period_from=first,
        period_to=last,
        total=made.whole(100, 6000) if has_total else None,
        currency=made.pick(FOREIGN) if made.chance(0.4) else "",
        suppliers=suppliers,
        as_of=made.day(first, TODAY) if made.chance(0.3) else None,
    )


def contracts(made: Invented) -> list[Contract]:
    """Return contracts: unsigned, cancelled, renewed, partly delivered, or not yet begun."""
    return [_contract(made, number) for number in range(1, 16)]


def _contract(made: Invented, number: int) -> Contract:
    start = made.day(date(2024, 1, 1), TODAY + timedelta(days=90))
    if made.chance(0.25):
        start = made.dice.choice(
            (date(2024, 2, 29), date(2025, 1, 31), date(2025, 10, 31), date(2025, 5, 15))
        )
    end = (
        start + timedelta(days=made.dice.choice((28, 89, 180, 364, 365, 366, 730)))
        if made.chance(0.85)
        else None
    )
    signed = made.day(start - timedelta(days=40), start + timedelta(days=20)) if made.chance(0.8) else None
    cancelled = (
        made.day(max(start, signed or start), TODAY + timedelta(days=200)) if made.chance(0.2) else None
    )
    terms = tuple(_term(made, start, end, place) for place in range(1, made.dice.randint(1, 6)))
    return Contract(
        uid=made.uid(),
        number=f"K-{number}",
        customer=ref(made.dice.choice(made.customers)),
        title="Supply",
        start=start,
        end=end,
        signed_on=signed,
        value=made.whole(100, 9000) if made.chance(0.6) else None,
        currency=made.pick(FOREIGN) if made.chance(0.3) else "",
        cancelled_on=cancelled,
        renews=made.chance(0.4),
        notice_period=Span(0, made.dice.randint(1, 3)) if made.chance(0.6) else None,
        terms=terms,
    )


def _term(made: Invented, start: date, end: date | None, place: int) -> Term:
    last = end or start + timedelta(days=300)
    due = made.day(start, last) if made.chance(0.9) else None
    unit = made.dice.choice(TERM_UNITS)[0]
    by_quantity, by_amount = made.chance(0.6), made.chance(0.3)
    quantity = Decimal(made.dice.randint(2, 60)) if by_quantity else None
    amount = made.whole(50, 900) if by_amount else None
    done = made.day(start, TODAY + timedelta(days=20)) if not by_quantity and made.chance(0.5) else None
    return Term(
        key=str(place),
        requirement=f"promise {place}",
        duty=made.pick(("ours", "ours", "theirs", "")),
        due_on=due,
        quantity=quantity,
        unit=unit if by_quantity else "",
        amount=amount,
        deliveries=tuple(_deliveries(made, start, quantity, amount)),
        fulfilled_on=done,
        weight=Decimal(made.dice.randint(1, 4)) if made.chance(0.3) else None,
    )


def _deliveries(
    made: Invented, start: date, quantity: Decimal | None, amount: Decimal | None
) -> Iterator[Delivery]:
    if quantity is None and amount is None:
        return
    for _ in range(made.dice.randint(0, 4)):
        yield Delivery(
            on=made.day(start, TODAY + timedelta(days=30)),
            quantity=Decimal(made.dice.randint(1, 30)) if quantity is not None else None,
            amount=made.whole(5, 300) if amount is not None and made.chance(0.7) else None,
        )


def tied(made: Invented, agreed: Sequence[Contract]) -> list[Transaction]:
    """Return deliveries, orders and returns on the contracts' terms, some in another unit or currency."""
    found = []
    for contract in agreed:
        if not contract.terms:
            found += [_tied(made, contract, Term(requirement="", unit="bag")) for _ in range(3)]
        for term in contract.terms:
            for _ in range(made.dice.choice((0, 0, 1, 2, 3))):
                found.append(_tied(made, contract, term))
    return found


def _tied(made: Invented, contract: Contract, term: Term) -> Transaction:
    other = dict(TERM_UNITS).get(term.unit, term.unit)
    unit = other if made.chance(0.3) else term.unit
    kind = made.dice.choice(("delivery", "delivery", "order", "return"))
    return Transaction(
        uid=made.uid(),
        customer=contract.customer,
        on=made.day(contract.start or TODAY, TODAY + timedelta(days=20)),
        type=kind,
        quantity=Decimal(made.dice.randint(1, 40)) if made.chance(0.9) else None,
        unit=unit,
        amount=made.money(5, 300) if made.chance(0.6) else None,
        currency=made.pick(FOREIGN) if made.chance(0.3) else "",
        contract=Ref(contract.uid),
        term=made.dice.choice((term.key, term.requirement, "9")) if made.chance(0.95) else "",
    )


def campaigns(made: Invented) -> list[Campaign]:
    """Return overlapping campaigns of every goal, with and without a control group or a cost."""
    return [_campaign(made, number) for number in range(1, 9)]


def _campaign(made: Invented, number: int) -> Campaign:
    start = made.day(date(2024, 11, 1), TODAY + timedelta(days=20))
    end = start + timedelta(days=made.dice.randint(0, 60)) if made.chance(0.8) else None
    crowd = made.dice.sample(made.customers, made.dice.randint(4, 18))
    audience, rest = crowd[: len(crowd) * 2 // 3], crowd[len(crowd) * 2 // 3 - made.dice.choice((0, 0, 1)) :]
    return Campaign(
        uid=made.uid(),
        name=f"Effort {number}",
        channel=made.pick(("mail", "phone", "event", "")),
        goal=made.pick(("sell", "sell", "sell", "win_back", "notice", "")),
        start=start,
        end=end,
        cost=made.whole(0, 500) if made.chance(0.85) else None,
        currency=made.pick(FOREIGN) if made.chance(0.4) else "",
        audience=tuple(map(ref, audience)) if made.chance(0.9) else (),
        held_back=tuple(map(ref, rest)) if made.chance(0.5) else (),
    )


def plans(made: Invented) -> list[Plan]:
    """Return tasks: done on time or late, open, without a due date; some are promised to the customer."""
    found = []
    for number in range(25):
        due = made.day(date(2025, 1, 1), TODAY + timedelta(days=60)) if made.chance(0.9) else None
        near = due or TODAY
        done = made.day(near - timedelta(days=20), near + timedelta(days=20)) if made.chance(0.6) else None
        found.append(
            Plan(
                uid=made.uid(),
                customer=ref(made.dice.choice(made.customers)) if made.chance(0.9) else Ref(),
                step=f"step {number}",
                due_on=due,
                promised=made.chance(0.7),
                done_on=done,
            )
        )
    return found


def contacts(made: Invented) -> list[Interaction]:
    """Return activities with every outcome."""
    found = []
    for _ in range(60):
        on = made.day(date(2024, 11, 1), TODAY + timedelta(days=10))
        found.append(
            Interaction(
                uid=made.uid(),
                customer=ref(made.dice.choice(made.customers)),
                at=datetime.combine(on, time(10, 30)),
                channel=made.pick(("phone", "visit", "email", "")),
                summary="word of it",
                outcome=made.pick(("reached", "no_answer", "left_word", "")),
                direction=made.pick(("out", "in", "")),
            )
        )
    return found
