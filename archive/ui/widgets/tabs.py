"""The tabs of a profile on one line, each with its digit. The active tab is bold and always visible."""

from __future__ import annotations

from collections.abc import Sequence

from textual.app import RenderResult
from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget

from archive.ui.safe_text import template


class TabLine(Widget):
    """A line of tabs; `chosen` is the index of the active tab."""

    DEFAULT_CSS = """
    TabLine { height: 1; padding: 0 1; color: $text-muted; }
    """

    chosen: reactive[int] = reactive(0)
    names: reactive[Sequence[tuple[str, str]]] = reactive(())
    """The name of each tab, and a shorter name for narrow screens."""

    def render(self) -> RenderResult:
        gap, parts = Content("  "), self._parts(0)
        if gap.join(parts).cell_length > self.size.width:
            parts = self._parts(1)
        if gap.join(parts).cell_length > self.size.width >= Content(" ").join(parts).cell_length:
            gap = Content(" ")  # less space rather than hidden tabs
        first = 0
        while first < self.chosen and gap.join(parts[first : self.chosen + 1]).cell_length > self.size.width:
            first += 1
        return gap.join(parts[first:]).truncate(max(1, self.size.width), ellipsis=True)

    def _parts(self, form: int) -> list[Content]:
        return [self._part(number, names[form]) for number, names in enumerate(self.names)]

    def _part(self, number: int, name: str) -> Content:
        markup = (
            "[$text-accent]$digit[/] [bold underline $text]$name[/]"
            if number == self.chosen
            else "$digit $name"
        )
        return template(markup, digit=str(number + 1), name=name)
