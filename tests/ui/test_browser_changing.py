"""Deleting, restoring, editing and copying records in a table."""

from driving import NAMES, driven, press, screen_text, shown, status, table, until

from archive.ui.screens.browser import BrowserScreen
from archive.ui.screens.form import FormScreen
from archive.ui.screens.one_line import OneLineScreen


async def test_marked_rows_are_deleted_together_and_restored(filled, settings):
    async with driven(filled, settings) as pilot:
        await press(pilot, "space", "space", "d")
        await until(pilot, lambda: shown(pilot) == ["Marta Smith", "王建国"])
        assert status(pilot) == "Deleted 2 customers"
        assert table(pilot).marks == set()
        await press(pilot, "u")
        await until(pilot, lambda: shown(pilot) == NAMES)
        assert "Undone" in status(pilot)
        await press(pilot, "U")
        await until(pilot, lambda: len(shown(pilot)) == 2)
        assert "Redone" in status(pilot)
        await press(pilot, "U")
        assert status(pilot) == "Nothing to redo."


async def test_undo_reports_when_nothing_is_left_to_undo(filled, settings):
    async with driven(filled, settings) as pilot:
        await press(pilot, "u")
        await until(pilot, lambda: "No customers yet" in screen_text(pilot))
        await press(pilot, "u")
        assert status(pilot) == "Nothing to undo."


async def test_the_row_under_the_cursor_is_deleted_if_none_is_marked(filled, settings):
    async with driven(filled, settings) as pilot:
        await press(pilot, "j", "d")
        await until(pilot, lambda: "José Rossi" not in shown(pilot))


async def test_a_purchase_entered_in_the_list_updates_its_row(filled, settings):
    async with driven(filled, settings) as pilot:
        await press(pilot, "j", "j", "e")
        await until(pilot, lambda: isinstance(pilot.app.screen, FormScreen))
        await press(pilot, "escape", "l")
        await until(pilot, lambda: isinstance(pilot.app.screen, OneLineScreen))
        await press(pilot, "escape", "b")
        await until(pilot, lambda: isinstance(pilot.app.screen, OneLineScreen))
        await press(pilot, *"2 bags rice @3", "enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, BrowserScreen))
        await until(pilot, lambda: "76" in screen_text(pilot))


async def test_y_copies_the_row(filled, settings):
    async with driven(filled, settings) as pilot:
        await press(pilot, "j", "j", "y")
        assert "Marta Smith" in pilot.app.clipboard
        assert status(pilot) == "Row copied."
