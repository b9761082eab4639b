"""Choose the columns that fit in a table, and their widths in terminal cells."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

GAP = 2
"""Number of blank cells between two columns."""
_AMPLE = 24  # extra cells that must remain for the other columns if one is widened to its whole label


@dataclass(frozen=True)
class Column:
    """One column of a table.

    Attributes:
        key: The key of the column in `Cells`.
        label: The header; its second line if `above` is set.
        width: The minimum width in cells.
        weight: The share of the extra width.
        priority: If the table is too narrow, the column with the highest priority is dropped first; 0 is never dropped.
        align: The alignment of the texts.
        secondary: Whether the column is dimmed, so that the others stand out.
        spare: The number of extra cells required to show the column, so that the other columns get enough room first.
        above: The first line of a header on two lines.
        wide: The width to use instead of `width` if the other columns keep ample room; 0: none.
    """

    key: str
    label: str
    width: int
    weight: int = 0
    priority: int = 0
    align: Literal["left", "right"] = "left"
    secondary: bool = False
    spare: int = 0
    above: str = ""
    wide: int = 0


def fit_columns(columns: Sequence[Column], width: int) -> list[tuple[Column, int]]:
    """Return the columns that fit in `width` cells, in order, each with its width in cells.

    Including gaps they are never wider than `width`. The result is empty if nothing fits.
    """
    fitting = _fitting(columns, width)
    room = max(0, width) - _gaps(fitting)
    fitting = _widened(fitting, room - sum(column.width for column in fitting))
    free_cells = room - sum(column.width for column in fitting)
    widths = _stretched(fitting, free_cells) if free_cells >= 0 else _squeezed(fitting, room)
    return list(zip(fitting, widths, strict=True))


def _gaps(columns: Sequence[Column]) -> int:
    return GAP * max(0, len(columns) - 1)


def _fitting(columns: Sequence[Column], width: int) -> list[Column]:
    fitting = list(columns)
    while fitting and sum(column.width + column.spare for column in fitting) + _gaps(fitting) > width:
        last_to_matter = max(range(len(fitting)), key=lambda index: (fitting[index].priority, index))
        if not fitting[last_to_matter].priority:
            break
        del fitting[last_to_matter]
    # Columns with priority 0 shrink to a single cell; only if that is not enough, drop them from the right.
    while fitting and len(fitting) + _gaps(fitting) > width:
        fitting.pop()
    return fitting


def _widened(columns: Sequence[Column], free_cells: int) -> list[Column]:
    """Return the columns, widened to their `wide` width from left to right while ample room remains."""
    widened = []
    for column in columns:
        more = column.wide - column.width
        if more > 0 and free_cells - more >= _AMPLE:
            column = replace(column, width=column.wide)
            free_cells -= more
        widened.append(column)
    return widened


def _stretched(columns: Sequence[Column], free_cells: int) -> list[int]:
    """Return the minimum widths plus `free_cells` distributed by weight, without a remainder."""
    total = sum(column.weight for column in columns)
    widths, weight, distributed = [], 0, 0
    for column in columns:
        weight += column.weight
        share = free_cells * weight // total - distributed if total else 0
        distributed += share
        widths.append(column.width + share)
    return widths


def _squeezed(columns: Sequence[Column], room: int) -> list[int]:
    """Shrink the minimum widths, the widest first, until their sum is `room`."""
    widths = [column.width for column in columns]
    for _ in range(sum(widths) - room):
        widest = max(range(len(widths)), key=widths.__getitem__)
        widths[widest] -= 1
    return widths
