"""Leaving a profile: to the next customer, to the form, and back to the list."""

from driving import (
    SMITH,
    app_of,
    driven,
    fill,
    people,
    press,
    screen_text,
    settled,
    shown,
    status,
    title,
    until,
)

from archive.ui.screens.browser import BrowserScreen
from archive.ui.screens.form import FormScreen
from archive.ui.widgets.table import RecordTable


async def test_brackets_and_page_keys_go_to_the_next_and_previous_customer(filled, settings):
    async with driven(filled, settings) as pilot:
        await press(pilot, *SMITH)
        seen = []
        for key in [
            "right_square_bracket",
            "full_stop",
            "left_square_bracket",
            "comma",
            "ctrl+pageup",
            "ctrl+pageup",
            "ctrl+pagedown",
            "right_black_lenticular_bracket",
            "left_black_lenticular_bracket",
        ]:
            await press(pilot, key)
            seen.append(title(pilot).split("  ")[0].strip())
        smith, wang, rossi, globex = "Marta Smith", "王建国", "José Rossi", "Globex Foods"
        assert seen == [wang, wang, smith, rossi, globex, globex, rossi, smith, rossi]
        assert "2 of 4" in title(pilot)


async def test_e_edits_the_section_that_is_shown(filled, settings):
    async with driven(filled, settings) as pilot:
        await press(pilot, *SMITH, "2", "e")
        await until(pilot, lambda: isinstance(pilot.app.screen, FormScreen))
        assert "Marta Smith · Personal" in title(pilot)
        await press(pilot, "escape", "1", "e")
        assert "Marta Smith · Classification" in title(pilot)


async def test_deleting_the_customer_returns_to_the_list_and_u_restores_them(filled, settings):
    async with driven(filled, settings) as pilot:
        await press(pilot, *SMITH, "2", "d")
        await until(pilot, lambda: isinstance(pilot.app.screen, BrowserScreen))
        await until(pilot, lambda: "Marta Smith" not in shown(pilot))
        assert status(pilot) == "Deleted Marta Smith and 1 related record"
        await press(pilot, "u")
        await until(pilot, lambda: "Marta Smith" in shown(pilot))


async def test_a_deleted_customer_is_not_opened(filled, settings):
    async with driven(filled, settings) as pilot:
        await press(pilot, "j", "j")
        app_of(pilot).archive.delete("customers", ["c-smith"])
        pilot.app.screen._opened(RecordTable.Opened(pilot.app.screen.records, "c-smith"))
        await settled(pilot)
        await until(pilot, lambda: isinstance(pilot.app.screen, BrowserScreen))


async def test_saving_the_form_of_a_customer_deleted_in_between_reports_the_deletion(path, settings):
    fill(path, settings, people())
    async with driven(path, settings) as pilot:
        await press(pilot, *SMITH, "e")
        app_of(pilot).archive.delete("customers", ["c-smith"])
        await settled(pilot)
        await press(pilot, "tab", "tab", *"x", "ctrl+s")
        await until(pilot, lambda: "has been deleted" in screen_text(pilot))
        await press(pilot, "escape", "d")
        await until(pilot, lambda: isinstance(pilot.app.screen, BrowserScreen))


async def test_q_goes_back_as_escape_does(filled, settings):
    async with driven(filled, settings) as pilot:
        await press(pilot, *SMITH, "q")
        await until(pilot, lambda: isinstance(pilot.app.screen, BrowserScreen))
