"""Regular contacts: when the next contact with a customer is due according to their contact interval."""

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
    """A regular contact that is due, and the reason."""

    customer: str
    on: date
    why: str


def turns(archive: ArchiveReader, today: date, to: date, working: WorkingTime = ALWAYS) -> Iterator[Turn]:
    """Yield the regular contacts due by `to`, counted in days from the last contact.

    A contact that would be due on a day off is due on the next working day. Customers without any contact are due
    today. Customers with an open follow-up or a next contact by then are omitted, because Today shows these already;
    lost and inactive customers are omitted as well.
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
    """Return the time since the last contact, then the interval: a narrow screen truncates the end of the line."""
    if last is None:
        return _("none yet, every {n} d").format(n=days)
    return _("last {age}, every {n} d").format(age=age(last, today), n=days)


def _last_contact(archive: ArchiveReader, customer: str, today: date) -> date | None:
    """Return the day of the last contact up to today; None if the customer was never contacted."""
    last = archive.summary(customer).last_contact
    if last <= today.isoformat():
        return date.fromisoformat(last) if last else None
    rows = (archive.raw("interactions", uid) or {} for uid in archive.children("interactions", customer))
    days = [row.get("at", "")[:10] for row in rows]
    return max((date.fromisoformat(day) for day in days if day and day <= today.isoformat()), default=None)
