"""Painting the hours of the week at which a customer can be reached."""

from datetime import time

from driving import SMITH, driven, fill, focused, kept, open_field, people, press, screen_text, until, write

from archive.model.records.customer import Customer
from archive.ui.screens.profile import ProfileScreen
from archive.ui.screens.week import WeekGrid, WeekScreen


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
