"""The read view of a record: what matters first, then its filled-in fields. Enter follows a link, e edits."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import OptionList

from archive.model.records.contract import Contract
from archive.service.archive import Archive
from archive.service.panels.base import Item
from archive.service.record_view import heading, read_view
from archive.service.today import Due, due_of, snooze, tick
from archive.store import Entry
from archive.text import N_, _
from archive.ui.commands import command
from archive.ui.error_guard import on
from archive.ui.host import refused_while_reading
from archive.ui.neighbours import Neighbours
from archive.ui.screens.base import ArchiveScreen
from archive.ui.widgets.field_list import FieldList
from archive.ui.widgets.frame import KeyBar, StatusLine, TitleBar
from archive.ui.widgets.panel_lines import panel_options

if TYPE_CHECKING:
    from archive.ui.screens.form import FormScreen


def _has_neighbours(screen: RecordScreen) -> bool:
    return len(screen.neighbours.ids) > 1


def _on_a_customer(screen: RecordScreen) -> bool:
    return bool(screen.customer)


def _has_terms(screen: RecordScreen) -> bool:
    return screen.table == Contract.TABLE and bool(screen.archive.get(Contract, screen.uid).terms)


def _is_open(screen: RecordScreen) -> bool:
    return due_of(screen.archive, screen.table, screen.uid) is not None


class RecordScreen(ArchiveScreen[str | None]):
    """The read view. Returns the uid of the record shown last, so that the list can move its cursor there."""

    def __init__(self, table: str, uid: str, uids: Sequence[str], at: str = "") -> None:
        """Show a record of a list; the cursor starts on the field `at`."""
        super().__init__()
        self._at = at
        self.table = table
        self.neighbours = Neighbours(uid, uids)
        self._items: dict[str, Item] = {}

    def compose(self) -> ComposeResult:
        yield TitleBar()
        with Vertical(classes="place-body -spaced"):
            yield FieldList(id="lines")
        yield StatusLine()
        yield KeyBar()

    def on_mount(self) -> None:
        self._follow()

    # Showing

    @property
    def uid(self) -> str:
        """The uid of the record."""
        return self.neighbours.uid

    @property
    def item(self) -> Item | None:
        """The line under the cursor."""
        return self._items.get(self.query_one("#lines", FieldList).highlighted_id or "")

    @property
    def customer(self) -> str:
        """The uid of the customer that the record belongs to, or ""."""
        return str((self.archive.raw(self.table, self.uid) or {}).get("customer", ""))

    def show_archive(self) -> None:
        if not self.archive.has(self.table, self.uid):
            self.dismiss(None)
            return
        among = self.neighbours
        position = _("{place} of {count}").format(place=among.index + 1, count=len(among.ids))
        title = heading(self.archive, self.table, self.uid)
        self.query_one(TitleBar).show(title, position if among.ids else "")
        self._show_lines()
        self.refresh_bindings()

    def on_resize(self) -> None:
        if self.is_resized() and self.owner.is_open and self.archive.has(self.table, self.uid):
            self._show_lines()

    def _show_lines(self) -> None:
        shown, at = self.query_one("#lines", FieldList), self.query_one("#lines", FieldList).highlighted
        panels = read_view(self.archive, self.table, self.uid)
        items = [item for panel in panels for item in panel.items]
        self._items = {str(number): item for number, item in enumerate(items)}
        wanted = next((id for id, item in self._items.items() if self._at and item.field == self._at), None)
        self._at = ""
        shown.clear_options()
        shown.add_options(list(panel_options(panels, self.app.size.width)))
        if wanted:
            at = shown.get_option_index(wanted)
        count = shown.option_count
        shown.highlighted = next((n for n in range(at or 0, count) if not shown.options[n].disabled), None)
        shown.focus()

    # Commands

    @on(OptionList.OptionSelected, "#lines")
    def _line_selected(self, event: OptionList.OptionSelected) -> None:
        item = self._items.get(event.option_id or "")
        if item is None or self.has_left:
            return
        if item.opens[1]:
            self.show_record(*item.opens)
        elif not refused_while_reading(self):
            self.app.push_screen(self.edit_form())

    def edit_form(self) -> FormScreen:
        """Return the form of the record, which begins at the field under the cursor."""
        from archive.ui.screens.form import FormScreen

        return FormScreen(self.table, self.uid, at=self.item.field if self.item else "")

    @command("e", N_("Edit"), footer=True, writes=True)
    def action_edit(self) -> None:
        """Edit the record in a form that begins at the field under the cursor."""
        self.app.push_screen(self.edit_form())

    @command("a", N_("Add delivery"), footer=True, when=_has_terms, writes=True)
    def action_add(self) -> None:
        """Add a delivery on a term of the contract in one line: 20 bags yesterday."""
        from archive.ui.screens.dialogs import PickScreen
        from archive.ui.screens.one_line import OneLineScreen

        def take(key: str | None) -> None:
            if key:
                self.app.push_screen(OneLineScreen("delivery", self.uid, term=key))

        terms = self.archive.get(Contract, self.uid).terms
        if len(terms) == 1:
            take(terms[0].key)
            return
        choices = [(term.key, f"{term.key}  {term.requirement}") for term in terms]
        keys = (
            item.key for item in self._items.values() if item.key
        )  # first of what is overdue, then due next
        at = (self.item.key if self.item else "") or next(keys, "")
        self.app.push_screen(PickScreen(_("Delivery on which term?"), choices, at=at), take)

    @command("t", N_("Done"), footer=True, when=_is_open, writes=True, destructive=True)
    async def action_tick(self) -> None:
        """Complete the task, or the follow-up of the activity."""
        await self._change(tick)

    @command("z", N_("Snooze"), when=_is_open, writes=True, destructive=True)
    async def action_snooze(self) -> None:
        """Snooze the task or the follow-up to the next working day. The due date does not change."""
        await self._change(partial(snooze, days=1))

    async def _change(self, change: Callable[[Archive, Due], Entry | None]) -> None:
        due = due_of(self.archive, self.table, self.uid)
        if due:
            await self.owner.change(lambda: change(self.archive, due))

    @command("C", N_("Customer"), when=_on_a_customer)
    def action_customer(self) -> None:
        """Open the customer of the record."""
        self.show_record("customers", self.customer)

    @command("l", N_("Log"), footer=True, when=_on_a_customer, writes=True)
    def action_log(self) -> None:
        """Log an activity with the customer in one line."""
        self.enter_line("contact", self.customer)

    @command("b", N_("Add purchase"), when=_on_a_customer, writes=True)
    def action_bought(self) -> None:
        """Add a purchase of the customer in one line."""
        self.enter_line("purchase", self.customer)

    @command(
        "right_square_bracket,full_stop,ctrl+pagedown",
        N_("Next record"),
        footer=True,
        shown="[ ]",
        when=_has_neighbours,
    )
    def action_next(self) -> None:
        """Go to the next record in the list you came from."""
        self._go(1)

    @command("left_square_bracket,comma,ctrl+pageup", N_("Previous record"), when=_has_neighbours)
    def action_previous(self) -> None:
        """Go to the previous record in the list you came from."""
        self._go(-1)

    def _go(self, step: int) -> None:
        if self.neighbours.step(step, partial(self.archive.has, self.table)):
            self.query_one("#lines", FieldList).highlighted = None
            self.show_archive()

    @command("y", N_("Copy"))
    def action_copy(self) -> None:
        """Copy the value under the cursor to the clipboard."""
        if self.item:
            self.app.copy_to_clipboard(self.item.text)
            self.owner.say(_("Copied: {field}").format(field=self.item.label or self.item.text))

    @command("d", N_("Delete"), writes=True, destructive=True)
    async def action_delete(self) -> None:
        """Delete the record. u undoes it."""
        await self.delete(self.table, [self.uid], "read")

    @command("escape", N_("Back"))
    async def action_back(self) -> None:
        """Go back to the list."""
        self.dismiss(self.uid)

    @command("q", N_("Back"))
    async def action_leave(self) -> None:
        """Go back to the list."""
        self.dismiss(self.uid)
