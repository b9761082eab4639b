"""The headline figures of a report, with a cursor: value, interval, n, change and omissions."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import accumulate

from textual.binding import Binding
from textual.events import Click
from textual.message import Message
from textual.reactive import reactive

from archive.analysis.drawing.style import BOLD, DIM, Drawn, Ink, cut, fit, padded, paragraph
from archive.analysis.formatting import Form, cases, change, interval, rests_on_few, with_unit
from archive.analysis.report import Figure
from archive.text import N_, cell_width
from archive.ui.widgets.picture import Drawing

CARD = 25  # minimum and maximum width of a card, in cells
WIDEST_CARD = 40
NOTE_LINES = 3  # lines of a reason or an omission in a card; `w` shows all of it
MOST_ROWS = 2  # rows of cards
LEAST_HEIGHT = 22  # minimum height of a screen for cards, in lines
LINE = 60  # minimum width of a figure on one line, in cells
CURSOR = "cursor"


class FigureStrip(Drawing, can_focus=True):
    """Figures side by side: cards if there is enough room, else one line each."""

    DEFAULT_CSS = """
    FigureStrip { padding: 0 1 1 2; }
    """
    BINDINGS = [
        Binding("right", "move(1)", N_("Next figure"), show=False, id="figures.right"),
        Binding("left", "move(-1)", N_("Previous figure"), show=False, id="figures.left"),
        Binding("down,j", "step(1)", N_("Figure below"), show=False, id="figures.down"),
        Binding("up,k", "step(-1)", N_("Figure above"), show=False, id="figures.up"),
        Binding("enter", "open", N_("Open"), id="figures.open"),
    ]
    cursor_index: reactive[int] = reactive(0, bindings=True, init=False)
    """The index of the figure under the cursor."""

    @dataclass
    class Highlighted(Message):
        """The cursor moved to another figure."""

        at: int

    @dataclass
    class Opened(Message):
        """The user opens the records behind a figure."""

        figure: Figure

    @dataclass
    class Left(Message):
        """The cursor moves below the last line of figures, or above the first."""

        step: int

    def __init__(self, figures: Sequence[Figure], form: Form) -> None:
        super().__init__()
        self.figures = figures
        self._form = form
        self._tops: list[int] = []  # first line of each row of figures

    @property
    def figure(self) -> Figure | None:
        """The figure under the cursor."""
        return self.figures[self.cursor_index] if self.figures else None

    def validate_cursor_index(self, at: int) -> int:
        return max(0, min(at, len(self.figures) - 1))

    def watch_cursor_index(self) -> None:
        self.redraw()
        self.post_message(self.Highlighted(self.cursor_index))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Enable enter only if the figure has records."""
        return action != "open" or bool(self.figure and self.figure.opens and self.figure.opens.uids)

    def action_move(self, step: int) -> None:
        """Go to the next or previous figure."""
        self.cursor_index += step

    def action_step(self, step: int) -> None:
        """Go to the figure below or above, or to the next part of the report."""
        index = self.cursor_index + step * self._columns(self.size.width)
        if 0 <= index < len(self.figures):
            self.cursor_index = index
        else:
            self.post_message(self.Left(step))

    def action_open(self) -> None:
        """Open the records behind the figure."""
        if self.figure:
            self.post_message(self.Opened(self.figure))

    def on_click(self, event: Click) -> None:
        offset = event.get_content_offset(self)
        if offset is not None and self.figures:
            columns = self._columns(self.size.width)
            row = max(0, bisect_right(self._tops, offset.y) - 1)
            self.cursor_index = row * columns + offset.x // max(1, self.size.width // columns)

    # Layout

    def _are_cards(self, width: int) -> bool:
        """Whether cards fit in half of the screen."""
        if len(self.figures) > MOST_ROWS * (width // CARD) or self.app.size.height < LEAST_HEIGHT:
            return False
        columns = self._card_columns(width)
        rows = self._rows(columns, lambda at: self._card(at, min(width // columns, WIDEST_CARD)))
        return sum(len(row) + 1 for row in rows) <= self.app.size.height // 2

    def _card_columns(self, width: int) -> int:
        """Return the number of cards in a row, equal for all rows."""
        rows = -(-len(self.figures) // max(1, width // CARD))
        return max(1, -(-len(self.figures) // max(1, rows)))

    def _rows(self, columns: int, cell: Callable[[int], list[list[Ink]]]) -> list[list[Drawn]]:
        """Lay out each row of figures, its cells equally high."""
        starts = range(0, len(self.figures), columns)
        cells = [cell(at) for at in range(len(self.figures))]
        return [_joined(cells[start : start + columns]) for start in starts]

    def _columns(self, width: int) -> int:
        """Return the number of figures in a row."""
        return self._card_columns(width) if self._are_cards(width) else max(1, width // LINE)

    def lay(self, width: int, height: int) -> list[Drawn]:
        if not self.figures:
            return []
        columns = self._columns(width)
        each = width // columns
        are_cards = self._are_cards(width)
        label = min(each // 2, max(cell_width(cut(figure.label, each)) for figure in self.figures))
        rows = self._rows(
            columns,
            lambda at: self._card(at, min(each, WIDEST_CARD)) if are_cards else self._line(at, each, label),
        )
        if are_cards:
            rows = [[*row, ()] for row in rows]
        self._tops = [0, *accumulate(len(row) for row in rows[:-1])]
        lines = [line for row in rows for line in row]
        return lines[:-1] if are_cards else lines

    def _role(self, at: int, role: str) -> str:
        return CURSOR if at == self.cursor_index and self.has_focus else role

    def _value_role(self, figure: Figure) -> str:
        return DIM if figure.value is None or rests_on_few(figure) else BOLD

    def _card(self, at: int, width: int) -> list[list[Ink]]:
        """Lay out label, value with interval, n and change, the reason for no value, and omissions."""
        figure, room = self.figures[at], width - 2
        value = cut(with_unit(figure.value, figure.unit, self._form), room)
        pieces = _pieces(figure, self._form)
        inline, below = _fitting(
            pieces, room - cell_width(value) - 2, most=1 if interval(figure, self._form) else 0
        )
        lines = [
            [Ink(fit(figure.label, room), self._role(at, DIM))],
            [
                Ink(value, self._role(at, self._value_role(figure))),
                Ink(padded(f"  {inline}" if inline else "", room - cell_width(value)), DIM),
            ],
            *([Ink(fit(line, room), DIM)] for line in _packed(below, room)),
            *([Ink(fit(line, room), DIM)] for line in _notes(figure, room)),
        ]
        return [[*line, Ink("  ")] for line in lines]

    def _line(self, at: int, width: int, label: int) -> list[list[Ink]]:
        """Lay out the same content on one line, with the overflow on the lines below."""
        figure, form = self.figures[at], self._form
        value = cut(with_unit(figure.value, figure.unit, form), max(1, width - label - 4))
        space = width - label - cell_width(value) - 6
        pieces = [*_pieces(figure, form), *([figure.note] if figure.note else [])]
        inline, below = _fitting(pieces, space, most=len(pieces))
        room = max(1, width - 4)
        first = [
            Ink(fit(figure.label, label), self._role(at, DIM)),
            Ink("  "),
            Ink(value, self._role(at, self._value_role(figure))),
            Ink("  " + fit(inline, space) + "  ", DIM) if space > 0 else Ink(""),
        ]
        rest = [*_packed(below, room), *(paragraph(figure.omitted, room) if figure.omitted else [])]
        return [first, *([Ink("  "), Ink(fit(line, room), DIM), Ink("  ")] for line in rest)]


def _pieces(figure: Figure, form: Form) -> list[str]:
    """Return interval, n and change, without empty ones."""
    between = interval(figure, form)
    pieces = (f"({between})" if between else "", cases(figure.n, form), change(figure, form))
    return [piece for piece in pieces if piece]


def _fitting(pieces: list[str], room: int, *, most: int) -> tuple[str, list[str]]:
    """Split the pieces into a first line with at most `most` pieces that fit, and the rest."""
    count = max(
        (n for n in range(1, most + 1) if cell_width("  ".join(pieces[:n])) <= room),
        default=0,
    )
    return "  ".join(pieces[:count]), pieces[count:]


def _packed(pieces: list[str], room: int) -> list[str]:
    """Put the pieces on as few lines as possible."""
    lines: list[str] = []
    for piece in pieces:
        longer = f"{lines[-1]}  {piece}" if lines else piece
        if lines and cell_width(longer) <= room:
            lines[-1] = longer
        else:
            lines.append(piece)
    return lines


def _notes(figure: Figure, room: int) -> list[str]:
    """Return the first lines of the reason for no value and of the omissions."""
    return [line for text in (figure.note, figure.omitted) if text for line in _note_lines(text, room)]


def _note_lines(text: str, room: int) -> list[str]:
    """Return the first lines of a sentence, ending with … if it goes on."""
    lines = paragraph(text, room)
    if len(lines) > NOTE_LINES:
        lines[NOTE_LINES - 1] = cut(f"{lines[NOTE_LINES - 1]} {lines[NOTE_LINES]}", room)
    return lines[:NOTE_LINES]


def _joined(cells: Sequence[list[list[Ink]]]) -> list[Drawn]:
    """Join cells side by side, padding lower ones with blank lines."""
    height = max(map(len, cells))
    widths = [max(_width(line) for line in cell) for cell in cells]
    full = [
        [*cell, *([Ink(" " * width)] for _line in range(height - len(cell)))]
        for cell, width in zip(cells, widths, strict=True)
    ]
    return [tuple(ink for part in line for ink in part) for line in zip(*full, strict=True)]


def _width(line: Sequence[Ink]) -> int:
    return sum(cell_width(ink.text) for ink in line)
