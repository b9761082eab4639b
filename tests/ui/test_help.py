"""The help lists what works on the screen now, and every key in it does something."""

import pytest
from driving import SMITH, app_of, driven, press, sampled, screen_text, settled, until
from textual.keys import _character_to_key
from ways import WAYS, back, come

from archive.ui.commands import KEY_NAMES
from archive.ui.navigation import PLACES
from archive.ui.screens.help import HelpScreen
from archive.ui.screens.help_lines import help_for

SHOWN = {name: key for key, name in KEY_NAMES.items()}


def keys_in_help(pilot) -> list[str]:
    """Return the first key of every action in the help of the screen, but no key of a table."""
    groups = help_for(pilot.app.screen).groups
    return [key.keys.split()[0] for _title, keys in groups for key in keys if key.name]


async def lines(pilot) -> str:
    await press(pilot, "f1")
    await until(pilot, lambda: isinstance(pilot.app.screen, HelpScreen))
    return screen_text(pilot)


async def test_an_empty_list_explains_no_command_for_a_record(path, settings):
    async with driven(path, settings, (80, 120)) as pilot:
        text = await lines(pilot)
        assert "Add a record." in text
        assert "Delete" not in text


async def test_the_search_language_is_explained_only_where_there_is_a_search_line(filled, settings):
    async with driven(filled, settings, (120, 120)) as pilot:
        text = await lines(pilot)
        assert "last:>90d" in text
        assert "Fields of this list" in text
        await press(pilot, "escape", *SMITH)
        text = await lines(pilot)
        assert "Search syntax" not in text
        assert "Next tab" in text


async def test_the_search_language_has_the_fields_of_its_list(filled, settings):
    async with driven(filled, settings, (120, 120)) as pilot:
        await press(pilot, "ctrl+g", "d")
        text = await lines(pilot)
        assert "type:order on:2026 amount:>1000" in text
        assert "since:>=2024" not in text


async def test_a_form_explains_its_own_keys_and_none_of_the_toolkit(filled, settings):
    async with driven(filled, settings, (80, 60)) as pilot:
        await press(pilot, "n")
        text = await lines(pilot)
        assert "Save and new" in text
        assert "Page Left" not in text
        assert "Move cursor" not in text


async def test_an_archive_that_is_read_only_explains_no_command_that_changes_it(filled, settings):
    async with driven(filled, settings, (80, 120)) as pilot:
        app_of(pilot).archive.why_reading = "read-only"
        text = await lines(pilot)
        assert "Add a record." not in text
        assert "Sort" in text


@pytest.mark.parametrize("size", [(50, 20), (160, 60)])
async def test_the_help_fits_its_window(filled, settings, size):
    async with driven(filled, settings, size) as pilot:
        text = await lines(pilot)
        assert max(map(len, text.splitlines())) <= size[0]
        assert ("Find" in text and "Go" in text) is (size[0] == 160)


async def each_key_in_help_does_something(pilot, way) -> None:
    place = pilot.app.current_mode
    await come(pilot, way)
    for key in keys_in_help(pilot):
        app, name = pilot.app, SHOWN.get(key, key)
        name = _character_to_key(name) if len(name) == 1 else name
        active = app.screen.active_bindings[name]
        assert active.enabled, key
        before = app_of(pilot).archive.revision
        await press(pilot, name)
        assert app._exception is None, key
        if app.return_code is not None or app._exit:
            return
        if app.current_mode != place:  # the key leads to another place
            app.switch_mode(place)
            await settled(pilot)
        await back(pilot)
        if app_of(pilot).archive.revision > before:  # the next keys need the records
            app_of(pilot).archive.undo()
        await come(pilot, way)
        await settled(pilot)


@pytest.mark.parametrize("place", sampled(PLACES, 1))
async def test_each_key_in_the_help_of_a_place_works(filled, settings, place):
    async with driven(filled, settings) as pilot:
        await press(pilot, "ctrl+g", PLACES[place].letter)

        async def again(pilot):
            if app_of(pilot).current_mode != place:
                app_of(pilot).switch_mode(place)
                await settled(pilot)

        await each_key_in_help_does_something(pilot, again)


@pytest.mark.parametrize("name", sampled(WAYS, 0))
async def test_each_key_in_the_help_of_a_screen_works(bare, settings, name):
    async with driven(bare, settings) as pilot:
        await each_key_in_help_does_something(pilot, WAYS[name][1])
