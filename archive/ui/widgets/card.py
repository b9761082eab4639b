"""A card with the most useful facts about the customer under the cursor."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content
from textual.timer import Timer
from textual.widgets import Static

from archive.model.records.customer import Customer, workplace
from archive.service.archive import Archive
from archive.service.profile import key_facts
from archive.ui.error_guard import shows_errors
from archive.ui.insights_cache import InsightsCache
from archive.ui.safe_text import plain, template

if TYPE_CHECKING:
    from archive.analysis.about import Insight

REST = 0.05  # seconds without a key
_TONES = {"": "$line", "warn": "[$text-warning]$line[/]", "dim": "[$foreground 60%]$line[/]"}


class Card(Static):
    """A summary of one customer."""

    _due: Timer | None = None

    def show_soon(self, archive: Archive, uid: str | None, insights: InsightsCache) -> None:
        """Show a customer once the cursor rests."""
        if self._due:
            self._due.stop()
        self._due = self.set_timer(REST, lambda: self.show(archive, uid, insights))

    @shows_errors
    def show(self, archive: Archive, uid: str | None, insights: InsightsCache) -> None:
        """Show a customer, or nothing."""
        if uid is None or not archive.has("customers", uid):
            self._say(Content())
            return
        customer = archive.get(Customer, uid)
        insight_lines = [
            _line(insight.label, insight.text, insight.tone)
            for insight in self._visible_insights(uid, insights)
        ]
        blocks = [[_heading(customer, archive)], *_body(customer, archive), insight_lines]
        self._say(Content("\n\n").join([Content("\n").join(block) for block in blocks if block]))

    def _say(self, words: Content) -> None:
        """Update without a new layout, because the size of the card never changes."""
        self.update(words, layout=False)

    def _visible_insights(self, uid: str, insights: InsightsCache) -> list[Insight]:
        """Return the customer's insights, but only if the card is visible."""
        return insights.of(uid) if self.display else []


def _heading(customer: Customer, archive: Archive) -> Content:
    name = template("[b]$name[/b]  [$foreground 60%]$code[/]", name=customer.full_name, code=customer.code)
    line = workplace(customer, archive.ctx)
    if not line:
        return name
    return Content("\n").join([name, template("[$foreground 60%]$line[/]", line=line)])


def _line(label: str, text: str, tone: str) -> Content:
    return template(f"[$foreground 60%]$label[/]  {_TONES[tone]}", label=label, line=text)


def _body(customer: Customer, archive: Archive) -> list[list[Content]]:
    """Return phones and e-mail, key facts, and special requests, a list of lines each."""
    contact_lines = [plain(f"☎ {p.value}  {p.label}".rstrip()) for p in customer.phones[:2]]
    contact_lines += [plain(f"✉ {e.value}") for e in customer.emails[:1]]
    facts = [_line(label, text, tone) for label, text, tone in key_facts(archive, customer.uid).lines]
    wishes = (
        [template("[$foreground 60%]$text[/]", text=customer.special_requests)]
        if customer.special_requests
        else []
    )
    return [contact_lines, facts, wishes]
