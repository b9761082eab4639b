"""The body of a profile: the lines of a tab, and below them its rows, which can be searched and sorted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from textual import work
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import Input, Static
from textual.widgets.option_list import OptionDoesNotExist
from textual.worker import get_current_worker

from archive.errors import ArchiveError
from archive.model.records.customer import Customer
from archive.service.archive import Archive
from archive.service.panels.base import Item
from archive.store import UNSORTED, Sort
from archive.text import _
from archive.ui.error_guard import ShowsErrors, on
from archive.ui.host import owner_of
from archive.ui.messages import Failed
from archive.ui.safe_text import plain
from archive.ui.screens.marking import chosen_rows
from archive.ui.screens.profile_rows import ProfileRows
from archive.ui.screens.profile_tabs import TABS, Tab, tab_lines
from archive.ui.screens.table_search import nothing_matches, search_lines, shown_count, sort_lines
from archive.ui.screens.week import week_picture
from archive.ui.widgets.field_list import FieldList
from archive.ui.widgets.search import SearchInput
from archive.ui.widgets.table import RecordTable


class ProfileBody(ShowsErrors, Vertical):
    """The lines and rows of the chosen tab of a customer."""

    @dataclass
    class Answered(Message):
        """The rows that match the search, sorted."""

        number: int
        ids: Sequence[str]

    def __init__(self) -> None:
        super().__init__(classes="place-body")
        self.number = 0
        """The index of the tab."""
        self.with_empty = False
        """Whether empty fields are shown."""
        self.rows: ProfileRows | None = None
        """The rows of the tab, whatever the search."""
        self.sort = UNSORTED
        self._uid = ""
        self._items: Mapping[str, Item] = {}
        self._request_number = self._answered = 0

    def compose(self) -> ComposeResult:
        yield FieldList(id="fields")
        yield Static(id="week")
        with Horizontal(id="filter-line"):
            yield Static("/", id="filter-sign")
            yield SearchInput(placeholder=_("search these rows"), id="filter")
            yield Static(id="count")
        yield RecordTable(self._cells, id="rows")

    # Parts

    @property
    def tab(self) -> Tab:
        """The chosen tab."""
        return TABS[self.number]

    @property
    def fields(self) -> FieldList:
        """The lines above."""
        return self.query_one("#fields", FieldList)

    @property
    def table(self) -> RecordTable:
        """The rows below."""
        return self.query_one("#rows", RecordTable)

    @property
    def search_line(self) -> SearchInput:
        """The line for searching the rows."""
        return self.query_one("#filter", SearchInput)

    @property
    def item(self) -> Item | None:
        """The line of the summary under the cursor."""
        return self._items.get(self.fields.highlighted_id or "") if self.fields.has_focus else None

    @property
    def is_working(self) -> bool:
        """Whether the rows are being searched or sorted."""
        return self._answered != self._request_number

    @property
    def _archive(self) -> Archive:
        return owner_of(self).archive

    # Showing

    def show(self, uid: str) -> None:
        """Show the tab of a customer again, after a change or for another customer."""
        is_new, self._uid = uid != self._uid, uid
        if is_new:
            self._forget_search()
        self.show_lines()
        picture = Content()
        if self.tab.rows == "interactions":
            picture = week_picture(self._archive.get(Customer, uid))
        week = self.query_one("#week", Static)
        week.display = bool(picture.plain)
        week.update(picture)
        self._show_rows()
        if not (
            self.fields.has_focus or self.search_line.has_focus or (self.table.has_focus and self.tab.rows)
        ):
            self.enter()

    def choose(self, number: int) -> None:
        """Show another tab of the same customer."""
        if number != self.number:
            self._forget_search()
        self.number = number
        self.show(self._uid)
        self.enter()

    def enter(self) -> None:
        """Focus the lines, or the rows of a tab without lines."""
        (self.fields if self.tab.groups else self.table).focus()

    def show_lines(self) -> None:
        """Lay out the lines for the width of the screen; the cursor stays on its line."""
        fields = self.fields
        at = fields.highlighted_id
        lines = tab_lines(self.tab, self._archive, self._uid, self.app.size.width, with_empty=self.with_empty)
        self._items = lines.items
        fields.clear_options()
        fields.add_options(lines.options)
        fields.display = bool(self.tab.groups)
        fields.set_class(bool(self.tab.rows), "-with-rows")
        try:
            fields.highlighted = fields.get_option_index(at) if at else fields.first_enabled
        except OptionDoesNotExist:
            fields.highlighted = fields.first_enabled

    def _show_rows(self) -> None:
        tab, table = self.tab, self.table
        self.rows = ProfileRows(self._archive, self._uid, tab.rows) if tab.rows else None
        has_rows = bool(self.rows and self.rows.ids)
        table.display = has_rows or bool(self.rows and not tab.groups)
        table.set_class(bool(tab.groups), "-below")
        self._show_search_line()
        if self.rows:
            table.set_columns(self.rows.columns)
            known = set(self.rows.ids)
            table.marks &= known
            # Until the worker has answered, the table lists only rows that still exist.
            self._list([id for id in table.ids if id in known])
            self._select()

    def _show_search_line(self) -> None:
        line = self.query_one("#filter-line")
        line.display = bool(self.rows and self.rows.ids) and (
            self.search_line.has_focus or bool(self.search_line.value)
        )
        line.set_class(bool(self.tab.groups), "-below")

    def _cells(self, ids: Sequence[str]) -> Sequence[Mapping[str, str]]:
        return self.rows.cells(ids) if self.rows else [{} for _id in ids]

    # Searching and sorting

    def search(self) -> None:
        """Type words; the rows that contain all of them remain."""
        self.query_one("#filter-line").display = True
        self.search_line.enter()

    def sort_by(self, sort: Sort) -> None:
        """Sort the rows by a column, and go to the top."""
        self.sort = sort
        self.table.cursor_row = 0
        self._select()

    def clear_search(self) -> bool:
        """Clear the search; return whether there was one."""
        was_searched = bool(self.search_line.value)
        self.search_line.value = ""
        self._show_search_line()
        return was_searched

    def _forget_search(self) -> None:
        self.sort = UNSORTED
        with self.prevent(Input.Changed):
            self.search_line.value = ""

    def _select(self) -> None:
        if not self.rows:
            return
        self._request_number += 1
        query = self.search_line.value
        if query or self.sort.key:
            self._find(self._request_number, self.rows, query, self.sort)
        else:
            self._answered = self._request_number
            self._list(self.rows.ids)

    @work(thread=True, exclusive=True, group="rows", exit_on_error=False)
    def _find(self, number: int, rows: ProfileRows, query: str, sort: Sort) -> None:
        worker = get_current_worker()
        try:
            lines = {id: id for id in rows.ids}
            ids = search_lines(lines, query, rows.words, lambda: worker.is_cancelled) if query else rows.ids
            if sort.key:
                ids = sort_lines(ids, sort, rows.value)
        except (
            ArchiveError
        ) as error:  # a damaged record: the rows themselves report it when they come into view
            self.app.post_message(Failed(error))
            ids = rows.ids
        if not worker.is_cancelled:
            self.post_message(self.Answered(number, ids))

    def on_profile_body_answered(self, message: Answered) -> None:
        message.stop()
        if message.number != self._request_number or not self.rows:
            return
        self._answered = message.number
        self._list(message.ids)

    def _list(self, ids: Sequence[str]) -> None:
        query, table = self.search_line.value, self.table
        table.empty = self.rows.empty if self.rows else Content()
        if query and self.rows and self.rows.ids:
            table.empty = nothing_matches(query)
        table.set_ids(ids)
        table.sort = self.sort
        self._say_count()

    @on(RecordTable.Marked, "#rows")
    def _say_count(self) -> None:
        total = len(self.rows.ids) if self.rows else 0
        self.query_one("#count", Static).update(plain(shown_count(self.table, total)))

    @on(Input.Changed, "#filter")
    def _filter_changed(self, event: Input.Changed) -> None:
        event.stop()
        self.table.cursor_row = 0
        self._select()

    @on(SearchInput.Left)
    def _leave_search(self, event: SearchInput.Left) -> None:
        event.stop()
        self.table.focus()
        self._show_search_line()

    @on(SearchInput.HitWanted)
    def _open_hit(self, event: SearchInput.HitWanted) -> None:
        event.stop()
        self.table.focus()
        self.table.call_later(self.table.action_open)  # a message sent while we handle one would end with us

    # Moving between lines and rows

    @on(FieldList.LeftBelow)
    def _enter_rows(self) -> None:
        if self.table.display:
            self.table.focus()

    @on(RecordTable.LeftAbove)
    def _enter_fields(self) -> None:
        if self.tab.groups:
            self.fields.focus()

    @on(RecordTable.Highlighted, "#rows")
    def _row_highlighted(self, event: RecordTable.Highlighted) -> None:
        """Disable enter on rows that are dates of the customer's own record."""
        record = self.rows.record(event.id) if self.rows and event.id else None
        event.table.opens = record != (Customer.TABLE, self._uid)

    # Records

    def chosen(self) -> dict[str, list[str]]:
        """Return the uids of the marked rows, or of the row under the cursor, by table.

        The customer's own record, whose dates are in the timeline, is left out.
        """
        uids: dict[str, list[str]] = {}
        for id in chosen_rows(self.table):
            table, uid = self.rows.record(id) if self.rows else ("", "")
            if table and (table, uid) != (Customer.TABLE, self._uid) and uid not in uids.get(table, ()):
                uids.setdefault(table, []).append(uid)
        return uids

    @property
    def record_under_cursor(self) -> tuple[str, str] | None:
        """Table and uid of the record in the row under the cursor, other than the customer's own."""
        if not (self.table.has_focus and self.rows and self.table.cursor_id):
            return None
        record = self.rows.record(self.table.cursor_id)
        return record if record != (Customer.TABLE, self._uid) else None

    def shown_records(self) -> list[tuple[str, str]]:
        """Return (table, uid) of the rows shown, in their order."""
        return [self.rows.record(id) for id in self.table.ids] if self.rows else []
