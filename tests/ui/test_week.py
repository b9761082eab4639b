"""Painting the hours of the week at which a customer can be reached."""

from datetime import time

from driving import (
    SMITH,
    app_of,
    driven,
    field,
    fill,
    focused,
    kept,
    keys,
    open_field,
    people,
    press,
    screen_text,
    settled,
    until,
    write,
)

from archive.model.records.customer import Customer
from archive.ui.screens.form import FormScreen
from archive.ui.screens.profile import ProfileScreen
from archive.ui.screens.week import WeekScreen
from archive.ui.widgets.week_grid import WeekGrid


async def test_w_paints_the_week(filled, settings):
    async with driven(filled, settings) as pilot:
        await press(pilot, *SMITH, "w")
        await until(pilot, lambda: isinstance(pilot.app.screen, WeekScreen))
        await press(pilot, *["space"] * 4, "c", "down", "down", "enter", "p", *"office", "enter")
        assert "visit office" in screen_text(pilot)
        await press(pilot, "right", "space", "left", "left", "space", "space", "down", "up", "j", "k")
        await press(pilot, "home", "k", "j", "d", "enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, ProfileScreen))
        windows = kept(pilot, Customer, "c-smith").windows
        assert {window.channel for window in windows} == {"phone", "visit"}
        await press(pilot, "5")
        await until(pilot, lambda: "▬" in screen_text(pilot))
        await press(pilot, "w", "space", "escape")
        assert kept(pilot, Customer, "c-smith").windows == windows


async def test_every_hour_of_the_week_can_be_reached_on_small_screens(filled, settings):
    async with driven(filled, settings, size=(50, 20)) as pilot:
        await press(pilot, *SMITH, "w")
        await until(pilot, lambda: isinstance(pilot.app.screen, WeekScreen))
        assert "18    …" in screen_text(pilot)
        assert " 21" not in screen_text(pilot)
        await press(pilot, *["right"] * 40, "space", "enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, ProfileScreen))
        assert kept(pilot, Customer, "c-smith").windows[0].start == time(23, 30)
        await press(pilot, "w")
        await until(pilot, lambda: isinstance(pilot.app.screen, WeekScreen))
        await press(pilot, *["right"] * 40)
        assert "…      6     9" in screen_text(pilot)
        assert " 21" in screen_text(pilot)
        await press(pilot, *["left"] * 48)
        assert " 0     3" in screen_text(pilot)


async def test_the_hours_of_a_working_week_need_four_keys_and_the_text(filled, settings):
    async with driven(filled, settings) as pilot:
        await press(pilot, *SMITH)
        await press(pilot, "w", *"9-17", "enter", "w")
        assert "Hours: Mon-Fri 09:00-17:00 phone" in screen_text(pilot)
        await press(pilot, "enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, ProfileScreen))
        ctx = app_of(pilot).archive.ctx
        assert [window.line(ctx) for window in kept(pilot, Customer, "c-smith").windows] == [
            "Mon-Fri 09:00-17:00 phone"
        ]


async def test_a_selected_range_is_marked_and_cleared_at_once(filled, settings):
    async with driven(filled, settings) as pilot:
        await press(pilot, *SMITH, "w", "shift+down", "shift+right", "shift+right", "shift+up")
        await press(pilot, "shift+down", "shift+left", "space")
        assert "Hours: Mon-Tue 09:00-10:00 phone" in screen_text(pilot)
        await press(pilot, "shift+up", "shift+left", "space")
        assert "No hours are marked." in screen_text(pilot)


async def test_typed_hours_may_name_days_and_are_refused_with_a_reason(filled, settings):
    async with driven(filled, settings) as pilot:
        await press(pilot, *SMITH, "w", *"9-12 Sat visit", "enter")
        assert "Hours: Sat 09:00-12:00 visit" in screen_text(pilot)
        await press(pilot, *"9-soon", "enter")
        assert "! " in screen_text(pilot)
        await press(pilot, "escape")
        assert "9-soon" not in screen_text(pilot)
        assert "Hours: Sat 09:00-12:00 visit" in screen_text(pilot)


async def test_our_working_hours_are_marked_without_channel(filled, settings):
    async with driven(filled, settings) as pilot:
        pilot.app.push_screen(FormScreen("settings", "settings"))
        await settled(pilot)
        await press(pilot, "f4")
        await until(pilot, lambda: isinstance(pilot.app.screen, WeekScreen))
        assert not {"Channel", "Place"} & set(keys(pilot).values())
        await press(pilot, *"9-17", "enter", "w", "enter")
        await until(pilot, lambda: field(pilot, "working_hours").typed == ["Mon-Fri 09:00-17:00"])


async def test_choosing_nothing_keeps_the_brush(filled, settings):
    async with driven(filled, settings) as pilot:
        await press(pilot, *SMITH, "w", "c", "escape", "p", "escape", "h", "l")
        assert pilot.app.screen.query_one(WeekGrid).brush == ("phone", "")


async def test_hours_between_the_half_hours_are_announced(path, settings):
    fill(path, settings, people())
    async with driven(path, settings) as pilot:
        await press(pilot, *SMITH, "5")
        await open_field(pilot, "windows")
        assert focused(pilot)
        await write(pilot, "Mon 9:10-10")
        await press(pilot, "enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, ProfileScreen))
        await press(pilot, "w")
        await until(pilot, lambda: "widened" in screen_text(pilot))
