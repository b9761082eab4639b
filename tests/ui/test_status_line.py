"""The status line is true at every moment: the last event, and what undo would undo now."""

import threading

import pytest
from driving import SMITH, app_of, driven, open_field, press, screen_text, settled, status, until, write

from archive.service.views import View
from archive.ui.screens.browser import BrowserScreen
from archive.ui.screens.help import HelpScreen
from archive.ui.screens.history import HistoryScreen
from archive.ui.screens.profile import ProfileScreen
from archive.ui.widgets.frame import StatusLine


def line(pilot) -> str:
    """Return the whole status line of the screen in front."""
    return " ".join(pilot.app.screen.query_one(StatusLine).render().plain.split())


async def test_a_change_is_named_once_with_the_key_that_undoes_it(filled, settings):
    async with driven(filled, settings) as pilot:
        await press(pilot, "d")
        await until(pilot, lambda: line(pilot) == "Deleted Globex Foods u Undo")
        await press(pilot, "u")
        await until(
            pilot, lambda: line(pilot) == "Undone: Deleted Globex Foods (U to redo) u Undo: Added 7 records"
        )


async def test_a_field_edited_in_view_is_named_with_its_customer(filled, settings):
    async with driven(filled, settings) as pilot:
        await press(pilot, *SMITH, "2")
        await open_field(pilot, "birthday")
        await press(pilot, "end", "ctrl+u", *"1981-11-24", "enter")
        await until(pilot, lambda: line(pilot) == "Changed birthday of Marta Smith u Undo")


async def test_a_message_does_not_outlive_the_next_change(filled, settings):
    async with driven(filled, settings) as pilot:
        await press(pilot, "y")
        await until(pilot, lambda: status(pilot) == "Row copied.")
        app_of(pilot).archive.edit("customers", "c-smith", grade="A")
        await until(pilot, lambda: line(pilot) == "u Undo: Changed grade of Marta Smith")


async def test_a_place_behind_forgets_its_message_when_the_change_is_undone_elsewhere(filled, settings):
    async with driven(filled, settings) as pilot:
        await press(pilot, "d")
        await until(pilot, lambda: status(pilot) == "Deleted Globex Foods")
        await press(pilot, "ctrl+g", "h", "u")
        await until(pilot, lambda: status(pilot).startswith("Undone: Deleted Globex Foods"))
        await press(pilot, "q")
        await until(pilot, lambda: isinstance(pilot.app.screen, BrowserScreen))
        assert line(pilot) == "u Undo: Added 7 records"


async def test_a_screen_under_a_dialog_shows_what_undo_would_undo_now(filled, settings):
    async with driven(filled, settings) as pilot:
        below = pilot.app.screen.query_one(StatusLine)
        await press(pilot, "ctrl+g")
        app_of(pilot).archive.edit("customers", "c-smith", grade="A")
        await until(pilot, lambda: "Changed grade" in below.render().plain)


async def test_a_message_is_dropped_when_another_screen_opens_but_not_for_a_dialog(filled, settings):
    async with driven(filled, settings) as pilot:
        await press(pilot, "y", "question_mark")
        await until(pilot, lambda: isinstance(pilot.app.screen, HelpScreen))
        await press(pilot, "escape", "ctrl+g", "escape")
        assert status(pilot) == "Row copied."
        await press(pilot, "enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, ProfileScreen))
        assert status(pilot) == ""
        await press(pilot, "escape")
        await until(pilot, lambda: isinstance(pilot.app.screen, BrowserScreen))
        assert status(pilot) == ""


async def test_the_key_is_not_offered_while_it_would_be_typed(filled, settings):
    async with driven(filled, settings) as pilot:
        await press(pilot, "slash")
        await until(pilot, lambda: "Undo" not in line(pilot))
        await press(pilot, "escape")
        await until(pilot, lambda: "u Undo" in line(pilot))


@pytest.mark.parametrize("size", [(50, 20), (80, 24), (120, 40)])
async def test_a_long_label_is_shortened_in_the_middle_and_keeps_the_key(filled, settings, size):
    async with driven(filled, settings, size) as pilot:
        name = "Dr " + "very " * 40 + "Last"
        app_of(pilot).archive.edit("customers", "c-smith", full_name=name)
        await until(pilot, lambda: line(pilot).endswith("Last") and "… " not in line(pilot))
        assert line(pilot).startswith("u Undo: Changed")
        app_of(pilot).say("Changed full name of " + name)
        await settled(pilot)
        assert line(pilot).startswith("Changed")
        assert line(pilot).endswith("Last u Undo")
        assert len(pilot.app.screen.query_one(StatusLine).render().plain) == size[0] - 2


async def test_an_error_stays_with_its_sign_until_it_is_repaired(filled, settings):
    async with driven(filled, settings) as pilot:
        await press(pilot, "slash")
        await write(pilot, "last:nonsense")
        await until(pilot, lambda: status(pilot).startswith("! "))
        await press(pilot, "escape", "escape")
        await until(pilot, lambda: not status(pilot))


async def test_a_slow_search_says_so_until_it_has_ended(filled, settings, monkeypatch):
    go_on = threading.Event()
    async with driven(filled, settings) as pilot:
        find = pilot.app.screen.answer
        monkeypatch.setattr(pilot.app.screen, "answer", lambda *given: (go_on.wait(), find(*given))[1])
        pilot.app.screen.show_view(View("smith"))
        await until(pilot, lambda: line(pilot).startswith("Searching …"))
        go_on.set()
        await until(pilot, lambda: "Searching" not in line(pilot))


async def test_slow_work_is_announced_and_quick_work_is_not(filled, settings):
    async with driven(filled, settings) as pilot:
        app, go_on = app_of(pilot), threading.Event()
        pilot.app.run_worker(app.change(lambda: go_on.wait()))
        await until(pilot, lambda: line(pilot).startswith("Working …"))
        go_on.set()
        await until(pilot, lambda: "Working" not in line(pilot))
        assert isinstance(pilot.app.screen, BrowserScreen)
        await press(pilot, "ctrl+g", "h")
        await until(pilot, lambda: isinstance(pilot.app.screen, HistoryScreen))
        assert "Working" not in screen_text(pilot)
