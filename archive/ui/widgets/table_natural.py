"""Columns as wide as their content. If there is too little room, texts are cut, then columns are dropped."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from archive.text import cell_width
from archive.ui.widgets.table_layout import GAP, Column

LEAST = 10  # minimum width of a text column


@dataclass(frozen=True)
class Natural:
    """A column whose `width` fits its content. Text can be cut, other values cannot.

    The column with the highest `priority` is dropped first, a column with 0 never. Columns are dropped before a text is
    cut to fewer than `keep` cells. `short` is a narrower version of the column, such as dates without weekday, which is
    used before any text is cut.
    """

    column: Column
    is_text: bool = False
    keep: int = LEAST
    short: Column | None = None
    is_empty: bool = False  # no row has a value: dropped before any text is cut
    cells: int = 0  # width of the widest value, if a wider label may wrap; 0 keeps the label on one line

    @property
    def least(self) -> int:
        """The minimum width, below which the column is useless."""
        return min(self.column.width, self.keep) if self.is_text else self.column.width


def fit_natural(columns: Sequence[Natural], room: int) -> list[Column]:
    """Choose the columns that fit in `room` cells, in order and no wider than needed."""
    if _width(columns) > room:
        columns = [replace(each, column=each.short or each.column) for each in columns]
    if _width(columns) > room:
        columns = [replace(each, column=_on_two_lines(each.column, each.cells)) for each in columns]
    if _width(columns) > room:
        columns = [each for each in columns if not (each.is_empty and each.column.priority)]
    fitting = _fitting(columns, room)
    widths = [natural.column.width for natural in fitting]
    over = _width(fitting) - room
    for least in ([natural.least for natural in fitting], [LEAST] * len(fitting)):
        for _cell in range(over):
            texts = [at for at, natural in enumerate(fitting) if natural.is_text and widths[at] > least[at]]
            if not texts:
                break
            widths[max(texts, key=widths.__getitem__)] -= 1
            over -= 1
    return [
        replace(natural.column, width=width, weight=0) for natural, width in zip(fitting, widths, strict=True)
    ]


def _on_two_lines(column: Column, cells: int) -> Column:
    """Break the label of a column at the position with the shortest lines, if that makes the column narrower."""
    words = column.label.split(" ")
    breaks = [(" ".join(words[:at]), " ".join(words[at:])) for at in range(1, len(words))]
    if not cells or cell_width(column.label) <= cells or not breaks:
        return column
    above, label = min(breaks, key=lambda lines: max(map(cell_width, lines)))
    return replace(column, above=above, label=label, width=max(cells, cell_width(above), cell_width(label)))


def _width(columns: Sequence[Natural]) -> int:
    return sum(each.column.width for each in columns) + GAP * (len(columns) - 1)


def _fitting(columns: Sequence[Natural], room: int) -> list[Natural]:
    fitting = list(columns)
    while sum(natural.least for natural in fitting) + GAP * (len(fitting) - 1) > room:
        last = max(range(len(fitting)), key=lambda at: (fitting[at].column.priority, at), default=0)
        if not fitting or not fitting[last].column.priority:
            break
        del fitting[last]
    return fitting
