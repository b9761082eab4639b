"""The head of a profile: contact details, all warnings, and as many other key facts as fit."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, TypeAlias

from textual.geometry import Size
from textual.widgets import Static

from archive.model.records.customer import Customer
from archive.service.archive import Archive
from archive.service.profile import key_facts
from archive.text import _
from archive.ui.widgets.field_list import facts_in_columns

if TYPE_CHECKING:
    from archive.analysis.about import Insight

Line: TypeAlias = tuple[str, str, str]  # label, text, tone
# (height, count): a screen lower than `height` shows `count` facts, else MOST
ROOM = ((18, 0), (22, 2), (27, 5))
MOST = 9


class ProfileHead(Static):
    """Key facts in columns."""

    def show(self, archive: Archive, uid: str, insights: Sequence[Insight]) -> None:
        """Show a customer with their insights."""
        size = self.app.size
        customer = archive.get(Customer, uid)
        fields = [line for line in key_facts(archive, uid).lines if line[0] != _("Status")]  # in the title
        lines = [
            *_contact_lines(customer),
            *fields,
            *((insight.label, insight.text, insight.tone) for insight in insights),
        ]
        most = _most(size)
        self.display = bool(most)
        self.update(facts_in_columns(chosen(lines, most), size.width - 2))


def _most(size: Size) -> int:
    return next((fields for height, fields in ROOM if size.height < height), MOST)


def _contact_lines(customer: Customer) -> list[Line]:
    """Return the preferred phone number and e-mail address, or else the first of each."""
    ways = [
        next((way for way in several if way.preferred), several[0]).value
        for several in (customer.phones, customer.emails)
        if several
    ]
    return [(_("Phone, e-mail"), " · ".join(ways), "")] if ways else []


def chosen(lines: Sequence[Line], most: int) -> list[Line]:
    """Return at most `most` lines in their original order: the first line, then warnings, then the others."""
    by_rank = sorted(range(len(lines)), key=lambda at: (at > 0, lines[at][2] != "warn", at))
    return [lines[at] for at in sorted(by_rank[:most])]
