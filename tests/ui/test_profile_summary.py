"""The first tab of a profile: what is going on, and enter on what leads somewhere."""

from datetime import date

import pytest
from driving import (
    SMITH,
    app_of,
    driven,
    fill,
    open_field,
    people,
    press,
    screen_text,
    status,
    title,
    to_field,
    until,
)

from archive.model.field_types.base import Ref
from archive.model.records.customer import Customer
from archive.model.records.plan import Plan
from archive.ui.screens.dialogs import PickScreen
from archive.ui.screens.form import FormScreen
from archive.ui.screens.profile import ProfileScreen
from archive.ui.screens.record import RecordScreen
from archive.ui.widgets.field_list import FieldList

VISIT = Plan(uid="p-visit", customer=Ref(uid="c-smith"), step="Visit the fair", due_on=date(2026, 11, 20))


@pytest.fixture
def busy(path, settings):
    """The archive of `people`, with an overdue task of Marta Smith."""
    return fill(path, settings, [*people(), VISIT])


def fields(pilot) -> FieldList:
    return pilot.app.screen.query_one("#fields", FieldList)


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (50, 20), (40, 10)])
async def test_what_is_overdue_is_in_the_head_and_first_under_the_cursor(busy, settings, size):
    async with driven(busy, settings, size) as pilot:
        await press(pilot, *SMITH)
        text = " ".join(screen_text(pilot).split())
        assert "! Task: overdue since 2026-11-20 Fri" in text
        assert pilot.app.screen.body.item.opens == ("plans", "p-visit")


async def test_enter_reads_the_record_of_the_line_and_e_edits_the_customer(busy, settings):
    async with driven(busy, settings) as pilot:
        await press(pilot, *SMITH, "enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, RecordScreen))
        assert "Visit the fair" in screen_text(pilot)
        await press(pilot, "escape", "e")
        await until(pilot, lambda: isinstance(pilot.app.screen, FormScreen))
        assert pilot.app.screen.uid == "c-smith"


async def test_deleting_on_a_line_of_the_summary_asks_what_is_meant(busy, settings):
    async with driven(busy, settings) as pilot:
        archive = app_of(pilot).archive
        await press(pilot, *SMITH, "d")
        await until(pilot, lambda: isinstance(pilot.app.screen, PickScreen))
        assert "Marta Smith, with all records" in screen_text(pilot)
        await press(pilot, "enter")
        await until(pilot, lambda: not archive.has("plans", "p-visit"))
        assert archive.has("customers", "c-smith")
        await press(pilot, "u", "g", "d", "down", "enter")
        await until(pilot, lambda: not archive.has("customers", "c-smith"))


async def test_empty_fields_are_folded_until_f_shows_them(filled, settings):
    async with driven(filled, settings) as pilot:
        await press(pilot, *SMITH, "2")
        assert "Salutation" not in screen_text(pilot)
        assert "10 empty fields: f shows them" in screen_text(pilot)
        await press(pilot, "f")
        assert "Salutation" in screen_text(pilot)
        assert "empty fields" not in screen_text(pilot)
        await press(pilot, "f", "G", "enter")  # enter on the line that counts them shows them too
        assert "Salutation" in screen_text(pilot)


async def test_the_key_fields_are_shown_even_if_they_are_empty(bare, settings):
    async with driven(bare, settings) as pilot:
        await press(pilot, "enter", "2")
        assert [option.id for option in fields(pilot).options][:2] == ["phones", "emails"]
        await press(pilot, "3")
        assert fields(pilot).highlighted_id == "positions"


async def test_enter_on_an_organisation_opens_its_profile(filled, settings):
    async with driven(filled, settings) as pilot:
        await press(pilot, *SMITH, "3")
        await open_field(pilot, "positions")
        await until(pilot, lambda: "Globex Foods" in title(pilot))
        assert isinstance(pilot.app.screen, ProfileScreen)
        await press(pilot, "escape")
        await until(pilot, lambda: "Marta Smith" in title(pilot))


async def test_of_several_things_to_open_the_user_chooses_one(path, settings):
    friend = Customer.load(
        {
            "uid": "c-friend",
            "kind": "person",
            "full_name": "Ann Friend",
            "positions": [{"organisation": "c-globex"}, {"organisation": "c-wang"}],
        }
    )
    fill(path, settings, [*people(), friend])
    async with driven(path, settings) as pilot:
        await press(pilot, "enter", "3")
        await open_field(pilot, "positions")
        await until(pilot, lambda: isinstance(pilot.app.screen, PickScreen))
        await press(pilot, "down", "enter")
        await until(pilot, lambda: "王建国" in title(pilot))


async def test_a_name_without_a_record_is_edited_in_place(path, settings):
    fill(path, settings, [Customer(kind="person", full_name="A Friend", referred_by=Ref(name="Nobody"))])
    async with driven(path, settings) as pilot:
        await press(pilot, "enter")
        await to_field(pilot, "referred_by")
        assert "enter Edit" in screen_text(pilot)


async def test_y_copies_a_line_of_the_summary(busy, settings):
    async with driven(busy, settings) as pilot:
        await press(pilot, *SMITH, "y")
        assert pilot.app.clipboard == "overdue since 2026-11-20 Fri · Visit the fair"
        assert status(pilot) == "Copied: Task"
