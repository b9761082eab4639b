"""The lines of a read view or profile: a label, and a value that wraps beside it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from textual.content import Content
from textual.widgets.option_list import Option

from archive.service.panels.base import Item, Panel
from archive.ui.safe_text import LABEL_WIDTH, fit, lines, template

_TONES = {"": "", "warn": "$text-warning", "dim": "$foreground 60%"}
_LINK = "underline"
_NARROW = 60  # columns below which labels get less room


class LineOption(Option):
    """A line; `leads` tells whether enter opens what it leads to."""

    def __init__(self, prompt: Content, id: str, *, leads: bool = False) -> None:
        super().__init__(prompt, id=id)
        self.leads = leads


def panel_options(panels: Sequence[Panel], width: int) -> Iterator[Option]:
    """Lay out panels, each below its title and a blank line. The ids of the lines count from 0 through all panels."""
    number = 0
    for index, panel in enumerate(panels):
        yield title_option(panel.title, is_first=not index)
        for item in panel.items:
            yield item_option(item, str(number), width)
            number += 1


def title_option(title: str, *, is_first: bool) -> Option:
    """Return the title of a part, below a blank line unless it is the first."""
    shown = template("[b]$title[/b]", title=title)
    return Option(shown if is_first else Content.assemble("\n", shown), disabled=True)


def item_option(item: Item, id: str, width: int) -> LineOption:
    """Return the line of an item."""
    return line_option(id, item.label, item.text.splitlines(), width, item.tone, leads=bool(item.opens[1]))


def line_option(
    id: str,
    label: str,
    texts: Sequence[str],
    width: int,
    tone: str = "",
    *,
    leads: bool = False,
    is_underlined: bool = False,
) -> LineOption:
    """Return a line with some texts, each wrapped beside the label.

    A link among lines of another kind is underlined; where all lines are links, that would be noise.
    """
    beside = label_width(width)
    start = template("[$foreground 60%]$label[/]  ", label=fit(label, beside, "right"))
    indent = Content("\n" + " " * (beside + 2))
    room = max(10, width - beside - 5)  # besides the padding and the scroll bar
    style = " ".join(filter(None, [_TONES[tone], _LINK if is_underlined else ""]))
    wrapped = [line for text in texts or [""] for line in lines(text).wrap(room)]
    shown = indent.join([line.stylize(style) if style else line for line in wrapped])
    return LineOption(Content.assemble(start, shown), id=id, leads=leads or is_underlined)


def label_width(width: int) -> int:
    """Return the cells for labels on a screen of some width."""
    return LABEL_WIDTH if width >= _NARROW else LABEL_WIDTH - 6
