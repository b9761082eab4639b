"""The timeline of a customer, newest first."""

from __future__ import annotations

from collections.abc import Iterator
from heapq import merge
from typing import NamedTuple

from archive.model.contact_details import CHANNEL
from archive.model.dates import show_date
from archive.model.field_types.base import Context
from archive.model.field_types.standard import QUANTITY
from archive.model.losses import Loss
from archive.model.money import show_money
from archive.model.records.customer import Customer
from archive.model.records.interaction import DIRECTION, REACHED, Interaction
from archive.model.records.transaction import TYPE, Transaction
from archive.service.archive import Archive
from archive.text import _

_DAYS = ("customer_since", "lost_on", "won_back_on")


class Event(NamedTuple):
    """An entry in the timeline. `on` is an ISO date, with the time if it is known; `text` is a single line."""

    on: str
    kind: str
    text: str
    table: str
    uid: str


def timeline(archive: Archive, uid: str) -> list[Event]:
    """Return transactions, activities and dates of the customer, such as the lost date, newest first.

    Raises:
        NotFound: The customer was deleted.
    """
    ctx = archive.ctx
    events = list(_of_customer(archive.get(Customer, uid), ctx))
    events += [_of_dealing(dealing, ctx) for dealing in archive.of_customer(Transaction, uid)]
    events += [_of_contact(contact, ctx) for contact in archive.of_customer(Interaction, uid)]
    events = [_marked(event, ctx) for event in events]
    return sorted(events, key=_day, reverse=True)


def latest(archive: Archive, uid: str) -> Iterator[Event]:
    """Yield the events up to today, newest first. A record is decoded only when its event is taken.

    Raises:
        NotFound: The customer was deleted.
    """
    ctx = archive.ctx
    own = sorted(_of_customer(archive.get(Customer, uid), ctx), key=_day, reverse=True)
    transactions = archive.children(Transaction.TABLE, uid)
    contacts = archive.children(Interaction.TABLE, uid)
    events = merge(
        own,
        (_of_dealing(archive.get(Transaction, transaction), ctx) for transaction in transactions),
        (_of_contact(archive.get(Interaction, contact), ctx) for contact in contacts),
        key=_day,
        reverse=True,
    )
    today = ctx.today.isoformat()
    return (event for event in events if event.on[:10] <= today)


def event_of(archive: Archive, table: str, uid: str) -> Event:
    """Return a transaction or an activity as an event."""
    if table == Transaction.TABLE:
        return _of_dealing(archive.get(Transaction, uid), archive.ctx)
    return _of_contact(archive.get(Interaction, uid), archive.ctx)


def _day(event: Event) -> str:
    return event.on


def _marked(event: Event, ctx: Context) -> Event:
    """Mark an event after today as planned."""
    if event.on[:10] <= ctx.today.isoformat():
        return event
    return event._replace(text=_joined(_("planned"), event.text))


def _of_customer(customer: Customer, ctx: Context) -> Iterator[Event]:
    reason = customer.FIELDS["lost_reason"].type.show(customer.lost_reason, ctx)
    texts = {"lost_on": _joined(reason, customer.lost_to), "customer_since": customer.source}
    for key in _DAYS:
        day = getattr(customer, key)
        if day:
            title = customer.FIELDS[key].title
            yield Event(day.isoformat(), title, texts.get(key, ""), customer.TABLE, customer.uid)
    for loss in customer.earlier_losses:
        yield from _of_loss(loss, customer, ctx)


def _of_loss(loss: Loss, customer: Customer, ctx: Context) -> Iterator[Event]:
    """Yield the lost date and the won-back date of an earlier loss."""
    reason = loss.FIELDS["lost_reason"].type.show(loss.lost_reason, ctx)
    texts = {"lost_on": _joined(reason, loss.lost_to), "won_back_on": ""}
    for key, text in texts.items():
        day = getattr(loss, key)
        if day:
            yield Event(day.isoformat(), loss.FIELDS[key].title, text, customer.TABLE, customer.uid)


def _of_dealing(dealing: Transaction, ctx: Context) -> Event:
    """Return the event of a transaction. The amount comes first, so that narrow screens do not truncate it."""
    kind = TYPE.show(dealing.type or "order", ctx)
    text = _joined(
        show_money(dealing.amount, dealing.currency, ctx.decimal),
        f"{QUANTITY.show(dealing.quantity, ctx)} {dealing.unit}".strip(),
        dealing.FIELDS["product"].type.show(dealing.product, ctx),
        dealing.number,
        dealing.note,
    )
    on = dealing.on.isoformat() if dealing.on else ""
    return Event(on, kind, text, dealing.TABLE, dealing.uid)


def _of_contact(contact: Interaction, ctx: Context) -> Event:
    text = _joined(
        DIRECTION.show("in", ctx) if contact.direction == "in" else "",
        REACHED.show(contact.outcome, ctx) if contact.outcome != "reached" else "",
        contact.summary,
        _follow_up(contact),
    )
    on = contact.at.isoformat(timespec="minutes") if contact.at else ""
    kind = CHANNEL.show(contact.channel, ctx) or _("activity")
    return Event(on, kind, text, contact.TABLE, contact.uid)


def _follow_up(contact: Interaction) -> str:
    if not contact.follow_up_on:
        return contact.follow_up
    day = show_date(contact.follow_up_on)
    if contact.follow_up_done_on:
        return _joined(_("follow-up {day}, done").format(day=day), contact.follow_up)
    return _joined(_("follow-up {day}").format(day=day), contact.follow_up)


def _joined(*parts: str) -> str:
    return " · ".join(" ".join(part.split()) for part in parts if part)
