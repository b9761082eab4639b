"""Due tasks: follow-ups, next contacts and other dates, completed with one key."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from textual.content import Content

from archive.model.contact_details import preferred
from archive.model.contact_times import reach, say_reach
from archive.model.dates import age, show_date
from archive.model.records.customer import Customer
from archive.model.records.interaction import Interaction
from archive.service.archive import Archive
from archive.service.place_columns import today_columns
from archive.service.today import Due, due, knows, of_manager, snooze_all, tick, tick_all
from archive.store import Entry
from archive.text import N_, _, plural
from archive.ui.commands import command
from archive.ui.safe_text import template
from archive.ui.screens.customers import CustomerPlace
from archive.ui.screens.list_place import FileColumns
from archive.ui.screens.table_screen import Finder, on_a_line
from archive.ui.widgets.table_layout import Column
from archive.ui.widgets.table_lines import Cells, tone_key

KIND_LABELS = {
    "term": N_("contract"),
    "notice": N_("notice"),
    "plan": N_("task"),
    "follow_up": N_("follow-up"),
    "next_contact": N_("next contact"),
    "rhythm": N_("contact due"),
    "quotation": N_("quotation"),
    "birthday": N_("birthday"),
}


_CHANGED = ("plan", "follow_up", "next_contact", "quotation")  # kinds whose records can be changed together
_UNNAMED = ("rhythm", "birthday")  # kinds that the text of the item does not name


def _knows_me(screen: TodayScreen) -> bool:
    return knows(screen.archive, screen.archive.settings.me)


def _details(line: Due) -> str:
    """Return what is due, with its kind said once."""
    kind = _(KIND_LABELS[line.kind])
    return f"{kind}: {line.what}" if line.kind in _UNNAMED and line.what != kind else line.what


class TodayScreen(CustomerPlace[Due]):
    """Everything due within a week, overdue items first: of my customers, or of everyone's."""

    FILE = "today"
    COLUMNS = [
        Column("sign", "", 1),
        Column("when", N_("Due"), 9),
        Column("name", N_("Customer"), 12, 2),
        Column("what", N_("Details"), 14, 3, 1),
        Column("phone", N_("Phone"), 17, 0, 2, spare=16),
        Column("reach", N_("Availability"), 22, 1, 3, secondary=True),
    ]
    COUNTS_TODAY = False  # the title says it already

    def __init__(self) -> None:
        super().__init__()
        self.everyone = False
        """Whether to show the items of all account managers although mine are known."""

    def heading(self) -> str:
        ctx = self.archive.ctx
        today = _("Today  {day}").format(day=show_date(ctx.today))
        whose = (_("everyone") if self.everyone else _("mine")) if _knows_me(self) else ""
        return " · ".join(filter(None, (today, whose, ctx.working.holiday(ctx.today))))

    def detail(self) -> str:
        today = self.archive.ctx.today
        now = sum(item.on <= today for item in self.lines.values())
        later = plural("{n} upcoming", "{n} upcoming", len(self.lines) - now)
        return f"{plural('{n} due', '{n} due', now)} · {later}"

    def empty_words(self) -> Content:
        if _knows_me(self) and not self.everyone:
            return template(
                _(
                    "Nothing is due for your customers within a week.\n\n"
                    "[b]w[/b] shows what is due for everyone, [b]ctrl+g c[/b] the customers."
                )
            )
        if not self.archive.count("customers"):
            return template(
                _(
                    "No customers yet.\n\n[b]ctrl+g c[/b] opens the customers, where [b]n[/b] adds the first; "
                    "[b]ctrl+g i[/b] imports a file.\nWhat is due with them will be listed here."
                )
            )
        words = _(
            "Nothing is due.\n\nActivities with a follow-up date will be listed here.\n"
            "Press [b]l[/b] on a customer and type: {example}"
        )
        return template(words.format(example="call, send quote +2w"))

    def finder(self) -> Finder[Due]:
        archive, today, me = self.archive, self.archive.ctx.today, self.archive.settings.me
        is_mine = _knows_me(self) and not self.everyone

        def find(_cancelled: object) -> dict[str, Due]:
            items = due(archive, today)
            mine = of_manager(archive, items, me) if is_mine else items
            return _by_key(mine)

        return find

    def cells(self, line: Due) -> Cells:
        ctx = self.archive.ctx
        customer = self.archive.get(Customer, line.customer)
        tone = "warn" if line.overdue else "dim" if line.on > ctx.today else ""
        return {
            "sign": "!" if line.overdue else "●" if line.on == ctx.today else "○",
            "when": age(line.on, ctx.today),
            "name": customer.full_name,
            "what": _details(line),
            "phone": preferred(customer.phones),
            "reach": say_reach(reach(customer, ctx), ctx),
            tone_key("sign"): tone,
            tone_key("when"): tone,
        }

    def file_columns(self) -> FileColumns:
        return today_columns(self.archive, KIND_LABELS)

    def search_words(self, line: Due) -> str:
        return _(KIND_LABELS[line.kind])

    def sort_value(self, line: Due, key: str) -> Any:
        return line.on if key == "when" else super().sort_value(line, key)

    def customer_of(self, line: Due) -> str:
        return line.customer

    def records_of(self, lines: Sequence[Due]) -> list[tuple[str, str]]:
        return [(line.table, line.uid) for line in lines if line.kind in _CHANGED]

    def open(self, line: Due) -> None:
        self.open_customer(line)

    @command("w", N_("Mine or all"), footer=True, when=_knows_me)
    def action_whose(self) -> None:
        """Show what is due for everyone's customers, or only for mine."""
        self.everyone = not self.everyone
        self.show_archive()

    @command("t", N_("Done"), footer=True, when=on_a_line, writes=True, destructive=True)
    async def action_tick(self) -> None:
        """Complete the marked rows, or the row under the cursor."""
        items = self.chosen()
        await self._change(
            items,
            tick_all,
            _("This cannot be completed here. Press l to log an activity, or enter to open the customer."),
        )

    async def _change(
        self, items: list[Due], change: Callable[[Archive, list[Due]], Entry | None], why_not: str
    ) -> None:
        """Change items, clear the marks, and report items that cannot be changed."""
        done = await self.owner.change(lambda: (change(self.archive, items),))
        if done is None:  # the error is already shown
            return
        entry = done[0]
        unchanged = len(items) - (len(entry.changes) if entry else 0)
        if entry:
            self.records.marks = set()
        if entry and unchanged:
            words = _("{label}; {n} of the marked rows cannot be changed here.")
            self.owner.say(words.format(label=entry.label, n=unchanged))
        elif unchanged:
            self.owner.say(why_not)

    @command("l", N_("Log"), footer=True, when=on_a_line, writes=True)
    def action_log(self) -> None:
        """Log an activity in one line. This also completes the row, unless the customer was not reached."""
        from archive.ui.screens.one_line import OneLineScreen

        item = self.only_chosen()

        async def logged(uid: str | None) -> None:
            if uid and item and self.archive.get(Interaction, uid).outcome in ("", "reached"):
                await self.owner.change(lambda: tick(self.archive, item))

        if item:
            self.app.push_screen(OneLineScreen("contact", item.customer), logged)

    @command("z", N_("Snooze"), footer=True, when=on_a_line, writes=True, destructive=True)
    async def action_snooze(self) -> None:
        """Snooze the marked rows, or the row under the cursor, to the next working day. Due dates do not change."""
        items = self.chosen()
        await self._change(
            items,
            partial(snooze_all, days=1),
            _("Birthdays, contract terms, notices and regular contacts cannot be snoozed."),
        )

    @command("y", N_("Copy"), when=on_a_line)
    def action_copy(self) -> None:
        """Copy the customer's first phone number to the clipboard."""
        item = self.only_chosen()
        customer = self.owner.tried(lambda: self.archive.get(Customer, item.customer)) if item else None
        if customer and customer.phones:
            self.app.copy_to_clipboard(preferred(customer.phones))
            self.owner.say(_("Phone number copied."))


def _by_key(items: list[Due]) -> dict[str, Due]:
    """Return the items by key, in their order. Several terms of a contract have a key each."""
    by_key: dict[str, Due] = {}
    for item in items:
        key = f"{item.table}/{item.uid}/{item.kind}"
        by_key[f"{key}/{item.on}/{len(by_key)}" if key in by_key else key] = item
    return by_key
