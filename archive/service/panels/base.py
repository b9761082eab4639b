"""The parts of a read view."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from archive.model.dates import age, show_date
from archive.service.snoozing import reminder_on
from archive.service.timeline import Event
from archive.text import _

WARN, DIM = "warn", "dim"


class Item(NamedTuple):
    """A line of a read view.

    Attributes:
        label: Its label, or "" for a line that continues the one above.
        text: Its value; may have several lines.
        tone: "", "warn" or "dim".
        opens: Table and uid of the record that it links to, if any.
        key: What it is about, for commands: the number of a contract's term.
        field: The key of the field that it shows, or "".
    """

    label: str
    text: str
    tone: str = ""
    opens: tuple[str, str] = ("", "")
    key: str = ""
    field: str = ""


class Panel(NamedTuple):
    """A titled part of a read view, never empty."""

    title: str
    items: list[Item]


def due_item(label: str, what: str, due: date, snoozed_to: date | None, today: date, field: str) -> Item:
    """Return the line of open work that is due on a day, or on the later day to which it is snoozed."""
    reminder = reminder_on(due, snoozed_to, today)
    is_late = reminder < today
    parts = [_("overdue !") if is_late else "", what, show_date(due), age(due, today)]
    if reminder != due:
        parts.append(_("snoozed to {day}").format(day=show_date(reminder)))
    return Item(label, " · ".join(filter(None, parts)), WARN if is_late else "", field=field)


def event_item(event: Event, label: str = "") -> Item:
    """Return the line of an event, which leads to its record; the label is by default its day."""
    day = show_date(date.fromisoformat(event.on[:10])) if event.on else "-"
    text = " · ".join(filter(None, [day if label else "", event.kind, event.text]))
    return Item(label or day, text, opens=(event.table, event.uid))
