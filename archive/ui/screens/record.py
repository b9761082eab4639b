"""The read view of a record: what matters first, then its filled-in fields. Enter follows a link, e edits."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from archive.model.records.contract import Contract
from archive.service.panels.base import Item, Panel
from archive.service.record_view import heading, read_view
from archive.text import N_, _
from archive.ui.commands import command
from archive.ui.error_guard import on
from archive.ui.neighbours import Neighbours
from archive.ui.safe_text import LABEL_WIDTH, fit, lines, template
from archive.ui.screens.base import ArchiveScreen
from archive.ui.widgets.field_list import FieldList
from archive.ui.widgets.frame import KeyBar, StatusLine, TitleBar

_TONES = {"": "", "warn": "$text-warning", "dim": "$foreground 60%"}


class ReadingList(FieldList):
    """The lines of a read view; enter opens the record that a line links to."""

    WRITES = frozenset()
    BINDINGS = [Binding("enter", "select", N_("Open link"), show=True)]


def _has_neighbours(screen: RecordScreen) -> bool:
    return len(screen.neighbours.ids) > 1


def _on_a_customer(screen: RecordScreen) -> bool:
    return bool(screen.customer)


def _has_terms(screen: RecordScreen) -> bool:
    return screen.table == Contract.TABLE and bool(screen.archive.get(Contract, screen.uid).terms)


class RecordScreen(ArchiveScreen[str | None]):
    """The read view. Returns the uid of the record shown last, so that the list can move its cursor there."""

    def __init__(self, table: str, uid: str, uids: Sequence[str]) -> None:
        super().__init__()
        self.table = table
        self.neighbours = Neighbours(uid, uids)
        self._items: dict[str, Item] = {}

    def compose(self) -> ComposeResult:
        yield TitleBar()
        with Vertical(classes="place-body -spaced"):
            yield ReadingList(id="lines")
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
        return self._items.get(self.query_one("#lines", ReadingList).highlighted_id or "")

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

    def on_resize(self) -> None:
        if self.owner.is_open and self.archive.has(self.table, self.uid):
            self._show_lines()

    def _show_lines(self) -> None:
        shown, at = self.query_one("#lines", ReadingList), self.query_one("#lines", ReadingList).highlighted
        panels = read_view(self.archive, self.table, self.uid)
        items = [item for panel in panels for item in panel.items]
        self._items = {str(number): item for number, item in enumerate(items)}
        shown.clear_options()
        shown.add_options(list(_options(panels, self.app.size.width)))
        count = shown.option_count
        shown.highlighted = next((n for n in range(at or 0, count) if not shown.options[n].disabled), None)
        shown.focus()

    # Commands

    @on(OptionList.OptionSelected, "#lines")
    def _open_link(self, event: OptionList.OptionSelected) -> None:
        item = self._items.get(event.option_id or "")
        if item and item.opens[1] and not self.has_left:
            open_record(self, *item.opens)
        elif not self.has_left:
            self.owner.say(_("This line has no link. Press e to edit the record."))

    @command("e", N_("Edit"), footer=True, writes=True)
    def action_edit(self) -> None:
        """Edit the record in a form."""
        from archive.ui.screens.form import FormScreen

        self.app.push_screen(FormScreen(self.table, self.uid))

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
        at = self.item.key if self.item else ""
        self.app.push_screen(PickScreen(_("Delivery on which term?"), choices, at=at), take)

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
            self.query_one("#lines", ReadingList).highlighted = None
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


def open_record(screen: ArchiveScreen[Any], table: str, uid: str, uids: Sequence[str] = ()) -> None:
    """Open a record for reading: a customer's profile, or the read view of any other record."""
    if table == "customers":
        screen.show_customer(uid, uids)
    else:
        screen.app.push_screen(RecordScreen(table, uid, uids or [uid]))


def _options(panels: Sequence[Panel], width: int) -> Iterator[Option]:
    """Lay out the panels, each below its title and a blank line."""
    number = 0
    for index, panel in enumerate(panels):
        title = template("[b]$title[/b]", title=panel.title)
        yield Option(Content.assemble("\n", title) if index else title, disabled=True)
        for item in panel.items:
            yield Option(_line(item, width), id=str(number))
            number += 1


def _line(item: Item, width: int) -> Content:
    label = template("[$foreground 60%]$label[/]  ", label=fit(item.label, LABEL_WIDTH, "right"))
    indent = Content("\n" + " " * (LABEL_WIDTH + 2))
    room = max(10, width - LABEL_WIDTH - 4)
    wrapped = [line for text in item.text.splitlines() or [""] for line in lines(text).wrap(room)]
    text = indent.join(wrapped)
    style = "underline" if item.opens[1] else _TONES[item.tone]
    return Content.assemble(label, text.stylize(style) if style else text)
