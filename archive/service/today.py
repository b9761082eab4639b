"""What falls due: follow-ups, next contacts, quotations to be decided, contract terms, plans, birthdays."""

from __future__ import annotations

import re
from calendar import isleap
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Any, NamedTuple

from archive.model.customer import Customer
from archive.model.dates import Span, show_date
from archive.model.fields import Record
from archive.model.interaction import Interaction
from archive.model.plan import Plan
from archive.model.tables import TABLES
from archive.service.archive import Archive
from archive.service.owed import owed
from archive.store import Entry
from archive.text import _, plural

KINDS = ("term", "notice", "plan", "follow_up", "next_contact", "quotation", "birthday")
_DATED = {
    "follow_up": "follow_up_on",
    "next_contact": "next_contact_on",
    "quotation": "expected_on",
    "plan": "due_on",
}
_BIRTHDAY = re.compile(r"(\d{4}|-)-(\d\d-\d\d)")
_BIRTHDAYS_AHEAD = 7


class Due(NamedTuple):
    """One thing to do for a customer; `table` and `uid` are the record that says so."""

    kind: str  # one of KINDS
    on: date
    customer: str
    table: str
    uid: str
    what: str
    overdue: bool


def due(archive: Archive, day: date, horizon_days: int = 7) -> list[Due]:
    """What was due before `day`, is due on it and in the days after it: overdue first, then day by day.

    Customers who are not to be contacted are left out, and birthdays of those who died; what we owe them is not.
    """
    customers = _Customers(archive)
    to = day + timedelta(days=horizon_days)
    found = [*_follow_ups(archive, to), *customers.next_contacts(to), *_quotations(archive, to)]
    items = [item._replace(overdue=item.on < day) for item in found if item.customer not in customers.silent]
    items += customers.birthdays(day)
    items += [Due(*duty, overdue=duty.on < day) for duty in owed(archive, day, to)]
    return sorted(items, key=lambda item: (not item.overdue, item.on, KINDS.index(item.kind), item.uid))


def _rows(archive: Archive, table: str, *keys: str) -> Iterator[tuple[Any, ...]]:
    """The uid and the kept values of each record."""
    columns = archive.columns(table, ("uid", *keys))
    return zip(*(columns[key] for key in ("uid", *keys)), strict=True)


def _follow_ups(archive: Archive, to: date) -> Iterator[Due]:
    last = to.isoformat()
    keys = ("customer", "follow_up_on", "follow_up_done_on", "follow_up", "summary")
    for uid, customer, on, done, subject, summary in _rows(archive, "interactions", *keys):
        if on and not done and on <= last:
            what = subject or " ".join((summary or "").split()) or _("follow-up")
            yield Due("follow_up", date.fromisoformat(on), customer, "interactions", uid, what, False)


def _quotations(archive: Archive, to: date) -> Iterator[Due]:
    last = to.isoformat()
    keys = ("customer", "type", "expected_on", "outcome", "number")
    for uid, customer, kind, on, outcome, number in _rows(archive, "transactions", *keys):
        if kind == "quotation" and on and on <= last and outcome in (None, "open"):
            what = (
                _("quotation {number} expected").format(number=number) if number else _("quotation expected")
            )
            yield Due("quotation", date.fromisoformat(on), customer, "transactions", uid, what, False)


class _Customers:
    """The columns of the customers that say what is due."""

    _KEYS = (
        "do_not_contact",
        "may_contact",
        "lost_reason",
        "next_contact_on",
        "next_contact_why",
        "birthday",
    )

    def __init__(self, archive: Archive) -> None:
        self._rows = list(_rows(archive, "customers", *self._KEYS))
        self.silent = {row[0] for row in self._rows if row[1] or row[2] == "no"}

    def next_contacts(self, to: date) -> Iterator[Due]:
        last = to.isoformat()
        for uid, *_other, on, why, _birthday in self._rows:
            if on and on <= last:
                what = why or _("next contact")
                yield Due("next_contact", date.fromisoformat(on), uid, "customers", uid, what, False)

    def birthdays(self, day: date) -> Iterator[Due]:
        coming = _coming(day)
        for uid, _dnc, _may, lost_reason, _on, _why, birthday in self._rows:
            found = _BIRTHDAY.fullmatch(birthday) if birthday else None
            on = coming.get(found[2]) if found else None
            if found and on and uid not in self.silent and lost_reason != "died":
                yield Due("birthday", on, uid, "customers", uid, _birthday_words(found[1], on), False)


def _coming(day: date) -> dict[str, date]:
    """The days of the coming week by month and day. A birthday on 29 February is on the 28th in other years."""
    days = [day + timedelta(days=ahead) for ahead in range(_BIRTHDAYS_AHEAD + 1)]
    coming = {f"{on:%m-%d}": on for on in days}
    eve = coming.get("02-28")
    return {**coming, "02-29": eve} if eve and not isleap(eve.year) else coming


def _birthday_words(year: str, on: date) -> str:
    return _("birthday") if year == "-" else _("birthday, {n} years").format(n=on.year - int(year))


def tick(archive: Archive, item: Due) -> Entry | None:
    """Mark an item as done. None if it cannot be, as a birthday."""
    return tick_all(archive, [item])


def tick_all(archive: Archive, items: Sequence[Due]) -> Entry | None:
    """Mark items as done, in one change: of follow-ups and plans the day is kept, a next contact is cleared.

    Items that cannot be ticked off are left out; None if none can.
    """
    done = [(item, record) for item in items if (record := _ticked(archive, item))]
    if not done:
        return None
    labels = {
        "follow_up": _("follow-up done: {name}"),
        "next_contact": _("next contact done: {name}"),
        "plan": _("plan done: {name}"),
    }
    item = done[0][0]
    label = labels[item.kind].format(name=archive.name("customers", item.customer))
    if len(done) > 1:
        label = plural("{n} item done", "{n} items done", len(done))
    return archive.save(*(record for _item, record in done), label=label)


def _ticked(archive: Archive, item: Due) -> Record | None:
    if item.kind == "follow_up":
        return archive.get(Interaction, item.uid).with_values(follow_up_done_on=archive.ctx.today)
    if item.kind == "next_contact":
        return archive.get(Customer, item.uid).with_values(next_contact_on=None, next_contact_why="")
    if item.kind == "plan":
        return archive.get(Plan, item.uid).with_values(done_on=archive.ctx.today)
    return None


def snooze(archive: Archive, item: Due, days: int) -> Entry | None:
    """Put an item off. None if it cannot be, as a birthday."""
    return snooze_all(archive, [item], days)


def snooze_all(archive: Archive, items: Sequence[Due], days: int) -> Entry | None:
    """Put items off by some days, counted from today if they are overdue, in one change.

    Birthdays and contracts cannot be put off and are left out; None if nothing else is left.
    """
    moved = [item for item in items if item.kind in _DATED]
    if not moved:
        return None
    days_on = [Span(days=days).after(max(item.on, archive.ctx.today)) for item in moved]
    records = [
        archive.get(TABLES[item.table], item.uid).with_values(**{_DATED[item.kind]: on})
        for item, on in zip(moved, days_on, strict=True)
    ]
    name = archive.name("customers", moved[0].customer)
    label = _("put off to {day}: {name}").format(day=show_date(days_on[0]), name=name)
    if len(moved) > 1:
        label = plural("{n} item put off", "{n} items put off", len(moved))
    return archive.save(*records, label=label)
