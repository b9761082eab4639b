"""Choose the columns that fit in a table, and their widths in terminal cells."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from rich.cells import cell_len

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
        content: The width of the widest known text; if any column has one, no column grows beyond its texts.
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
    content: int = 0


def measured(columns: Sequence[Column], rows: Iterable[Mapping[str, str]]) -> list[Column]:
    """Return the columns with the width of their widest text in some rows."""
    widest = dict.fromkeys((column.key for column in columns), 0)
    for row in rows:
        for key in widest:
            widest[key] = max(widest[key], cell_len(row.get(key, "")))
    return [replace(column, content=widest[column.key]) for column in columns]


def fit_columns(columns: Sequence[Column], width: int) -> list[tuple[Column, int]]:
    """Return the columns that fit in `width` cells, in order, each with its width in cells.

    Including gaps they are never wider than `width`. The result is empty if nothing fits.
    """
    is_measured = any(column.content for column in columns)
    fitting = _fitting([_sized(column) for column in columns] if is_measured else columns, width)
    room = max(0, width) - _gaps(fitting)
    fitting = _widened(fitting, room - sum(column.width for column in fitting))
    free_cells = room - sum(column.width for column in fitting)
    if free_cells < 0:
        widths = _squeezed(fitting, room)
    else:
        widths = (_filled if is_measured else _stretched)(fitting, free_cells)
    return list(zip(fitting, widths, strict=True))


def _sized(column: Column) -> Column:
    """Return a measured column: text has a minimum width and may grow to its content, other values have their width."""
    heading = min(cell_len(column.label) + 1, column.width)  # with room for the sign of the sort order
    content = max(column.content, heading)
    if column.weight:
        return replace(column, width=min(column.width, content), content=content)
    return replace(column, width=content if column.content else column.width, content=0)


def _filled(columns: Sequence[Column], free_cells: int) -> list[int]:
    """Widen texts towards their content, the narrowest first. The cells that no text needs stay free."""
    widths = [column.width for column in columns]
    for _cell in range(free_cells):
        short = [at for at, column in enumerate(columns) if widths[at] < column.content]
        if not short:
            break
        widths[min(short, key=widths.__getitem__)] += 1
    return widths


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
