"""Generate customers from their plans."""

from __future__ import annotations

from datetime import date, time, timedelta
from decimal import Decimal
from typing import Any

from archive.model.contact_details import Absence, ProductUse, Provenance, Window
from archive.model.field_types.base import Ref
from archive.model.records.customer import Customer
from archive.model.records.product import Product
from archive.service.demo import SAMPLE_DAY
from sample_data import texts
from sample_data.dice import FIRST_DAY, Dice, ago
from sample_data.identity import Namer, birthday, reach_company, reach_person
from sample_data.stories import Agenda, Plan

_STATUS = {"prospect": "prospect", "lost": "lost", "lost_once": "lost"}
_STEPS = {
    "steady": {"follower": 7, "advocate": 2, "customer": 1},
    "growing": {"partner": 2, "advocate": 3},
    "new": {"customer": 3, "follower": 1},
    "once": {"customer": 1},
    "prospect": {"prospect": 4, "buyer": 1},
}
_LOYALTY = {"habit": 40, "service": 25, "price": 15, "incentive": 8, "excitement": 7, "monopoly": 5}
_BINDS = {"convenience": 30, "feeling": 20, "staff": 20, "price": 18, "promotion": 7, "image": 5}
_WORKING = {"amiable": 4, "analytical": 3, "dominant": 3, "expressive": 2}
_LISTENING = {"active": 3, "surface": 3, "technical": 2, "wandering": 2}
_NEEDS = {"convenience": 4, "attentiveness": 3, "warmth": 3, "special": 1}
_HOW = {"phone": 4, "site": 3, "questionnaire": 1, "web": 2, "third_party": 1, "import": 1}


def language_of(plan: Plan) -> str:
    """Return the language of the notes about a customer."""
    return "zh" if plan.segment.currency == "CNY" else "en"


def customer_of(plan: Plan, namer: Namer, products: dict[str, Product]) -> Customer:
    """Return the customer of a plan, without code and links to other customers."""
    dice = Dice(f"customer {plan.purpose}")
    person = plan.segment.kind == "person"
    fields = {
        **classification(dice, plan),
        **(_person(dice, plan, namer) if person else _organisation(dice, plan, namer)),
        **background(dice, language_of(plan), person),
        **contact_times(dice, plan),
        "product_use": _product_use(dice, plan, products),
        "provenance": provenance(dice, plan.start, plan.manager),
    }
    return Customer(uid=dice.uid(), kind=plan.segment.kind, currency=plan.segment.currency, **fields)


def classification(dice: Dice, plan: Plan) -> dict[str, Any]:
    """Return status, category, grade, manager and loyalty, and the fields about a loss."""
    bought = plan.story != "prospect"
    return {
        "status": _status(plan),
        "category": plan.segment.categories[0],
        "grade": _grade(dice, plan),
        "account_manager": plan.manager,
        "tags": _tags(dice, plan),
        "customer_since": _since(dice, plan) if bought else None,
        "source": dice.weighted(texts.SOURCES),
        "loyalty_step": dice.weighted(_STEPS.get(plan.story, {"follower": 2, "customer": 1})),
        "loyalty_type": dice.weighted(_LOYALTY) if bought and plan.story != "once" else "",
        "binds": dice.weighted(_BINDS) if bought and dice.chance(0.6) else "",
        **_loss(dice, plan),
    }


def _status(plan: Plan) -> str:
    silent = plan.story == "once" and plan.start < ago(300)
    return "dormant" if silent else _STATUS.get(plan.story, "active")


def _grade(dice: Dice, plan: Plan) -> str:
    big = plan.segment.trade or plan.segment.key.startswith("table")
    if plan.story == "prospect" and dice.chance(0.6):
        return ""
    return dice.weighted({"A": 3, "B": 4, "C": 1} if big else {"A": 1, "B": 4, "C": 5})


def _tags(dice: Dice, plan: Plan) -> tuple[str, ...]:
    pool = (
        "vip",
        "organic",
        "early delivery",
        "pays cash",
        "newsletter",
        "老客户" if plan.place.zone[0] == "A" else "gift box",
    )
    return tuple(dice.some(pool, 0, 2))


def _since(dice: Dice, plan: Plan) -> date:
    """Return the customer's first day; some were customers long before the archive begins."""
    before = plan.start < FIRST_DAY + timedelta(days=40) and dice.chance(0.7)
    return dice.day(date(2016, 1, 4), ago(1200)) if before else plan.start


def _loss(dice: Dice, plan: Plan) -> dict[str, Any]:
    if plan.lost_on is None:
        return {}
    to = plan.lost_reason in ("service", "product", "cheaper", "advice") and dice.chance(0.75)
    return {
        "lost_on": plan.lost_on,
        "lost_reason": plan.lost_reason,
        "lost_to": dice.choice(texts.COMPETITORS) if to else "",
        "lost_on_advice_of": dice.choice(("a colleague", "a neighbour"))
        if plan.lost_reason == "advice"
        else "",
        "won_back_on": plan.away[1] if plan.away else None,
    }


def _person(dice: Dice, plan: Plan, namer: Namer) -> dict[str, Any]:
    named = namer.person(dice, plan.place)
    return {**person_fields(dice, plan, named), **reach_person(dice, plan.place, named["latin"])}


def person_fields(dice: Dice, plan: Plan, named: dict[str, Any]) -> dict[str, Any]:
    """Return a person's name, birthday, language and consent."""
    asked = dice.chance(0.85)
    return {
        **{key: value for key, value in named.items() if key != "latin"},
        "birthday": birthday(dice),
        "language": plan.place.language,
        "may_keep": "yes" if asked else "",
        "may_contact": "yes" if asked and dice.chance(0.92) else "",
        "allowed_on": plan.start if asked else None,
        "allowed_how": dice.choice(("in the shop", "web form", "by phone")) if asked else "",
    }


def _organisation(dice: Dice, plan: Plan, namer: Namer) -> dict[str, Any]:
    name, category = namer.company(dice, plan.segment.currency, plan.segment.categories)
    branch = texts.INDUSTRIES[category.split(" / ")[0]]
    size = dice.choice((6, 9, 12, 18, 25, 40, 65, 120, 240))
    return {
        "full_name": name,
        "category": category,
        **reach_company(dice, plan.place, name),
        "industry": branch[language_of(plan) == "zh"],
        "size": size,
        "annual_revenue": Decimal(size * dice.randrange(40, 90) * 1000) if dice.chance(0.6) else None,
        "tax_number": f"EXAMPLE-{dice.randrange(10**6):06d}" if dice.chance(0.5) else "",
        "payment_terms": dice.choice(("net 14", "net 30", "net 30", "net 60"))
        if plan.segment.trade
        else "cash",
        "credit_limit": Decimal(dice.choice((5, 10, 20, 40))) * 1000 if plan.segment.trade else None,
    }


def background(dice: Dice, language: str, person: bool) -> dict[str, Any]:
    """Return background notes, requests and, for a person, character and interests."""
    described = texts.BACKGROUND if person else texts.ABOUT_COMPANIES
    found: dict[str, Any] = {
        "background": dice.choice(described[language]) if dice.chance(0.6 if person else 0.9) else "",
        "special_requests": dice.choice(texts.SPECIAL[language]) if dice.chance(0.35) else "",
        "unspoken_requests": dice.choice(texts.UNSPOKEN[language]) if dice.chance(0.15) else "",
        "obstacles": dice.choice(texts.OBSTACLES[language]) if dice.chance(0.08) else "",
        "service_need": dice.weighted(_NEEDS) if dice.chance(0.55) else "",
    }
    return {**found, **_character(dice, language)} if person else found


def _character(dice: Dice, language: str) -> dict[str, Any]:
    return {
        "interests": ", ".join(dice.some(texts.INTERESTS[language], 1, 2)) if dice.chance(0.5) else "",
        "education": dice.choice(texts.EDUCATION[language]) if dice.chance(0.2) else "",
        "family": dice.choice(texts.FAMILY[language]) if dice.chance(0.4) else "",
        "working_style": dice.weighted(_WORKING) if dice.chance(0.6) else "",
        "listening_style": dice.weighted(_LISTENING) if dice.chance(0.5) else "",
    }


def contact_times(dice: Dice, plan: Plan) -> dict[str, Any]:
    """Return contact hours, absences, contact rhythm and, for some customers, the next contact."""
    rhythm, planned = plan.rhythm, plan.agenda.next_contact
    silent = plan.lost_reason in ("died", "moved") or (plan.agenda == Agenda() and dice.chance(0.02))
    channel = {"phone": 6, "message": 3 if plan.place.zone[0] == "A" else 1, "email": 2, "visit": 1}
    return {
        "time_zone": plan.place.zone,
        "preferred_channel": dice.weighted(channel) if dice.chance(0.75) else "",
        "windows": _windows(dice, plan) if dice.chance(0.7) else (),
        "exceptions": _absences(dice) if dice.chance(0.08) else (),
        "do_not_contact": silent,
        "rhythm_ideal": rhythm,
        "rhythm_longest": rhythm * 2 if rhythm else None,
        "next_contact_on": planned,
        "next_contact_why": dice.choice(texts.NEXT_WHY[language_of(plan)]) if planned else "",
    }


def _windows(dice: Dice, plan: Plan) -> tuple[Window, ...]:
    weekdays, all_days = tuple(range(5)), tuple(range(7))
    if plan.segment.kind == "person":
        evening = Window(days=weekdays, start=time(18), end=time(20), channel="phone")
        saturday = Window(days=(5,), start=time(9, 30), end=time(12), place="home")
        return (evening, saturday) if dice.chance(0.4) else (evening,)
    if plan.segment.key.startswith("table"):
        return (
            Window(days=all_days[1:], start=time(14, 30), end=time(17), channel="phone", place="kitchen"),
        )
    desk = Window(
        days=weekdays, start=time(9), end=time(dice.choice((12, 16, 17))), channel="phone", place="office"
    )
    return (desk,)


def _absences(dice: Dice) -> tuple[Absence, ...]:
    first = SAMPLE_DAY + timedelta(days=dice.randrange(-3, 40))
    return (Absence(first=first, last=first + timedelta(days=dice.randrange(4, 21)), reason="holidays"),)


def provenance(dice: Dice, since: date, manager: str) -> tuple[Provenance, ...]:
    """Return how some sections of the record were learnt, and when they were verified."""
    groups = dice.some(("classification", "personal", "organisation", "background", "contact_times"), 0, 2)
    return tuple(_learnt(dice, group, max(since, FIRST_DAY), manager) for group in groups)


def _learnt(dice: Dice, group: str, since: date, manager: str) -> Provenance:
    on = dice.day(since, SAMPLE_DAY)
    verified = dice.day(on, SAMPLE_DAY) if dice.chance(0.5) else None
    return Provenance(group=group, how=dice.weighted(_HOW), on=on, by=manager, verified_on=verified)


def _product_use(dice: Dice, plan: Plan, products: dict[str, Product]) -> tuple[ProductUse, ...]:
    home = plan.household
    if home is None:
        return ()
    daily = Decimal(str(round(home.daily, 2)))
    heads = home.adults + home.children
    told = dice.chance(0.65)  # otherwise the use per head is known
    return (
        ProductUse(
            product=Ref(uid=products[plan.codes[0]].uid),
            adults=home.adults,
            children=home.children,
            capacity=Decimal(home.jar),
            daily_use=daily if told else None,
            use_per_head=None if told else Decimal(str(round(home.daily / heads, 2))),
            deliver_unasked=dice.chance(0.7),
            extra_tasks=dice.choice(texts.TASKS["zh"]) if dice.chance(0.6) else "",
        ),
    )
