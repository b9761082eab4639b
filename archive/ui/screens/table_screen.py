"""The base class of screens with a single table, such as Today and History.

To add a screen:

1. Define the lines: a frozen value and a pure function that computes them, in `service/` or `analysis/`.
   A line holds cheap values only; its texts are made later, when it is visible.
2. Write `screens/NAME.py` with a subclass:

       class PipelineScreen(TablePlace[Quotation]):
           COLUMNS = [Column("name", N_("Customer"), 12, 2), …]

           def heading(self): return _("Pipeline")
           def detail(self): return plural("{n} open", "{n} open", len(self.lines))
           def empty_words(self): …             what belongs here, and which key adds it
           def finder(self): …                  see its docstring
           def cells(self, line): …             the texts of one line
           def open(self, line): self.show_customer(line.customer)

           @command("t", N_("Won"), footer=True, when=on_a_line)
           async def action_won(self): …        self.chosen(): marked lines, or the line under the cursor

   Commands appear in the footer automatically, while their `when` is true. `can_open` returns False for lines that
   cannot be opened. `compose_above`, `compose_beside` and `show_line` add widgets such as a filter or details; if
   each line belongs to a customer, `CustomerPlace` adds the card. Store a choice such as a period in an attribute,
   pass it on in `finder`, and call `ask()` when it changes.
3. Register the screen in `ui/navigation.py`. Tests then check its letter, its empty text and its footer.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Generic, TypeVar

from textual import work
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Input, Static
from textual.worker import get_current_worker

from archive.errors import ArchiveError, NotFound
from archive.store import UNSORTED, Sort
from archive.text import N_, _, sort_key
from archive.ui.commands import command, doable
from archive.ui.error_guard import on
from archive.ui.safe_text import plain
from archive.ui.screens.base import ArchiveScreen
from archive.ui.screens.marking import only_row
from archive.ui.screens.table_search import nothing_matches, sample, search_lines, shown_count, sort_lines
from archive.ui.widgets.frame import KeyBar, StatusLine, TitleBar
from archive.ui.widgets.search import SearchInput
from archive.ui.widgets.table import RecordTable
from archive.ui.widgets.table_layout import Column, measured
from archive.ui.widgets.table_lines import Cells

Line = TypeVar("Line")
Cancelled = Callable[[], bool]
Finder = Callable[[Cancelled], Mapping[str, Line]]
"""Computes the lines by key, in display order. Called in a thread."""


def on_a_line(screen: TablePlace[Any]) -> bool:
    """Return whether the cursor is on a line; a condition for commands."""
    return screen.line is not None


def _searches(screen: TablePlace[Any]) -> bool:
    return screen.SEARCHES


class TablePlace(ArchiveScreen[None], Generic[Line]):
    """A table of lines that are computed from the archive in a thread, with commands on them.

    The archive may change while lines are computed: only the result of the last request is shown, keys wait for it
    briefly (`is_working`), and a line whose record was just deleted is blank until then.
    """

    COLUMNS: ClassVar[Sequence[Column]] = ()
    SEARCHES: ClassVar[bool] = True
    """Whether `/` searches the lines and `s` sorts them."""
    BODY: ClassVar[type[Widget]] = Horizontal
    """The layout of the table and the widgets of `compose_beside`: `Vertical` puts them below it."""

    @dataclass
    class Found(Message):
        """The lines have been computed, or failed; `number` identifies the request."""

        number: int
        lines: Mapping[str, Any]
        shown: Sequence[str] = ()  # keys of the lines that match the search, sorted
        columns: Sequence[Column] = ()  # as wide as the texts of a sample
        query: str = ""
        error: ArchiveError | None = None

    def __init__(self) -> None:
        super().__init__()
        self.lines: Mapping[str, Line] = {}
        """The latest lines, by key."""
        self.query_text = ""
        """The words searched for."""
        self.sort = UNSORTED
        self._request_number = 0
        self._answered = 0
        self._is_outdated = True  # whether the lines must be computed again, not only searched
        self._is_measured = False
        self._goes_to_top = False  # whether the next answer puts the cursor on the first row
        self._doable: frozenset[str] = frozenset()

    # To be implemented by subclasses

    def heading(self) -> str:
        """Return the title of the screen."""
        raise NotImplementedError

    def detail(self) -> str:
        """Return the right end of the title bar, such as the number of lines."""
        return ""

    def finder(self) -> Finder[Line]:
        """Return a function that computes the lines. It runs in a thread.

        So it may hold the archive and values copied from the screen, but not the screen itself. Long calculations
        should call `cancelled` regularly and may then return anything. An ArchiveError is shown instead of the lines.

            archive, period = self.archive, self.period
            return lambda cancelled: {line.uid: line for line in quotations(archive, period)}
        """
        raise NotImplementedError

    def cells(self, line: Line) -> Cells:
        """Return the texts of one line by column key.

        Raises:
            NotFound: The record was just deleted.
        """
        raise NotImplementedError

    def empty_words(self) -> Content:
        """Return the text for an empty table: the kind of lines it shows, and the key that adds a line."""
        raise NotImplementedError

    def search_words(self, line: Line) -> str:
        """Return words by which a search finds a line, besides its texts. Called in a thread."""
        return ""

    def sort_value(self, line: Line, key: str) -> Any:
        """Return the value by which to sort a line by a column, or None to put it last. Called in a thread."""
        text = self._texts(line).get(key, "")
        return sort_key(text) if text and text != "-" else None

    def can_open(self, line: Line) -> bool:
        """Return whether enter opens something for this line."""
        return True

    def open(self, line: Line) -> None:
        """Open the record of a line."""
        raise NotImplementedError

    def compose_above(self) -> ComposeResult:
        """Yield widgets between the title bar and the table."""
        yield from ()

    def compose_beside(self) -> ComposeResult:
        """Yield widgets beside or below the table, about the line under the cursor."""
        yield from ()

    def show_line(self, line: Line | None) -> None:
        """Fill the widgets of `compose_beside`; `line` is None if there are no lines."""

    def show_insights(self) -> None:
        self.show_line(self.line)

    # Common to all subclasses

    def compose(self) -> ComposeResult:
        yield TitleBar()
        if self.SEARCHES:
            with Horizontal(id="filter-line"):
                yield Static("/", id="filter-sign")
                yield SearchInput(placeholder=_("search these rows"), id="filter")
                yield Static(id="count")
        yield from self.compose_above()
        with self.BODY(classes="place-body" if self.SEARCHES else "place-body -spaced"):
            yield RecordTable(self._fetch, id="records")
            yield from self.compose_beside()
        yield StatusLine()
        yield KeyBar()

    def on_mount(self) -> None:
        self.records.focus()

    @property
    def records(self) -> RecordTable:
        """The table."""
        return self.query_one("#records", RecordTable)

    @property
    def line(self) -> Line | None:
        """The line under the cursor."""
        return self.lines.get(self.records.cursor_id or "") if self.lines else None

    def chosen(self) -> list[Line]:
        """Return the lines a command acts on: all marked lines, or else the line under the cursor."""
        return [self.lines[id] for id in self.records.chosen if id in self.lines]

    def only_chosen(self) -> Line | None:
        """Return the line that a command acts on. If several are marked, show a message and return None."""
        return self.lines.get(only_row(self.records) or "")

    @property
    def is_working(self) -> bool:
        """Whether new lines are being computed. Letters typed into the search line never wait."""
        is_typing = isinstance(self.focused, SearchInput) and bool(self._answered)
        return super().is_working or (self._answered != self._request_number and not is_typing)

    def show_archive(self) -> None:
        if self.has_content:
            self.show_title(self.heading(), self.detail())
        else:
            self.query_one(TitleBar).show(self.heading())
        self.ask()

    @property
    def has_content(self) -> bool:
        """Whether the lines have been computed once."""
        return self._answered > 0

    def ask(self) -> None:
        """Compute the lines again; the old ones remain until then."""
        self._is_outdated = True
        self._request()

    def _request(self) -> None:
        self._request_number += 1
        self.begin_work(_("Calculating …"))
        lines = self.lines
        find = self.finder() if self._is_outdated else lambda _cancelled: lines
        self._find(self._request_number, find, self.query_text, self.sort)

    @work(thread=True, exclusive=True, group="lines", exit_on_error=False)
    def _find(self, number: int, find: Finder[Line], query: str, sort: Sort) -> None:
        worker = get_current_worker()
        try:
            lines = find(lambda: worker.is_cancelled)
            found = search_lines(lines, query, self._searched, lambda: worker.is_cancelled)
            if sort.key:
                found = sort_lines(found, sort, lambda id, key: self.sort_value(lines[id], key))
            columns = measured(self.COLUMNS, map(self._texts, sample(list(lines.values()))))
            answer = self.Found(number, lines, found, columns, query)
        except ArchiveError as error:
            answer = self.Found(number, {}, query=query, error=error)
        if not worker.is_cancelled:
            self.post_message(answer)

    def _searched(self, line: Line) -> str:
        """Return all words by which a search finds a line."""
        texts = self._texts(line)
        return " ".join([*(texts.get(column.key, "") for column in self.COLUMNS), self.search_words(line)])

    def on_table_place_found(self, message: Found) -> None:
        if message.number != self._request_number:
            return
        self._answered, self._is_outdated = message.number, False
        self.end_work()
        self.lines = message.lines
        if not self._is_measured:  # only once, so that nothing shifts later
            self._is_measured = bool(message.lines)
            self.records.set_columns(message.columns or self.COLUMNS)
        self.records.empty = self._empty_words(message)
        self.records.refresh_rows()
        self.records.set_ids(message.shown)
        if self._goes_to_top:
            self._goes_to_top, self.records.cursor_row = False, 0
        self.records.marks &= self.lines.keys()
        self.records.sort = self.sort
        self.show_title(self.heading(), self.detail())
        self._say_count()
        self._follow_cursor()
        self.refresh_bindings()

    def _empty_words(self, message: Found) -> Content:
        if message.error:
            return plain(f"! {message.error}")
        if message.lines and message.query:
            return nothing_matches(message.query)
        return self.empty_words()

    @on(RecordTable.Marked, "#records")
    def _say_count(self) -> None:
        for count in self.query("#count").results(Static):
            count.update(plain(shown_count(self.records, len(self.lines))))

    # Searching and sorting

    @on(Input.Changed, "#filter")
    def _filter_changed(self, event: Input.Changed) -> None:
        if event.value != self.query_text:
            self.query_text = event.value
            self._goes_to_top = True
            if self.owner.is_open:
                self._request()

    @on(SearchInput.Left)
    def _focus_records(self) -> None:
        self.set_focus(self.records)

    @command("slash", N_("Search"), when=_searches)
    def action_search(self) -> None:
        """Type words; the rows that contain all of them remain."""
        self.set_focus(self.query_one("#filter", Input))

    @command("s", N_("Sort"), when=_searches)
    def action_sort(self) -> None:
        """Sort by a column; again reverses the order. Space collects several columns."""
        from archive.ui.screens.sort_dialog import pick_sort

        pick_sort(
            self,
            [(column.key, _(column.label)) for column in self.COLUMNS if column.label],
            self.sort,
            self.sort_by,
        )

    def sort_by(self, sort: Sort) -> None:
        """Change the sort order, and go to the top."""
        self.sort, self._goes_to_top = sort, True
        self._request()

    @command("escape", N_("Clear"))
    async def action_back(self) -> None:
        """Clear the marks, then the search, then go back."""
        if self.step_back():
            return
        if self.query_text:
            self.query_one("#filter", Input).value = ""
        else:
            await super().action_back()

    def _fetch(self, ids: Sequence[str]) -> list[Cells]:
        return [self._texts(self.lines[id]) for id in ids]

    def _texts(self, line: Line) -> Cells:
        try:
            return self.cells(line)
        except NotFound:
            return {}

    @on(RecordTable.Highlighted, "#records")
    def _follow_cursor(self) -> None:
        line = self.line
        self.records.opens = line is not None and self.can_open(line)
        self.show_line(line)
        now = doable(self)
        if now != self._doable:
            self._doable = now
            self.refresh_bindings()

    @on(RecordTable.Opened, "#records")
    def _opened(self, event: RecordTable.Opened) -> None:
        line = self.lines.get(event.id)
        if line is not None:
            self.open(line)
