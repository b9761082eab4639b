"""Changing marked rows: choose what, enter the value, look at the preview, apply it as one change."""

from datetime import timedelta
from threading import Event as Gate

import pytest
from driving import (
    NOW,
    SMITH,
    app_of,
    driven,
    enter_field,
    fill,
    fresh,
    kept,
    people,
    press,
    screen_text,
    status,
    table,
    title,
    until,
    write,
)
from report_answers import opened, to_table
from test_type_ahead import burst

from archive.model.field_types.base import Ref
from archive.model.records.campaign import Campaign
from archive.model.records.customer import Customer
from archive.model.records.interaction import Interaction
from archive.model.records.plan import Plan
from archive.model.records.transaction import Transaction
from archive.service.bulk_change import AddTags
from archive.service.views import View, Views
from archive.ui.screens.browser import BrowserScreen
from archive.ui.screens.bulk_preview import BulkPreviewScreen
from archive.ui.screens.bulk_value import BulkValueScreen
from archive.ui.screens.dialogs import PickScreen
from archive.ui.screens.form import FormScreen

TODAY = NOW.date()


@pytest.fixture
def busy(path, settings):
    """The records of `people`, with campaigns, a task, a quotation and an invoice; a customer must not be contacted."""
    values = {"customer": Ref(uid="c-smith"), "on": TODAY, "currency": "EUR"}
    more = [
        Campaign(uid="m-1", name="Spring", start=TODAY, held_back=(Ref(uid="c-globex"),)),
        Plan(uid="s-1", step="send prices", due_on=TODAY, customer=Ref(uid="c-smith")),
        Transaction(uid="q-1", type="quotation", amount=10, expected_on=TODAY, **values),
        Transaction(uid="i-9", type="invoice", amount=10, number="R1", **values),
    ]
    changed = [
        person.with_values(do_not_contact=True) if person.uid == "c-rossi" else person for person in people()
    ]
    return fill(path, settings, [*changed, *more])


def tags(pilot):
    archive = app_of(pilot).archive
    return {uid for uid in archive.uids("customers") if "new" in archive.get(Customer, uid).tags}


async def test_a_tag_for_all_marked_customers_takes_five_keys_and_one_undo(busy, settings):
    async with driven(busy, settings) as pilot:
        await press(pilot, "*", "m", "t", *"new", "enter")
        assert isinstance(pilot.app.screen, BulkPreviewScreen)
        assert "4 to change" in screen_text(pilot)
        assert "no tags -> new" in screen_text(pilot)
        assert tags(pilot) == set()
        await press(pilot, "enter")
        await until(pilot, lambda: "Added tag new: 4 customers" in status(pilot))
        assert len(tags(pilot)) == 4
        assert "marked" not in title(pilot)
        await press(pilot, "u")
        assert tags(pilot) == set()


async def test_keys_typed_ahead_reach_the_dialogs_in_order(busy, settings):
    async with driven(busy, settings) as pilot:
        burst(pilot, "mtnew\r\r")
        await until(pilot, lambda: len(tags(pilot)) == 1)
        await until(pilot, lambda: isinstance(pilot.app.screen, BrowserScreen))


async def test_a_field_is_set_in_its_own_editor_and_what_cannot_change_is_explained(busy, settings):
    async with driven(busy, settings, (120, 40)) as pilot:
        await press(pilot, "*", "m", "f", *"industry", "enter", *"food", "enter")
        assert "1 unchanged · 3 cannot be changed" in " ".join(screen_text(pilot).split())
        assert "Industry is only for records of the kind organisation." in screen_text(pilot)
        await press(pilot, "enter")
        assert isinstance(pilot.app.screen, BulkPreviewScreen)  # nothing to apply
        await press(pilot, "escape")
        assert isinstance(pilot.app.screen, BulkValueScreen)
        await fresh(pilot, "catering")
        await press(pilot, "enter", "enter")
        await until(pilot, lambda: kept(pilot, Customer, "c-globex").industry == "catering")


async def test_an_invalid_value_is_explained_beside_its_field(busy, settings):
    async with driven(busy, settings) as pilot:
        await press(pilot, "m", "f", *"lost date", "enter", *"soon", "enter")
        assert isinstance(pilot.app.screen, BulkValueScreen)
        assert "!" in screen_text(pilot)
        await press(pilot, "escape", "m", "t", "enter")
        assert "Enter a tag" in screen_text(pilot)


async def test_customers_are_handed_over_from_one_manager_to_another(busy, settings):
    async with driven(busy, settings) as pilot:
        app_of(pilot).archive.edit("customers", "c-smith", account_manager="Li")
        await press(pilot, "*", "m", "h")
        await write(pilot, "Kim")
        await press(pilot, "enter")
        words = " ".join(screen_text(pilot).split())
        assert "1 to change · 3 cannot be changed" in words
        assert "This includes 1 open task." in words
        await press(pilot, "enter")
        await until(pilot, lambda: kept(pilot, Customer, "c-smith").account_manager == "Kim")


async def test_marked_customers_join_a_campaign_and_do_not_contact_is_left_out_by_choice(busy, settings):
    async with driven(busy, settings) as pilot:
        await press(pilot, "*", "m", "c", "enter")
        words = " ".join(screen_text(pilot).split())
        assert "2 to add · 1 cannot be added · 1 left out" in words
        assert "Already in the control group." in words
        await press(pilot, "i")
        assert "3 to add · 1 cannot be added" in " ".join(screen_text(pilot).split())
        await press(pilot, "i", "enter")
        await until(pilot, lambda: "Audience of Spring: added 2 customers" in status(pilot))
        assert {ref.uid for ref in kept(pilot, Campaign, "m-1").audience} == {"c-smith", "c-wang"}


async def test_without_a_campaign_the_way_to_add_one_is_named(filled, settings):
    async with driven(filled, settings) as pilot:
        await press(pilot, "m", "g")
        assert "There is no campaign yet." in status(pilot)


async def test_due_rows_are_snoozed_to_a_day_or_done_together(busy, settings):
    async with driven(busy, settings) as pilot:
        await press(pilot, "ctrl+g", "t")
        await until(pilot, lambda: table(pilot).ids)
        await press(pilot, "*", "m", "z", *"+3d", "enter")
        assert "to change" in screen_text(pilot)
        await press(pilot, "enter")
        day = TODAY + timedelta(days=3)
        await until(pilot, lambda: kept(pilot, Plan, "s-1").not_before == day)
        assert kept(pilot, Transaction, "q-1").not_before == day
        await press(pilot, "u")
        at = next(row for row, id in enumerate(table(pilot).ids) if "s-1" in id)
        table(pilot).cursor_row = at
        await press(pilot, "m", "d", "enter")
        await until(pilot, lambda: kept(pilot, Plan, "s-1").done_on == TODAY)


@pytest.mark.parametrize("letter", ["l", "o"])
async def test_the_customers_of_other_rows_can_be_changed(busy, settings, letter):
    async with driven(busy, settings) as pilot:
        await press(pilot, "ctrl+g", letter)
        await until(pilot, lambda: table(pilot).ids)
        await press(pilot, "m")
        assert "customers: add a tag" in screen_text(pilot)
        await press(pilot, "t", *"new", "enter", "enter")
        await until(pilot, lambda: tags(pilot) == {"c-smith"})


async def test_the_marked_rows_of_a_profile_are_changed(busy, settings):
    async with driven(busy, settings) as pilot:
        await press(pilot, *SMITH, "6", "*", "m", "f", *"channel", "enter", *"visit", "enter", "enter")
        await until(pilot, lambda: kept(pilot, Transaction, "q-1").channel == "visit")
        assert kept(pilot, Transaction, "t-1").channel == "visit"


async def test_follow_ups_of_activities_are_done(busy, settings):
    async with driven(busy, settings) as pilot:
        await press(pilot, "ctrl+g", "k")
        await until(pilot, lambda: table(pilot).ids)
        await press(pilot, "m", "d", "enter")
        await until(pilot, lambda: kept(pilot, Interaction, "i-1").follow_up_done_on == TODAY)


async def test_a_slow_plan_shows_its_progress_and_escape_stops_it(busy, settings, monkeypatch):
    gate, changed = Gate(), AddTags.changed

    def slow(operation, record, archive):
        gate.wait(60)
        return changed(operation, record, archive)

    monkeypatch.setattr(AddTags, "changed", slow)
    async with driven(busy, settings) as pilot:
        burst(pilot, "*mtnew\r")
        await until(pilot, lambda: "Calculating … 0 %" in screen_text(pilot))
        preview = pilot.app.screen
        burst(pilot, "\x1b")
        await until(pilot, lambda: pilot.app.screen is not preview)
        gate.set()
        await press(pilot, "escape")
        assert isinstance(pilot.app.screen, BrowserScreen)
        assert tags(pilot) == set()


async def test_rows_edited_after_the_preview_are_left_out_and_counted(busy, settings):
    async with driven(busy, settings) as pilot:
        await press(pilot, "*", "m", "a", *"Kim", "enter")
        app_of(pilot).archive.edit("customers", "c-smith", account_manager="Li")
        await press(pilot, "enter")
        await until(pilot, lambda: "1 was edited or deleted after the preview" in status(pilot))
        assert kept(pilot, Customer, "c-smith").account_manager == "Li"
        assert kept(pilot, Customer, "c-wang").account_manager == "Kim"


async def test_the_customers_behind_the_marked_rows_of_a_report_are_changed(busy, settings, answers):
    async with driven(busy, settings) as pilot:
        await opened(pilot)
        await to_table(pilot)
        await press(pilot, "*", "m")
        assert isinstance(pilot.app.screen, PickScreen)
        assert "add a tag (2 of 3 rows)" in screen_text(pilot)
        await press(pilot, "t", *"new", "enter", "enter")
        await until(pilot, lambda: tags(pilot) == {"c-smith", "c-wang"})
        await until(pilot, lambda: "Added tag new: 2 customers" in status(pilot))


# The groups of a campaign in its form


async def test_the_customers_of_a_view_join_the_audience_in_the_form(busy, settings):
    Views().keep("customers", "north", View("kind:person"))
    async with driven(busy, settings) as pilot:
        await press(pilot, "ctrl+g", "m")
        await until(pilot, lambda: table(pilot).ids)
        await press(pilot, "e")
        await enter_field(pilot, "audience")
        await write(pilot, "Marta Smith; a friend")
        await press(pilot, "f3", "enter")
        assert "1 to add · 1 already included · 1 left out" in " ".join(screen_text(pilot).split())
        await press(pilot, "enter")
        assert isinstance(pilot.app.screen, FormScreen)
        await press(pilot, "f3", *"type a", "enter")
        await write(pilot, "globex")
        await press(pilot, "enter", "enter")
        await press(pilot, "ctrl+s")
        audience = kept(pilot, Campaign, "m-1").audience
        assert [ref.uid or ref.name for ref in audience] == ["c-smith", "a friend", "c-wang", "c-globex"]


async def test_an_invalid_search_for_the_audience_is_explained(busy, settings):
    async with driven(busy, settings) as pilot:
        await press(pilot, "ctrl+g", "m")
        await until(pilot, lambda: table(pilot).ids)
        await press(pilot, "e")
        await enter_field(pilot, "audience")
        await press(pilot, "f3", *"type a", "enter", *"(((", "enter")
        await until(pilot, lambda: list(app_of(pilot)._notifications))
