"""Plan what is due around SAMPLE_DAY: a few items are overdue, some are due now, most in the coming weeks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

from archive.service.demo import SAMPLE_DAY
from sample_data.dice import Dice
from sample_data.stories import Agenda, Plan

# Days from SAMPLE_DAY, a Friday. The demo opens on one of the seven days from SAMPLE_DAY, so the first week is sparse.
_REGULAR = (-43, -9, 12, 13)
_FOLLOW_UPS = (-3, -1, 0, 0, 4, 6, 7, 10, 10, 11, 11, 12, 13, 14, 17, 18, 20, 21, 25, 28, 31)
_NEXT_CONTACTS = (-4, 0, 5, 7, 10, 11, 12, 13, 17, 18, 19, 21, 24, 25, 26, 28, 31, 33, 35, 38)
_WORTH_A_CALL = ("steady", "growing", "new", "prospect")


def with_agendas(plans: list[Plan]) -> list[Plan]:
    """Return the plans, some of them with something due."""
    dice = Dice("agenda")
    shuffled = sorted(plans, key=lambda plan: dice.random())
    entries = dict(_entries(shuffled))
    return [replace(plan, agenda=entries.get(plan.purpose, Agenda())) for plan in plans]


def _entries(plans: list[Plan]) -> Iterator[tuple[str, Agenda]]:
    """Yield a purpose and an agenda. Contacts by rhythm are due with customers who leave silently, moreau's first."""
    fading = [plan for plan in plans if plan.story == "fading" and plan.segment.kind == "organisation"]
    fading.sort(key=lambda plan: plan.manager != "moreau")
    for plan, days in zip(fading, _REGULAR, strict=False):
        yield plan.purpose, Agenda(regular=_day(days))
    customers = _mixed([plan for plan in plans if plan.story in _WORTH_A_CALL])
    for days in _FOLLOW_UPS:
        yield next(customers).purpose, Agenda(follow_up=_day(days))
    for days in _NEXT_CONTACTS:
        yield next(customers).purpose, Agenda(next_contact=_day(days))


def _mixed(plans: list[Plan]) -> Iterator[Plan]:
    """Yield two companies, a person, and so on."""
    firms = (plan for plan in plans if plan.segment.kind == "organisation")
    people = (plan for plan in plans if plan.segment.kind == "person")
    for person in people:
        yield from (next(firms), next(firms), person)


def _day(days: int) -> date:
    return SAMPLE_DAY + timedelta(days=days)
