"""The fields of a profile: a list with a cursor, and a block of key facts in columns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rich.cells import cell_len
from textual.binding import Binding
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive

from archive.text import N_
from archive.ui.safe_text import fit, template
from archive.ui.widgets.option_list import OptionList
from archive.ui.widgets.panel_lines import LineOption

FACT_CELLS = 38  # least width of a column of key facts
LABEL_CELLS = 14  # width of the label of a key fact, including the blank after it
_STYLES = {"": "", "warn": "$text-warning", "dim": "$foreground 60%"}


class FieldList(OptionList):
    """The lines of a section; enter edits the field under the cursor, or opens what the line leads to."""

    DEFAULT_CSS = """
    FieldList {
        height: 1fr; border: none; padding: 0; background: $background;
        scrollbar-size-vertical: 1; scrollbar-background: $background; scrollbar-color: $foreground 20%;
        scrollbar-background-hover: $background; scrollbar-background-active: $background;
    }
    FieldList:focus { border: none; background: $background; background-tint: $background 0%; }
    FieldList > .option-list--option-disabled { color: $text-accent; }
    FieldList.-with-rows { height: auto; max-height: 60%; }
    """
    WRITES = frozenset({"select"})
    BINDINGS = [
        Binding("j", "cursor_down", show=False),
        Binding("k", "cursor_up", show=False),
        Binding("g", "first", show=False),
        Binding("G", "last", show=False),
        Binding("enter", "select", N_("Edit"), show=True),
        Binding("enter", "follow", N_("Open"), show=True),
    ]

    leads: reactive[bool] = reactive(False, repaint=False, init=False, bindings=True)
    """Whether the line under the cursor leads somewhere."""

    @dataclass
    class LeftBelow(Message):
        """The cursor moves down from the last field."""

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer one meaning of enter at a time."""
        return self.leads is (action == "follow") if action in ("select", "follow") else True

    def watch_highlighted(self, highlighted: int | None) -> None:
        super().watch_highlighted(highlighted)
        line = None if highlighted is None else self.get_option_at_index(highlighted)
        self.leads = isinstance(line, LineOption) and line.leads

    def action_follow(self) -> None:
        """Select the line; the screen opens what it leads to."""
        self.action_select()

    def on_resize(self) -> None:
        """Keep the cursor in view if the area above it grows."""
        self.scroll_to_highlight()

    def action_cursor_down(self) -> None:
        if self.highlighted == self.option_count - 1:
            self.post_message(self.LeftBelow())
        else:
            super().action_cursor_down()

    def action_cursor_up(self) -> None:
        if self.highlighted != self.first_enabled:
            super().action_cursor_up()
        else:
            self.scroll_home(animate=False)  # the title above it

    @property
    def first_enabled(self) -> int | None:
        """The index of the first line that the cursor can be on, or None."""
        return next((index for index, option in enumerate(self.options) if not option.disabled), None)

    @property
    def highlighted_id(self) -> str | None:
        """The key of the field under the cursor."""
        return None if self.highlighted is None else self.get_option_at_index(self.highlighted).id

    def line_of(self, index: int) -> int:
        """Return the screen line of an option, or where it would be if the options were replaced in the meantime."""
        before = sum(str(option.prompt).count("\n") + 1 for option in self.options[:index])
        return self.region.y + before - int(self.scroll_offset.y)


def fact_rows(facts: Sequence[tuple[str, str, str]], width: int) -> list[Content]:
    """Lay out (label, text, tone) in as few rows as possible, in up to three columns without truncating a text.

    A longer text takes the room of several columns.
    """
    possible = [_in_columns(facts, width, columns) for columns in range(1, max(1, width // FACT_CELLS) + 1)]
    return min(possible, key=len)


def _in_columns(facts: Sequence[tuple[str, str, str]], width: int, columns: int) -> list[Content]:
    each = width // columns
    rows: list[list[Content]] = []
    free: list[int] = []  # columns left in each row
    for label, text, tone in facts:
        taken = min(columns, -(-(LABEL_CELLS + 2 + cell_len(text)) // each))
        at = next((number for number, left in enumerate(free) if left >= taken), len(rows))
        if at == len(rows):
            rows.append([])
            free.append(columns)
        free[at] -= taken
        rows[at].append(_cell(label, text, tone, each * taken))
    return [Content("").join(row) for row in rows]


def _cell(label: str, text: str, tone: str, width: int) -> Content:
    value = template("$value", value=fit(text, max(1, width - LABEL_CELLS - 1)))
    return Content.assemble(
        template("[$foreground 60%]$label[/] ", label=fit(label, LABEL_CELLS - 1)),
        value.stylize(_STYLES[tone]),
        " ",
    )
