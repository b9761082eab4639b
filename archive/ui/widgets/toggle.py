"""A line of a dialog with a choice between two or three values, turned by space."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from textual.app import RenderResult
from textual.binding import Binding
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget

from archive.text import N_
from archive.ui.safe_text import fit, template


class Toggle(Widget, can_focus=True):
    """A label and its values on one line; the chosen value is marked. `index` is its place."""

    DEFAULT_CSS = """
    Toggle { height: 1; }
    Toggle:focus { background: $block-cursor-background; color: $block-cursor-foreground; }
    Toggle:nocolor:focus { text-style: reverse; }
    """
    BINDINGS = [
        Binding("space,right,l", "turn(1)", N_("Change")),
        Binding("left,h", "turn(-1)", show=False),
        Binding("down,j", "app.focus_next", show=False),
        Binding("up,k", "app.focus_previous", show=False),
        Binding("enter", "submit", N_("OK"), show=False),
    ]
    LABEL = 10  # cells

    index: reactive[int] = reactive(0)

    @dataclass
    class Turned(Message):
        """Another value was chosen."""

        toggle: Toggle

    @dataclass
    class Submitted(Message):
        """The user pressed enter on the line."""

        toggle: Toggle

    def __init__(self, label: str, values: Sequence[str], *, id: str) -> None:
        super().__init__(id=id)
        self._label, self._values = label, values

    def render(self) -> RenderResult:
        parts = [
            template(
                "$sign $value" if number != self.index else "[b]$sign $value[/b]",
                sign="●" if number == self.index else "○",
                value=value,
            )
            for number, value in enumerate(self._values)
        ]
        label = template("[$foreground 60%]$label[/]", label=fit(self._label, self.LABEL))
        if self.has_focus:
            label = template("$label", label=fit(self._label, self.LABEL))
        return Content.assemble(label, Content("  ").join(parts))

    def action_turn(self, step: int) -> None:
        """Choose the next or previous value."""
        self.index = (self.index + step) % len(self._values)
        self.post_message(self.Turned(self))

    def action_submit(self) -> None:
        """Finish the dialog."""
        self.post_message(self.Submitted(self))
