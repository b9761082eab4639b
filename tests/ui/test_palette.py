"""The palette leads anywhere and runs any command by name, and none by accident."""

import re

import pytest
from driving import (
    SIZES,
    SMITH,
    TINY,
    app_of,
    driven,
    field,
    fill,
    fresh,
    kept,
    press,
    sampled,
    screen_text,
    settled,
    table,
    until,
    write,
)
from test_type_ahead import burst
from textual.widgets import OptionList

from archive.model.records.customer import Customer
from archive.model.records.interaction import Interaction
from archive.service.views import View, Views
from archive.ui.app import ArchiveApp
from archive.ui.commands import commands_of
from archive.ui.screens.browser import BrowserScreen
from archive.ui.screens.form import FormScreen
from archive.ui.screens.history import HistoryScreen
from archive.ui.screens.palette import PaletteScreen
from archive.ui.screens.palette_entries import commands, found
from archive.ui.screens.profile import ProfileScreen
from archive.ui.screens.settings_screen import SettingsScreen
from archive.ui.screens.today import TodayScreen
from archive.ui.widgets.search import LineInput


async def opened(pilot, *keys):
    """Go to a screen, and open the palette on it."""
    await press(pilot, *keys, "ctrl+p")
    await until(pilot, lambda: isinstance(pilot.app.screen, PaletteScreen))
    return pilot.app.screen


def names(pilot, query):
    """Return the commands that the palette lists for a query, best first."""
    return [entry.name for _section, entries in hits(pilot, query) for entry in entries]


def hits(pilot, query):
    """Return what the palette finds among the commands, by section."""
    return found(list(commands([pilot.app.screen, pilot.app])), query, [])


def listed(pilot):
    """Return the sections of the open palette with the names in them."""
    return {section: [entry.name for entry in entries] for section, entries in pilot.app.screen._sections}


@pytest.mark.parametrize("key", ["colon", "ctrl+p", "fullwidth_colon"])
async def test_the_palette_lists_the_commands_with_their_keys_and_runs_them(filled, settings, key):
    async with driven(filled, settings, (120, 60)) as pilot:
        await press(pilot, key)
        await until(pilot, lambda: isinstance(pilot.app.screen, PaletteScreen))
        for _action, declared, _text in commands_of(BrowserScreen):
            assert re.search(rf" {declared.label} .* {re.escape(declared.key_shown())}\s", screen_text(pilot))
        await write(pilot, "new")
        assert re.search(r" New .* n\b", screen_text(pilot))
        assert "Columns" not in screen_text(pilot)
        await press(pilot, "enter")
        await until(pilot, lambda: "New customer" in screen_text(pilot))


async def test_a_query_that_matches_nothing_runs_nothing(filled, settings):
    async with driven(filled, settings) as pilot:
        palette = await opened(pilot, *SMITH)
        await write(pilot, "weather")
        assert "Nothing is called “weather”." in screen_text(pilot)
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
        assert set(names(pilot, "to")) >= {"Go to", "Export to …"}
        assert names(pilot, "olumn") == ["Columns"]
        assert names(pilot, "clmns") == []
        assert "Search" in names(pilot, "filter")  # a word of its help text


async def test_everything_with_a_name_is_found_in_its_section(filled, settings):
    Views().keep("transactions", "Recent rice", View("product:rice"))
    async with driven(filled, settings, (120, 60)) as pilot:
        await opened(pilot)
        await write(pilot, "cu")
        assert next(iter(listed(pilot))) == "Places"
        assert listed(pilot)["Places"] == ["Customers"]
        assert "ctrl+g c" in screen_text(pilot)
        for typed, section, name in [
            ("glob", "Customers", "Globex Foods"),
            ("5550 147", "Customers", "Marta Smith"),
            ("holi", "Settings", "Holidays"),
            ("theme", "Settings", "Theme"),
            ("rice", "Views", "Recent rice"),
            ("contract ful", "Reports", "Contract fulfilment"),
        ]:
            await fresh(pilot, typed)
            assert name in listed(pilot)[section]
            assert name in screen_text(pilot)


async def test_enter_opens_the_first_hit_of_any_kind(filled, settings):
    Views().keep("transactions", "Recent rice", View("product:rice"))
    async with driven(filled, settings) as pilot:
        burst(pilot, ":smith\r")
        await until(pilot, lambda: isinstance(pilot.app.screen, ProfileScreen))
        await press(pilot, "colon", *"hist", "enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, HistoryScreen))
        await press(pilot, "colon", *"recent rice", "enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, BrowserScreen))
        await until(pilot, lambda: list(table(pilot).ids) == ["t-1"])
        await press(pilot, "colon", *"holidays", "enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, SettingsScreen))


async def test_a_view_of_the_customers_closes_the_profile_in_front_of_them(filled, settings):
    Views().keep("customers", "Lost ones", View("status:lost"))
    async with driven(filled, settings) as pilot:
        await press(pilot, *SMITH, "colon", *"lost ones", "enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, BrowserScreen))
        await until(pilot, lambda: list(table(pilot).ids) == ["c-rossi"])


async def test_pinned_and_recent_customers_are_on_top_without_the_one_on_the_screen(filled, settings):
    async with driven(filled, settings) as pilot:
        await press(pilot, "G", "P", "g", "enter", "escape", "j", "enter", "escape", "j", "enter")
        await opened(pilot)
        assert listed(pilot)["Pinned and recent customers"] == ["王建国", "José Rossi", "Globex Foods"]
        await press(pilot, "down", "enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, ProfileScreen))
        assert pilot.app.screen.uid == "c-rossi"


async def test_the_best_matching_names_of_many_customers_are_shown_with_their_number(path, settings):
    people = [Customer(uid=f"c-{n}", kind="person", full_name=f"Ann {n:02d}") for n in range(30)]
    last = Customer(uid="c-new", kind="person", full_name="Zoe Annan", background="new")
    async with driven(fill(path, settings, [*people, last]), settings) as pilot:
        await opened(pilot)
        await write(pilot, "ann")
        assert listed(pilot)["Customers"] == [f"Ann {n:02d}" for n in range(8)]
        assert "8 of 31" in screen_text(pilot)
        await write(pilot, "a")
        assert listed(pilot)["Customers"] == ["Zoe Annan"]


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
        known = list(commands([pilot.app.screen, pilot.app]))
        dangerous = [entry for entry in known if entry.is_destructive]
        assert dangerous
        texts = [f"{entry.name} {entry.note}".lower() for entry in known]
        parts = {
            text[at : at + length] for text in texts for at in range(len(text)) for length in (1, 2, 3, 4, 6)
        }
        full = {entry.name.lower() for entry in dangerous}
        for query in {part.strip() for part in parts} - full - {""}:
            first = next((entries[0] for _section, entries in hits(pilot, query)), None)
            assert first is None or not first.is_destructive or not first.is_armed(query)
        for entry in dangerous:
            assert names(pilot, entry.name.lower())[0] == entry.name


async def test_the_palette_deletes_only_if_the_full_name_is_typed(filled, settings):
    async with driven(filled, settings) as pilot:
        palette = await opened(pilot, *SMITH, "2")
        await press(pilot, "up")
        while "Delete" not in palette._lines[palette.query_one(OptionList).highlighted].name:
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
        options = palette.query_one(OptionList)
        assert options.highlighted == 2  # after the heading and the first command
        assert isinstance(pilot.app.focused, LineInput)
        await fresh(pilot, "help")
        await pilot.click(options, offset=(3, 1))
        await until(pilot, lambda: "Help" in screen_text(pilot) and pilot.app.screen is not palette)


@pytest.mark.parametrize("size", [*SIZES, *sampled(TINY, 1)])
async def test_the_palette_fits_every_screen(filled, settings, size):
    async with driven(filled, settings, size) as pilot:
        await opened(pilot)
        await write(pilot, "new")
        assert re.search(r" New .* n\b", screen_text(pilot))
        await pilot.resize_terminal(60, 20)
        await until(pilot, lambda: re.search(r" New .* n\b", screen_text(pilot)))
