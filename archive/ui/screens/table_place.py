"""The base of places that show one table of lines, such as Today and History."""

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
from textual.worker import get_current_worker

from archive.errors import ArchiveError, NotFound
from archive.text import _
from archive.ui.commands import doable
from archive.ui.error_guard import on
from archive.ui.plain import plain
from archive.ui.screens.base import ArchiveScreen
from archive.ui.widgets.frame import KeyBar, StatusLine, TitleBar
from archive.ui.widgets.table import RecordTable
from archive.ui.widgets.table_layout import Column
from archive.ui.widgets.table_lines import Cells

Line = TypeVar("Line")
Cancelled = Callable[[], bool]
Finder = Callable[[Cancelled], Mapping[str, Line]]
"""Computes the lines by key, in display order. Runs in a thread."""


def on_a_line(place: TablePlace[Any]) -> bool:
    """For commands: whether the cursor is on a line."""
    return place.line is not None


class TablePlace(ArchiveScreen[None], Generic[Line]):
    """Lines that are worked out from the archive in a thread, one table of them, and what can be done with one.

    To add a place:

    1. Say what a line is, and work all of them out: a frozen value and a pure function in `service/` or `analysis/`.
       It holds what is cheap; texts are made later, for the lines on the screen only.
    2. Write `screens/NAME.py` with a subclass:

           class PipelineScreen(TablePlace[Quotation]):
               COLUMNS = [Column("name", N_("Customer"), 12, 2), …]

               def heading(self): return _("Pipeline")
               def detail(self): return plural("{n} open", "{n} open", len(self.lines))
               def empty_words(self): …             what belongs here and which key brings it
               def finder(self): …                  see there
               def cells(self, line): …             the texts of one line
               def open(self, line): self.show_customer(line.customer)

               @command("t", N_("Won"), footer=True, when=on_a_line)
               async def action_won(self): …        self.chosen() are the marked lines, else the one under the cursor

       What can be done stands in the footer by itself, and only while its `when` holds; where `enter` opens nothing,
       `can_open` says so. `compose_above`, `compose_beside` and `show_line` bring more than the table: a filter line,
       a detail; where each line is about a customer, `CustomerPlace` brings the card. Where the place has something
       to choose, such as a period, keep it in an attribute, have `finder` hand it on, and call `ask()` when it changes.
    3. Name the screen in `ui/places.py`. Its letter, its empty state and its footer are tested from there on.

    The archive may change while lines are worked out: only the answer to the last question is shown, keys wait for it
    a moment (`is_working`), and a line whose record has just gone is blank until then.
    """

    COLUMNS: ClassVar[Sequence[Column]] = ()
    BODY: ClassVar[type[Widget]] = Horizontal
    """How the table and what `compose_beside` gives lie: `Vertical` where that stands below."""

    @dataclass
    class Found(Message):
        """The lines have been computed, or failed; `number` counts the requests."""

        number: int
        lines: Mapping[str, Any]
        error: ArchiveError | None = None

    def __init__(self) -> None:
        super().__init__()
        self.lines: Mapping[str, Line] = {}
        """The lines computed last, by key."""
        self._asked = 0
        self._answered = 0
        self._doable: frozenset[str] = frozenset()

    # What a place brings

    def heading(self) -> str:
        """The name of the place."""
        raise NotImplementedError

    def detail(self) -> str:
        """The right end of the title, such as the number of lines."""
        return ""

    def finder(self) -> Finder[Line]:
        """What works the lines out. It is made here and runs in a thread: it may hold the archive and values taken
        from the screen now, never the screen itself. Long work asks `cancelled` now and then and may then stop with
        anything; an ArchiveError is shown in place of the lines.

            archive, period = self.archive, self.period
            return lambda cancelled: {line.uid: line for line in quotations(archive, period)}
        """
        raise NotImplementedError

    def cells(self, line: Line) -> Cells:
        """The texts of one line by column. Raises NotFound if its record was just deleted."""
        raise NotImplementedError

    def empty_words(self) -> Content:
        """What belongs here and which key brings it, for when there is no line."""
        raise NotImplementedError

    def can_open(self, line: Line) -> bool:
        """Whether `enter` opens something for this line."""
        return True

    def open(self, line: Line) -> None:
        """Open what the line is about."""
        raise NotImplementedError

    def compose_above(self) -> ComposeResult:
        """Widgets between the title and the table."""
        yield from ()

    def compose_beside(self) -> ComposeResult:
        """Widgets beside or below the table, about the line under the cursor."""
        yield from ()

    def show_line(self, line: Line | None) -> None:
        """Fill the widgets of `compose_beside`; None if there is no line."""

    def show_insights(self) -> None:
        self.show_line(self.line)

    # What all have in common

    def compose(self) -> ComposeResult:
        yield TitleBar()
        yield from self.compose_above()
        with self.BODY(classes="place-body -spaced"):
            yield RecordTable(self._fetch, id="records")
            yield from self.compose_beside()
        yield StatusLine()
        yield KeyBar()

    def on_mount(self) -> None:
        self.records.set_columns(self.COLUMNS)
        self.records.empty = Content(_("Calculating …"))
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
        """The lines a command acts on: the marked ones, else that under the cursor."""
        return [self.lines[id] for id in self.records.chosen if id in self.lines]

    def only_chosen(self) -> Line | None:
        """The one line a command acts on. If several are marked: None, and a sentence."""
        chosen = self.chosen()
        if len(chosen) > 1:
            self.owner.say(_("This works on one row at a time; several are marked."))
        return chosen[0] if len(chosen) == 1 else None

    @property
    def is_working(self) -> bool:
        """Whether new lines are being computed."""
        return self._answered != self._asked or super().is_working

    def show_archive(self) -> None:
        self.show_title(self.heading(), self.detail() if self._answered else "")
        self.ask()

    def ask(self) -> None:
        """Compute the lines again; the old ones stay until then."""
        self._asked += 1
        self._find(self._asked, self.finder())

    @work(thread=True, exclusive=True, group="lines", exit_on_error=False)
    def _find(self, number: int, find: Finder[Line]) -> None:
        worker = get_current_worker()
        try:
            answer = self.Found(number, find(lambda: worker.is_cancelled))
        except ArchiveError as error:
            answer = self.Found(number, {}, error)
        if not worker.is_cancelled:
            self.post_message(answer)

    def on_table_place_found(self, message: Found) -> None:
        if message.number != self._asked:
            return
        self._answered = message.number
        self.lines = message.lines
        self.records.empty = plain(f"! {message.error}") if message.error else self.empty_words()
        self.records.refresh_rows()
        self.records.set_ids(list(self.lines))
        self.records.marks &= self.lines.keys()
        self.show_title(self.heading(), self.detail())
        self._follow_cursor()

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
