"""The week as a grid of half hours, painted with the keyboard."""

from __future__ import annotations

from collections.abc import Iterable

from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget

from archive.model.contact_times import Cell
from archive.model.weekdays import SHORT
from archive.text import _
from archive.ui.safe_text import template

Slot = tuple[int, int]  # day, half hour
Grid = dict[Slot, Cell]
SLOTS = 48
NAME_WIDTH = 5  # width of a day's name
WORKDAYS = range(5)
# A letter for each channel, so that the grid is readable without colours.
SIGNS = {"": "█", "phone": "p", "visit": "v", "email": "e", "letter": "l", "message": "m", "video": "d"}


def hours_above(slots: range) -> str:
    """Return a scale with every third hour, none truncated, and "…" at an end where the day continues."""
    before, after = ("…  " if slots.start else ""), ("  …" if slots.stop < SLOTS else "")
    line = before
    for slot in range(0, SLOTS, 6):
        position, hour = slot - slots.start, str(slot // 2)
        if len(line) <= position <= len(slots) - len(hour) - len(after):
            line = line.ljust(position) + hour
    return (line.ljust(len(slots) - len(after)) + after)[: len(slots)]


class WeekGrid(Widget, can_focus=True):
    """Seven days by 48 half hours with a cursor; space paints or clears the half hour under it, or the selected range.

    If they do not all fit, the grid scrolls with the cursor, and "…" in the scale marks that the day continues.
    """

    DEFAULT_CSS = """
    WeekGrid { height: 8; width: 100%; max-width: 53; }
    """
    day: reactive[int] = reactive(0)
    slot: reactive[int] = reactive(18)

    corner: reactive[Slot | None] = reactive(None)
    """The end of the selected range opposite the cursor, or None if no range is selected."""

    def __init__(self, grid: Grid, brush: Cell) -> None:
        super().__init__()
        self.grid = grid
        self.brush: Cell = next(iter(grid.values()), brush)
        self._first = 0  # the half hour at the left edge

    def render(self) -> Content:
        slots = self._visible_slots()
        lines = [template("[$foreground 60%]$hours[/]", hours=" " * NAME_WIDTH + hours_above(slots))]
        return Content("\n").join([*lines, *(self._line(day, slots) for day in range(7))])

    def _visible_slots(self) -> range:
        """Return the half hours that fit, including the one under the cursor."""
        room = max(1, min(SLOTS, self.size.width - NAME_WIDTH))
        self._first = min(max(self._first, self.slot - room + 1), self.slot, SLOTS - room)
        return range(self._first, self._first + room)

    def _line(self, day: int, slots: range) -> Content:
        parts = [template("[$foreground 60%]$name[/]", name=_(SHORT[day]).ljust(NAME_WIDTH))]
        for slot in slots:
            cell = self.grid.get((day, slot))
            sign = SIGNS[cell[0]] if cell else "·"
            style = (
                "reverse" if (day, slot) in self.selected else "$text-accent" if cell else "$foreground 38%"
            )
            parts.append(Content(sign).stylize(style))
        return Content("").join(parts)

    @property
    def selected(self) -> set[Slot]:
        """The half hours between the corner and the cursor, or the half hour under the cursor."""
        days, slots = zip(self.corner or (self.day, self.slot), (self.day, self.slot), strict=True)
        return {
            (day, slot)
            for day in range(min(days), max(days) + 1)
            for slot in range(min(slots), max(slots) + 1)
        }

    def move(self, days: int, slots: int) -> None:
        """Move the cursor within the grid; days wrap around. The selection ends."""
        self.corner = None
        self.day = (self.day + days) % 7
        self.slot = max(0, min(SLOTS - 1, self.slot + slots))

    def select(self, days: int, slots: int) -> None:
        """Move the cursor and extend the selected range to it."""
        corner = self.corner or (self.day, self.slot)
        self.move(0, slots)
        self.day = max(0, min(6, self.day + days))
        self.corner = corner

    def paint(self) -> None:
        """Paint the range, or clear it if the brush painted all of it. After a single half hour, move on."""
        cells = self.selected
        if all(self.grid.get(cell) == self.brush for cell in cells):
            for cell in cells:
                del self.grid[cell]
        else:
            self.grid |= dict.fromkeys(cells, self.brush)
        self.move(0, 0 if self.corner else 1)
        self.refresh()

    def replace(self, grid: Grid) -> None:
        """Replace the hours of every day that the given ones include, and go to the first of them."""
        days = {day for day, _slot in grid}
        self.grid = {cell: value for cell, value in self.grid.items() if cell[0] not in days} | grid
        self.day, self.slot = min(grid)
        self.refresh()

    def copy_day(self, days: Iterable[int]) -> None:
        """Copy the hours of this day to other days."""
        hours = {slot: cell for (day, slot), cell in self.grid.items() if day == self.day}
        for day in set(days) - {self.day}:
            self.grid = {cell: value for cell, value in self.grid.items() if cell[0] != day}
            self.grid |= {(day, slot): cell for slot, cell in hours.items()}
        self.refresh()
