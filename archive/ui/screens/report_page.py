"""The content of a report: figures, charts, tables and notes. A single cursor moves through all of them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from textual.containers import Container, VerticalScroll
from textual.events import DescendantFocus
from textual.widget import Widget
from textual.widgets import Static

from archive.analysis.drawing.draw import is_empty
from archive.analysis.formatting import Form
from archive.analysis.report import Report
from archive.text import _
from archive.ui.error_guard import on
from archive.ui.safe_text import plain
from archive.ui.screens.report_sections import FigureSection, Section, TableSection, why_of
from archive.ui.screens.report_table import SectionBlock, SectionTable
from archive.ui.widgets.figures import FigureStrip
from archive.ui.widgets.picture import Block, NotesBlock, PictureBlock
from archive.ui.widgets.table import RecordTable


class Spot(NamedTuple):
    """Position of the cursor: a part of the report, and the row or figure in it."""

    part: str = ""
    row: int = 0


class ReportPage(VerticalScroll, can_focus=False):
    """Shows the latest report. The focused part is scrolled into view with its heading."""

    def __init__(self) -> None:
        super().__init__(Static(plain(_("Calculating …")), classes="report-note"), id="report")
        self.figures: FigureSection | None = None
        self._form = Form()

    def say(self, text: str) -> None:
        """Show a message instead of a report."""
        self.query_one(".report-note", Static).update(plain(text))

    async def show(self, answer: Report, form: Form) -> None:
        """Replace the report; the cursor keeps its position."""
        spot = self._spot()
        self._form = form
        self.figures = FigureSection(answer, form)
        with self.app.batch_update():
            await self.remove_children()
            if not self.is_attached:  # the program is ending
                return
            await self.mount_all(self._blocks(answer, self.figures))
        self._go_to(spot)

    def _blocks(self, answer: Report, figures: FigureSection) -> Iterator[Widget]:
        if figures.top:
            yield FigureStrip(figures.top, self._form)
        parts: list[Widget] = []
        if answer.pictures:
            blocks = [PictureBlock(picture, self._form) for picture in sorted(answer.pictures, key=is_empty)]
            blocks[-1].set_class(len(blocks) % 2 == 1, "-alone")
            parts.append(Container(*blocks, id="pictures"))
        sections: list[Section] = [TableSection(answer, table, self._form) for table in answer.tables]
        parts.append(Container(*map(SectionBlock, [*sections, figures]), id="tables"))
        yield Container(*parts, id="parts")
        if answer.notes:
            yield NotesBlock(_("Notes"), answer.notes)

    # The cursor

    @property
    def _parts(self) -> list[Widget]:
        """The focusable parts, in order."""
        return [part for part in self.query("*") if part.can_focus]

    @property
    def _focused(self) -> Widget | None:
        return self.screen.focused

    @property
    def section(self) -> Section | None:
        """The table the cursor is in, else the figures."""
        focused = self._focused
        return focused.section if isinstance(focused, SectionTable) else self.figures

    @property
    def marked(self) -> list[str]:
        """The numbers of the marked rows in the table the cursor is in."""
        focused = self._focused
        return focused.marked if isinstance(focused, SectionTable) else []

    def why(self) -> tuple[str, str]:
        """Return name and explanation of the figure or row under the cursor, or ("", "") if there is none."""
        focused = self._focused
        if isinstance(focused, SectionTable) and focused.row is not None:
            return focused.section.why(focused.row)
        if isinstance(focused, FigureStrip) and focused.figure:
            return why_of(focused.figure, self._form)
        return "", ""

    def _spot(self) -> Spot:
        focused = self._focused
        return Spot(
            _key_of(focused), focused.cursor_index if isinstance(focused, SectionTable | FigureStrip) else 0
        )

    def _go_to(self, spot: Spot) -> None:
        """Move the cursor to a position, or to the first part if it no longer exists."""
        parts = self._parts
        target = next((part for part in parts if _key_of(part) == spot.part), parts[0] if parts else None)
        if isinstance(target, SectionTable | FigureStrip) and _key_of(target) == spot.part:
            target.cursor_index = spot.row
        if target:
            target.focus(scroll_visible=False)

    @on(DescendantFocus)
    def _see_focused(self, event: DescendantFocus) -> None:
        """Scroll the focused part into view, with its heading."""
        part = event.widget
        if isinstance(part, FigureStrip):
            self.scroll_home(animate=False)
        else:
            block = part.parent if isinstance(part.parent, SectionBlock) else part
            block.scroll_visible(animate=False)

    @on(FigureStrip.Left)
    def _leave_figures(self, event: FigureStrip.Left) -> None:
        self._step(event.step)

    @on(SectionTable.LeftBelow)
    def _leave_below(self) -> None:
        self._step(1)

    @on(RecordTable.LeftAbove)
    def _leave_above(self) -> None:
        self._step(-1)

    @on(Block.Left)
    def _leave_block(self, event: Block.Left) -> None:
        self._step(event.step)

    def _step(self, step: int) -> None:
        """Go to the next or previous part, without wrapping around."""
        parts = self._parts
        index = parts.index(self._focused) + step if self._focused in parts else 0
        if 0 <= index < len(parts):
            parts[index].focus()


def _key_of(part: Widget | None) -> str:
    if isinstance(part, SectionTable):
        return part.section.key
    return part.key if isinstance(part, Block) else ""
