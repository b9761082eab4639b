"""Mark what is due as done: a follow-up, a task, or the next contact of a customer."""

from __future__ import annotations

from datetime import date

from archive.errors import BadValue
from archive.model.fields import Record
from archive.model.records.customer import Customer
from archive.model.records.interaction import Interaction
from archive.model.records.plan import Plan
from archive.model.records.transaction import Transaction
from archive.text import _

COMPLETED = ("plans", "interactions", "customers")
"""The tables whose records can be done."""


def completed(record: Record, today: date) -> Record:
    """Return a task or follow-up as done, or a customer without the next contact.

    Raises:
        BadValue: There is nothing to be done.
    """
    if isinstance(record, Plan):
        return record if record.done_on else record.with_values(done_on=today)
    if isinstance(record, Interaction):
        return _followed_up(record, today)
    if isinstance(record, Customer) and record.next_contact_on:
        return record.with_values(next_contact_on=None, next_contact_why="")
    raise BadValue(
        _("No next contact is planned.") if isinstance(record, Customer) else _("It has no due date.")
    )


def _followed_up(contact: Interaction, today: date) -> Interaction:
    if not contact.follow_up_on:
        raise BadValue(_("The activity has no follow-up."))
    if contact.follow_up_done_on:
        return contact
    # A planned activity is in the future, and its follow-up is not done before it.
    day = contact.at.date() if contact.at else today
    return contact.with_values(follow_up_done_on=max(day, today))


def snoozed(record: Record, day: date, today: date) -> Record:
    """Return a record whose reminder is hidden until a day; its due date does not change.

    Raises:
        BadValue: Nothing is due, or only on that day or later.
    """
    due = getattr(record, record.SNOOZED, None) if record.SNOOZED else None
    if due is None or not _is_open(record):
        raise BadValue(_("Nothing is due."))
    if due >= day or day <= today:
        raise BadValue(_("It is not due before that day."))
    return record.with_values(not_before=day)


def _is_open(record: Record) -> bool:
    if isinstance(record, Plan):
        return not record.done_on
    if isinstance(record, Interaction):
        return not record.follow_up_done_on
    if isinstance(record, Transaction):
        return record.type == "quotation" and record.outcome in ("", "open")
    return True
