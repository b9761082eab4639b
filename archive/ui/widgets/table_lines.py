"""Render one line of a table from texts and styles, without knowledge of records or the screen."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from operator import itemgetter

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from archive.store import Sort
from archive.text import _
from archive.ui.safe_text import fit
from archive.ui.widgets.table_layout import GAP, Column

Cells = Mapping[str, str]
"""The texts of one row by column key. `TONE` is the key for the tone of the whole row, `tone_key(column)`
for that of one cell: "dim", "warn", or none. A tone must not carry information that is not in the text."""

TONE = "_tone"

GUTTER = 2
"""Width of the area left of the first column, for the sign of a marked row."""

Fitted = Sequence[tuple[Column, int]]
StyleOf = Callable[[str], Style]
Run = tuple[Style, str]


def tone_key(column_key: str) -> str:
    """Return the key in `Cells` for the tone of a column."""
    return f"{TONE}.{column_key}"


def strip_of(fitted: Fitted, runs: Iterable[Run], width: int) -> Strip:
    """Join the runs of the columns into a strip of exactly `width` cells.

    Adjacent runs of the same style become a single segment, because fewer segments render faster.
    """
    segments = [
        Segment("".join(map(itemgetter(1), same)), style) for style, same in groupby(runs, itemgetter(0))
    ]
    filled = GUTTER + sum(cells + GAP for _column, cells in fitted)
    if filled < width:
        segments.append(Segment(" " * (width - filled), segments[-1].style))
    return Strip(segments, max(filled, width)).crop(0, width)


def row_runs(fitted: Fitted, cells: Cells, style: StyleOf, *, cursor: bool, marked: bool) -> Iterator[Run]:
    """Yield the gutter and the cells of one row; the cursor row has a single style throughout."""

    def cell_style(column: Column) -> Style:
        tone = cells.get(tone_key(column.key)) or cells.get(TONE)
        return style(tone or ("secondary" if column.secondary else "row"))

    yield style("cursor" if cursor else "mark"), fit("●" if marked else "", GUTTER)
    for column, width in fitted:
        text = fit(cells.get(column.key, ""), width, column.align) + " " * GAP
        yield style("cursor") if cursor else cell_style(column), text


def header_runs(fitted: Fitted, sort: Sort, style: StyleOf) -> Iterator[Run]:
    """Yield the column labels; sort columns have an arrow for their direction, and their rank if there are several."""
    signs = {
        by.key: ("▼" if by.reverse else "▲") + (str(rank) if sort.then else "")
        for rank, by in enumerate(sort.keys, 1)
    }
    yield style("header"), " " * GUTTER
    for column, width in fitted:
        if column.key in signs:
            yield style("sorted"), _sorted_label(column, width, signs[column.key])
        else:
            yield style("header"), fit(_label(column, width), width, column.align) + " " * GAP


def above_runs(fitted: Fitted, style: StyleOf) -> Iterator[Run]:
    """Yield the first lines of labels on two lines."""
    yield style("header"), " " * GUTTER
    for column, width in fitted:
        yield style("header"), fit(column.above, width, column.align) + " " * GAP


def _label(column: Column, width: int) -> str:
    """Return the label of a column; if it does not fit, without its parenthesis: "Revenue (12 mo.)", "Revenue"."""
    label = _(column.label)
    return label.rpartition(" (")[0] or label if cell_len(label) > width and label.endswith(")") else label


def _sorted_label(column: Column, width: int, sign: str) -> str:
    """Return the label with its arrow. A label as wide as its column borrows a cell of the gap."""
    right = column.align == "right"
    room, cells = width if right else width + 1, len(sign)
    label = fit(_label(column, room - cells), room - cells).rstrip()
    between = " " if label and cell_len(label) + 1 + cells <= room else ""
    text = sign + between + label if right else label + between + sign
    return fit(text, room, column.align) + " " * (width + GAP - room)
