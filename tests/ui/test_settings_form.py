"""The form for the archive's settings opens from anywhere and is saved as a single change."""

import pytest
from driving import app_of, driven, enter_field, field, fresh, press, screen_text, status, title, until

from archive.ui.screens.browser import BrowserScreen
from archive.ui.screens.form import FormScreen


@pytest.mark.parametrize("way", [("f9",), ("ctrl+g", "e"), ("ctrl+p", *"archive settings", "enter")])
async def test_the_form_for_archive_settings_opens_from_anywhere(filled, settings, way):
    async with driven(filled, settings) as pilot:
        await press(pilot, *way)
        await until(pilot, lambda: isinstance(pilot.app.screen, FormScreen))
        await until(pilot, lambda: "Archive settings" in title(pilot))
        assert "Save and new" not in screen_text(pilot)
        await press(pilot, "escape")
        await until(pilot, lambda: isinstance(pilot.app.screen, BrowserScreen))


async def test_the_migration_of_settings_toml_is_reported_in_the_status_line(filled, settings):
    old = settings._replace(currency="EUR", rates={"USD 2026-01-01": "0.92"})
    async with driven(filled, old, (50, 20)) as pilot:
        assert status(pilot) == "Home currency and rates are now stored in this archive. f9 shows them."
        assert not app_of(pilot)._notifications
    async with driven(filled, old) as pilot:
        assert status(pilot) == ""


async def test_a_changed_setting_is_saved_and_undone(filled, settings):
    async with driven(filled, settings) as pilot:
        before = app_of(pilot).archive.home
        await press(pilot, "f9")
        await until(pilot, lambda: isinstance(pilot.app.screen, FormScreen))
        await enter_field(pilot, "currency")
        await fresh(pilot, "JPY")
        await press(pilot, "ctrl+s")
        await until(pilot, lambda: app_of(pilot).archive.home == "JPY")
        await until(pilot, lambda: isinstance(pilot.app.screen, BrowserScreen))
        await press(pilot, "u")
        await until(pilot, lambda: app_of(pilot).archive.home == before)


async def test_an_invalid_rate_is_reported_at_its_field(filled, settings):
    async with driven(filled, settings) as pilot:
        await press(pilot, "f9")
        await until(pilot, lambda: isinstance(pilot.app.screen, FormScreen))
        await enter_field(pilot, "rates")
        await press(pilot, *"USD 0.9", "ctrl+s")
        await until(pilot, lambda: "a currency, a date" in screen_text(pilot))
        assert field(pilot, "rates").has_focus_within


async def test_ignored_entries_of_settings_toml_are_shown_above_the_fields(filled, settings):
    async with driven(filled, settings._replace(currency="USD")) as pilot:
        app = app_of(pilot)
        app.archive.save(app.archive.own.with_values(currency="EUR"))
        await press(pilot, "f9")
        await until(pilot, lambda: isinstance(pilot.app.screen, FormScreen))
        await until(pilot, lambda: "Ignored in settings.toml: the home currency USD." in screen_text(pilot))
