"""A screen closes exactly once, however often and early it is dismissed."""

import asyncio
from itertools import product

import pytest
from driving import app_of, driven, press, sampled, screen_text, settled, until
from textual.app import App
from textual.events import Key, Resize
from textual.geometry import Size
from textual.widgets import OptionList
from ways import KNOWN, WAYS, come, go

from archive.ui.navigation import PLACES
from archive.ui.screens.browser import BrowserScreen
from archive.ui.screens.dialogs import PickScreen
from archive.ui.screens.form import FormScreen
from archive.ui.screens.help import HelpScreen
from archive.ui.screens.insights_dialog import InsightsScreen
from archive.ui.screens.report import ReportScreen
from archive.ui.screens.today import TodayScreen


async def test_two_letters_typed_in_the_go_to_dialog_go_to_the_first_place(filled, settings):
    async with driven(filled, settings) as pilot:
        await press(pilot, "ctrl+g")
        box = pilot.app.screen
        assert isinstance(box, PickScreen)
        for letter in "th":
            box.post_message(Key(letter, letter))
        await until(pilot, lambda: isinstance(pilot.app.screen, TodayScreen))
        await settled(pilot)
        assert isinstance(pilot.app.screen, TodayScreen)


@pytest.mark.parametrize("name", sampled(WAYS, 4))
async def test_dismissing_a_screen_twice_leaves_the_screen_below_open(bare, settings, name):
    async with driven(bare, settings) as pilot:
        await come(pilot, WAYS[name][1])
        screen, below = pilot.app.screen, pilot.app.screen_stack[:-1]
        screen.dismiss(None)
        screen.dismiss(None)
        await settled(pilot)
        assert pilot.app.screen_stack == below


@pytest.mark.parametrize("name", sampled(WAYS, 4))
async def test_a_screen_dismissed_under_another_closes_after_it(bare, settings, name):
    async with driven(bare, settings) as pilot:
        await come(pilot, WAYS[name][1])
        screen, below = pilot.app.screen, pilot.app.screen_stack[:-1]
        pilot.app.push_screen(HelpScreen(screen))
        await settled(pilot)
        screen.dismiss(None)
        await settled(pilot)
        assert [type(found) for found in pilot.app.screen_stack[-2:]] == [type(screen), HelpScreen]
        await press(pilot, "escape")
        await until(pilot, lambda: pilot.app.screen_stack == below)


@pytest.mark.parametrize("name", sampled(WAYS, 4))
async def test_a_screen_can_be_dismissed_before_it_is_drawn(bare, settings, monkeypatch, name):
    wanted, way = WAYS[name]
    push, left = App.push_screen, []

    def push_and_leave(app, screen, *more, **options):
        pushed = push(app, screen, *more, **options)
        if type(screen) is wanted:
            screen.post_message(Resize(Size(60, 20), Size(60, 20)))
            screen.dismiss(None)
            left.append(screen)
        return pushed

    async with driven(bare, settings) as pilot:
        monkeypatch.setattr(App, "push_screen", push_and_leave)
        await come(pilot, way)
        assert left
        assert left[0] not in pilot.app.screen_stack


async def test_deleting_a_customer_under_a_dialog_closes_the_profile_but_not_the_dialog(filled, settings):
    async with driven(filled, settings) as pilot:
        await press(pilot, "enter")
        profile = pilot.app.screen
        await press(pilot, "w")
        dialog = pilot.app.screen
        app_of(pilot).archive.delete("customers", [profile.uid])
        profile.show_archive()
        await settled(pilot)
        assert pilot.app.screen is dialog
        await press(pilot, "escape")
        await until(pilot, lambda: isinstance(pilot.app.screen, BrowserScreen))


@pytest.mark.parametrize("place", sampled(["history", "transactions", "import", "analysis", "today"], 2))
@pytest.mark.parametrize("key", ["q", "escape"])
async def test_q_and_esc_in_a_place_go_to_the_start_place(filled, settings, place, key):
    async with driven(filled, settings) as pilot:
        await press(pilot, "ctrl+g", PLACES[place].letter)
        await until(pilot, lambda: app_of(pilot).current_mode == place)
        await press(pilot, key)
        await until(pilot, lambda: app_of(pilot).current_mode == app_of(pilot).home)
        assert not pilot.app._exit


async def test_only_q_in_the_start_place_quits(filled, settings):
    async with driven(filled, settings) as pilot:
        await press(pilot, "escape", "escape")
        assert not pilot.app._exit
        await press(pilot, "q")
        await until(pilot, lambda: pilot.app._exit)


async def test_q_in_the_question_before_leaving_a_form_returns_to_the_form(filled, settings):
    async with driven(filled, settings) as pilot:
        await press(pilot, "ctrl+g", "q")
        await until(pilot, lambda: isinstance(pilot.app.screen, BrowserScreen))
        await press(pilot, "n", *"Ann Half")
        await press(pilot, "escape")
        await until(pilot, lambda: "You have unsaved changes." in screen_text(pilot))
        await press(pilot, "q")
        await until(pilot, lambda: isinstance(pilot.app.screen, FormScreen))
        assert pilot.app.screen.rows[1].read().value == "Ann Half"


TURNS = [
    0,
    12,
    15,
    18,
    21,
    30,
    50,
]  # turns of the event loop between opening a screen and exiting the program


@pytest.mark.parametrize(
    ("name", "turns"),
    sampled([("new", 0), ("tab 5", 0), *(("new", turns) for turns in TURNS), *product(WAYS, TURNS)], 9),
)
async def test_the_program_can_exit_while_a_screen_opens(bare, settings, monkeypatch, name, turns):
    wanted, way = WAYS[name]
    push, leaving = App.push_screen, []

    async def leave(app):
        for _turn in range(turns):
            await asyncio.sleep(0)
        app.exit()

    def push_and_exit(app, screen, *more, **options):
        pushed = push(app, screen, *more, **options)
        if type(screen) is wanted:
            leaving.append(asyncio.ensure_future(leave(app)))
        return pushed

    async with driven(bare, settings) as pilot:
        monkeypatch.setattr(App, "push_screen", push_and_exit)
        await go(pilot, way)
        await until(pilot, lambda: pilot.app._exit)
    assert pilot.app.return_code == 0
    assert pilot.app._exception is None


async def test_a_form_of_a_deleted_record_reports_it_and_closes(filled, settings):
    async with driven(filled, settings) as pilot:
        app_of(pilot).archive.delete("customers", ["c-smith"])
        pilot.app.push_screen(FormScreen("customers", "c-smith"))
        await until(pilot, lambda: "has been deleted" in screen_text(pilot))
        await until(pilot, lambda: isinstance(pilot.app.screen, BrowserScreen))


async def test_choosing_an_insight_twice_opens_a_single_report(filled, settings):
    async with driven(filled, settings) as pilot:
        await pilot.app.push_screen(InsightsScreen([KNOWN]))
        await settled(pilot)
        options = pilot.app.screen.query_one(OptionList)
        options.action_select()
        options.action_select()
        await until(pilot, lambda: isinstance(pilot.app.screen, ReportScreen))
        await settled(pilot)
        assert len(pilot.app.screen_stack) == 2


async def test_a_screen_of_an_exiting_program_is_not_in_use(filled, settings):
    """Widgets that are still being mounted at that moment may have no editor."""
    async with driven(filled, settings) as pilot:
        await press(pilot, "n")
        screen = pilot.app.screen
        assert screen.is_there
        pilot.app.exit()
        assert not screen.is_there


async def test_a_key_that_arrives_after_the_screens_have_closed_is_ignored(filled, settings):
    async with driven(filled, settings) as pilot:
        app = app_of(pilot)
    assert not app.screen_stack
    await app._deliver(Key("enter", "\r"))
