"""Due items for Today: follow-ups, next contacts, quotations, contract terms, tasks and birthdays."""

from __future__ import annotations

import re
from calendar import isleap
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Any, NamedTuple

from archive.errors import BadValue
from archive.model.dates import Span, show_date
from archive.model.fields import Record
from archive.model.tables import TABLES
from archive.service.archive import Archive
from archive.service.completing import completed
from archive.service.due import open_obligations
from archive.service.rhythm import turns
from archive.service.snoozing import reminder_day, with_due_date
from archive.store import Entry
from archive.text import _, plural

KINDS = ("term", "notice", "plan", "follow_up", "next_contact", "rhythm", "quotation", "birthday")
_SNOOZED = frozenset({"follow_up", "next_contact", "quotation", "plan"})
_BIRTHDAY = re.compile(r"(\d{4}|-)-(\d\d-\d\d)")
_BIRTHDAYS_AHEAD = 7


class Due(NamedTuple):
    """A due item of a customer; `table` and `uid` identify its record."""

    kind: str  # one of KINDS
    on: date  # the due date, or the later day to which it is snoozed
    customer: str
    table: str
    uid: str
    what: str
    overdue: bool


def due(archive: Archive, day: date, horizon_days: int = 7) -> list[Due]:
    """Return the items due up to `horizon_days` after `day`, overdue ones first, then by date.

    For customers who must not be contacted, only our obligations are included. Birthdays of customers who died are
    omitted.
    """
    customers = _Customers(archive)
    to = day + timedelta(days=horizon_days)
    rows = [*_follow_ups(archive), *customers.next_contacts(), *_quotations(archive)]
    last = to.isoformat()  # a reminder is never before its due date
    due_items = [item for row in rows if row.on <= last and (item := _reminder(row, day)).on <= to]
    due_items += [
        Due("rhythm", turn.on, turn.customer, "customers", turn.customer, turn.why, turn.on < day)
        for turn in turns(archive, day, to, archive.ctx.working)
    ]
    items = [item for item in due_items if item.customer not in customers.silent]
    items += customers.birthdays(day)
    items += [Due(*duty, overdue=duty.on < day) for duty in open_obligations(archive, day, to)]
    return sorted(items, key=lambda item: (not item.overdue, item.on, KINDS.index(item.kind), item.uid))


def knows(archive: Archive, me: str) -> bool:
    """Return whether `me` is the account manager of any customer."""
    return bool(me) and me in archive.columns("customers", ("account_manager",))["account_manager"]


def of_manager(archive: Archive, items: Sequence[Due], me: str) -> list[Due]:
    """Return the items of customers whose account manager is `me`, or who have none."""
    managers = dict(_rows(archive, "customers", "account_manager"))
    return [item for item in items if managers.get(item.customer) in (me, None, "")]


def count_due(archive: Archive, day: date, me: str = "") -> int:
    """Return how many items are due by `day`: those of `me` if that is an account manager, otherwise all."""
    items = due(archive, day, horizon_days=0)
    now = [item for item in items if item.on <= day]  # birthdays are listed some days ahead
    return len(of_manager(archive, now, me) if knows(archive, me) else now)


def _rows(archive: Archive, table: str, *keys: str) -> Iterator[tuple[Any, ...]]:
    """Yield the uid and the stored values of each record."""
    columns = archive.columns(table, ("uid", *keys))
    return zip(*(columns[key] for key in ("uid", *keys)), strict=True)


class _Dated(NamedTuple):
    """A due item with its stored dates."""

    kind: str
    on: str
    not_before: str | None
    customer: str
    table: str
    uid: str
    what: str


def _reminder(row: _Dated, today: date) -> Due:
    on = reminder_day(row.on, row.not_before, today)
    text = with_due_date(row.what, row.on, on)
    return Due(row.kind, on, row.customer, row.table, row.uid, text, overdue=on < today)


def _follow_ups(archive: Archive) -> Iterator[_Dated]:
    keys = ("customer", "follow_up_on", "follow_up_done_on", "follow_up", "summary", "not_before")
    for uid, customer, on, done, subject, summary, not_before in _rows(archive, "interactions", *keys):
        if on and not done:
            text = subject or " ".join((summary or "").split()) or _("follow-up")
            yield _Dated("follow_up", on, not_before, customer, "interactions", uid, text)


def _quotations(archive: Archive) -> Iterator[_Dated]:
    keys = ("customer", "type", "expected_on", "outcome", "number", "not_before")
    for uid, customer, kind, on, outcome, number, not_before in _rows(archive, "transactions", *keys):
        if kind == "quotation" and on and outcome in (None, "open"):
            text = (
                _("decision on quotation {number}").format(number=number)
                if number
                else _("decision on quotation")
            )
            yield _Dated("quotation", on, not_before, customer, "transactions", uid, text)


class _Customers:
    """The columns of customers from which due items are derived."""

    _KEYS = (
        "do_not_contact",
        "may_contact",
        "lost_reason",
        "next_contact_on",
        "next_contact_why",
        "birthday",
        "not_before",
    )

    def __init__(self, archive: Archive) -> None:
        self._rows = list(_rows(archive, "customers", *self._KEYS))
        self.silent = {row[0] for row in self._rows if row[1] or row[2] == "no"}

    def next_contacts(self) -> Iterator[_Dated]:
        for uid, *_other, on, why, _birthday, not_before in self._rows:
            if on:
                yield _Dated("next_contact", on, not_before, uid, "customers", uid, why or _("next contact"))

    def birthdays(self, day: date) -> Iterator[Due]:
        coming = _coming(day)
        for uid, _dnc, _may, lost_reason, _on, _why, birthday, _not_before in self._rows:
            match = _BIRTHDAY.fullmatch(birthday) if birthday else None
            on = coming.get(match[2]) if match else None
            if match and on and uid not in self.silent and lost_reason != "died":
                yield Due("birthday", on, uid, "customers", uid, _birthday_words(match[1], on), False)


def _coming(day: date) -> dict[str, date]:
    """Return the days of the coming week by MM-DD. A birthday on 29 February is on the 28th in common years."""
    days = [day + timedelta(days=ahead) for ahead in range(_BIRTHDAYS_AHEAD + 1)]
    coming = {f"{on:%m-%d}": on for on in days}
    eve = coming.get("02-28")
    return {**coming, "02-29": eve} if eve and not isleap(eve.year) else coming


def _birthday_words(year: str, on: date) -> str:
    years = 0 if year == "-" else on.year - int(year)
    return plural("turns {n}", "turns {n}", years) if years > 0 else _("birthday")


def due_of(archive: Archive, table: str, uid: str) -> Due | None:
    """Return an open task, or the open follow-up of an activity, as a due item; None for any other record."""
    raw, today = archive.raw(table, uid) or {}, archive.ctx.today
    kind, day, done, what = {
        "plans": ("plan", "due_on", "done_on", "step"),
        "interactions": ("follow_up", "follow_up_on", "follow_up_done_on", "follow_up"),
    }.get(table, ("", "", "", ""))
    if not raw.get("customer") or raw.get(done) or not (raw.get(day) or kind == "plan"):
        return None
    on = reminder_day(raw[day], raw.get("not_before"), today) if raw.get(day) else today
    return Due(kind, on, raw["customer"], table, uid, raw.get(what, ""), on < today)


def tick(archive: Archive, item: Due) -> Entry | None:
    """Mark an item as done; return None if that is not possible, as for a birthday."""
    return tick_all(archive, [item])


def tick_all(archive: Archive, items: Sequence[Due]) -> Entry | None:
    """Mark items as done in a single change; return None if none can be.

    Follow-ups and tasks get a completion date, a next contact is cleared. Other items are ignored.
    """
    ticked = [(item, record) for item in items if (record := _ticked(archive, item))]
    if not ticked:
        return None
    labels = {
        "follow_up": _("Follow-up done: {name}"),
        "next_contact": _("Next contact done: {name}"),
        "plan": _("Task done: {name}"),
    }
    item = ticked[0][0]
    label = labels[item.kind].format(name=archive.name("customers", item.customer))
    if len(ticked) > 1:
        label = plural("{n} item done", "{n} items done", len(ticked))
    return archive.save(*(record for _item, record in ticked), label=label)


def _ticked(archive: Archive, item: Due) -> Record | None:
    if item.kind not in ("follow_up", "next_contact", "plan"):
        return None
    try:
        return completed(archive.get(TABLES[item.table], item.uid), archive.ctx.today)
    except BadValue:  # done already, for example by an activity
        return None


def snooze(archive: Archive, item: Due, days: int) -> Entry | None:
    """Snooze an item; return None if that is not possible, as for a birthday."""
    return snooze_all(archive, [item], days)


def snooze_all(archive: Archive, items: Sequence[Due], days: int) -> Entry | None:
    """Snooze items in a single change, without changing their due dates; return None if none can be snoozed.

    Overdue items are snoozed from today. If the new day is a day off, the next working day is used. Birthdays,
    contracts and regular contacts cannot be snoozed and are ignored.
    """
    moved = [item for item in items if item.kind in _SNOOZED]
    if not moved:
        return None
    ctx = archive.ctx
    days_on = [ctx.working.working_day(Span(days=days).after(max(item.on, ctx.today))) for item in moved]
    records = [
        archive.get(TABLES[item.table], item.uid).with_values(not_before=on)
        for item, on in zip(moved, days_on, strict=True)
    ]
    name = archive.name("customers", moved[0].customer)
    label = _("Snoozed to {day}: {name}").format(day=show_date(days_on[0]), name=name)
    if len(moved) > 1:
        label = plural("{n} item snoozed", "{n} items snoozed", len(moved))
    return archive.save(*records, label=label)
