"""Lines about a customer for the read views of their records."""

from __future__ import annotations

from collections.abc import Iterator

from archive.model.records.customer import Customer
from archive.model.records.interaction import Interaction
from archive.service.archive import Archive
from archive.service.panels.base import Item, event_item
from archive.service.profile_head import reach_line
from archive.service.timeline import event_of
from archive.text import _


def customer_items(archive: Archive, uid: str) -> Iterator[Item]:
    """Yield the name of a customer, which leads to the profile, and how to reach them; nothing without a customer."""
    if uid and archive.has(Customer.TABLE, uid):
        customer = archive.get(Customer, uid)
        yield Item(_("Customer"), customer.full_name, opens=(Customer.TABLE, uid))
        yield Item(_("Phone, e-mail"), reach_line(customer))


def last_contact_item(archive: Archive, uid: str) -> list[Item]:
    """Return the line of the last contact with a customer, if there was one."""
    contacts = archive.children(Interaction.TABLE, uid) if uid else []
    events = (event_of(archive, Interaction.TABLE, uid) for uid in contacts[:1])
    return [event_item(event, _("Last contact")) for event in events]
