"""What is due: follow-ups and next contacts by date, ticked off with a key."""

from __future__ import annotations

from collections.abc import Sequence

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal

from archive.model.contact_times import reach, say_reach
from archive.model.customer import Customer
from archive.model.dates import age, show_date
from archive.service.today import Due, due, snooze, tick
from archive.text import N_, _, plural
from archive.ui.commands import command
from archive.ui.plain import template
from archive.ui.screens.base import ArchiveScreen
from archive.ui.widgets.card import Card
from archive.ui.widgets.frame import KeyBar, StatusLine, TitleBar
from archive.ui.widgets.table import RecordTable
from archive.ui.widgets.table_layout import Column
from archive.ui.widgets.table_lines import tone_key

KIND_LABELS = {
    "follow_up": N_("follow-up"),
    "next_contact": N_("next contact"),
    "quotation": N_("quotation"),
    "birthday": N_("birthday"),
}
COLUMNS = [
    Column("sign", "", 1),
    Column("when", N_("Due"), 9),
    Column("name", N_("Customer"), 12, 2),
    Column("kind", N_("What"), 12, 0, 2, secondary=True),
    Column("what", N_("About"), 16, 3, 1),
    Column("reach", N_("Reach"), 22, 1, 3, secondary=True),
]


class TodayScreen(ArchiveScreen[None]):
    """Everything that falls due up to a week from now, what is overdue first."""

    def __init__(self) -> None:
        super().__init__()
        self._due: dict[str, Due] = {}

    def compose(self) -> ComposeResult:
        yield TitleBar()
        with Horizontal(classes="place-body -spaced"):
            yield RecordTable(self._cells, id="records")
            yield Card(id="card")
        yield StatusLine()
        yield KeyBar()

    @property
    def records(self) -> RecordTable:
        """The table."""
        return self.query_one("#records", RecordTable)

    def on_mount(self) -> None:
        self.records.set_columns(COLUMNS)
        self.records.focus()

    def show_archive(self) -> None:
        today = self.archive.ctx.today
        found = due(self.archive, today)
        self._due = {f"{item.table}/{item.uid}/{item.kind}": item for item in found}
        now = sum(item.on <= today for item in found)
        later = plural("{n} in the next days", "{n} in the next days", len(found) - now)
        self.show_title(
            _("Today  {day}").format(day=show_date(today)), f"{plural('{n} now', '{n} now', now)} · {later}"
        )
        words = _(
            "Nothing is due.\n\nA contact logged with a date stands here then:\n[b]l[/b] on a customer: {example}"
        )
        self.records.empty = template(words.format(example="call, send quote +2w"))
        self.records.refresh_rows()
        self.records.set_ids(list(self._due))
        self._show_card()

    def _cells(self, ids: Sequence[str]) -> list[dict[str, str]]:
        return [self._row(self._due[id]) for id in ids]

    def _row(self, item: Due) -> dict[str, str]:
        ctx = self.archive.ctx
        customer = self.archive.get(Customer, item.customer)
        tone = "warn" if item.overdue else "dim" if item.on > ctx.today else ""
        return {
            "sign": "!" if item.overdue else "●" if item.on == ctx.today else "○",
            "when": age(item.on, ctx.today),
            "name": customer.full_name,
            "kind": _(KIND_LABELS[item.kind]),
            "what": item.what,
            "reach": say_reach(reach(customer, ctx), ctx),
            tone_key("sign"): tone,
            tone_key("when"): tone,
        }

    @on(RecordTable.Highlighted)
    def _show_card(self) -> None:
        item = self._item()
        for card in self.query(Card):
            card.show(self.archive, item.customer if item else None)

    def _item(self) -> Due | None:
        return self._due.get(self.records.cursor_id or "")

    @on(RecordTable.Opened)
    def _opened(self) -> None:
        from archive.ui.screens.profile import ProfileScreen

        item = self._item()
        if item:
            ids = list(dict.fromkeys(each.customer for each in self._due.values()))
            self.app.push_screen(ProfileScreen(item.customer, ids))

    @command("t", N_("Done"), footer=True)
    async def action_tick(self) -> None:
        """Tick off: the follow-up was done, the next contact has been made."""
        item = self._item()
        if item and not await self.owner.change(lambda: tick(self.archive, item)):
            self.owner.say(_("This is not ticked off here; open it with enter."))

    @command("l", N_("Log and next"), footer=True)
    def action_log(self) -> None:
        """Log the contact in one line; what was due is ticked off with it."""
        from archive.ui.screens.one_line import OneLineScreen

        item = self._item()

        async def logged(uid: str | None) -> None:
            if uid and item:
                await self.owner.change(lambda: tick(self.archive, item))

        if item:
            self.app.push_screen(OneLineScreen("contact", item.customer), logged)

    @command("z", N_("Snooze"), footer=True)
    async def action_snooze(self) -> None:
        """Put it off by a day."""
        item = self._item()
        if item and not await self.owner.change(lambda: snooze(self.archive, item, 1)):
            self.owner.say(_("A birthday cannot be put off."))

    @command("y", N_("Copy"))
    def action_copy(self) -> None:
        """Copy the customer's first phone number to the clipboard."""
        item = self._item()
        phones = self.archive.get(Customer, item.customer).phones if item else ()
        if phones:
            self.app.copy_to_clipboard(phones[0].value)
            self.owner.say(_("Copied the phone number."))
