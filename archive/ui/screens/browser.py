"""The browser of a table: search as you type, filter, sort and mark records, with a card of the customer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual import work
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.message import Message
from textual.widgets import Input, Static
from textual.worker import get_current_worker

from archive.errors import ArchiveError
from archive.model.tables import OF_A_CUSTOMER, TABLES
from archive.service.views import LAST, View, Views
from archive.store import Sort
from archive.text import N_, _
from archive.ui.commands import command
from archive.ui.error_guard import on
from archive.ui.safe_text import plain
from archive.ui.screens.base import ArchiveScreen
from archive.ui.screens.browser_rows import BrowserRows
from archive.ui.screens.browser_view import count_line, empty_words, search_example, table_columns
from archive.ui.widgets.card import Card
from archive.ui.widgets.frame import KeyBar, StatusLine, TitleBar
from archive.ui.widgets.search import SearchInput
from archive.ui.widgets.table import RecordTable

if TYPE_CHECKING:
    from archive.ui.screens.form import FormScreen


def _on_a_record(browser: BrowserScreen) -> bool:
    return browser.records.cursor_id is not None


def _on_a_customer(browser: BrowserScreen) -> bool:
    return browser.customer is not None


class BrowserScreen(ArchiveScreen[None]):
    """Browses a table. `view` is the query, sort order and columns."""

    AUTO_FOCUS = "#records"

    @dataclass
    class Selected(Message):
        """The result of a query, or its error."""

        number: int  # number of the request
        view: View
        ids: Sequence[str]
        error: ArchiveError | None = None

    def __init__(self, table: str) -> None:
        super().__init__()
        self.table_name = table
        self.view = View()
        self._rows: BrowserRows | None = None
        self._selected: BrowserScreen.Selected | None = None
        self._request_number = 0
        self._answered = 0
        self._new_uid = ""  # uid of a new record, to put the cursor on once it is listed

    def compose(self) -> ComposeResult:
        yield TitleBar()
        with Horizontal(id="filter-line"):
            yield Static("/", id="filter-sign")
            yield SearchInput(placeholder=search_example(self.table_name), id="filter")
            yield Static(id="count")
        with Horizontal(classes="place-body"):
            yield RecordTable(self._cells, id="records")
            if self.table_name == "customers":
                yield Card(id="card")
        yield StatusLine()
        yield KeyBar()

    def on_mount(self) -> None:
        self.records.empty = Content(_("Opening the archive …"))

    @property
    def records(self) -> RecordTable:
        """The table."""
        return self.query_one("#records", RecordTable)

    @property
    def is_working(self) -> bool:
        """Whether keys must wait, for example for a running query. Letters typed into the search line never wait."""
        is_typing = isinstance(self.focused, SearchInput)
        return super().is_working or (self._answered != self._request_number and not is_typing)

    # Showing

    def show_archive(self) -> None:
        if self._rows is None:
            views = self.owner.tried(Views)
            self._take_columns(views.last(self.table_name).columns if views else ())
            self._offer_drafts()
        self.show_title(_(TABLES[self.table_name].LABEL))
        self.records.marks = {uid for uid in self.records.marks if self.archive.has(self.table_name, uid)}
        self.records.refresh_rows()
        self._ask()
        self._show_card()

    def show_times(self) -> None:
        self._show_card()

    def _offer_drafts(self) -> None:
        drafts = self.owner.drafts.left_behind()
        if drafts:
            from archive.ui.screens.drafts import offer_drafts

            offer_drafts(self, drafts)

    def _take_columns(self, keys: Sequence[str]) -> None:
        self._rows = BrowserRows(self.archive, self.table_name, keys)
        self._rows.query = self._selected.view.query if self._selected else ""
        self.view = View(self.view.query, self.view.sort, tuple(keys))
        self.records.set_columns(table_columns(self.table_name, self._rows.columns))

    def _cells(self, ids: Sequence[str]) -> list[dict[str, str]]:
        return self._rows.cells(ids) if self._rows else [{} for _id in ids]

    def _ask(self) -> None:
        self._request_number += 1
        self._select(self._request_number, self.view)

    @work(thread=True, exclusive=True, group="select", exit_on_error=False)
    def _select(self, number: int, view: View) -> None:
        worker = get_current_worker()
        try:
            answer = self.Selected(number, view, self.answer(view, lambda: worker.is_cancelled))
        except ArchiveError as error:
            answer = self.Selected(number, view, [], error)
        if not worker.is_cancelled:
            self.post_message(answer)

    def answer(self, view: View, cancelled: Callable[[], bool]) -> Sequence[str]:
        """Return the uids that match, sorted. Runs in a thread."""
        return self.archive.select(self.table_name, view.query, view.sort, cancelled)

    def on_browser_screen_selected(self, message: Selected) -> None:
        status = self.query_one(StatusLine)
        self._answered = message.number
        if message.error:
            status.say(str(message.error), error=True)
            return
        if status.has_class("-error"):
            status.say("")
        moved = self._selected is not None and self._selected.view.query != message.view.query
        self._selected = message
        if self._rows:
            self._rows.query = message.view.query
        if moved and self.table_name == "customers":
            self.records.refresh_rows()  # customer names show where the words were found
        self.records.empty = empty_words(self.table_name, message.view.query, self.archive.ctx)
        self.records.set_ids(message.ids)
        if moved:
            self.records.cursor_row = 0
        self.records.move_to(self._new_uid)
        self._new_uid = ""
        self.records.sort_mark = (
            (message.view.sort.key, message.view.sort.reverse) if message.view.sort.key else None
        )
        self._say_count()

    @on(RecordTable.Marked)
    def _say_count(self) -> None:
        total = self.archive.count(self.table_name)
        words = count_line(self.table_name, self.records, total, self.view.sort)
        self.query_one("#count", Static).update(plain(words))

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
        self._look(View(event.value, self.view.sort, self.view.columns))

    @on(SearchInput.Left)
    def _focus_records(self) -> None:
        self.set_focus(self.records)

    def _look(self, view: View) -> None:
        self.view = view
        if self.owner.is_open:
            self._ask()

    @property
    def customer(self) -> str | None:
        """The uid of the customer under the cursor, or of the customer that the record under the cursor belongs to."""
        uid = self.records.cursor_id
        if uid is None or self.table_name == "customers":
            return uid
        return str((self.archive.raw(self.table_name, uid) or {}).get("customer", "")) or None

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
        """Type words or filters such as status:active tag:vip last:>90d -rice. The list updates as you type."""
        self.set_focus(self.query_one("#filter", Input))

    @command("n", N_("New"), footer=True, writes=True)
    def action_new(self) -> None:
        """Add a record."""
        self.app.push_screen(new_form(self), self._back_from)

    @command("e", N_("Edit"), when=_on_a_record, writes=True)
    def action_edit(self) -> None:
        """Edit the record under the cursor in a form."""
        if self.records.cursor_id:
            self._edit(self.records.cursor_id)

    @command("l", N_("Log"), footer=True, when=_on_a_customer, writes=True)
    def action_log(self) -> None:
        """Log an activity in one line: call 10m price talk, send quote +2w."""
        self.enter_line("contact", self.customer or "")

    @command("b", N_("Add purchase"), footer=True, when=_on_a_customer, writes=True)
    def action_bought(self) -> None:
        """Add a purchase in one line: 20 bags rice @35.50 net30 yesterday."""
        self.enter_line("purchase", self.customer or "")

    @command("d", N_("Delete"), when=_on_a_record, writes=True, destructive=True)
    async def action_delete(self) -> None:
        """Delete the marked records, or the record under the cursor. u undoes it."""
        chosen = self.records.chosen
        if not chosen:
            self.owner.say(_("None of the marked records are in this list. Press esc to clear the marks."))
        elif await self.delete(self.table_name, chosen):
            self.records.marks = self.records.marks.difference(chosen)

    @command("s", N_("Sort"))
    def action_sort(self) -> None:
        """Sort by a column. Choose it again to reverse the order."""
        from archive.ui.screens.views import pick_sort

        pick_sort(self, self._rows.columns if self._rows else [], self.view.sort, self.sort_by)

    @command("v", N_("Views"))
    def action_views(self) -> None:
        """Open, save or delete a view."""
        from archive.ui.screens.views import pick_view

        now = View(self.view.query, self.view.sort, tuple(self._keys))
        pick_view(self, self.table_name, now, self.show_view)

    @command("c", N_("Columns"))
    def action_columns(self) -> None:
        """Choose which columns to show."""
        from archive.ui.screens.views import pick_columns

        pick_columns(self, self.table_name, self._keys, self.choose_columns)

    @command("x", N_("Export"))
    def action_export(self) -> None:
        """Export these rows and columns, in this order, to a file in the export folder."""
        self._export(ask=False)

    @command("X", N_("Export to …"))
    def action_export_to(self) -> None:
        """Export these rows and columns to a file you name; its suffix decides the format."""
        self._export(ask=True)

    def _export(self, *, ask: bool) -> None:
        from archive.ui.screens.exporting import export_view

        if self._rows:
            export_view(self, self._rows.listing, list(self.records.ids), ask=ask)

    @command("y", N_("Copy"), when=_on_a_record)
    def action_copy(self) -> None:
        """Copy the row under the cursor to the clipboard."""
        if self.records.cursor_id and self._rows:
            self.app.copy_to_clipboard(self._rows.line(self.records.cursor_id))
            self.owner.say(_("Row copied."))

    @command("escape", N_("Clear"))
    async def action_back(self) -> None:
        """Clear the marks, then the search."""
        if self.records.marks:
            self.records.marks = set()
        elif self.view.query:
            self.query_one("#filter", Input).value = ""

    # Callbacks of dialogs

    def show_view(self, view: View) -> None:
        """Apply a saved view."""
        self._take_columns(view.columns)
        self.query_one("#filter", Input).value = view.query
        self._look(View(view.query, view.sort, view.columns))

    def sort_by(self, sort: Sort) -> None:
        """Change the sort order."""
        self._look(View(self.view.query, sort, self.view.columns))

    def choose_columns(self, keys: Sequence[str]) -> None:
        """Show these columns, now and after a restart."""
        self._take_columns(keys)
        self.owner.tried(lambda: Views().keep(self.table_name, LAST, View(columns=tuple(keys))))

    @property
    def _keys(self) -> list[str]:
        return self._rows.keys if self._rows else []


def new_form(browser: BrowserScreen) -> FormScreen:
    """Return the form for a new record, linked to the customer under the cursor if its table allows that."""
    from archive.ui.screens.form import FormScreen  # slow to import with all its widgets

    values = {"customer": browser.customer or ""} if browser.table_name in OF_A_CUSTOMER else {}
    return FormScreen(browser.table_name, values=values)
