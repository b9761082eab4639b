"""Add customers to the audience or the control group of a campaign."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from archive.model.field_types.base import Ref
from archive.model.records.campaign import AUDIENCE, CONTROL_GROUP, Campaign
from archive.service.archive import Archive
from archive.service.bulk_change import Applied, BulkChange, Edit, Plan, Refusal, table_words
from archive.service.progress import Progress
from archive.text import _, plural

OTHER = {AUDIENCE: CONTROL_GROUP, CONTROL_GROUP: AUDIENCE}
Raw = Mapping[str, Any]


def is_unwilling(customer: Raw) -> bool:
    """Return whether a stored customer must not be contacted, or has refused consent."""
    return bool(customer.get("do_not_contact")) or customer.get("may_contact") == "no"


class MembersPlan:
    """Plans which customers can join a group of a campaign."""

    def __init__(self, archive: Archive, present: Collection[Ref], others: Collection[Ref], key: str) -> None:
        """Take the `present` members of the group `key`, and those of the other group."""
        self._archive, self._key = archive, key
        self._present, self._others = {ref.uid for ref in present}, {ref.uid for ref in others}

    def of(self, uids: Iterable[str], progress: Progress, *, include: bool) -> Plan:
        """Return the plan for some customers; `include` those who must not be contacted."""
        chosen = list(dict.fromkeys(uids))
        edits, refusals, same, unwilling = list[Edit](), list[Refusal](), 0, 0
        for uid in progress.over(chosen, len(chosen)):
            raw = self._archive.raw("customers", uid) or {}
            name = str(raw.get("full_name", uid))
            why = self._why_not(uid, raw)
            if uid in self._present:
                same += 1
            elif why:
                refusals.append(Refusal(name, why))
            elif is_unwilling(raw) and not include:
                unwilling += 1
            else:
                edits.append(
                    Edit("customers", uid, name, "", _("do not contact") if is_unwilling(raw) else "")
                )
        return Plan(tuple(edits), same, tuple(refusals), tuple(_notes(unwilling)), unwilling, adds=True)

    def _why_not(self, uid: str, raw: Raw) -> str:
        if not raw:
            return _("It has been deleted.")
        if uid not in self._others:
            return ""
        in_control = self._key == AUDIENCE
        return _("Already in the control group.") if in_control else _("Already in the audience.")


class ChooseMembers:
    """Choose customers for a group that is still being entered in a form."""

    def __init__(self, present: Collection[Ref], customers: Iterable[str], *, include: bool = False) -> None:
        """Take the members entered so far, and further customers; `include` those who must not be contacted."""
        self._present, self._customers, self._include = present, list(customers), include

    def plan(self, archive: Archive, progress: Progress) -> Plan:
        """Return who would be added."""
        planned = MembersPlan(archive, self._present, (), AUDIENCE)
        return planned.of(self._customers, progress, include=self._include)

    def apply(self, archive: Archive, plan: Plan, progress: Progress) -> Applied:
        """Accept the customers of the plan. Nothing is saved before the form is."""
        return Applied(None, len(plan.edits), 0)

    def widened(self) -> BulkChange | None:
        """Return the choice with the customers who must not be contacted, or without them."""
        return ChooseMembers(self._present, self._customers, include=not self._include)


def _notes(unwilling: int) -> Iterator[str]:
    if unwilling:
        yield plural(
            "{n} customer who must not be contacted is left out.",
            "{n} customers who must not be contacted are left out.",
            unwilling,
        )


class AddMembers:
    """Add customers to a group of a stored campaign."""

    def __init__(self, campaign: str, key: str, customers: Iterable[str], *, include: bool = False) -> None:
        """Take the campaign, the group `key`, and the customers; `include` those who must not be contacted."""
        self._campaign, self._key = campaign, key
        self._customers, self._include = list(customers), include

    def plan(self, archive: Archive, progress: Progress) -> Plan:
        """Return who would be added."""
        campaign = archive.get(Campaign, self._campaign)
        present, others = getattr(campaign, self._key), getattr(campaign, OTHER[self._key])
        planned = MembersPlan(archive, present, others, self._key)
        return planned.of(self._customers, progress, include=self._include)

    def apply(self, archive: Archive, plan: Plan, progress: Progress) -> Applied:
        """Add the customers of the plan who can still be added."""
        shown = set(plan.edits)
        added = [edit for edit in self.plan(archive, progress).edits if edit in shown]
        dropped = len(plan.edits) - len(added)
        if not added:
            return Applied(None, 0, dropped)
        campaign = archive.get(Campaign, self._campaign)
        refs = (*getattr(campaign, self._key), *(Ref(uid=edit.uid) for edit in added))
        label = _("{group} of {campaign}: added {records}").format(
            group=Campaign.FIELDS[self._key].title,
            campaign=campaign.name,
            records=table_words(["customers"], len(added)),
        )
        entry = archive.save(campaign.with_values(**{self._key: refs}), label=label)
        return Applied(entry, len(added), dropped)

    def widened(self) -> BulkChange | None:
        """Return the change with the customers who must not be contacted."""
        return AddMembers(self._campaign, self._key, self._customers, include=not self._include)
