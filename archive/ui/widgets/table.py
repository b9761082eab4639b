"""A table that fetches only the visible rows, so it is as fast with 100,000 records as with ten."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from textual.binding import Binding
from textual.content import Content
from textual.events import Click, Resize
from textual.geometry import Region, Size
from textual.message import Message
from textual.reactive import reactive
from textual.scroll_view import ScrollView
from textual.strip import Strip

from archive.store import UNSORTED, Sort
from archive.text import N_
from archive.ui.widgets.table_layout import Column
from archive.ui.widgets.table_marks import MarkedRange
from archive.ui.widgets.table_paint import TablePainter
from archive.ui.widgets.table_rows import Fetch
from archive.ui.widgets.table_styles import PARTS, PREFIX, STYLES


@dataclass
class _TableMessage(Message):
    table: "RecordTable"

    @property
    def control(self) -> "RecordTable":
        """The table that sent the message; makes `@on(RecordTable.Opened, "#people")` work."""
        return self.table


class RecordTable(ScrollView, can_focus=True, inherit_bindings=False):
    """A table of records with a cursor row and marked rows.

    It stores record ids only; `fetch` returns the texts of the visible ones. Text is shown literally, without markup.
    """

    DEFAULT_CSS = STYLES
    COMPONENT_CLASSES = {f"{PREFIX}{part}" for part in PARTS}
    BINDINGS = [
        Binding("down,j", "move(1)", N_("Next row"), show=False, id="table.down"),
        Binding("up,k", "move(-1)", N_("Previous row"), show=False, id="table.up"),
        Binding("pagedown", "page(1)", N_("Next page"), show=False, id="table.page_down"),
        Binding("pageup", "page(-1)", N_("Previous page"), show=False, id="table.page_up"),
        Binding("home,g", "first", N_("First row"), show=False, id="table.first"),
        Binding("end,G", "last", N_("Last row"), show=False, id="table.last"),
        Binding("space", "mark", N_("Mark and move down"), show=False, id="table.mark"),
        Binding("shift+down,J", "mark_range(1)", N_("Mark a range"), show=False, id="table.mark_down"),
        Binding("shift+up,K", "mark_range(-1)", N_("Mark a range"), show=False, id="table.mark_up"),
        Binding("asterisk", "mark_all", N_("Mark all or none"), show=False, id="table.mark_all"),
        Binding("enter", "open", N_("Open"), id="table.open"),
    ]
    ALLOW_SELECT = False
    can_mark = True
    """Whether rows can be marked; False if no command acts on marked rows."""

    cursor_row: reactive[int] = reactive(0, repaint=False, init=False)
    """The index of the row under the cursor; 0 if there are no rows."""
    marks: reactive[set[str]] = reactive(set, init=False)
    """Ids of the marked records, visible or not. Assign a new set; do not change it in place."""
    sort: reactive[Sort] = reactive(UNSORTED)
    """The order that the header shows. The table does not sort."""
    empty: reactive[Content] = reactive(Content)
    """The text shown if there are no rows."""
    opens: reactive[bool] = reactive(True, repaint=False, init=False, bindings=True)
    """Whether the row under the cursor can be opened."""

    @dataclass
    class Highlighted(_TableMessage):
        """The cursor moved to another record, or `id` is None because there are no rows."""

        id: str | None

    @dataclass
    class LeftAbove(_TableMessage):
        """The cursor moves up from the first row."""

    @dataclass
    class Opened(_TableMessage):
        """The user opens a record: enter, a double click, or a click on the cursor row."""

        id: str

    @dataclass
    class Marked(_TableMessage):
        """The marks changed; `ids` are all marked records."""

        ids: set[str]

    def __init__(self, fetch: Fetch, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self.painter = TablePainter(self, fetch, PREFIX)
        self._ids: Sequence[str] = ()
        self._announced: str | None = None
        self._opened_by_click = False
        self._range = MarkedRange.at(0, set())
        self._shown: frozenset[str] = frozenset()  # the ids, once the marks among them are counted

    # Content

    def set_columns(self, columns: Sequence[Column]) -> None:
        """Set the columns, in order; if the width is too small, some are not shown."""
        self.painter.set_columns(columns)
        self._measure()
        self.refresh()

    def set_ids(self, ids: Sequence[str]) -> None:  # not copied: there may be very many
        """Set the records. The cursor stays on its record and screen line; if the record is missing, on its row."""
        line = self.cursor_row - self.scroll_offset.y
        row = _row_of(self.cursor_id, self.cursor_row, ids)
        other_keys = bool(ids) != bool(self._ids)
        self._ids, self._shown, self._range = ids, frozenset(), MarkedRange.at(0, set())
        self._measure()
        self.cursor_row = row
        self._scroll(self.cursor_row - line)
        self._show_cursor()
        self.refresh()
        self._tell()
        if self.marks:  # others of them may be visible now
            self.post_message(self.Marked(self, self.marks))
        if other_keys:
            self.refresh_bindings()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Disable open and the marks if there are no rows, or if the row or the table does not allow them."""
        if action in ("open", "mark", "mark_range", "mark_all") and not self._ids:
            return False
        return self.opens if action == "open" else self.can_mark or not action.startswith("mark")

    def refresh_rows(self) -> None:
        """Fetch the texts again, for example after a save."""
        self.painter.forget_texts()
        self.refresh()

    @property
    def ids(self) -> Sequence[str]:
        """The ids of all rows, in order."""
        return self._ids

    @property
    def widths(self) -> dict[str, int]:
        """The widths of the columns on the screen, by key."""
        return self.painter.widths(self.size.width)

    @property
    def cursor_id(self) -> str | None:
        """The id of the record under the cursor, or None if there are no rows."""
        return self._ids[self.cursor_row] if self._ids else None

    @property
    def chosen(self) -> list[str]:
        """The ids a command acts on: all marked records in the table or, without marks, the record under the cursor.

        If all marked records are filtered out, the result is empty; the record under the cursor does not replace them.
        """
        if self.marks:
            return self.marked
        return [] if self.cursor_id is None else [self.cursor_id]

    @property
    def marked(self) -> list[str]:
        """The marked records in the table, in order."""
        return [id for id in self._ids if id in self.marks] if self.marks else []

    @property
    def hidden_marks(self) -> int:
        """The number of marked records that are not in the table."""
        self._shown = self._shown or frozenset(self._ids)
        return len(self.marks - self._shown)

    def move_to(self, id: str) -> None:
        """Put the cursor on a record, if it is in the table."""
        if id and id in self._ids:
            self.cursor_row = self._ids.index(id)

    # Cursor, marks and the messages about them

    def validate_cursor_row(self, row: int) -> int:
        return max(0, min(row, len(self._ids) - 1))

    def watch_cursor_row(self, old: int, new: int) -> None:
        self._refresh_row(old)
        self._refresh_row(new)
        self._show_cursor()
        self._tell()

    def watch_marks(self, marks: set[str]) -> None:
        self.post_message(self.Marked(self, marks))

    def _tell(self) -> None:
        if self.cursor_id != self._announced:
            self._announced = self.cursor_id
            self.post_message(self.Highlighted(self, self._announced))

    def action_move(self, rows: int) -> None:
        if self.cursor_row + rows < 0:
            self.post_message(self.LeftAbove(self))
        self.cursor_row += rows

    def action_page(self, pages: int) -> None:
        self.cursor_row += pages * self._height

    def action_first(self) -> None:
        self.cursor_row = 0

    def action_last(self) -> None:
        self.cursor_row = len(self._ids) - 1

    def action_mark(self) -> None:
        if self.cursor_id is not None:
            self.marks = self.marks ^ {self.cursor_id}
            self.cursor_row += 1

    def action_mark_range(self, rows: int) -> None:
        """Move, and mark the rows from where the movement began; moving back shrinks that range."""
        held, marks = self._range, self.marks
        if not held.goes_on(self.cursor_row, marks):
            held = MarkedRange.at(self.cursor_row, marks)
        self.cursor_row += rows
        moved = held.moved(self.cursor_row, self._ids)
        self.marks = moved.marks
        self._range = moved._replace(marks=self.marks)  # the same object, also if no mark has changed

    def action_mark_all(self) -> None:
        """Mark all rows, or none of them if all are marked."""
        shown = set(self._ids)
        self.marks = self.marks - shown if shown <= self.marks else self.marks | shown

    def action_open(self) -> None:
        if self.cursor_id is not None and self.opens:
            self.post_message(self.Opened(self, self.cursor_id))

    def on_click(self, event: Click) -> None:
        offset = event.get_content_offset(self)
        row = None if offset is None else self._row_at(offset.y)
        if row is None:
            return
        # The second click of a double click must not open the record again.
        opens = row == self.cursor_row and not (event.chain > 1 and self._opened_by_click)
        self._opened_by_click = opens
        self.cursor_row = row
        if opens:
            self.action_open()

    # Geometry

    @property
    def _head(self) -> int:
        """The number of header lines; 0 if the table is too low for a header."""
        return self.painter.head if self.size.height > 2 else 0

    @property
    def _height(self) -> int:
        """The number of visible rows."""
        return max(1, self.size.height - self._head)

    def _row_at(self, line: int) -> int | None:
        row = line - self._head + self.scroll_offset.y
        return row if line >= self._head and row < len(self._ids) else None

    def _page_of(self, row: int) -> Sequence[str]:
        """Return the ids of the screenful that contains a row."""
        top = self.scroll_offset.y
        first = top if top <= row < top + self._height else row
        return self._ids[first : first + self._height]

    def _measure(self) -> None:
        self.virtual_size = Size(0, len(self._ids) + self._head)

    def _scroll(self, top: int) -> None:
        if self.size:
            self.scroll_to(y=top, animate=False, force=True, immediate=True)

    def _show_cursor(self) -> None:
        top, row = self.scroll_offset.y, self.cursor_row
        if not top <= row < top + self._height:
            self._scroll(row if row < top else row - self._height + 1)

    def _refresh_row(self, row: int) -> None:
        if 0 <= row - self.scroll_offset.y < self._height:
            self.refresh_line(row + self._head)

    def on_resize(self, _event: Resize) -> None:
        self._measure()
        self._show_cursor()

    def notify_style_update(self) -> None:
        super().notify_style_update()
        self.painter.forget_styles()

    # Rendering

    def render_lines(self, crop: Region) -> list[Strip]:
        """Render without Textual's cache of lines; rows are cached by record, so a scroll renders only new rows."""
        width, blank = self.size.width, self.painter.style("row")  # for the cell of a hidden scroll bar
        strips = [self.render_line(y).adjust_cell_length(width, blank) for y in crop.line_range]
        background = self.background_colors[1]
        for line_filter in self.get_line_filters():
            strips = [strip.apply_filter(line_filter, background) for strip in strips]
        return [strip.crop(*crop.column_span) for strip in strips]

    def render_line(self, y: int) -> Strip:
        width, head = self.scrollable_size.width, self._head
        if y < head:
            return self.painter.header(width, self.sort, y)
        if not self._ids and width:
            return self.painter.empty(self.empty, width, self._height)[y - head]
        row = y - head + self.scroll_offset.y
        if row >= len(self._ids):
            return Strip.blank(width, self.painter.style("row"))
        id, page = self._ids[row], partial(self._page_of, row)
        cursor, marked = row == self.cursor_row, id in self.marks
        return self.painter.row(id, width, page, cursor=cursor, marked=marked)


def _row_of(id: str | None, row: int, ids: Sequence[str]) -> int:
    """Return the index of a record in `ids`, or the old row number if it is not there."""
    if row < len(ids) and ids[row] == id:  # true after most changes, and saves a linear search
        return row
    try:
        return ids.index(id or "")
    except ValueError:
        return row
