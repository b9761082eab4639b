"""A table in a report: as high as its rows; the cursor leaves it at both ends."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.events import Resize
from textual.message import Message
from textual.widgets import Static

from archive.text import plural
from archive.ui.error_guard import on
from archive.ui.safe_text import lines, template
from archive.ui.screens.report_sections import Section
from archive.ui.widgets.table import RecordTable
from archive.ui.widgets.table_layout import GAP
from archive.ui.widgets.table_lines import GUTTER, Cells
from archive.ui.widgets.table_natural import fit_natural


class SectionTable(RecordTable):
    """The rows of a section; row numbers are the ids."""

    DEFAULT_CSS = """
    SectionTable {
        height: auto; max-height: 65vh;
        /* Of several tables only the one that has the focus shows its cursor. */
        & > .record-table--cursor { background: $background; text-style: none; }
        &:ansi:blur > .record-table--cursor, &:nocolor:blur > .record-table--cursor { text-style: none; }
    }
    """

    @dataclass
    class LeftBelow(Message):
        """The cursor moves down from the last row."""

    def __init__(self, section: Section) -> None:
        super().__init__(self._texts)
        self.section = section

    def on_resize(self, _event: Resize) -> None:
        """Fit the columns to the width."""
        self.set_columns(fit_natural(self.section.columns, self.scrollable_size.width - GUTTER - GAP))

    def on_mount(self) -> None:
        self.set_ids([str(row) for row in range(self.section.count)])
        self._follow_cursor()

    def _texts(self, ids: Sequence[str]) -> list[Cells]:
        return [self.section.cells(int(id)) for id in ids]

    @property
    def row(self) -> int | None:
        """The number of the row under the cursor."""
        return None if self.cursor_id is None else int(self.cursor_id)

    @property
    def cursor_index(self) -> int:
        """The index of the row under the cursor, or 0 if there is none."""
        return self.cursor_row

    @cursor_index.setter
    def cursor_index(self, row: int) -> None:
        self.cursor_row = row

    def action_move(self, rows: int) -> None:
        if self.cursor_row + rows >= len(self.ids) > 0:
            self.post_message(self.LeftBelow())
        super().action_move(rows)

    @on(RecordTable.Highlighted)
    def _follow_cursor(self) -> None:
        self.opens = self.row is not None and bool(self.section.opens(self.row))


class SectionBlock(Vertical):
    """A section with heading, row count and note."""

    DEFAULT_CSS = """
    SectionBlock { height: auto; margin: 0 0 1 0; }
    SectionBlock > Static { padding: 0 1 0 2; height: auto; }
    """

    def __init__(self, section: Section) -> None:
        super().__init__()
        self.section = section

    def compose(self) -> ComposeResult:
        yield Static(self._heading())
        if self.section.note and self.section.count:
            yield Static(_dim(self.section.note))
        if self.section.count:
            yield SectionTable(self.section)
        else:
            yield Static(_dim(self.section.empty))

    def _heading(self) -> Content:
        rows = plural("{n} row", "{n} rows", self.section.count) if self.section.count else ""
        return template("[b]$label[/b]  [$foreground 60%]$rows[/]", label=self.section.label, rows=rows)


def _dim(text: str) -> Content:
    return lines(text).stylize("$foreground 60%")
