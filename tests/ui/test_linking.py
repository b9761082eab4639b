"""Linking a person to an organisation in a few keys: pick it while typing, or create it in place."""

from driving import (
    app_of,
    driven,
    enter_field,
    focused,
    kept,
    named,
    press,
    screen_text,
    until,
)

from archive.model.records.customer import Customer
from archive.ui.screens.form import FormScreen
from archive.ui.screens.part_form import PartScreen
from archive.ui.screens.profile import ProfileScreen

ROSSI = ["j", "enter"]
ORGANISATION = "3"  # the tab


async def test_a_person_is_linked_to_an_organisation_in_four_keys_and_the_text(filled, settings):
    async with driven(filled, settings) as pilot:
        await press(pilot, *ROSSI)
        keys = [ORGANISATION, "enter", *"glob", "enter", "ctrl+s"]
        assert len([key for key in keys if len(key) > 1 or key == ORGANISATION]) <= 4
        await press(pilot, *keys)
        await until(pilot, lambda: isinstance(pilot.app.screen, ProfileScreen))
        (position,) = kept(pilot, Customer, "c-rossi").positions
        assert position.organisation.uid == "c-globex"


async def test_an_organisation_is_created_in_place_with_one_key(filled, settings):
    async with driven(filled, settings) as pilot:
        await press(pilot, *ROSSI, ORGANISATION, "enter", *"Initech", "f6")
        await until(pilot, lambda: named(pilot, "Initech"))
        assert focused(pilot).value == "Initech"
        await press(pilot, "ctrl+s")
        await until(pilot, lambda: isinstance(pilot.app.screen, ProfileScreen))
        (position,) = kept(pilot, Customer, "c-rossi").positions
        created = named(pilot, "Initech")
        assert (position.organisation.uid, created.kind) == (created.uid, "organisation")
        archive = app_of(pilot).archive
        archive.undo()
        archive.undo()
        assert not archive.has("customers", created.uid)


async def test_a_name_that_only_begins_another_is_kept_with_tab(filled, settings):
    async with driven(filled, settings) as pilot:
        await press(pilot, "n", *"Ann Bell")
        await enter_field(pilot, "positions")
        await press(pilot, "enter", *"Globex", "tab")
        await press(pilot, "ctrl+s")
        await until(pilot, lambda: isinstance(pilot.app.screen, FormScreen))
        assert "Globex  (not linked)" in screen_text(pilot)


async def test_leaving_the_form_of_a_first_entry_leaves_the_field_too(filled, settings):
    async with driven(filled, settings) as pilot:
        await press(pilot, *ROSSI, ORGANISATION, "enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, PartScreen))
        await press(pilot, "escape")
        await until(pilot, lambda: isinstance(pilot.app.screen, ProfileScreen))
        assert kept(pilot, Customer, "c-rossi").positions == ()
