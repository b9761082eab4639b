"""Snoozing postpones a reminder without changing the due date."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, TypeVar

from archive.model.dates import show_date
from archive.model.fields import Record
from archive.text import _

R = TypeVar("R", bound=Record)


def reminder_day(due_on: str, not_before: str | None, today: date) -> date:
    """Return the day of a reminder: the due date, or the later day to which it is snoozed."""
    is_put_off = not_before and not_before > today.isoformat()
    return date.fromisoformat(max(due_on, not_before or "") if is_put_off else due_on)


def reminder_on(due_on: date, snoozed_to: date | None, today: date) -> date:
    """Like `reminder_day`, for the dates of a record."""
    return reminder_day(due_on.isoformat(), snoozed_to.isoformat() if snoozed_to else None, today)


def with_due_date(text: str, due_on: str, shown_on: date) -> str:
    """Add the due date to the text of a snoozed reminder."""
    due = date.fromisoformat(due_on)
    return text if due == shown_on else _("{what}, due {day}").format(what=text, day=show_date(due))


def unsnoozed(record: R, old: Record | None) -> R:
    """Return the record, without its snooze if the due date has changed."""
    if old is None or not getattr(record, "not_before", None):
        return record
    row, before = record.dump(), old.dump()
    return record if unsnoozed_row(type(record), row, before) is row else record.with_values(not_before=None)


def unsnoozed_row(cls: type[Record], row: dict[str, Any], old: Mapping[str, Any]) -> dict[str, Any]:
    """Return a stored record without its snooze if the due date has changed, else `row` itself."""
    snooze = row.get("not_before")
    if not snooze or snooze != old.get("not_before") or row.get(cls.SNOOZED) == old.get(cls.SNOOZED):
        return row
    return {key: value for key, value in row.items() if key != "not_before"}
