"""Customers who want to be contacted every so many days: when the next contact is due, and what a contact settles."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any, NamedTuple, Protocol

from archive.model.customer import Customer
from archive.model.dates import show_date
from archive.model.fields import Record
from archive.model.interaction import Interaction
from archive.model.losses import is_lost
from archive.model.summary import Summary
from archive.text import _, plural

_GONE = ("lost", "inactive")


class Reading(Protocol):
    """What has to be known of an archive."""

    def columns(self, table: str, keys: Sequence[str]) -> dict[str, list[Any]]:
        """Kept values by column."""

    def summary(self, customer: str) -> Summary:
        """What is known of the dealings with a customer."""

    def children(self, table: str, customer: str) -> Sequence[str]:
        """The uids of a customer's records of a table."""

    def kept(self, table: str, uid: str) -> Mapping[str, Any] | None:
        """Return a stored record, not decoded; None if there is none."""


class Turn(NamedTuple):
    """A customer whose contact falls due by their rhythm: on which day, and why."""

    customer: str
    on: date
    why: str


def turns(archive: Reading, today: date, to: date) -> Iterator[Turn]:
    """The contacts that fall due by `to` because the last one is as many days ago as the customer's file says.

    A customer without any contact is due today. Whoever has an open follow-up or a next contact by then is left out:
    that stands in Today itself. So is whoever is lost or inactive.
    """
    keys = ("uid", "rhythm_ideal", "rhythm_longest", "status", "next_contact_on", "lost_on", "won_back_on")
    for row in zip(*archive.columns("customers", keys).values(), strict=True):
        uid, ideal, longest, status, planned, lost_on, won_back_on = row
        days = ideal or longest
        if not days or status in _GONE or is_lost(lost_on or "", won_back_on or "", today.isoformat()):
            continue
        last = _last_contact(archive, uid, today)
        on = last + timedelta(days=days) if last else today
        follow_up = archive.summary(uid).follow_up_on
        covered = any(day and day <= max(on, today).isoformat() for day in (planned, follow_up))
        if on <= to and not covered:
            yield Turn(uid, on, _why(days, last))


def _why(days: int, last: date | None) -> str:
    every = plural("contact every {n} day", "contact every {n} days", days)
    if last is None:
        return _("{every}, none so far").format(every=every)
    return _("{every}, the last one on {day}").format(every=every, day=show_date(last))


def _last_contact(archive: Reading, customer: str, today: date) -> date | None:
    """The day of the last contact that is not planned."""
    last = archive.summary(customer).last_contact
    if last <= today.isoformat():
        return date.fromisoformat(last) if last else None
    rows = (archive.kept("interactions", uid) or {} for uid in archive.children("interactions", customer))
    days = [row.get("at", "")[:10] for row in rows]
    return max((date.fromisoformat(day) for day in days if day and day <= today.isoformat()), default=None)


def settled_by(archive: Reading, records: Iterable[Record]) -> list[Record]:
    """The records that change because contacts are new: due follow-ups are done, a due next contact is cleared.

    A contact settles what was due on its day or before, if the customer was reached, or if it has a follow-up of its
    own, which takes the place of what was due.
    """
    saved = {record.uid: record for record in records}
    changed: dict[str, Record] = {}
    for contact in saved.values():
        if (
            isinstance(contact, Interaction)
            and contact.at
            and _settles(contact)
            and not _is_kept(archive, contact)
        ):
            for record in _settled(archive, contact, {**saved, **changed}):
                changed[record.uid] = record
    return list(changed.values())


def _is_kept(archive: Reading, record: Record) -> bool:
    return archive.kept(record.TABLE, record.uid) is not None


def _settles(contact: Interaction) -> bool:
    return contact.outcome in ("", "reached") or contact.follow_up_on is not None


def _settled(archive: Reading, contact: Interaction, now: dict[str, Record]) -> Iterator[Record]:
    assert contact.at
    day, uid = contact.at.date(), contact.customer.uid
    customer = now.get(uid) or _loaded(archive, Customer, uid)
    if isinstance(customer, Customer) and customer.next_contact_on and customer.next_contact_on <= day:
        yield customer.with_values(next_contact_on=None, next_contact_why="")
    for other in archive.children(Interaction.TABLE, uid):
        row = archive.kept(Interaction.TABLE, other) or {}
        if other in now or not row.get("follow_up_on") or row.get("follow_up_done_on"):
            continue
        if row["follow_up_on"] <= day.isoformat():
            yield Interaction.load(row).with_values(follow_up_done_on=day)


def _loaded(archive: Reading, cls: type[Record], uid: str) -> Record | None:
    raw = archive.kept(cls.TABLE, uid)
    return cls.load(raw) if raw else None
