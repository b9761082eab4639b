"""New activities settle due items: open follow-ups are marked as done, and a next contact is cleared."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from archive.model.records.customer import Customer
from archive.model.records.interaction import Interaction
from archive.service.reader import ArchiveReader
from archive.store import Change

CUSTOMERS, CONTACTS = Customer.TABLE, Interaction.TABLE
Raw = Mapping[str, Any]


def settled_by(archive: ArchiveReader, changes: Iterable[Change], today: date) -> list[Change]:
    """Return the changes that follow from new activities in `changes`.

    An activity settles the customer's items due by its date if the customer was reached, or if it has a follow-up,
    which replaces them. Activities planned for a later day settle nothing yet. Follow-ups in `changes` themselves are
    not settled. If a customer is in `changes`, the result for it includes that change.
    """
    saved = {change.uid: change for change in changes}
    days: defaultdict[str, list[str]] = defaultdict(list)
    for change in saved.values():
        if change.table == CONTACTS and not change.old and change.new and _settles(change.new, today):
            days[change.new["customer"]].append(change.new["at"][:10])
    return [
        settled for customer in days for settled in _settled(archive, customer, sorted(days[customer]), saved)
    ]


def _settles(contact: Raw, today: date) -> bool:
    is_made = contact["at"][:10] <= today.isoformat()
    return is_made and (contact.get("outcome", "reached") == "reached" or "follow_up_on" in contact)


def _settled(
    archive: ArchiveReader, customer: str, days: Sequence[str], saved: Mapping[str, Change]
) -> Iterator[Change]:
    if next_contact := _next_contact(archive, customer, days[-1], saved.get(customer)):
        yield next_contact
    if not "" < archive.summary(customer).follow_up_on <= days[-1]:
        return
    for uid in archive.children(CONTACTS, customer):
        old = archive.raw(CONTACTS, uid) or {}
        due, is_done = old.get("follow_up_on", ""), "follow_up_done_on" in old
        day = next((day for day in days if day >= due), "")
        if due and day and not is_done and uid not in saved:
            done = Interaction.load(old).with_values(follow_up_done_on=date.fromisoformat(day))
            yield Change(CONTACTS, uid, done.dump(), dict(old))


def _next_contact(archive: ArchiveReader, customer: str, last: str, saved: Change | None) -> Change | None:
    """Return the change that clears the next contact if it was due by the date of the last activity, else None."""
    raw = saved.new if saved else archive.raw(CUSTOMERS, customer)
    if not raw or not "" < raw.get("next_contact_on", "") <= last:
        return None
    cleared = Customer.load(raw).with_values(next_contact_on=None, next_contact_why="", not_before=None)
    return Change(CUSTOMERS, customer, cleared.dump(), saved.old if saved else dict(raw))
