"""The Settings place: personal settings and those of the archive, edited in place and applied at once."""

from pathlib import Path

import pytest
from driving import (
    SIZES,
    app_of,
    driven,
    enter_field,
    field,
    focused,
    fresh,
    press,
    sampled,
    screen_text,
    status,
    title,
    until,
    write,
)

from archive.settings import Settings, load_settings, read_settings, settings_path
from archive.ui.navigation import PLACES
from archive.ui.screens.browser import BrowserScreen
from archive.ui.screens.first_start import FirstStartScreen
from archive.ui.screens.form import FormScreen
from archive.ui.screens.keys_screen import KeysScreen, PressScreen
from archive.ui.screens.setting_edit import SettingScreen, ThemeScreen
from archive.ui.screens.settings_screen import SettingsScreen
from archive.ui.screens.today import TodayScreen

PLACE = ["ctrl+g", ","]


async def to_setting(pilot, key: str) -> None:
    """Go to Settings and open a setting."""
    await press(pilot, *PLACE)
    await until(pilot, lambda: isinstance(pilot.app.screen, SettingsScreen) and pilot.app.screen.lines)
    await press(pilot, "g", *["j"] * list(pilot.app.screen.lines).index(key), "enter")


@pytest.mark.parametrize("way", [("f9",), ("ctrl+g", ","), ("ctrl+p", *"settings", "enter")])
async def test_settings_open_from_anywhere(filled, settings, way):
    async with driven(filled, settings) as pilot:
        await press(pilot, *way)
        await until(pilot, lambda: isinstance(pilot.app.screen, SettingsScreen))


@pytest.mark.parametrize("size", sampled(SIZES))
async def test_settings_list_every_setting_with_its_value(filled, settings, size):
    async with driven(filled, settings, size) as pilot:
        await press(pilot, *PLACE)
        await until(pilot, lambda: "Mara Muster" in screen_text(pilot))
        keys = list(pilot.app.screen.lines)
        personal = [key for key in Settings._fields if key not in ("currency", "rates")]
        assert sorted(keys) == sorted(
            [*personal, *(f"archive.{key}" for key in app_of(pilot).archive.own.FIELDS)]
        )
        assert "noted with each activity" in " ".join(screen_text(pilot).split())


async def test_a_personal_setting_applies_at_once_and_is_written_to_settings_toml(filled, settings):
    async with driven(filled, settings) as pilot:
        await to_setting(pilot, "date_order")
        await until(pilot, lambda: isinstance(pilot.app.screen, SettingScreen))
        await press(pilot, "home", "enter")
        await until(pilot, lambda: load_settings().date_order == "dmy")
        await until(pilot, lambda: "31/12/2026" in screen_text(pilot))
        assert app_of(pilot).archive.ctx.order == "dmy"
        assert status(pilot) == "Saved in settings.toml."


async def test_a_setting_is_checked_while_it_is_typed(filled, settings):
    async with driven(filled, settings) as pilot:
        await to_setting(pilot, "time_zone")
        await until(pilot, lambda: isinstance(pilot.app.screen, SettingScreen))
        await write(pilot, "Berlinn")
        await until(pilot, lambda: "There is no time zone Berlinn" in screen_text(pilot))
        await press(pilot, "enter")
        assert isinstance(pilot.app.screen, SettingScreen)
        await press(pilot, "backspace", "enter")
        await until(pilot, lambda: load_settings().time_zone == "Europe/Berlin")
        assert app_of(pilot).archive.ctx.zone == "Europe/Berlin"


async def test_the_theme_is_previewed_and_escape_restores_it(filled, settings):
    async with driven(filled, settings) as pilot:
        before = pilot.app.theme
        await to_setting(pilot, "theme")
        await until(pilot, lambda: isinstance(pilot.app.screen, ThemeScreen))
        await press(pilot, "down")
        await until(pilot, lambda: pilot.app.theme != before)
        await press(pilot, "escape")
        await until(pilot, lambda: pilot.app.theme == before)
        await press(pilot, "enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, ThemeScreen))
        await press(pilot, "home", "enter")
        await until(pilot, lambda: load_settings().theme == sorted(pilot.app.available_themes)[0])


async def test_a_key_can_be_changed_and_a_conflict_can_be_swapped(filled, settings):
    async with driven(filled, settings) as pilot:
        await to_setting(pilot, "keys")
        await until(pilot, lambda: isinstance(pilot.app.screen, KeysScreen) and pilot.app.screen.lines)
        keys = list(pilot.app.screen.lines)
        await press(pilot, *["j"] * keys.index("browser.new"), "enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, PressScreen))
        await press(pilot, "tab")
        await until(pilot, lambda: "needed on every screen" in screen_text(pilot))
        await press(pilot, "e")
        await until(pilot, lambda: "e is the key of Edit (Tables)." in " ".join(screen_text(pilot).split()))
        await press(pilot, "s")
        await until(pilot, lambda: load_settings().keys == {"browser.new": "e", "browser.edit": "n"})
        await press(pilot, "r")
        await until(pilot, lambda: load_settings().keys == {"browser.edit": "n"})


async def test_a_changed_setting_of_the_archive_is_saved_and_undone(filled, settings):
    async with driven(filled, settings) as pilot:
        before = app_of(pilot).archive.home
        await to_setting(pilot, "archive.currency")
        await until(pilot, lambda: isinstance(pilot.app.screen, FormScreen))
        assert "Save and new" not in screen_text(pilot)
        await enter_field(pilot, "currency")
        await fresh(pilot, "JPY")
        await press(pilot, "ctrl+s")
        await until(pilot, lambda: app_of(pilot).archive.home == "JPY")
        await until(pilot, lambda: isinstance(pilot.app.screen, SettingsScreen))
        await until(pilot, lambda: "JPY" in screen_text(pilot))
        await press(pilot, "u")
        await until(pilot, lambda: app_of(pilot).archive.home == before)


async def test_an_invalid_rate_is_reported_at_its_field(filled, settings):
    async with driven(filled, settings) as pilot:
        await to_setting(pilot, "archive.rates")
        await until(pilot, lambda: isinstance(pilot.app.screen, FormScreen))
        await enter_field(pilot, "rates")
        await press(pilot, *"USD 0.9", "ctrl+s")
        await until(pilot, lambda: "a currency, a date" in screen_text(pilot))
        assert field(pilot, "rates").has_focus_within


async def test_the_migration_of_settings_toml_is_reported_in_the_status_line(filled, settings):
    old = settings._replace(currency="EUR", rates={"USD 2026-01-01": "0.92"})
    async with driven(filled, old, (80, 24)) as pilot:
        assert status(pilot).startswith("Home currency and rates are now stored in this archive.")
        assert not app_of(pilot)._notifications
    async with driven(filled, old) as pilot:
        assert status(pilot) == ""


async def test_ignored_entries_of_settings_toml_are_shown_above_the_fields(filled, settings):
    async with driven(filled, settings._replace(currency="USD")) as pilot:
        app = app_of(pilot)
        app.archive.save(app.archive.own.with_values(currency="EUR"))
        await to_setting(pilot, "archive.currency")
        await until(pilot, lambda: isinstance(pilot.app.screen, FormScreen))
        await until(pilot, lambda: "Ignored in settings.toml: the home currency USD." in screen_text(pilot))


async def test_a_wrong_setting_is_named_with_its_line_and_the_others_stay_in_force(filled):
    path = settings_path()
    path.parent.mkdir(parents=True)
    path.write_text('me = "Mara"\n\ndecimal = "#"\nstart_place = "customers"\n', "utf-8")
    settings, problems = read_settings()
    async with driven(filled, settings, problems=problems) as pilot:
        (warning,) = app_of(pilot)._notifications
        assert f"{path}, line 3: decimal cannot be '#'." in warning.message
        assert (settings.me, settings.decimal) == ("Mara", ".")
        assert isinstance(pilot.app.screen, BrowserScreen)


# Start place and first start


async def test_the_program_starts_in_today(filled):
    async with driven(filled, Settings()) as pilot:
        assert isinstance(pilot.app.screen, TodayScreen)


@pytest.mark.parametrize("name", sampled(PLACES))
async def test_the_program_starts_in_any_place(filled, settings, name):
    async with driven(filled, settings._replace(start_place=name)) as pilot:
        assert pilot.app.current_mode == name
        await press(pilot, "ctrl+g", "t")
        await until(pilot, lambda: isinstance(pilot.app.screen, TodayScreen))


async def test_an_unknown_start_place_is_today(filled, settings):
    async with driven(filled, settings._replace(start_place="elsewhere")) as pilot:
        assert isinstance(pilot.app.screen, TodayScreen)


async def test_the_first_start_asks_three_questions_once(tmp_path, monkeypatch):
    monkeypatch.setenv("LC_ALL", "de_DE.UTF-8")
    async with driven(Path(tmp_path / "new.json"), Settings(), first_start=True) as pilot:
        await until(pilot, lambda: isinstance(pilot.app.screen, FirstStartScreen))
        assert [line.value for line in pilot.app.screen.query("Input").results()][1:] == ["DE", "EUR"]
        await fresh(pilot, "Mara Muster")
        await press(pilot, "enter", "enter", "enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, TodayScreen))
        assert app_of(pilot).archive.home == "EUR"
        assert load_settings() == Settings(me="Mara Muster", region="DE")


async def test_an_invalid_answer_at_the_first_start_is_explained(tmp_path, monkeypatch):
    monkeypatch.setenv("LC_ALL", "de_DE.UTF-8")
    async with driven(Path(tmp_path / "new.json"), Settings(), first_start=True) as pilot:
        await until(pilot, lambda: isinstance(pilot.app.screen, FirstStartScreen))
        await press(pilot, "enter")
        await fresh(pilot, "Germany")
        await press(pilot, "ctrl+s")
        await until(
            pilot, lambda: "! Country cannot be “Germany”. Write two capital letters" in screen_text(pilot)
        )
        assert focused(pilot).id == "country"


async def test_the_questions_of_the_first_start_can_be_skipped(tmp_path):
    async with driven(Path(tmp_path / "new.json"), Settings(), first_start=True) as pilot:
        await until(pilot, lambda: isinstance(pilot.app.screen, FirstStartScreen))
        await press(pilot, "escape")
        await until(pilot, lambda: isinstance(pilot.app.screen, TodayScreen))
        assert settings_path().exists()
        assert load_settings() == Settings()
        assert "Settings" in status(pilot)
        assert title(pilot)


async def test_the_palette_goes_to_a_setting(filled, settings):
    async with driven(filled, settings) as pilot:
        await press(pilot, "ctrl+p", *"holidays", "enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, SettingsScreen))
        await until(pilot, lambda: pilot.app.screen.line and pilot.app.screen.line.key == "archive.holidays")
