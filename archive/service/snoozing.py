"""Snoozing: a reminder is put off to a later day, and the date that was promised or agreed stays as it is."""

from __future__ import annotations

from datetime import date
from typing import TypeVar

from archive.model.dates import show_date
from archive.model.fields import Record
from archive.text import _

R = TypeVar("R", bound=Record)


def reminder_day(due_on: str, not_before: str | None, today: date) -> date:
    """The day on which Today shows what is due: its own, or the later one to which it is snoozed."""
    is_put_off = not_before and not_before > today.isoformat()
    return date.fromisoformat(max(due_on, not_before or "") if is_put_off else due_on)


def with_due_date(what: str, due_on: str, shown_on: date) -> str:
    """The words for something due, with its own date if it is snoozed."""
    due = date.fromisoformat(due_on)
    return what if due == shown_on else _("{what}, due {day}").format(what=what, day=show_date(due))


def unsnoozed(record: R, old: Record | None) -> R:
    """The record without its snooze if the date that was snoozed is another one than before."""
    not_before = getattr(record, "not_before", None)
    if not not_before or old is None or not_before != getattr(old, "not_before", None):
        return record
    is_same = getattr(record, record.SNOOZED) == getattr(old, record.SNOOZED)
    return record if is_same else record.with_values(not_before=None)
