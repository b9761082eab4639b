"""Customers who want to be contacted every so many days: when the next contact is due."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import NamedTuple

from archive.model.dates import age
from archive.model.losses import is_lost
from archive.model.working_time import ALWAYS, WorkingTime
from archive.service.reader import ArchiveReader
from archive.text import _

_GONE = ("lost", "inactive")


class Turn(NamedTuple):
    """A regular contact with a customer that falls due: on which day, and why."""

    customer: str
    on: date
    why: str


def turns(archive: ArchiveReader, today: date, to: date, working: WorkingTime = ALWAYS) -> Iterator[Turn]:
    """Yield the regular contacts that fall due by `to`, counted in days from the last contact.

    One that would be due on a holiday or another day off is due on the next working day.
    A customer without any contact is due today. Customers who have an open follow-up or a next contact by then are
    left out, because Today shows that already; so are customers who are lost or inactive.
    """
    keys = ("uid", "rhythm_ideal", "rhythm_longest", "status", "next_contact_on", "lost_on", "won_back_on")
    for row in zip(*archive.columns("customers", keys).values(), strict=True):
        uid, ideal, longest, status, planned, lost_on, won_back_on = row
        days = ideal or longest
        if not days or status in _GONE or is_lost(lost_on or "", won_back_on or "", today.isoformat()):
            continue
        last = _last_contact(archive, uid, today)
        on = working.working_day(last + timedelta(days=days) if last else today)
        follow_up = archive.summary(uid).follow_up_on
        covered = any(day and day <= max(on, today).isoformat() for day in (planned, follow_up))
        if on <= to and not covered:
            yield Turn(uid, on, _why(days, last, today))


def _why(days: int, last: date | None, today: date) -> str:
    """Say how long ago the last contact was; that comes first, for the line may be cut."""
    if last is None:
        return _("none yet, every {n} d").format(n=days)
    return _("last {age}, every {n} d").format(age=age(last, today), n=days)


def _last_contact(archive: ArchiveReader, customer: str, today: date) -> date | None:
    """The day of the last contact that is not planned."""
    last = archive.summary(customer).last_contact
    if last <= today.isoformat():
        return date.fromisoformat(last) if last else None
    rows = (archive.kept("interactions", uid) or {} for uid in archive.children("interactions", customer))
    days = [row.get("at", "")[:10] for row in rows]
    return max((date.fromisoformat(day) for day in days if day and day <= today.isoformat()), default=None)
