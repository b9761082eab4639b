"""Columns as wide as their cells. If there is too little room, texts are cut, then columns dropped."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from archive.text import cell_width
from archive.ui.widgets.table_layout import GAP, Column

LEAST = 10  # cells that a text keeps while its column stays


@dataclass(frozen=True)
class Natural:
    """A column whose `width` is all that its cells need. A text can be cut; what is no text cannot.

    The column with the highest `priority` goes first, one with 0 never. Other columns go rather than that a text is
    cut to fewer cells than it is to `keep`. `short` says the same in fewer cells, such as a day without its weekday:
    it is shown before any text is cut.
    """

    column: Column
    is_text: bool = False
    keep: int = LEAST
    short: Column | None = None
    is_empty: bool = False  # no row has a value: it goes before any text is cut
    cells: int = 0  # of the widest value, for a label that is wider; 0: the label stays on one line

    @property
    def least(self) -> int:
        """The cells without which the column is of no use."""
        return min(self.column.width, self.keep) if self.is_text else self.column.width


def fit_natural(columns: Sequence[Natural], room: int) -> list[Column]:
    """Choose the columns for so many cells, in their order; no wider than they need to be."""
    if _width(columns) > room:
        columns = [replace(each, column=each.short or each.column) for each in columns]
    if _width(columns) > room:
        columns = [replace(each, column=_on_two_lines(each.column, each.cells)) for each in columns]
    if _width(columns) > room:
        columns = [each for each in columns if not (each.is_empty and each.column.priority)]
    kept = _kept(columns, room)
    widths = [natural.column.width for natural in kept]
    over = _width(kept) - room
    for least in ([natural.least for natural in kept], [LEAST] * len(kept)):
        for _cell in range(over):
            texts = [at for at, natural in enumerate(kept) if natural.is_text and widths[at] > least[at]]
            if not texts:
                break
            widths[max(texts, key=widths.__getitem__)] -= 1
            over -= 1
    return [
        replace(natural.column, width=width, weight=0) for natural, width in zip(kept, widths, strict=True)
    ]


def _on_two_lines(column: Column, cells: int) -> Column:
    """Break the label of a column where both lines are shortest, if that makes the column narrower."""
    words = column.label.split(" ")
    breaks = [(" ".join(words[:at]), " ".join(words[at:])) for at in range(1, len(words))]
    if not cells or cell_width(column.label) <= cells or not breaks:
        return column
    above, label = min(breaks, key=lambda lines: max(map(cell_width, lines)))
    return replace(column, above=above, label=label, width=max(cells, cell_width(above), cell_width(label)))


def _width(columns: Sequence[Natural]) -> int:
    return sum(each.column.width for each in columns) + GAP * (len(columns) - 1)


def _kept(columns: Sequence[Natural], room: int) -> list[Natural]:
    kept = list(columns)
    while sum(natural.least for natural in kept) + GAP * (len(kept) - 1) > room:
        last = max(range(len(kept)), key=lambda at: (kept[at].column.priority, at), default=0)
        if not kept or not kept[last].column.priority:
            break
        del kept[last]
    return kept
