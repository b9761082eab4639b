"""The results of a search in all tables: grouped by kind, each with the words around the match."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from textual.binding import Binding
from textual.content import Content
from textual.widgets.option_list import Option

from archive.model.tables import TABLES
from archive.service.search_everything import Hit, Hits
from archive.text import N_, _
from archive.ui.excerpt import excerpt
from archive.ui.safe_text import fit, template
from archive.ui.widgets.option_list import OptionList

_DAY = 10
_NAME, _NARROW_NAME = 24, 14
_WIDE = 70  # minimum width for long names and for the labels of fields
_INDENT = 2
_FRAME = 3  # padding on both sides, and the scroll bar

Target = Hit | str
"""What enter opens: a record, or a table with all its matches."""


class HitList(OptionList):
    """The hits; enter opens the one under the cursor."""

    DEFAULT_CSS = """
    HitList { height: 1fr; border: none; padding: 0 1; background: $background; scrollbar-gutter: stable; }
    HitList:focus { border: none; background: $background; background-tint: $background 0%; }
    """
    BINDINGS = [
        Binding("enter", "select", N_("Open")),
        Binding("j", "cursor_down", show=False),
        Binding("k", "cursor_up", show=False),
        Binding("g,home", "first", show=False),
        Binding("G,end", "last", show=False),
    ]

    def __init__(self, *, id: str) -> None:
        super().__init__(id=id)
        self._groups: list[Hits] = []
        self._targets: list[Target | None] = []  # for each line; None for a heading

    def show(self, groups: Sequence[Hits]) -> None:
        """Replace the hits, and put the cursor on the first one."""
        self._groups, self._targets = [], []
        self.clear_options()
        self.add(groups)
        self.highlighted = 1 if self._targets else None
        self.scroll_home(animate=False)

    def add(self, groups: Sequence[Hits]) -> None:
        """Add the hits of further tables below the others."""
        self._groups += groups
        for group in groups:
            lines = list(_lines(group, self.app.size.width - _FRAME))
            self._targets += [target for target, _line in lines]
            self.add_options([Option(line, disabled=target is None) for target, line in lines])

    def redraw(self) -> None:
        """Draw the lines again, for another width."""
        at, groups = self.highlighted, self._groups
        self.show(groups)
        self.highlighted = at

    @property
    def shown(self) -> int:
        """The number of tables whose hits are shown."""
        return len(self._groups)

    @property
    def target(self) -> Target | None:
        """What the line under the cursor opens."""
        return None if self.highlighted is None else self.target_of(self.highlighted)

    def target_of(self, line: int) -> Target | None:
        """Return what a line opens."""
        return self._targets[line]

    def action_cursor_up(self) -> None:
        """Move up; show the first heading, too."""
        super().action_cursor_up()
        if self.highlighted == 1:
            self.scroll_home(animate=False)


def _lines(group: Hits, width: int) -> Iterator[tuple[Target | None, Content]]:
    """Yield a heading with the number of records, the records, and how to see the others."""
    title = _(TABLES[group.table].LABEL)
    yield None, template("[$foreground 60%]$title  $count[/]", title=title, count=f"{group.total:,}")
    room = max(1, width - _INDENT)
    for hit in group.hits:
        yield hit, Content.assemble(" " * _INDENT, _line(hit, room))
    if more := group.total - len(group.hits):
        words = _("{n} more in {place}").format(n=f"{more:,}", place=title)
        yield group.table, template("  [$text-accent]$words[/]", words=words)


def _line(hit: Hit, room: int) -> Content:
    """Lay out date, name and the words around the match, with the field they are in if there is room."""
    is_wide = room >= _WIDE
    has_days = bool(TABLES[hit.table].DAY in TABLES[hit.table].FIELDS)
    day = f"{hit.day:{_DAY}}  " if has_days else ""
    name = fit(hit.name or hit.day, min(room, _NAME if is_wide else _NARROW_NAME)) + "  "
    is_name = hit.table != "interactions" and hit.text == hit.name
    label = f"{hit.label}: " if is_wide and not is_name else ""
    left = room - len(day) - (_NAME if is_wide else _NARROW_NAME) - 2
    head = template("[$foreground 60%]$day[/]", day=day)
    if is_name:
        return Content.assemble(head, excerpt(hit.text, hit.spans, room - len(day)))
    field = template("[$foreground 60%]$label[/]", label=label)
    return Content.assemble(
        head, template("$name", name=name), field, excerpt(hit.text, hit.spans, left - len(label))
    )
