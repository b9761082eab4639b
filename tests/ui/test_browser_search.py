"""Searching and filtering the table of customers while typing."""

import pytest
from driving import (
    NAMES,
    SIZES,
    driven,
    fill,
    focused,
    press,
    screen_text,
    shown,
    status,
    table,
    until,
    write,
)
from textual.widgets import Input

from archive.model.records.customer import Customer
from archive.ui.screens.browser import BrowserScreen
from archive.ui.screens.dialogs import PickScreen
from archive.ui.screens.profile import ProfileScreen

SEARCHES = {
    "smi": ["Marta Smith"],
    "建国": ["王建国"],
    "5550-147": ["Marta Smith"],
    "228/5550": ["Marta Smith"],
    "globex": ["Globex Foods", "Marta Smith"],
    "tag:vip": ["Marta Smith"],
    "status:lost|status:prospect": ["José Rossi", "王建国"],
}


async def test_the_table_is_filtered_while_typing(filled, settings):
    async with driven(filled, settings) as pilot:
        for typed, names in SEARCHES.items():
            await press(pilot, "slash")
            await write(pilot, typed)  # it replaces the previous search, which is selected
            await until(pilot, lambda names=names: shown(pilot) == names)
            await press(pilot, "down")
            assert table(pilot).has_focus
            assert table(pilot).cursor_row == 0


@pytest.mark.parametrize("key", ["slash", "fullwidth_solidus"])
async def test_the_search_line_opens_with_either_slash(filled, settings, key):
    async with driven(filled, settings) as pilot:
        await press(pilot, key)
        assert focused(pilot).id == "filter"


async def test_an_invalid_filter_is_explained_and_the_rows_stay(filled, settings):
    async with driven(filled, settings) as pilot:
        await press(pilot, "slash")
        await write(pilot, "last:>90")
        await until(pilot, lambda: status(pilot).startswith("!"))
        stayed = shown(pilot)
        await write(pilot, "z")
        assert shown(pilot) == stayed
        await press(pilot, "ctrl+u")
        await write(pilot, "smi")
        await until(pilot, lambda: status(pilot) == "")
        assert shown(pilot) == ["Marta Smith"]


async def test_escape_leaves_the_search_step_by_step(filled, settings):
    async with driven(filled, settings) as pilot:
        await press(pilot, "slash", *"smi")
        await press(pilot, "escape")
        await until(pilot, lambda: shown(pilot) == NAMES)
        assert focused(pilot).value == ""
        await press(pilot, "escape")
        assert table(pilot).has_focus


async def test_escape_on_the_table_clears_the_marks_then_the_search(filled, settings):
    async with driven(filled, settings) as pilot:
        await press(pilot, "slash", *"o", "down")
        await until(pilot, lambda: len(shown(pilot)) < 4)
        await press(pilot, "space")
        assert len(table(pilot).marks) == 1
        await press(pilot, "escape")
        assert table(pilot).marks == set()
        assert pilot.app.screen.query_one("#filter", Input).value == "o"
        await press(pilot, "escape")
        await until(pilot, lambda: shown(pilot) == NAMES)
        await press(pilot, "escape")
        await until(pilot, lambda: isinstance(pilot.app.screen, BrowserScreen))


async def test_enter_opens_the_first_hit_and_a_new_search_replaces_the_old_one(filled, settings):
    async with driven(filled, settings) as pilot:
        await press(pilot, "slash", *"o", "enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, ProfileScreen))
        first = pilot.app.screen.uid
        await press(pilot, "escape")
        assert table(pilot).has_focus
        assert table(pilot).cursor_id == first == table(pilot).ids[0]
        await press(pilot, "slash", *"ross", "enter")
        assert pilot.app.screen.uid == "c-rossi"
        await press(pilot, "escape", "slash", *"zzz", "enter")
        assert isinstance(pilot.app.screen, BrowserScreen)
        assert focused(pilot).value == "zzz"
        await press(pilot, "escape", "enter")
        assert table(pilot).has_focus
        assert shown(pilot) == NAMES


async def test_enter_opens_nothing_while_the_list_shows_another_search(filled, settings):
    async with driven(filled, settings) as pilot:
        await press(pilot, "slash", *"last:>90", "enter")
        assert isinstance(pilot.app.screen, BrowserScreen)
        assert status(pilot).startswith("!")


async def test_a_new_sort_order_shows_its_first_row(path, settings):
    many = [Customer(uid=f"c-{n}", kind="person", full_name=f"N {n}", grade=str(n % 9)) for n in range(90)]
    async with driven(fill(path, settings, many), settings) as pilot:
        await press(pilot, "G")
        assert table(pilot).scroll_offset.y > 0
        await press(pilot, "s", "end", "enter")
        assert (table(pilot).cursor_row, table(pilot).scroll_offset.y) == (0, 0)


async def test_an_empty_result_shows_the_search(filled, settings):
    async with driven(filled, settings) as pilot:
        await press(pilot, "slash", *"zz[/b]")
        await until(pilot, lambda: "Nothing matches zz[/b]" in screen_text(pilot))


async def test_command_letters_are_text_in_the_search(filled, settings):
    async with driven(filled, settings) as pilot:
        await press(pilot, "slash", *"qund?:")
        assert focused(pilot).value == "qund?:"
        await until(pilot, lambda: isinstance(pilot.app.screen, BrowserScreen))
        assert not isinstance(pilot.app.screen, PickScreen)


async def test_a_customer_found_through_an_activity_shows_it_after_the_name(filled, settings):
    async with driven(filled, settings, (140, 40)) as pilot:
        await press(pilot, "slash", *"talked about")
        await until(pilot, lambda: [name.split(" ")[0] for name in shown(pilot)] == ["王建国"])
        assert "王建国 ‹" in screen_text(pilot)
        assert "2026-11-12" in screen_text(pilot)  # the date of the call
        await press(pilot, "ctrl+u", *"smi")
        await until(pilot, lambda: shown(pilot) == ["Marta Smith"])  # her own name matches, so no explanation
        assert "‹" not in screen_text(pilot)


@pytest.mark.parametrize("size", SIZES)
async def test_a_misspelt_field_is_searched_for_as_text_and_reported(filled, settings, size):
    async with driven(filled, settings, size) as pilot:
        await press(pilot, "slash", *"statsu:active")
        await until(pilot, lambda: "There is no field statsu" in screen_text(pilot))
        assert "Did you mean status" in table(pilot).empty.plain  # wrapped on the screen
        await press(pilot, "ctrl+u", *"status:active")
        await until(pilot, lambda: shown(pilot) == ["Marta Smith"])
        assert "There is no field" not in screen_text(pilot)
