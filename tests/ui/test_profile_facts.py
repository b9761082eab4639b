"""Editing the fields of a customer in the profile."""

from driving import (
    SMITH,
    driven,
    fresh,
    kept,
    open_field,
    press,
    screen_text,
    status,
    to_field,
    until,
    write,
)

from archive.model.records.customer import Customer
from archive.ui.screens.field_edit import FieldScreen
from archive.ui.screens.form import FormScreen
from archive.ui.screens.profile import ProfileScreen
from archive.ui.widgets.field_list import FieldList


async def test_a_field_is_edited_by_pressing_enter_and_typing(filled, settings):
    async with driven(filled, settings) as pilot:
        await press(pilot, *SMITH, "2")
        await open_field(pilot, "salutation")
        await until(pilot, lambda: isinstance(pilot.app.screen, FieldScreen))
        await write(pilot, "Dr.")
        await press(pilot, "enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, ProfileScreen))
        assert "Dr." in screen_text(pilot)
        assert kept(pilot, Customer, "c-smith").salutation == "Dr."
        assert pilot.app.screen.query_one(FieldList).highlighted_id == "salutation"


async def test_e_edits_the_field_under_the_cursor_and_saves_with_a_second_key(filled, settings):
    async with driven(filled, settings) as pilot:
        await press(pilot, *SMITH, "2")
        await to_field(pilot, "phones")
        await press(pilot, "e")
        await until(pilot, lambda: isinstance(pilot.app.screen, FormScreen) and pilot.app.focused)
        await fresh(pilot, "+49 228 999 000 home *")
        await press(pilot, "ctrl+s")
        await until(pilot, lambda: isinstance(pilot.app.screen, ProfileScreen))
        (phone,) = kept(pilot, Customer, "c-smith").phones
        assert (phone.value, phone.label, phone.preferred) == ("+49 228 999 000", "home", True)


async def test_an_invalid_value_stays_in_the_field_with_its_error(filled, settings):
    async with driven(filled, settings) as pilot:
        await press(pilot, *SMITH, "2")
        await open_field(pilot, "birthday")
        await fresh(pilot, "1980-13-24")
        await press(pilot, "enter")
        await until(pilot, lambda: "! " in screen_text(pilot))
        assert isinstance(pilot.app.screen, FieldScreen)
        assert "1980-13-24" in screen_text(pilot)
        await press(pilot, "escape")
        await until(pilot, lambda: isinstance(pilot.app.screen, ProfileScreen))
        assert str(kept(pilot, Customer, "c-smith").birthday) == "1980-11-24"


async def test_a_name_cannot_be_emptied(filled, settings):
    async with driven(filled, settings) as pilot:
        await press(pilot, *SMITH)
        await open_field(pilot, "full_name")
        await press(pilot, "end", "ctrl+u", "enter")
        await until(pilot, lambda: "is required" in screen_text(pilot))
        await until(pilot, lambda: isinstance(pilot.app.screen, FieldScreen))


async def test_a_long_text_is_saved_with_ctrl_s(filled, settings):
    async with driven(filled, settings) as pilot:
        await press(pilot, *SMITH, "4")
        await open_field(pilot, "background")
        await press(pilot, *"XY", "enter", *"Z", "ctrl+s")
        await until(pilot, lambda: isinstance(pilot.app.screen, ProfileScreen))
        assert kept(pilot, Customer, "c-smith").background.endswith("calls.XY\nZ")


async def test_a_column_of_an_import_is_shown_and_edited_like_a_field(filled, settings):
    async with driven(filled, settings, (100, 30)) as pilot:
        await press(pilot, *SMITH, "G", "k")
        assert "Old system no." in screen_text(pilot)
        await press(pilot, "enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, FieldScreen))
        await press(pilot, "ctrl+u", *"78", "enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, ProfileScreen))
        assert pilot.app.screen.customer.extra == {"Old system no.": "78"}


async def test_the_last_field_can_be_edited_on_a_short_screen(filled, settings):
    async with driven(filled, settings, (50, 20)) as pilot:
        await press(pilot, *SMITH, "f", "G", "enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, FieldScreen))
        row = pilot.app.screen.query_one("FieldRow")
        assert row.region.bottom <= 20
        assert row.region.height >= 1


async def test_the_last_field_of_a_screen_is_edited_with_its_keys_in_view(filled, settings):
    async with driven(filled, settings, (50, 20)) as pilot:
        await press(pilot, *SMITH, "2", "f", "G", "enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, FieldScreen))
        await until(pilot, lambda: "enter Save  esc Cancel" in screen_text(pilot))
        assert "ctrl+s" not in screen_text(pilot)  # enter saves a single line
        await press(pilot, "escape")
        await open_field(pilot, "birthday")
        await fresh(pilot, "x")
        await press(pilot, "enter")
        await until(pilot, lambda: "! This is not a date" in screen_text(pilot))
        await until(pilot, lambda: "enter Save  esc Cancel" in screen_text(pilot))


async def test_y_copies_the_field_under_the_cursor(filled, settings):
    async with driven(filled, settings) as pilot:
        await press(pilot, *SMITH, "4", "y")
        assert pilot.app.clipboard == "Met at the fair. Likes short calls."
        assert status(pilot) == "Copied: Background"
        await press(pilot, "6", "y")
