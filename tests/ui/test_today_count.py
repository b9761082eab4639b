"""The number of items due today, in the title bar of every screen."""

import pytest
from driving import NOW, app_of, driven, press, screen_text, title, until

from archive.errors import ArchiveError
from archive.model.records.customer import Customer
from archive.service import today
from archive.ui.screens.profile import ProfileScreen

pytestmark = pytest.mark.usefixtures("counted_soon")


async def test_the_count_is_in_the_title_of_every_screen_and_follows_changes(filled, settings):
    async with driven(filled, settings, (50, 20)) as pilot:
        await until(pilot, lambda: "Today 2" in title(pilot))
        await press(pilot, "j", "enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, ProfileScreen))
        assert "Today 2" in title(pilot)
        await press(pilot, "escape", "ctrl+g", "t")
        await until(pilot, lambda: "2 due" in screen_text(pilot))
        assert "Today 2" not in title(pilot)
        await press(pilot, "t")
        await press(pilot, "ctrl+g", "c")
        await until(pilot, lambda: "Today 1" in title(pilot))


async def test_at_midnight_the_items_of_the_new_day_are_counted(filled, settings):
    async with driven(filled, settings) as pilot:
        await until(pilot, lambda: "Today 2" in title(pilot))
        app = app_of(pilot)
        app.wall_clock.look()
        app.archive.clock = lambda: NOW.replace(day=24)  # a birthday
        app.wall_clock.look()
        await until(pilot, lambda: "Today 3" in title(pilot))


async def test_counting_goes_on_after_a_damaged_record_was_met(filled, settings, monkeypatch):
    counted = []

    def count_due(*_arguments: object) -> int:
        counted.append(1)
        if len(counted) == 1:
            raise ArchiveError("A record cannot be read.")
        return 7

    monkeypatch.setattr(today, "count_due", count_due)
    async with driven(filled, settings) as pilot:
        await until(pilot, lambda: counted)
        app_of(pilot).archive.save(Customer(full_name="Ann Bell", kind="person"))
        await press(pilot, "j")
        await until(pilot, lambda: "Today 7" in title(pilot))
