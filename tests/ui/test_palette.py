"""The command palette runs any command by name, and none by accident."""

import pytest
from driving import (
    SIZES,
    SMITH,
    TINY,
    app_of,
    driven,
    field,
    fresh,
    kept,
    press,
    sampled,
    screen_text,
    settled,
    until,
    write,
)
from test_type_ahead import burst
from textual.widgets import OptionList

from archive.model.records.interaction import Interaction
from archive.ui.app import ArchiveApp
from archive.ui.commands import commands_of
from archive.ui.screens.browser import BrowserScreen
from archive.ui.screens.form import FormScreen
from archive.ui.screens.history import HistoryScreen
from archive.ui.screens.palette import PaletteScreen, entries, matches
from archive.ui.screens.profile import ProfileScreen
from archive.ui.screens.today import TodayScreen
from archive.ui.widgets.search import LineInput


async def opened(pilot, *keys):
    """Go to a screen, and open the palette on it."""
    await press(pilot, *keys, "ctrl+p")
    await until(pilot, lambda: isinstance(pilot.app.screen, PaletteScreen))
    return pilot.app.screen


def names(pilot, query):
    """Return the commands that the palette lists for a query, best first."""
    screen = pilot.app.screen
    return [entry.name for entry in matches(list(entries([screen, pilot.app])), query)]


@pytest.mark.parametrize("key", ["colon", "ctrl+p", "fullwidth_colon"])
async def test_the_palette_lists_the_commands_with_their_keys_and_runs_them(filled, settings, key):
    async with driven(filled, settings, (120, 60)) as pilot:
        await press(pilot, key)
        await until(pilot, lambda: isinstance(pilot.app.screen, PaletteScreen))
        for _action, declared, _text in commands_of(BrowserScreen):
            assert f"{declared.label}  (" in screen_text(pilot)
        await write(pilot, "new")
        assert "New  (n)" in screen_text(pilot)
        assert "Columns  (c)" not in screen_text(pilot)
        await press(pilot, "enter")
        await until(pilot, lambda: "New customer" in screen_text(pilot))


async def test_a_query_that_matches_no_command_runs_nothing(filled, settings):
    async with driven(filled, settings) as pilot:
        palette = await opened(pilot, *SMITH)
        await write(pilot, "weather")
        assert "No command matches “weather”." in screen_text(pilot)
        await press(pilot, "enter", "down", "enter")
        assert pilot.app.screen is palette
        await press(pilot, "escape")
        assert isinstance(pilot.app.screen, ProfileScreen)
        assert app_of(pilot).archive.has("customers", "c-smith")


async def test_a_query_typed_in_one_burst_runs_its_command(filled, settings):
    async with driven(filled, settings) as pilot:
        burst(pilot, ":new\rAda")
        await until(pilot, lambda: isinstance(pilot.app.screen, FormScreen))
        await settled(pilot)
        assert field(pilot, "full_name").typed == "Ada"


async def test_names_match_by_beginning_then_by_word_then_by_substring(filled, settings):
    async with driven(filled, settings) as pilot:
        assert names(pilot, "ex")[:2] == ["Export", "Export to …"]
        assert names(pilot, "export to")[0] == "Export to …"
        assert names(pilot, "to") == ["Go to", "Export to …"] or names(pilot, "to") == [
            "Export to …",
            "Go to",
        ]
        assert names(pilot, "olumn") == ["Columns"]
        assert names(pilot, "clmns") == []
        assert "Search" in names(pilot, "filter")  # a word of its help text


async def test_a_command_that_writes_does_not_match_by_help_text(filled, settings):
    async with driven(filled, settings) as pilot:
        writing = {declared.label for _a, declared, _h in commands_of(BrowserScreen) if declared.writes}
        for _action, _declared, text in commands_of(BrowserScreen):
            for word in text.lower().split():
                hits = names(pilot, word)
                assert not {name for name in hits if not any(w in name.lower() for w in [word])} & writing


DESTRUCTIVE = [
    (BrowserScreen, {"Delete"}),
    (ProfileScreen, {"Delete"}),
    (HistoryScreen, {"Revert"}),
    (TodayScreen, {"Done", "Snooze"}),
    (ArchiveApp, {"Undo", "Redo"}),
]


@pytest.mark.parametrize(("owner", "labels"), DESTRUCTIVE)
def test_commands_that_change_data_at_once_are_declared_destructive(owner, labels):
    assert {found.label for _action, found, _help in commands_of(owner) if found.destructive} == labels


@pytest.mark.parametrize("keys", sampled([SMITH, [], ["ctrl+g", "t"], ["ctrl+g", "h"]], 2))
async def test_only_its_full_name_runs_a_destructive_command(filled, settings, keys):
    async with driven(filled, settings) as pilot:
        await press(pilot, *keys)
        screen = pilot.app.screen
        known = list(entries([screen, pilot.app]))
        dangerous = [entry for entry in known if entry.command.destructive]
        assert dangerous
        texts = [f"{entry.name} {entry.help}".lower() for entry in known]
        parts = {
            text[at : at + length] for text in texts for at in range(len(text)) for length in (1, 2, 3, 4, 6)
        }
        full = {entry.name.lower() for entry in dangerous}
        for query in {part.strip() for part in parts} - full:
            hits = matches(known, query)
            assert not hits or not hits[0].command.destructive or not hits[0].is_armed(query)
        for entry in dangerous:
            assert matches(known, entry.name.lower())[0] == entry


async def test_the_palette_deletes_only_if_the_full_name_is_typed(filled, settings):
    async with driven(filled, settings) as pilot:
        palette = await opened(pilot, *SMITH)
        await press(pilot, "up")
        while "Delete" not in palette._matches[palette.query_one(OptionList).highlighted].name:
            await press(pilot, "up")
        await press(pilot, "enter")
        assert pilot.app.screen is palette
        await fresh(pilot, "delet")
        await press(pilot, "enter")
        assert "Type “delete” in full" in " ".join(screen_text(pilot).split())
        assert pilot.app.screen is palette
        await press(pilot, "down", "enter")
        assert pilot.app.screen is palette
        assert app_of(pilot).archive.has("customers", "c-smith")
        await write(pilot, "e")
        await press(pilot, "enter")
        await until(pilot, lambda: not app_of(pilot).archive.has("customers", "c-smith"))


async def test_the_palette_completes_only_if_the_full_name_is_typed(filled, settings):
    async with driven(filled, settings) as pilot:
        await opened(pilot, "ctrl+g", "t")
        await write(pilot, "do")
        await press(pilot, "enter", "enter")
        assert kept(pilot, Interaction, "i-1").follow_up_done_on is None
        await write(pilot, "ne")
        await press(pilot, "enter")
        await until(pilot, lambda: kept(pilot, Interaction, "i-1").follow_up_done_on)


async def test_commands_can_be_selected_with_arrows_and_mouse(filled, settings):
    async with driven(filled, settings) as pilot:
        palette = await opened(pilot)
        await press(pilot, "down", "up", "down")
        listed = palette.query_one(OptionList)
        assert listed.highlighted == 1
        assert isinstance(pilot.app.focused, LineInput)
        await fresh(pilot, "help")
        await pilot.click(listed, offset=(3, 0))
        await until(pilot, lambda: "Help" in screen_text(pilot) and pilot.app.screen is not palette)


@pytest.mark.parametrize("size", [*SIZES, *sampled(TINY, 1)])
async def test_the_palette_fits_every_screen(filled, settings, size):
    async with driven(filled, settings, size) as pilot:
        await opened(pilot)
        await write(pilot, "new")
        assert "New  (n)" in screen_text(pilot)
        await pilot.resize_terminal(60, 20)
        await until(pilot, lambda: "New  (n)" in screen_text(pilot))
