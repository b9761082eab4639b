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
    names: reactive[Sequence[Sequence[str]]] = reactive(())
    """The forms of the name of each tab, longest first."""

    def render(self) -> RenderResult:
        gap, parts = self._fitting()
        first = 0
        while first < self.chosen and gap.join(parts[first : self.chosen + 1]).cell_length > self.size.width:
            first += 1
        return gap.join(parts[first:]).truncate(max(1, self.size.width), ellipsis=True)

    def _fitting(self) -> tuple[Content, list[Content]]:
        """Return the gap and the names of the longest form that fits, or else the shortest."""
        wide, narrow, parts = Content("  "), Content(" "), list[Content]()
        for form in range(min(map(len, self.names), default=0)):
            parts = [self._part(number, names[form]) for number, names in enumerate(self.names)]
            if wide.join(parts).cell_length <= self.size.width:
                return wide, parts
        # Less space rather than hidden tabs.
        return narrow if narrow.join(parts).cell_length <= self.size.width else wide, parts

    def _part(self, number: int, name: str) -> Content:
        markup = (
            "[$text-accent]$digit[/] [bold underline $text]$name[/]"
            if number == self.chosen
            else "$digit $name"
        )
        return template(markup, digit=str(number + 1), name=name)
