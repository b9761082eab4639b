"""The week as a grid of half hours: displayed in the profile, painted with arrows and space."""

from __future__ import annotations

from collections.abc import Sequence

from textual.app import ComposeResult
from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget
from textual.widgets import Static

from archive.model.contact_details import CHANNEL, Window
from archive.model.contact_times import Cell, exact, grid_of, windows_of
from archive.model.records.customer import Customer
from archive.model.weekdays import SHORT
from archive.text import N_, _
from archive.ui.commands import command
from archive.ui.safe_text import plain, template
from archive.ui.screens.dialogs import LineScreen, PickScreen, Question
from archive.ui.widgets.field_row import FieldRow

Grid = dict[tuple[int, int], Cell]
SLOTS = 48
NAME_WIDTH = 5  # width of a day's name
# A letter for each channel, so that the grid is readable without colours.
SIGNS = {"": "█", "phone": "p", "visit": "v", "email": "e", "letter": "l", "message": "m", "video": "d"}


def week_picture(customer: Customer) -> Content:
    """Return the contact hours of a customer's week, one line per day with hours; empty if there are none."""
    if not customer.windows:
        return Content()
    grid = grid_of(customer.windows)
    hours = sorted(slot for _day, slot in grid)
    first, last = max(0, hours[0] // 2 - 1), min(24, hours[-1] // 2 + 2)
    rows = [_row(grid, day, first * 2, last * 2) for day in range(7) if any(d == day for d, _slot in grid)]
    return Content("\n").join([_scale(first, last), *rows])


def _scale(first: int, last: int) -> Content:
    marks = "".join(f"{hour:<6}" if (hour - first) % 3 == 0 else "" for hour in range(first, last))
    return template("[$foreground 60%]$label[/]", label=" " * 22 + "      " + marks)


def _row(grid: Grid, day: int, start: int, stop: int) -> Content:
    cells = "".join("▬" if (day, slot) in grid else "·" for slot in range(start, stop))
    return template(
        "[$foreground 60%]$day[/]  [$text-accent]$cells[/]",
        day=" " * 22 + _(SHORT[day]).ljust(4),
        cells=cells,
    )


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
    """Seven days by 48 half hours with a cursor; space paints or clears the half hour under it and moves on.

    If they do not all fit, the grid scrolls with the cursor, and "…" in the scale marks that the day continues.
    """

    DEFAULT_CSS = """
    WeekGrid { height: 8; width: 100%; max-width: 53; }
    """
    day: reactive[int] = reactive(0)
    slot: reactive[int] = reactive(18)

    def __init__(self, grid: Grid) -> None:
        super().__init__()
        self.grid = grid
        self.brush: Cell = next(iter(grid.values()), ("phone", ""))
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
                "reverse"
                if (day, slot) == (self.day, self.slot)
                else "$text-accent"
                if cell
                else "$foreground 38%"
            )
            parts.append(Content(sign).stylize(style))
        return Content("").join(parts)

    def move(self, days: int, slots: int) -> None:
        """Move the cursor within the grid; days wrap around."""
        self.day = (self.day + days) % 7
        self.slot = max(0, min(SLOTS - 1, self.slot + slots))

    def paint(self) -> None:
        """Paint the half hour under the cursor with the brush, or clear it if it already has that value."""
        at = (self.day, self.slot)
        if self.grid.get(at) == self.brush:
            del self.grid[at]
        else:
            self.grid[at] = self.brush
        self.move(0, 1)
        self.refresh()

    def copy_day(self) -> None:
        """Copy the hours of this day to the next day, and go there."""
        next_day = (self.day + 1) % 7
        for slot in range(SLOTS):
            cell = self.grid.get((self.day, slot))
            self.grid.pop((next_day, slot), None)
            if cell:
                self.grid[next_day, slot] = cell
        self.day = next_day
        self.refresh()


class WeekScreen(Question[tuple[Window, ...]]):
    """Returns the painted time windows."""

    DEFAULT_CSS = """
    WeekScreen > #box { width: 76; }
    WeekScreen #said { height: auto; min-height: 2; color: $text-muted; margin: 1 0 0 0; }
    """

    def __init__(self, windows: Sequence[Window]) -> None:
        super().__init__(_("Best contact hours, in the customer's local time"))
        self._windows = tuple(windows)

    def compose_answer(self) -> ComposeResult:
        yield WeekGrid(grid_of(self._windows))
        yield Static(id="said")

    def on_mount(self) -> None:
        self.query_one(WeekGrid).focus()
        self._say()
        if not exact(self._windows):
            self.notify(
                _("The grid works in half hours. Other times will be widened to full half hours."),
                markup=False,
            )

    def _say(self) -> None:
        grid = self.query_one(WeekGrid)
        channel, place = grid.brush
        clock = f"{_(SHORT[grid.day])} {grid.slot // 2:02d}:{grid.slot % 2 * 30:02d}"
        brush = " ".join(filter(None, [_(CHANNEL.options.get(channel, "any channel")), place]))
        lines = [_("{clock} · marking: {brush}").format(clock=clock, brush=brush)]
        lines.append("; ".join(window.line(self.archive.ctx) for window in windows_of(grid.grid)))
        self.query_one("#said", Static).update(Content("\n").join(map(plain, lines)))

    def _move(self, days: int, slots: int) -> None:
        self.query_one(WeekGrid).move(days, slots)
        self._say()

    @command("enter,ctrl+s,f2", N_("Apply"), footer=True, priority=True)
    def action_done(self) -> None:
        """Apply the marked hours."""
        self.dismiss(windows_of(self.query_one(WeekGrid).grid))

    @command("space", N_("Mark"), footer=True)
    def action_paint(self) -> None:
        """Mark or clear the half hour under the cursor and move on."""
        self.query_one(WeekGrid).paint()
        self._say()

    @command("c", N_("Channel"), footer=True)
    def action_channel(self) -> None:
        """Choose the channel for the hours you mark."""

        def take(channel: str | None) -> None:
            if channel is not None:
                grid = self.query_one(WeekGrid)
                grid.brush = (channel, grid.brush[1])
                self._say()

        choices = [("", _("any channel")), *((key, _(label)) for key, label in CHANNEL.options.items())]
        self.app.push_screen(PickScreen(_("Channel for the hours you mark"), choices), take)

    @command("p", N_("Place"), footer=True)
    def action_place(self) -> None:
        """Choose the place for the hours you mark."""

        def take(place: str | None) -> None:
            if place is not None:
                grid = self.query_one(WeekGrid)
                grid.brush = (grid.brush[0], place.strip())
                self._say()

        self.app.push_screen(
            LineScreen(_("Place for the hours you mark"), self.query_one(WeekGrid).brush[1]), take
        )

    @command("d", N_("Copy day"), footer=True)
    def action_copy_day(self) -> None:
        """Copy the hours of this day to the next day."""
        self.query_one(WeekGrid).copy_day()
        self._say()

    @command("left,h", N_("Earlier"))
    def action_left(self) -> None:
        """Move half an hour earlier."""
        self._move(0, -1)

    @command("right", N_("Later"))
    def action_right(self) -> None:
        """Move half an hour later."""
        self._move(0, 1)

    @command("up,k", N_("Previous day"))
    def action_up(self) -> None:
        """Move to the previous day."""
        self._move(-1, 0)

    @command("down,j", N_("Next day"))
    def action_down(self) -> None:
        """Move to the next day."""
        self._move(1, 0)


def paint_row(row: FieldRow) -> None:
    """Edit the time windows of a form field on the grid."""
    reading = row.read()

    def take(windows: tuple[Window, ...] | None) -> None:
        if windows is not None:
            ctx = row.around.ctx()
            row.fill([window.line(ctx) for window in windows])

    row.app.push_screen(WeekScreen(reading.value or ()), take)
