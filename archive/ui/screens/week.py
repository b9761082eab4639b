"""The week as a grid of half hours: displayed in the profile, painted with arrows and space."""

from __future__ import annotations

from collections.abc import Sequence

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.events import Key
from textual.widgets import Static

from archive.errors import BadValue
from archive.model.contact_details import CHANNEL, Window
from archive.model.contact_times import exact, grid_of, windows_of
from archive.model.records.customer import Customer
from archive.model.weekdays import ALL_DAYS, SHORT
from archive.text import N_, _
from archive.ui.commands import command
from archive.ui.error_guard import on
from archive.ui.safe_text import plain, template
from archive.ui.screens.dialogs import LineScreen, PickScreen, Question
from archive.ui.widgets.field_row import FieldRow
from archive.ui.widgets.search import LineInput
from archive.ui.widgets.week_grid import WORKDAYS, Grid, WeekGrid


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


class HoursLine(LineInput):
    """The input for hours typed as text, such as 9-17."""


def _has_channels(screen: WeekScreen) -> bool:
    return screen.has_channels


def _has_hours(screen: WeekScreen) -> bool:
    return any(day == grid.day for grid in screen.query(WeekGrid) for day, _slot in grid.grid)


class WeekScreen(Question[tuple[Window, ...]]):
    """Returns the painted time windows. A digit begins to type the hours of the day: 9-17."""

    DEFAULT_CSS = """
    WeekScreen > #box { width: 76; }
    WeekScreen #said { height: auto; min-height: 2; color: $text-muted; }
    WeekScreen #said.-error { color: $text-error; }
    WeekScreen #hours-line { height: 1; margin: 1 0; }
    WeekScreen #hours-label { width: 5; color: $text-muted; }
    WeekScreen.-low #hours-line { margin: 0; }
    WeekScreen.-cramped #said, WeekScreen.-cramped #hours-line { display: none; }
    WeekScreen.-cramped.-typing #hours-line { display: block; }
    WeekScreen.-cramped.-typing WeekGrid { height: 7; }
    """
    CRAMPED = 16

    def __init__(self, title: str, windows: Sequence[Window], *, channels: bool = True) -> None:
        super().__init__(title)
        self._windows = tuple(windows)
        self.has_channels = channels
        """Whether hours have a channel and a place; our own working hours have none."""

    def compose_answer(self) -> ComposeResult:
        yield WeekGrid(grid_of(self._windows), ("phone" if self.has_channels else "", ""))
        with Horizontal(id="hours-line"):
            yield Static(id="hours-label")
            yield HoursLine(placeholder=_("type 9-17, or Mon-Fri 9-12 14-17"), max_length=200, id="hours")
        yield Static(id="said")

    def on_mount(self) -> None:
        self.query_one(HoursLine).select_on_focus = False
        self.grid.focus()
        self._say()
        if not exact(self._windows):
            self.notify(
                _("The grid works in half hours. Other times will be widened to full half hours."),
                markup=False,
            )

    @property
    def grid(self) -> WeekGrid:
        """The grid."""
        return self.query_one(WeekGrid)

    def _say(self, error: str = "") -> None:
        grid = self.grid
        day = _(SHORT[grid.day])
        self.query_one("#hours-label", Static).update(plain(day))
        self.query_one("#said", Static).set_class(bool(error), "-error")
        clock = f"{day} {grid.slot // 2:02d}:{grid.slot % 2 * 30:02d}"
        brush = " ".join(filter(None, [_(CHANNEL.options.get(grid.brush[0], "any channel")), grid.brush[1]]))
        marking = _("{clock} · marking: {brush}").format(clock=clock, brush=brush)
        hours = "; ".join(window.line(self.archive.ctx) for window in windows_of(grid.grid))
        lines = [
            f"! {error}" if error else marking if self.has_channels else clock,
            _("Hours: {hours}").format(hours=hours) if hours else _("No hours are marked."),
        ]
        self.query_one("#said", Static).update(Content("\n").join(map(plain, lines)))
        self.refresh_bindings()

    # Typing hours

    @property
    def is_typing(self) -> bool:
        """Whether hours are being typed."""
        return self.query_one(HoursLine).has_focus

    def on_key(self, event: Key) -> None:
        if (event.character or "").isdecimal() and self.grid.has_focus:
            event.stop()
            self.add_class("-typing")
            line = self.query_one(HoursLine)
            line.value = event.character or ""
            line.cursor_position = 1
            self.set_focus(line)

    @on(HoursLine.Blurred)
    def _left_line(self) -> None:
        self.remove_class("-typing")

    def _take_typed(self) -> bool:
        """Paint the typed hours. Return whether they could be parsed."""
        line, grid = self.query_one(HoursLine), self.grid
        try:
            hours = self._typed_grid(line.value) if line.value.strip() else {}
        except BadValue as error:
            self._say(str(error))
            if self.has_class("-cramped"):  # there is no room for the message
                self.owner.show_error(error)
            return False
        if hours:
            grid.replace(hours)
        line.value = ""
        self.set_focus(grid)
        self._say()
        return True

    def _typed_grid(self, text: str) -> Grid:
        """Return the typed hours: of the day under the cursor, if no days are typed."""
        channel, place = self.grid.brush
        windows = [
            window.with_values(
                days=(self.grid.day,) if window.days == ALL_DAYS else window.days,
                channel=window.channel or channel,
                place=window.place or place,
            )
            for window in Window.all_from_line(text, self.archive.ctx)
        ]
        return grid_of(windows)

    @command("enter,ctrl+s,f2", N_("Apply"), footer=True, priority=True)
    def action_done(self) -> None:
        """Apply the marked hours. While hours are typed, enter adds them to the grid."""
        if self.is_typing:
            self._take_typed()
        else:
            self.dismiss(windows_of(self.grid.grid))

    @command("escape", N_("Cancel"), footer=True)
    def action_cancel(self) -> None:
        """Close without changes. While hours are typed, return to the grid."""
        if self.is_typing:
            self.query_one(HoursLine).value = ""
            self.set_focus(self.grid)
            self._say()
        else:
            self.dismiss(None)

    # Painting

    @command("space", N_("Mark"), footer=True)
    def action_paint(self) -> None:
        """Mark or clear the half hour under the cursor and move on, or the selected range."""
        self.grid.paint()
        self._say()

    @command("w", N_("Copy to Mon-Fri"), footer=True, when=_has_hours)
    def action_copy_to_workdays(self) -> None:
        """Copy the hours of this day to all days from Monday to Friday."""
        self.grid.copy_day(WORKDAYS)
        self._say()

    @command("d", N_("Copy day"), footer=True)
    def action_copy_day(self) -> None:
        """Copy the hours of this day to the next day."""
        next_day = (self.grid.day + 1) % 7
        self.grid.copy_day([next_day])
        self.grid.day = next_day
        self._say()

    @command("c", N_("Channel"), footer=True, when=_has_channels)
    def action_channel(self) -> None:
        """Choose the channel for the hours you mark."""

        def take(channel: str | None) -> None:
            if channel is not None:
                self.grid.brush = (channel, self.grid.brush[1])
                self._say()

        choices = [("", _("any channel")), *((key, _(label)) for key, label in CHANNEL.options.items())]
        self.app.push_screen(PickScreen(_("Channel for the hours you mark"), choices), take)

    @command("p", N_("Place"), footer=True, when=_has_channels)
    def action_place(self) -> None:
        """Choose the place for the hours you mark."""

        def take(place: str | None) -> None:
            if place is not None:
                self.grid.brush = (self.grid.brush[0], place.strip())
                self._say()

        self.app.push_screen(LineScreen(_("Place for the hours you mark"), self.grid.brush[1]), take)

    # Moving

    def _move(self, days: int, slots: int) -> None:
        self.grid.move(days, slots)
        self._say()

    def _select(self, days: int, slots: int) -> None:
        self.grid.select(days, slots)
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

    @command("shift+left", N_("Select earlier"))
    def action_select_left(self) -> None:
        """Extend the selected range to the half hour before."""
        self._select(0, -1)

    @command("shift+right", N_("Select later"))
    def action_select_right(self) -> None:
        """Extend the selected range to the half hour after. space marks or clears the range."""
        self._select(0, 1)

    @command("shift+up", N_("Select previous day"))
    def action_select_up(self) -> None:
        """Extend the selected range to the day before."""
        self._select(-1, 0)

    @command("shift+down", N_("Select next day"))
    def action_select_down(self) -> None:
        """Extend the selected range to the day after."""
        self._select(1, 0)


def week_of(customer: Customer) -> WeekScreen:
    """Return the grid with the best hours of a customer."""
    return WeekScreen(_("Best hours (customer's local time)"), customer.windows)


def paint_row(row: FieldRow) -> None:
    """Edit the time windows of a form field on the grid."""
    reading = row.read()

    def take(windows: tuple[Window, ...] | None) -> None:
        if windows is not None:
            ctx = row.around.ctx()
            row.fill([window.line(ctx) for window in windows])

    ours = row.field.key == "working_hours"
    title = _("Working hours") if ours else _("Best hours (customer's local time)")
    row.app.push_screen(WeekScreen(title, reading.value or (), channels=not ours), take)
