"""The browser of a table: search as you type, filter, sort and mark records, with a card of the customer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.widgets import Input, Static

from archive.errors import ArchiveError
from archive.model.tables import OF_A_CUSTOMER, TABLES
from archive.service.totals import total_words
from archive.service.views import LAST, View, Views
from archive.store import Sort
from archive.text import N_, _
from archive.ui.commands import command
from archive.ui.error_guard import on
from archive.ui.host import turn_pin
from archive.ui.screens.browser_rows import BrowserRows
from archive.ui.screens.browser_view import (
    count_line,
    empty_words,
    fitted_columns,
    search_example,
    table_columns,
)
from archive.ui.screens.marking import chosen_rows, only_row
from archive.ui.screens.query_screen import QueryScreen
from archive.ui.screens.table_search import sample
from archive.ui.widgets.card import Card
from archive.ui.widgets.count_line import CountLine
from archive.ui.widgets.frame import KeyBar, StatusLine, TitleBar
from archive.ui.widgets.search import SearchInput
from archive.ui.widgets.table import RecordTable

if TYPE_CHECKING:
    from archive.ui.screens.form import FormScreen


def _on_a_record(browser: BrowserScreen) -> bool:
    return browser.records.cursor_id is not None


def _lists_customers(browser: BrowserScreen) -> bool:
    return browser.table_name == "customers" and browser.records.cursor_id is not None


def _on_a_customer(browser: BrowserScreen) -> bool:
    return browser.customer is not None


class BrowserScreen(QueryScreen):
    """Browses a table."""

    AUTO_FOCUS = "#records"

    def __init__(self, table: str) -> None:
        super().__init__(table)
        self._rows: BrowserRows | None = None
        self._shown: View | None = None  # the view that the rows answer
        self._new_uid = ""  # uid of a new record, to put the cursor on once it is listed

    def compose(self) -> ComposeResult:
        yield TitleBar()
        with Horizontal(id="filter-line"):
            yield Static("/", id="filter-sign")
            yield SearchInput(placeholder=search_example(self.table_name), id="filter")
            yield CountLine(id="count")
        with Horizontal(classes="place-body"):
            yield RecordTable(self._cells, id="records")
            if self.table_name == "customers":
                yield Card(id="card")
        yield StatusLine()
        yield KeyBar()

    def on_mount(self) -> None:
        if not self.owner.is_open:
            self.records.empty = Content(_("Opening the archive …"))

    def on_screen_resume(self) -> None:
        if self.table_name == "customers":
            self.records.refresh_rows()  # a customer may have been pinned in its profile

    @property
    def records(self) -> RecordTable:
        """The table."""
        return self.query_one("#records", RecordTable)

    # Showing

    def show_archive(self) -> None:
        if self._rows is None:
            views = self.owner.tried(Views)
            self._take_columns(views.last(self.table_name) if views else View())
        self.show_title(_(TABLES[self.table_name].LABEL))
        self.records.marks = {uid for uid in self.records.marks if self.archive.has(self.table_name, uid)}
        self.records.refresh_rows()
        self.ask()
        self._show_card()

    def show_times(self) -> None:
        self._show_card()

    def _take_columns(self, view: View) -> None:
        """Show the columns of a view in their widths."""
        self._rows = BrowserRows(self.archive, self.table_name, view.columns, self.owner.recent)
        self._rows.query = self._shown.query if self._shown else ""
        self.view = replace(self.view, columns=view.columns, widths=view.widths)
        if self.has_content:  # the first columns wait for their texts, so that the header does not move
            self.records.set_columns(table_columns(self.table_name, self._rows.columns, view.widths))

    def _cells(self, ids: Sequence[str]) -> list[dict[str, str]]:
        return self._rows.cells(ids) if self._rows else [{} for _id in ids]

    def sample_texts(self) -> list[dict[str, str]]:
        rows, texts = self._rows, list[dict[str, str]]()
        if rows and not rows.is_measured:
            for uid in sample([*self.archive.uids(self.table_name)]):
                with suppress(ArchiveError):  # a damaged record is reported when its row comes into view
                    texts += rows.listing.texts([uid])
        return texts

    def _measure(self, texts: Sequence[Mapping[str, str]]) -> None:
        """Fit the columns to the texts, only once, so that nothing shifts while typing or scrolling."""
        if self._rows and not self._rows.is_measured:
            self._rows.is_measured = bool(texts)
            self.records.set_columns(
                fitted_columns(self.table_name, self._rows.columns, texts, self.view.widths)
            )

    def on_query_screen_answered(self, message: QueryScreen.Answered) -> None:
        status = self.query_one(StatusLine)
        self.take_answer(message)
        if message.error:
            status.say(str(message.error), error=True)
            return
        if status.has_class("-error"):
            status.say("")
        self._measure(message.texts)
        before, self._shown = self._shown or message.view, message.view
        moved = before.query != message.view.query
        if self._rows:
            self._rows.query = message.view.query
        if moved and self.table_name == "customers":
            self.records.refresh_rows()  # customer names show where the words were found
        self.records.empty = empty_words(self.table_name, message.view.query, self.archive.ctx)
        self.records.set_ids(message.ids)
        if moved or before.sort != message.view.sort:
            self.records.cursor_row = 0
        self.records.move_to(self._new_uid)
        self._new_uid = ""
        self.records.sort = message.view.sort
        self._say_count()

    @on(RecordTable.Marked)
    def _say_count(self) -> None:
        total = self.archive.count(self.table_name)
        words = count_line(self.table_name, self.records, total, self.view.sort)
        archive, table, keys = self.archive, self.table_name, self._keys
        uids = self.records.chosen if self.records.marks else self.records.ids
        self.query_one(CountLine).show(
            words, lambda cancelled: total_words(archive, table, keys, uids, cancelled)
        )

    @on(RecordTable.Highlighted)
    def _highlighted(self) -> None:
        """Update the card once the cursor rests, so that keys need not wait for it."""
        for card in self.query(Card):
            card.show_soon(self.archive, self.records.cursor_id, self.owner.insights)

    def _show_card(self) -> None:
        for card in self.query(Card):
            card.show(self.archive, self.records.cursor_id, self.owner.insights)

    def show_insights(self) -> None:
        self._show_card()

    # Searching

    @on(Input.Changed, "#filter")
    def _filter_changed(self, event: Input.Changed) -> None:
        self._look(replace(self.view, query=event.value))

    @on(SearchInput.Left)
    def _focus_records(self) -> None:
        self.set_focus(self.records)

    @on(SearchInput.HitWanted)
    def _open_hit(self) -> None:
        """Open the record under the cursor, unless the list still shows the results of another search."""
        if self._shown and self._shown.query == self.view.query and self.records.cursor_id:
            self.set_focus(self.records)
            self.records.action_open()

    def _look(self, view: View) -> None:
        self.view = view
        if self.owner.is_open:
            self.ask()

    @property
    def customer(self) -> str | None:
        """The uid of the customer under the cursor, or of the customer that the record under the cursor belongs to."""
        return customer_of(self, self.records.cursor_id) or None

    # Commands

    @on(RecordTable.Opened)
    def _opened(self, event: RecordTable.Opened) -> None:
        if self.table_name == "customers":
            from archive.ui.screens.profile import ProfileScreen

            self.app.push_screen(ProfileScreen(event.id, self.records.ids), self._back_from)
        else:
            from archive.ui.screens.record import RecordScreen

            self.app.push_screen(RecordScreen(self.table_name, event.id, self.records.ids), self._back_from)

    def _back_from(self, uid: str | None) -> None:
        self._new_uid = uid or ""
        self.records.move_to(self._new_uid)

    def _edit(self, uid: str) -> None:
        from archive.ui.screens.form import FormScreen

        self.app.push_screen(FormScreen(self.table_name, uid), self._back_from)

    @command("slash", N_("Search"), footer=True)
    def action_search(self) -> None:
        """Type words or filters such as status:active tag:vip last:>90d -rice; enter opens the first hit."""
        self.query_one("#filter", SearchInput).enter()

    @command("n", N_("New"), footer=True, writes=True)
    def action_new(self) -> None:
        """Add a record."""
        self.app.push_screen(new_form(self), self._back_from)

    @command("e", N_("Edit"), when=_on_a_record, writes=True)
    def action_edit(self) -> None:
        """Edit the record under the cursor in a form. If several are marked, m changes all of them."""
        uid = only_row(self.records)
        if uid:
            self._edit(uid)

    @command("l", N_("Log"), footer=True, when=_on_a_customer, writes=True)
    def action_log(self) -> None:
        """Log an activity in one line: call 10m price talk, send quote +2w."""
        self.enter_line("contact", customer_of(self, only_row(self.records)))

    @command("b", N_("Add purchase"), footer=True, when=_on_a_customer, writes=True)
    def action_bought(self) -> None:
        """Add a purchase in one line: 20 bags rice @35.50 net30 yesterday."""
        self.enter_line("purchase", customer_of(self, only_row(self.records)))

    @command("d", N_("Delete"), when=_on_a_record, writes=True, destructive=True)
    async def action_delete(self) -> None:
        """Delete the marked records, or the record under the cursor. u undoes it."""
        chosen = chosen_rows(self.records)
        if chosen and await self.delete(self.table_name, chosen):
            self.records.marks = self.records.marks.difference(chosen)

    @command("m", N_("Change marked"), when=_on_a_record, writes=True)
    def action_change(self) -> None:
        """Change all marked records, or the record under the cursor: tags, a field, the account manager and more."""
        from archive.ui.screens.bulk import change_records

        change_records(self, self.table_name, self.records)

    @command("s", N_("Sort"))
    def action_sort(self) -> None:
        """Sort by a column; again reverses the order. Space collects several columns."""
        from archive.ui.screens.sort_dialog import pick_sort

        columns = [(column.key, column.title) for column in self._rows.columns] if self._rows else []
        pick_sort(self, columns, self.view.sort, self.sort_by)

    @command("v", N_("Views"))
    def action_views(self) -> None:
        """Open, save or delete a view."""
        from archive.ui.screens.views import pick_view

        now = replace(self.view, columns=tuple(self._keys))
        pick_view(self, self.table_name, now, self.show_view)

    @command("c", N_("Columns"))
    def action_columns(self) -> None:
        """Choose which columns to show, in which order and how wide."""
        from archive.ui.screens.views import pick_columns

        now, fitted = replace(self.view, columns=tuple(self._keys)), self.records.widths
        pick_columns(self, self.table_name, now, fitted, self._preview_columns, self.choose_columns)

    @command("x", N_("Export"))
    def action_export(self) -> None:
        """Export the marked rows, or all rows shown, with these columns and in this order, to the export folder."""
        self._export(ask=False)

    @command("X", N_("Export to …"))
    def action_export_to(self) -> None:
        """Export after choosing file name, format, rows, columns and headings."""
        self._export(ask=True)

    def _export(self, *, ask: bool) -> None:
        from archive.ui.screens.exporting import export_listing

        if self._rows:
            export_listing(self, self._rows.listing, self.records, ask=ask)

    @command("y", N_("Copy"), when=_on_a_record)
    def action_copy(self) -> None:
        """Copy the row under the cursor to the clipboard."""
        uid = only_row(self.records)
        if uid and self._rows:
            self.app.copy_to_clipboard(self._rows.line(uid))
            self.owner.say(_("Row copied."))

    @command("P", N_("Pin"), when=_lists_customers, writes=True)
    def action_pin(self) -> None:
        """Pin or unpin the customer under the cursor: pinned customers have a ★ and are at the top of the palette."""
        uid = self.records.cursor_id
        if uid:
            turn_pin(self, uid, self.archive.name("customers", uid))
            self.records.refresh_rows()

    @command("escape", N_("Clear"))
    async def action_back(self) -> None:
        """Clear the marks, then the search, then go back to the start place."""
        if self.step_back():
            return
        if self.view.query:
            self.query_one("#filter", Input).value = ""
        else:
            await super().action_back()

    # Callbacks of dialogs

    def show_view(self, view: View) -> None:
        """Apply a saved view."""
        self._take_columns(view)
        self.query_one("#filter", Input).value = view.query
        self._look(view)

    def sort_by(self, sort: Sort) -> None:
        """Change the sort order, and go to the top."""
        self.records.cursor_row = 0
        self._look(replace(self.view, sort=sort))

    def _preview_columns(self, view: View) -> None:
        self._take_columns(view)
        self.ask()

    def choose_columns(self, view: View) -> None:
        """Show the columns of a view, now and after a restart."""
        self._preview_columns(view)
        last = View(columns=view.columns, widths=view.widths)
        self.owner.tried(lambda: Views().keep(self.table_name, LAST, last))

    @property
    def _keys(self) -> list[str]:
        return self._rows.keys if self._rows else []


def customer_of(browser: BrowserScreen, uid: str | None) -> str:
    """Return the uid of the customer of a row: the row itself in the list of customers; "" if there is none."""
    if uid is None or browser.table_name == "customers":
        return uid or ""
    return str((browser.archive.raw(browser.table_name, uid) or {}).get("customer", ""))


def new_form(browser: BrowserScreen) -> FormScreen:
    """Return the form for a new record, linked to the customer under the cursor if its table allows that."""
    from archive.ui.screens.form import FormScreen  # slow to import with all its widgets

    values = {"customer": browser.customer or ""} if browser.table_name in OF_A_CUSTOMER else {}
    return FormScreen(browser.table_name, values=values)
