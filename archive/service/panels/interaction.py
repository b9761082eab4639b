"""The read view of an activity: the text in full, what follows from it, and the contacts before and after."""

from __future__ import annotations

from collections.abc import Iterator

from archive.model.dates import age, show_date
from archive.model.records.interaction import Interaction
from archive.service.archive import Archive
from archive.service.customer_lines import customer_items
from archive.service.panels.base import DIM, Item, Panel, due_item, event_item
from archive.service.timeline import event_of
from archive.text import _

TABLE = Interaction.TABLE
SHOWN = frozenset(
    {"customer", "at", "summary", "follow_up_on", "follow_up", "follow_up_done_on", "not_before"}
)


def panels(archive: Archive, uid: str) -> list[Panel]:
    """Return what was said and agreed, then with whom."""
    contact = archive.get(Interaction, uid)
    return [
        Panel(_("Activity"), list(_activity(contact, archive))),
        Panel(_("Customer"), [*customer_items(archive, contact.customer.uid), *_around(contact, archive)]),
    ]


def _activity(contact: Interaction, archive: Archive) -> Iterator[Item]:
    if contact.at:
        when = [
            show_date(contact.at.date()),
            contact.at.strftime("%H:%M"),
            age(contact.at.date(), archive.ctx.today),
        ]
        yield Item(_("Date"), " · ".join(when), field="at")
    if contact.summary:
        yield Item(_("Summary"), contact.summary, field="summary")
    if contact.follow_up_on or contact.follow_up:
        yield _follow_up(contact, archive)


def _follow_up(contact: Interaction, archive: Archive) -> Item:
    label, due, today = _("Follow-up"), contact.follow_up_on, archive.ctx.today
    if due is None:
        return Item(label, contact.follow_up, field="follow_up")
    if contact.follow_up_done_on:
        done = _("done {day}").format(day=show_date(contact.follow_up_done_on))
        return Item(
            label, " · ".join(filter(None, [contact.follow_up, done])), DIM, field="follow_up_done_on"
        )
    return due_item(label, contact.follow_up, due, contact.not_before, today, "follow_up_on")


def _around(contact: Interaction, archive: Archive) -> Iterator[Item]:
    """Yield the customer's contacts before and after this one."""
    newest_first = archive.children(TABLE, contact.customer.uid)
    at = newest_first.index(contact.uid)
    neighbours = ((_("Before"), at + 1), (_("After"), at - 1))
    for label, index in neighbours:
        if 0 <= index < len(newest_first):
            yield event_item(event_of(archive, TABLE, newest_first[index]), label)
