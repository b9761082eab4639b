"""Every key in a footer does something, in every place and on every screen, even without records."""

import pytest
from driving import app_of, driven, fill, people, press, sampled, screen_text, settled, status, table, until
from ways import BASES, WAYS, Way, back, come, screens

from archive.ui.navigation import PLACES
from archive.ui.screens.dialogs import DecideScreen
from archive.ui.screens.drafts import LeaveScreen
from archive.ui.screens.find import FindScreen
from archive.ui.screens.history import RevertScreen
from archive.ui.screens.import_screen import ImportScreen
from archive.ui.screens.profile_tabs import TABS
from archive.ui.widgets.frame import KeyBar

NO_FOOTER = {
    DecideScreen,
    LeaveScreen,
    RevertScreen,
}  # they show their answers with keys in the dialog itself


def keys_of(pilot) -> list[tuple[str, str]]:
    """Return (key to press, text in the footer) for every key of the footer."""
    screen = pilot.app.screen
    bindings = {
        active.binding.key_display or active.binding.key: active.binding.key
        for active in reversed(screen.active_bindings.values())
        if active.binding.show
    }
    return [
        (bindings.get(shown, shown), f"{shown} {label}") for shown, label in screen.query_one(KeyBar)._keys()
    ]


def seen(pilot) -> tuple[object, ...]:
    """Return the state that a key can change: top screen, cursor and text."""
    app = pilot.app
    return app.screen, app.focused, screen_text(pilot), app._exit, len(app._notifications)


async def each_key_does_something(pilot, way: Way) -> None:
    """Open a screen once for each key of its footer, and check that the key changes something."""
    await come(pilot, way)
    keys = keys_of(pilot)
    assert keys
    for key, words in keys:
        before = seen(pilot)
        await press(pilot, key)
        assert await changed(pilot, before), f"{words}: nothing happens"
        await back(pilot)
        await come(pilot, way)
    await back(pilot)


async def changed(pilot, before: tuple[object, ...]) -> bool:
    try:
        await until(pilot, lambda: seen(pilot) != before)
    except AssertionError:
        return False
    return True


def test_there_is_a_way_to_every_screen():
    there = set(screens()) - BASES - NO_FOOTER
    in_places = {place.screen_class for place in PLACES.values()}
    walked = in_places | {screen for screen, _way in WAYS.values()} | {FindScreen}
    assert there <= walked


@pytest.mark.parametrize("place", sampled(PLACES, 2))
async def test_each_key_in_the_footer_of_an_empty_place_does_something(path, settings, place):
    async with driven(path, settings) as pilot:
        await press(pilot, "ctrl+g", PLACES[place].letter)
        await each_key_does_something(pilot, [])


@pytest.mark.parametrize("place", sampled(PLACES, 2))
async def test_each_key_in_the_footer_of_a_place_does_something(filled, settings, place):
    async with driven(filled, settings) as pilot:
        await press(pilot, "ctrl+g", PLACES[place].letter)
        await each_key_does_something(pilot, [])


@pytest.mark.parametrize("name", sampled(WAYS, 2))
async def test_each_key_in_the_footer_of_an_empty_screen_does_something(bare, settings, name):
    screen, way = WAYS[name]
    async with driven(bare, settings) as pilot:
        await come(pilot, way)
        await until(pilot, lambda: isinstance(pilot.app.screen, screen))
        await back(pilot)
        await each_key_does_something(pilot, way)


@pytest.fixture
async def with_file(filled, settings, tmp_path):
    """The place Import with a file of one row."""
    sheet = tmp_path / "sheet.csv"
    sheet.write_text("Name,Colour\nAda Sample,green\n", encoding="utf-8")
    async with driven(filled, settings) as pilot:
        await press(pilot, "ctrl+g", "i")
        place = pilot.app.screen
        assert isinstance(place, ImportScreen)
        place.read_file(sheet)
        await until(pilot, lambda: place.plan)
        await settled(pilot)
        yield pilot


async def test_each_key_in_the_footer_of_an_import_does_something(with_file, tmp_path):
    async def read_again(pilot):
        place = pilot.app.screen
        place.read_file(tmp_path / "sheet.csv")
        await until(pilot, lambda: place.plan and not place.reading)

    await each_key_does_something(with_file, read_again)


async def test_enter_opens_nothing_if_an_import_has_no_remarks_on_its_rows(with_file):
    shown = [words for _key, words in keys_of(with_file)]
    assert "enter Change" in shown
    assert "ctrl+s Import" in shown
    await press(with_file, "tab")
    await until(with_file, lambda: not any(words.startswith("enter") for _key, words in keys_of(with_file)))
    await press(with_file, "escape")
    await until(with_file, lambda: "nothing was imported" in status(with_file))
    assert [words for _key, words in keys_of(with_file)] == ["f File", "ctrl+g Go to", "? Help"]


async def test_an_empty_search_result_offers_no_choice(with_file):
    await press(with_file, "enter")
    await until(with_file, lambda: isinstance(with_file.app.screen, FindScreen))
    assert "enter Choose" in [words for _key, words in keys_of(with_file)]
    await press(with_file, *"zzzz")
    assert "enter Choose" not in [words for _key, words in keys_of(with_file)]
    await press(with_file, "enter", *["backspace"] * 4, "enter")
    await until(with_file, lambda: isinstance(with_file.app.screen, ImportScreen))


async def test_dates_of_the_customer_in_the_timeline_open_nothing(path, settings):
    smith = next(person for person in people() if person.uid == "c-smith")
    fill(path, settings, [smith.with_values(customer_since=smith.next_contact_on, positions=())])
    async with driven(path, settings) as pilot:
        await press(pilot, "enter", str(next(n for n, tab in enumerate(TABS, 1) if tab.rows == "timeline")))
        await until(pilot, lambda: len(table(pilot).ids) == 1)
        await until(pilot, lambda: "enter Open" not in [words for _key, words in keys_of(pilot)])


async def test_an_empty_table_offers_no_commands_for_records(path, settings):
    async with driven(path, settings) as pilot:
        assert [words for _key, words in keys_of(pilot)] == ["/ Search", "n New", "ctrl+g Go to", "? Help"]
        assert not app_of(pilot).screen.check_action("delete", ())
