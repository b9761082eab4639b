"""The head of a profile: who the customer is, how to reach them, the next step, every warning, and key facts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import NamedTuple

from archive.model.contact_details import preferred
from archive.model.records.customer import Customer, workplace
from archive.service.archive import Archive
from archive.service.key_facts import Line, key_facts
from archive.service.panels.base import WARN
from archive.service.panels.customer import Work, open_work
from archive.text import _


class Head(NamedTuple):
    """The head of a profile; a part is empty if there is nothing to say."""

    who: str  # organisation, status, account manager
    reach: str  # phone and e-mail
    step: str  # the next step, unless it is overdue
    warnings: list[str]
    facts: list[Line]


def profile_head(archive: Archive, uid: str) -> Head:
    """Return the head of a customer's profile; raise NotFound if the customer was deleted."""
    customer = archive.get(Customer, uid)
    facts = key_facts(archive, uid)
    lines = {label: (text, tone) for label, text, tone in facts.lines}
    status, status_tone = lines.pop(_("Status"), ("", ""))
    step, step_tone = lines.pop(_("Next contact"), ("", ""))
    work = open_work(archive, uid)
    warnings = [status] if status_tone == WARN else []
    is_planned = (
        facts.next_contact_on == customer.next_contact_on
    )  # otherwise it is a follow-up, listed below
    warnings += [_labelled(_("Next contact"), step)] if step_tone == WARN and is_planned else []
    warnings += [_labelled(label, text) for label, (text, tone) in lines.items() if tone == WARN]
    warnings += _overdue([piece for piece in work if piece.item.tone == WARN])
    return Head(
        " · ".join(filter(None, _who(customer, archive, "" if status_tone == WARN else status))),
        reach_line(customer),
        _step(step if step_tone != WARN else "", work),
        warnings,
        [(label, text, tone) for label, (text, tone) in lines.items() if tone != WARN],
    )


def _who(customer: Customer, archive: Archive, status: str) -> Iterator[str]:
    yield workplace(customer, archive.ctx)
    yield _main_contact(customer, archive)
    yield status
    yield customer.grade
    if customer.account_manager:
        yield _("manager {name}").format(name=customer.account_manager)


def _people(customer: Customer, archive: Archive) -> Iterator[Customer]:
    """Yield the people who work at an organisation now, decision makers and buyers first."""
    ranked = []
    for number, uid in enumerate(archive.people_of(customer.uid)):
        person = archive.get(Customer, uid)
        roles = [
            position.role
            for position in person.positions
            if position.organisation.uid == customer.uid and not position.until
        ]
        if roles:
            ranked.append((min(map(_rank, roles)), number, person))
    yield from (person for _rank, _number, person in sorted(ranked, key=lambda entry: entry[:2]))


def _rank(role: str) -> int:
    order = ("decides", "buys", "influences")
    return order.index(role) if role in order else len(order)


def _main_contact(customer: Customer, archive: Archive) -> str:
    """Return the main contact of an organisation: the person there who decides or buys, if known."""
    person = next(_people(customer, archive), None) if customer.kind == "organisation" else None
    if person is None:
        return ""
    phone = "" if customer.phones or not person.phones else f" ☎ {preferred(person.phones)}"
    return _("main contact {name}").format(name=person.full_name) + phone


def reach_line(customer: Customer) -> str:
    """Return the preferred phone number and e-mail address, or else the first of each."""
    phone = [f"☎ {preferred(customer.phones)}"] if customer.phones else []
    email = [f"✉ {preferred(customer.emails)}"] if customer.emails else []
    return "  ".join([*phone, *email]) or _("no phone number or e-mail address yet")


def _step(next_contact: str, work: Sequence[Work]) -> str:
    """Return the next step: the planned contact, or else the open work that is due first."""
    if next_contact:
        return _("Next: {step}").format(step=next_contact)
    steps = (piece for piece in work if piece.on and piece.is_step and piece.item.tone != WARN)
    first = next(steps, None)
    return _("Next: {step}").format(step=f"{first.item.label} · {first.item.text}") if first else ""


def _overdue(late: Sequence[Work]) -> Iterator[str]:
    """Yield a warning for each kind of overdue work: the work itself, or how many pieces of it."""
    by_kind = sorted((piece.item for piece in late), key=lambda item: item.label)
    for label, same in groupby(by_kind, key=lambda item: item.label):
        items = list(same)
        several = _("{n} overdue").format(n=len(items))
        yield _labelled(label, items[0].text if len(items) == 1 else several)


def _labelled(label: str, text: str) -> str:
    return _("{label}: {text}").format(label=label, text=text)
