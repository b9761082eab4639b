"""The fields of a profile: a list with a cursor, and a block of key facts in columns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rich.cells import cell_len
from textual.binding import Binding
from textual.content import Content
from textual.message import Message

from archive.text import N_
from archive.ui.safe_text import fit, template
from archive.ui.widgets.option_list import OptionList

LABEL_CELLS = 14  # width of the label of a key fact, including the blank after it
_STYLES = {"": "", "warn": "$text-warning", "dim": "$foreground 60%"}


class FieldList(OptionList):
    """The fields of a section; enter edits the field under the cursor."""

    DEFAULT_CSS = """
    FieldList {
        height: 1fr; border: none; padding: 0; background: $background;
        scrollbar-size-vertical: 1; scrollbar-background: $background; scrollbar-color: $foreground 20%;
        scrollbar-background-hover: $background; scrollbar-background-active: $background;
    }
    FieldList:focus { border: none; background: $background; background-tint: $background 0%; }
    FieldList.-with-rows { height: auto; max-height: 60%; }
    """
    WRITES = frozenset({"select"})
    BINDINGS = [
        Binding("j", "cursor_down", show=False),
        Binding("k", "cursor_up", show=False),
        Binding("g", "first", show=False),
        Binding("G", "last", show=False),
        Binding("enter", "select", N_("Edit"), show=True),
    ]

    @dataclass
    class LeftBelow(Message):
        """The cursor moves down from the last field."""

    def on_resize(self) -> None:
        """Keep the cursor in view if the area above it grows."""
        self.scroll_to_highlight()

    def action_cursor_down(self) -> None:
        if self.highlighted == self.option_count - 1:
            self.post_message(self.LeftBelow())
        else:
            super().action_cursor_down()

    def action_cursor_up(self) -> None:
        if self.highlighted != 0:
            super().action_cursor_up()

    @property
    def highlighted_id(self) -> str | None:
        """The key of the field under the cursor."""
        return None if self.highlighted is None else self.get_option_at_index(self.highlighted).id

    def line_of(self, index: int) -> int:
        """Return the screen line of an option, or where it would be if the options were replaced in the meantime."""
        before = sum(str(option.prompt).count("\n") + 1 for option in self.options[:index])
        return self.region.y + before - int(self.scroll_offset.y)


def facts_in_columns(facts: Sequence[tuple[str, str, str]], width: int) -> Content:
    """Lay out (label, text, tone) in up to three columns, as many as fit without truncating a text."""
    needed = LABEL_CELLS + 1 + max((cell_len(text) for _label, text, _tone in facts), default=0)
    columns = max(1, min(3, width // max(40, needed)))
    each = width // columns
    cells = [_cell(label, text, tone, each) for label, text, tone in facts]
    rows = [cells[start : start + columns] for start in range(0, len(cells), columns)]
    return Content("\n").join([Content("").join(row) for row in rows])


def _cell(label: str, text: str, tone: str, width: int) -> Content:
    value = template("$value", value=fit(text, max(1, width - LABEL_CELLS - 1)))
    return Content.assemble(
        template("[$foreground 60%]$label[/] ", label=fit(label, LABEL_CELLS - 1)),
        value.stylize(_STYLES[tone]),
        " ",
    )
