"""Which columns of a table stay when it is narrow, and how wide each is. Arithmetic in terminal cells."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

GAP = 2
"""Blank cells between two columns."""


@dataclass(frozen=True)
class Column:
    """One column of a table.

    `width` is the least number of cells it needs, `weight` its share of the room that is left over.
    When the table is narrow the column with the highest `priority` goes first; 0 never goes. One with `spare` goes
    already where fewer cells than that are left over for all to share: the others are to have room before it comes.
    A `secondary` column is shown dimmed, so that the eye meets the others first. `above` is the first line of a label
    on two lines, and `label` the second.
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


def fit_columns(columns: Sequence[Column], width: int) -> list[tuple[Column, int]]:
    """The columns that stay in `width` cells, in their order, each with its width in cells.

    Together with the gaps they are never wider than `width`; without room for anything there are none.
    """
    kept = _kept(columns, width)
    room = max(0, width) - _gaps(kept)
    spare = room - sum(column.width for column in kept)
    widths = _stretched(kept, spare) if spare >= 0 else _squeezed(kept, room)
    return list(zip(kept, widths, strict=True))


def _gaps(columns: Sequence[Column]) -> int:
    return GAP * max(0, len(columns) - 1)


def _kept(columns: Sequence[Column], width: int) -> list[Column]:
    kept = list(columns)
    while kept and sum(column.width + column.spare for column in kept) + _gaps(kept) > width:
        last_to_matter = max(range(len(kept)), key=lambda index: (kept[index].priority, index))
        if not kept[last_to_matter].priority:
            break
        del kept[last_to_matter]
    # What never goes is squeezed, down to one cell; only then the rightmost goes after all.
    while kept and len(kept) + _gaps(kept) > width:
        kept.pop()
    return kept


def _stretched(columns: Sequence[Column], spare: int) -> list[int]:
    """The least widths plus `spare` cells shared out by weight, to the last cell."""
    total = sum(column.weight for column in columns)
    widths, weight, given = [], 0, 0
    for column in columns:
        weight += column.weight
        share = spare * weight // total - given if total else 0
        given += share
        widths.append(column.width + share)
    return widths


def _squeezed(columns: Sequence[Column], room: int) -> list[int]:
    """The least widths made smaller, the widest first, until together they fill `room`."""
    widths = [column.width for column in columns]
    for _ in range(sum(widths) - room):
        widest = max(range(len(widths)), key=widths.__getitem__)
        widths[widest] -= 1
    return widths
