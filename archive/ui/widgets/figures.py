"""The few figures that stand above a report, with a cursor: a value in bold, what it rests on and how it changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from textual.binding import Binding
from textual.events import Click
from textual.message import Message
from textual.reactive import reactive

from archive.analysis.drawing.ink import BOLD, DIM, Drawn, Ink, cut, fit, padded
from archive.analysis.report import Figure
from archive.analysis.shown import Form, cases, change, interval, rests_on_few, shown
from archive.text import N_, cell_width
from archive.ui.widgets.picture import Drawing

CARD = 25  # least cells of a figure that has lines of its own, and the most
WIDEST_CARD = 40
CARD_LINES = 4  # the last one is blank
MOST_ROWS = 2  # of cards
LEAST_HEIGHT = 22  # lines of a screen that has room for cards
LINE = 60  # cells of a figure that has one line
CURSOR = "cursor"


class FigureStrip(Drawing, can_focus=True):
    """Figures side by side, as cards where there is room, else a line each."""

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
    place: reactive[int] = reactive(0, bindings=True, init=False)
    """The figure the cursor is on, from 0."""

    @dataclass
    class Highlighted(Message):
        """The cursor is on another figure."""

        at: int

    @dataclass
    class Opened(Message):
        """The records behind a figure were asked for."""

        figure: Figure

    @dataclass
    class Left(Message):
        """The user goes on below the last line of figures, or above the first."""

        step: int

    def __init__(self, figures: Sequence[Figure], form: Form) -> None:
        super().__init__()
        self.figures = figures
        self._form = form

    @property
    def figure(self) -> Figure | None:
        """The figure under the cursor."""
        return self.figures[self.place] if self.figures else None

    def validate_place(self, at: int) -> int:
        return max(0, min(at, len(self.figures) - 1))

    def watch_place(self) -> None:
        self.redraw()
        self.post_message(self.Highlighted(self.place))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Enter is there where something opens."""
        return action != "open" or bool(self.figure and self.figure.opens and self.figure.opens.uids)

    def action_move(self, step: int) -> None:
        """The figure beside."""
        self.place += step

    def action_step(self, step: int) -> None:
        """The figure below or above, or what stands there."""
        there = self.place + step * self._columns(self.size.width)
        if 0 <= there < len(self.figures):
            self.place = there
        else:
            self.post_message(self.Left(step))

    def action_open(self) -> None:
        """The records behind the figure."""
        if self.figure:
            self.post_message(self.Opened(self.figure))

    def on_click(self, event: Click) -> None:
        offset = event.get_content_offset(self)
        if offset is not None and self.figures:
            columns = self._columns(self.size.width)
            high = CARD_LINES if self._are_cards(self.size.width) else 1
            self.place = offset.y // high * columns + offset.x // max(1, self.size.width // columns)

    # Layout

    def _are_cards(self, width: int) -> bool:
        return len(self.figures) <= MOST_ROWS * (width // CARD) and self.app.size.height >= LEAST_HEIGHT

    def _columns(self, width: int) -> int:
        """Figures beside each other: as many in each row of cards as in the others."""
        if not self._are_cards(width):
            return max(1, width // LINE)
        rows = -(-len(self.figures) // max(1, width // CARD))
        return max(1, -(-len(self.figures) // max(1, rows)))

    def lay(self, width: int, height: int) -> list[Drawn]:
        if not self.figures:
            return []
        columns = self._columns(width)
        each = width // columns
        rows = range(0, len(self.figures), columns)
        if self._are_cards(width):
            cards = [self._card(at, min(each, WIDEST_CARD)) for at in range(len(self.figures))]
            lines = [_joined(cards[start : start + columns]) for start in rows]
            return [line for row in lines for line in (*row, ())][:-1]
        label = max(cell_width(cut(figure.label, each)) for figure in self.figures)
        line = [self._line(at, each, min(label, each // 2)) for at in range(len(self.figures))]
        return [tuple(ink for part in line[start : start + columns] for ink in part) for start in rows]

    def _role(self, at: int, role: str) -> str:
        return CURSOR if at == self.place and self.has_focus else role

    def _value_role(self, figure: Figure) -> str:
        return DIM if figure.value is None or rests_on_few(figure) else BOLD

    def _card(self, at: int, width: int) -> list[list[Ink]]:
        """Label, value with its interval, and how it changed, on what it rests or why there is none."""
        figure, form, room = self.figures[at], self._form, width - 2
        said = cut(shown(figure.value, figure.unit, form), room)
        between = interval(figure, form)
        behind = f"  ({between})" if between and cell_width(said) + len(between) + 4 <= room else ""
        below = change(figure, form) or figure.note or cases(figure.n, form)
        return [
            [Ink(fit(figure.label, room), self._role(at, DIM)), Ink("  ")],
            [
                Ink(said, self._role(at, self._value_role(figure))),
                Ink(padded(behind, room - cell_width(said)), DIM),
                Ink("  "),
            ],
            [Ink(fit(below, room), DIM), Ink("  ")],
        ]

    def _line(self, at: int, width: int, label: int) -> list[Ink]:
        """The same on one line, as much of it as fits."""
        figure, form = self.figures[at], self._form
        said = cut(shown(figure.value, figure.unit, form), max(1, width - label - 4))
        left = width - label - cell_width(said) - 6
        about = next((words for words in _about(figure, form) if cell_width(words) <= left), figure.note)
        return [
            Ink(fit(figure.label, label), self._role(at, DIM)),
            Ink("  "),
            Ink(said, self._role(at, self._value_role(figure))),
            Ink("  " + fit(about, left) + "  ", DIM) if left > 0 else Ink(""),
        ]


def _about(figure: Figure, form: Form) -> list[str]:
    """The interval and how the figure changed, else why there is none: all of it, and then less and less."""
    low_to_high, changed = interval(figure, form), change(figure, form)
    between = f"({low_to_high})" if low_to_high else ""
    words = [
        (between, changed or figure.note),
        (between, changed[:1]),
        (changed,),
        (changed[:1],),
        (between,),
    ]
    return ["  ".join(filter(None, some)) for some in words]


def _joined(cards: Sequence[list[list[Ink]]]) -> list[Drawn]:
    """Cards beside each other, line by line."""
    return [tuple(ink for part in line for ink in part) for line in zip(*cards, strict=True)]
