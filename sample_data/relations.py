"""Generate the links between customers: staff, referrals and parent organisations."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from archive.model.contact_details import Email, Phone, Position
from archive.model.field_types.base import Ref
from archive.model.records.customer import Customer
from sample_data import texts
from sample_data.dice import Dice, ago
from sample_data.identity import Namer
from sample_data.names import digits, domain
from sample_data.people import background, language_of, person_fields, provenance
from sample_data.stories import Plan


def staff_of(plan: Plan, firm: Customer, namer: Namer, others: list[Customer]) -> list[Customer]:
    """Return the staff of an organisation; some have a former position elsewhere."""
    dice = Dice(f"staff {plan.purpose}")
    shares = {"trade": {2: 2, 1: 1}, "table": {1: 1}, "asking": {0: 2, 1: 1}}
    count = dice.weighted(shares.get(plan.segment.key.partition("_")[0], {0: 1}))
    titles = dice.some(texts.TITLES[language_of(plan)], count, count)
    return [_employee(dice, plan, firm, namer, others, title) for title in titles]


def _employee(
    dice: Dice, plan: Plan, firm: Customer, namer: Namer, others: list[Customer], title: tuple[str, str, str]
) -> Customer:
    named = namer.person(dice, plan.place)
    fields: dict[str, Any] = {
        **person_fields(dice, plan, named),
        **background(dice, language_of(plan), True),
        "status": "active" if plan.lost_on is None or plan.away else "inactive",
        "category": "Contacts / " + {"buys": "Purchasing", "decides": "Management"}.get(title[2], "Staff"),
        "account_manager": plan.manager,
        "phones": _phones(dice, plan, firm),
        "emails": (Email(value=f"{named['latin']}@{domain(firm.full_name)}", label="work", preferred=True),),
        "positions": _positions(dice, plan, firm, others, title),
        "time_zone": plan.place.zone,
        "windows": firm.windows,
        "likes_to_deal_with": plan.manager if dice.chance(0.25) else "",
        "provenance": provenance(dice, plan.start, plan.manager),
    }
    return Customer(uid=dice.uid(), kind="person", **fields)


def _phones(dice: Dice, plan: Plan, firm: Customer) -> tuple[Phone, ...]:
    desk = Phone(value=f"{firm.phones[0].value} x{dice.randrange(10, 99)}", label="work", preferred=True)
    mobile = Phone(value=digits(dice, plan.place.mobile), label="mobile")
    return (desk, mobile) if dice.chance(0.5) else (desk,)


def _positions(
    dice: Dice, plan: Plan, firm: Customer, others: list[Customer], title: tuple[str, str, str]
) -> tuple[Position, ...]:
    since = dice.day(date(2017, 1, 9), ago(500))
    name, department, role = title
    now = Position(organisation=Ref(uid=firm.uid), title=name, department=department, role=role, since=since)
    if not dice.chance(0.2):
        return (now,)
    before = dice.choice(others) if others and dice.chance(0.6) else None
    place = Ref(uid=before.uid) if before else Ref(name="Former Example Kitchens")
    begun = since - timedelta(days=dice.randrange(400, 1500))
    return (now, Position(organisation=place, title=name, since=begun, until=since - timedelta(days=1)))


def with_referrals(customers: list[Customer]) -> list[Customer]:
    """Link referred customers to an earlier customer of the same manager, or to somebody known by name only."""
    dice = Dice("referrals")
    return [_referred(dice, customer, customers) for customer in customers]


def _referred(dice: Dice, customer: Customer, customers: list[Customer]) -> Customer:
    if customer.source != "referral":
        return customer
    earlier = [other for other in customers if _may_have_sent(other, customer)]
    if not earlier or dice.chance(0.15):
        return customer.with_values(
            referred_by=Ref(name=dice.choice(("a neighbour", "a cousin", "隔壁邻居")))
        )
    return customer.with_values(referred_by=Ref(uid=dice.choice(earlier[:12]).uid))


def _may_have_sent(other: Customer, customer: Customer) -> bool:
    same = other.account_manager == customer.account_manager and other.uid != customer.uid
    good = other.loyalty_step in ("advocate", "partner")
    since, known = customer.customer_since, other.customer_since
    return bool(same and good and known and (since is None or known < since))


def with_parents(firms: list[Customer]) -> list[Customer]:
    """Give a few organisations a parent organisation."""
    dice = Dice("parents")
    parents = {firms[i].uid: firms[i - 3].uid for i in range(8, len(firms), 13)}
    linked = (
        firm.with_values(parent=Ref(uid=parents[firm.uid])) if firm.uid in parents else firm for firm in firms
    )
    return [
        firm.with_values(parent=Ref(name="Example Group Holding"))
        if not firm.parent and dice.chance(0.05)
        else firm
        for firm in linked
    ]
