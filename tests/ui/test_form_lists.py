"""List fields of a form: several values, entries with their own form, and painted hours."""

import pytest
from driving import driven, enter_field, field, fresh, kept, named, press, screen_text, until, write

from archive.model.records.customer import Customer
from archive.ui.screens.browser import BrowserScreen
from archive.ui.screens.find import FindScreen
from archive.ui.screens.form import FormScreen
from archive.ui.screens.part_form import PartScreen
from archive.ui.screens.profile import ProfileScreen
from archive.ui.screens.week import WeekScreen


async def test_a_list_has_an_empty_line_after_its_entries(filled, settings):
    async with driven(filled, settings) as pilot:
        await press(pilot, "n", *"Ann Bell", "enter", *"030 5550 147", "enter", *"030 5550 148", "ctrl+s")
        await until(pilot, lambda: isinstance(pilot.app.screen, BrowserScreen))
        assert [phone.value for phone in named(pilot, "Ann Bell").phones] == ["030 5550 147", "030 5550 148"]


async def test_list_entries_with_a_form_are_added_changed_and_removed(filled, settings):
    async with driven(filled, settings) as pilot:
        await press(pilot, "j", "j", "enter", "2", "e")
        await enter_field(pilot, "addresses")
        await press(pilot, "enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, PartScreen))
        await enter_field(pilot, "city")
        await press(pilot, *"Bonn", "ctrl+s")
        await until(pilot, lambda: isinstance(pilot.app.screen, FormScreen))
        await until(pilot, lambda: "+ another address" in screen_text(pilot))
        await press(pilot, "enter")
        await enter_field(pilot, "city")
        await fresh(pilot, "Berlin")
        await press(pilot, "f2")
        await until(pilot, lambda: "Berlin" in screen_text(pilot))
        assert "Bonn" not in screen_text(pilot)
        await press(pilot, "tab", "enter", "escape", "ctrl+s")
        await until(pilot, lambda: isinstance(pilot.app.screen, ProfileScreen))
        assert [address.city for address in kept(pilot, Customer, "c-smith").addresses] == ["Berlin"]
        await press(pilot, "e")
        await enter_field(pilot, "addresses")
        await press(pilot, "delete", "ctrl+s")
        await until(pilot, lambda: isinstance(pilot.app.screen, ProfileScreen))
        assert kept(pilot, Customer, "c-smith").addresses == ()


async def test_a_position_links_an_organisation_of_the_archive(filled, settings):
    async with driven(filled, settings) as pilot:
        await press(pilot, "n", *"Ann Bell")
        await enter_field(pilot, "positions")
        await press(pilot, "space")
        await press(pilot, *"globex foods", "tab", "tab", *"cook")
        await press(pilot, *["enter"] * 4)  # enter in the last field confirms
        await until(pilot, lambda: isinstance(pilot.app.screen, FormScreen))
        await press(pilot, "ctrl+s")
        await until(pilot, lambda: isinstance(pilot.app.screen, BrowserScreen))
        (position,) = named(pilot, "Ann Bell").positions
        assert position.organisation.uid == "c-globex"


async def test_a_list_entry_fills_the_form_and_is_cut_with_an_ellipsis(filled, settings):
    async with driven(filled, settings) as pilot:
        await press(pilot, "j", "j", "enter", "2", "e")
        await enter_field(pilot, "addresses")
        await press(pilot, "enter")
        await enter_field(pilot, "city")
        await write(pilot, "Bad Muenster am Stein-Ebernburg an der Nahe" + " by the river" * 3)
        await press(pilot, "ctrl+s")
        await until(pilot, lambda: "Nahe by the riv…" in screen_text(pilot))


async def test_the_form_of_an_invalid_list_entry_stays_open(filled, settings):
    async with driven(filled, settings) as pilot:
        await press(pilot, "n")
        await enter_field(pilot, "positions")
        await press(pilot, "enter")
        await enter_field(pilot, "since")
        await press(pilot, *"soonish", "ctrl+s")
        await until(pilot, lambda: isinstance(pilot.app.screen, PartScreen))
        assert "soonish" in screen_text(pilot)
        await until(pilot, lambda: "! " in screen_text(pilot))


async def test_the_hours_are_painted_from_the_form(filled, settings):
    async with driven(filled, settings) as pilot:
        await press(pilot, "f4", "j", "j", "enter", "5", "e")
        await enter_field(pilot, "windows")
        await press(pilot, "f4")
        await until(pilot, lambda: isinstance(pilot.app.screen, WeekScreen))
        assert "enter Apply" in screen_text(pilot)
        await press(pilot, "escape", "f4", "space", "space", "enter")
        await until(pilot, lambda: field(pilot, "windows").typed == ["Mon 09:00-10:00 phone"])
        await press(pilot, "ctrl+s")
        await until(pilot, lambda: isinstance(pilot.app.screen, ProfileScreen))
        assert len(kept(pilot, Customer, "c-smith").windows) == 1


async def test_f4_does_nothing_in_a_form_without_hours(filled, settings):
    async with driven(filled, settings) as pilot:
        await press(pilot, "j", "j", "enter", "1", "e", "f4")
        await until(pilot, lambda: isinstance(pilot.app.screen, FormScreen))


async def test_an_unknown_organisation_is_marked_and_can_be_linked_from_the_list(filled, settings):
    async with driven(filled, settings) as pilot:
        await press(pilot, "n", *"Ann Bell")
        await enter_field(pilot, "positions")
        await press(pilot, "space")
        await write(pilot, "Globx Food")
        await press(pilot, "tab")
        await until(pilot, lambda: "not linked" in screen_text(pilot))
        await press(pilot, "shift+tab", "f3")
        await until(pilot, lambda: isinstance(pilot.app.screen, FindScreen))
        assert "Globex Foods" in screen_text(pilot)
        await press(pilot, "escape", "ctrl+s")
        await until(pilot, lambda: isinstance(pilot.app.screen, FormScreen))
        assert "Globx Food  (not linked)" in screen_text(pilot)
        await press(pilot, "enter", "f3", "enter", "ctrl+s")
        await until(pilot, lambda: "(not linked)" not in screen_text(pilot))
        await press(pilot, "ctrl+s")
        await until(pilot, lambda: isinstance(pilot.app.screen, BrowserScreen))
        (position,) = named(pilot, "Ann Bell").positions
        assert position.organisation.uid == "c-globex"


async def test_two_e_mails_on_a_line_are_two_and_only_one_is_preferred(filled, settings):
    async with driven(filled, settings) as pilot:
        await press(pilot, "n", *"Ann Bell")
        await enter_field(pilot, "emails")
        await write(pilot, "ann@x.example, bob@x.example")
        await press(pilot, "enter")
        await write(pilot, "a@y.example *")
        await press(pilot, "enter")
        await write(pilot, "b@y.example *")
        await press(pilot, "ctrl+s")
        await until(pilot, lambda: "marked as preferred" in screen_text(pilot))
        await press(pilot, "tab")
        await fresh(pilot, "a@y.example")
        await press(pilot, "ctrl+s")
        await until(pilot, lambda: isinstance(pilot.app.screen, BrowserScreen))
        emails = [(email.value, email.preferred) for email in named(pilot, "Ann Bell").emails]
        assert emails == [
            ("ann@x.example", False),
            ("bob@x.example", False),
            ("a@y.example", False),
            ("b@y.example", True),
        ]


async def test_a_second_loss_is_typed_below_the_first_and_both_are_kept(filled, settings):
    async with driven(filled, settings) as pilot:
        await press(pilot, "j", "enter", "1", "e")  # José Rossi
        await until(pilot, lambda: isinstance(pilot.app.screen, FormScreen))
        await enter_field(pilot, "earlier_losses")
        await press(pilot, *"2023-03-01..2023-06-01 moved away", "enter")
        await press(pilot, *"2024-03-01..2024-07-01 cheaper elsewhere Rice & Co", "ctrl+s")
        await until(pilot, lambda: isinstance(pilot.app.screen, ProfileScreen))
        losses = kept(pilot, Customer, "c-rossi").earlier_losses
        assert [(str(loss.lost_on), str(loss.won_back_on)) for loss in losses] == [
            ("2023-03-01", "2023-06-01"),
            ("2024-03-01", "2024-07-01"),
        ]
        assert losses[1].lost_to == "Rice & Co"


async def test_a_loss_whose_dates_are_in_the_wrong_order_is_refused_in_the_list(filled, settings):
    async with driven(filled, settings) as pilot:
        await press(pilot, "j", "enter", "1", "e")
        await until(pilot, lambda: isinstance(pilot.app.screen, FormScreen))
        await enter_field(pilot, "earlier_losses")
        await press(pilot, *"2024-07-01..2024-03-01 moved away", "ctrl+s")
        await until(pilot, lambda: field(pilot, "earlier_losses").wrong)
        assert isinstance(pilot.app.screen, FormScreen)
        assert field(pilot, "earlier_losses").has_focus_within


@pytest.mark.parametrize("choose_first", [True, False])
async def test_a_similar_organisation_is_linked_before_or_after_the_other_fields(
    filled, settings, choose_first
):
    async with driven(filled, settings) as pilot:
        await press(pilot, "n", *"Ann Bell")
        await enter_field(pilot, "positions")
        await press(pilot, "space", *"Globx Food")
        if choose_first:  # while the cursor is still in the name
            await press(pilot, "f3", "enter", "tab", "tab", *"cook")
        else:  # after the other fields of the entry
            await press(pilot, "tab", "tab", *"cook", "shift+tab", "shift+tab", "f3", "enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, PartScreen))
        await until(pilot, lambda: "not linked" not in screen_text(pilot))
        await press(pilot, "ctrl+s")
        await until(pilot, lambda: isinstance(pilot.app.screen, FormScreen))
        await press(pilot, "ctrl+s")
        await until(pilot, lambda: isinstance(pilot.app.screen, BrowserScreen))
        (position,) = named(pilot, "Ann Bell").positions
        assert position.organisation.uid == "c-globex"
        assert "cook" in position.dump().values()
