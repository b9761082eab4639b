"""Render the lines of a table, cached until texts, columns or styles may have changed."""

from collections.abc import Callable, Sequence

from rich.style import Style
from textual.cache import LRUCache
from textual.content import Content
from textual.strip import Strip
from textual.visual import Visual
from textual.widget import Widget

from archive.errors import ArchiveError
from archive.store import Sort
from archive.text import _
from archive.ui.messages import Failed
from archive.ui.widgets.table_layout import GAP, Column, fit_columns
from archive.ui.widgets.table_lines import (
    GUTTER,
    TONE,
    Cells,
    Fitted,
    above_runs,
    header_runs,
    row_runs,
    strip_of,
)
from archive.ui.widgets.table_rows import Fetch, Rows

_KEPT_STRIPS = 1024


class TablePainter:
    """Renders the header, rows and empty space of a table. `prefix` is the prefix of its component classes."""

    def __init__(self, table: Widget, fetch: Fetch, prefix: str) -> None:
        self.rows = Rows(fetch, self._unreadable)
        self._table = table
        self._prefix = prefix
        self._columns: list[Column] = []
        self._fitted: tuple[int, Fitted] | None = None  # a width, and the columns that fit in it
        self._styles: dict[str, Style] = {}  # by part of the table
        self._strips: LRUCache[tuple[str, bool, bool, int], Strip] = LRUCache(_KEPT_STRIPS)
        self._emptiness: tuple[tuple[Content, int, int], list[Strip]] | None = None

    def set_columns(self, columns: Sequence[Column]) -> None:
        """Set the columns, in order; if the width is too small, some are not rendered."""
        self._columns = list(columns)
        self._fitted = None
        self.forget_texts()

    def forget_texts(self) -> None:
        """Clear the cached texts, because the records may have changed."""
        self.rows.clear()
        self._strips.clear()

    def forget_styles(self) -> None:
        """Clear the cached styles, because the theme or the focus may have changed."""
        self._styles.clear()
        self._strips.clear()
        self._emptiness = None

    @property
    def head(self) -> int:
        """The number of header lines: two if any label has two lines."""
        return 2 if any(column.above for column in self._columns) else 1

    def widths(self, width: int) -> dict[str, int]:
        """Return the widths of the columns that fit in a table of some width, by key."""
        return {column.key: cells for column, cells in self._fit(width)}

    def header(self, width: int, sort: Sort, line: int) -> Strip:
        """Return a line of the header; `line` counts from 0."""
        fitted = self._fit(width)
        is_last = line == self.head - 1
        runs = header_runs(fitted, sort, self.style) if is_last else above_runs(fitted, self.style)
        return strip_of(fitted, runs, width)

    def row(
        self, id: str, width: int, page: Callable[[], Sequence[str]], *, cursor: bool, marked: bool
    ) -> Strip:
        """Return the line of a record. `page` returns the ids whose texts are fetched together with it."""
        key = (id, cursor, marked, width)
        if (strip := self._strips.get(key)) is None:
            cells, fitted = self.rows.cells(id, page), self._fit(width)
            runs = row_runs(fitted, cells, self.style, cursor=cursor, marked=marked)
            strip = self._strips[key] = strip_of(fitted, runs, width)
        return strip

    def empty(self, words: Content, width: int, height: int) -> list[Strip]:
        """Return the lines of a table without rows."""
        key = (words, width, height)
        if self._emptiness is None or self._emptiness[0] != key:
            style = self._table.get_visual_style(f"{self._prefix}empty")
            room = max(1, width - 2 * GAP)  # a margin on both sides
            strips = Visual.to_strips(self._table, words, room, height, style, pad=True)
            edge = Strip.blank(GAP, self.style("empty"))
            self._emptiness = (key, [Strip.join([edge, strip]) for strip in strips])
        return self._emptiness[1]

    def style(self, part: str) -> Style:
        """Return the style of a part of the table."""
        if part not in self._styles:
            self._styles[part] = self._table.get_component_rich_style(f"{self._prefix}{part}")
        return self._styles[part]

    def _fit(self, width: int) -> Fitted:
        if self._fitted is None or self._fitted[0] != width:
            # The gap at the right separates numbers from the scroll bar.
            self._fitted = (width, fit_columns(self._columns, width - GUTTER - GAP))
        return self._fitted[1]

    def _unreadable(self, error: ArchiveError) -> Cells:
        """Return the row for a record that cannot be read."""
        self._table.app.post_message(Failed(error))
        first = self._columns[0].key if self._columns else ""
        return {first: _("! cannot be read"), TONE: "warn"}
