"""Transactions, activities and people in a profile: entering, opening and deleting them."""

from datetime import date

import pytest
from driving import (
    SMITH,
    app_of,
    driven,
    fill,
    kept,
    people,
    press,
    screen_text,
    shown,
    status,
    table,
    title,
    until,
    write,
)

from archive.model.field_types.base import Ref
from archive.model.records.customer import Customer
from archive.model.records.interaction import Interaction
from archive.model.records.plan import Plan
from archive.model.records.transaction import Transaction
from archive.ui.screens.form import FormScreen
from archive.ui.screens.one_line import OneLineScreen
from archive.ui.screens.profile import ProfileScreen
from archive.ui.screens.profile_rows import ProfileRows
from archive.ui.screens.record import RecordScreen
from archive.ui.widgets.table_lines import TONE


async def test_l_and_b_add_an_activity_and_a_purchase_of_the_customer(filled, settings):
    async with driven(filled, settings) as pilot:
        await press(pilot, *SMITH, "l")
        await until(pilot, lambda: isinstance(pilot.app.screen, OneLineScreen))
        await write(pilot, "call 10m price talk")
        await press(pilot, "enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, ProfileScreen))
        assert status(pilot).startswith("New activity: Marta Smith")
        await press(pilot, "b")
        await write(pilot, "3 bags tea @4")
        await press(pilot, "enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, ProfileScreen))
        archive = app_of(pilot).archive
        assert [i.summary for i in archive.of_customer(Interaction, "c-smith")] == ["price talk"]
        assert {t.amount for t in archive.of_customer(Transaction, "c-smith")} == {12, 70}
        await press(pilot, "8")
        assert len(table(pilot).ids) >= 3


@pytest.mark.parametrize(("letter", "table_name"), [("d", "transactions"), ("k", "interactions")])
async def test_a_adds_a_transaction_or_an_activity_in_a_form(filled, settings, letter, table_name):
    async with driven(filled, settings) as pilot:
        await press(pilot, *SMITH, "a", "escape", "a", letter)
        form = pilot.app.screen
        assert isinstance(form, FormScreen)
        assert form.table_name == table_name
        await press(pilot, "ctrl+s")
        await until(pilot, lambda: isinstance(pilot.app.screen, ProfileScreen))
        assert len(app_of(pilot).archive.children(table_name, "c-smith")) == (2 if letter == "d" else 1)


async def test_rows_are_opened_deleted_and_restored(filled, settings):
    async with driven(filled, settings) as pilot:
        await press(pilot, *SMITH, "6", "enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, RecordScreen))
        await press(pilot, "escape", "d")
        await until(pilot, lambda: table(pilot).ids == [])
        assert kept(pilot, Customer, "c-smith")
        await press(pilot, "u")
        await until(pilot, lambda: len(table(pilot).ids) == 1)


async def test_overdue_tasks_are_marked_at_the_beginning_of_the_line(path, settings):
    step = "send the offer that was promised at the fair, with the prices of next year"
    late = Plan(uid="p-late", customer=Ref(uid="c-smith"), step=step, due_on=date(2026, 11, 2))
    fill(path, settings, [*people(), late])
    for size in [(80, 24), (50, 20)]:
        async with driven(path, settings, size) as pilot:
            await press(pilot, *SMITH, "7")
            await until(pilot, lambda: "overdue ! · send the" in screen_text(pilot))
            rows = ProfileRows(app_of(pilot).archive, "c-smith", "agreements")
            assert rows.cells(rows.ids)[0][TONE] == "warn"


async def test_rows_of_the_timeline_open(filled, settings):
    async with driven(filled, settings) as pilot:
        await press(pilot, "G", "enter", "8")
        await until(pilot, lambda: any("2026-11-12" in row for row in shown(pilot)))
        await press(pilot, "enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, RecordScreen))


async def test_people_of_an_organisation_open_their_profiles(filled, settings):
    async with driven(filled, settings) as pilot:
        await press(pilot, "enter", "3")
        await until(pilot, lambda: "Marta Smith" in screen_text(pilot))
        table(pilot).focus()
        await press(pilot, "enter")
        assert "Marta Smith" in title(pilot)
        await press(pilot, "escape")
        assert "Globex" in title(pilot)


async def test_the_keyboard_reaches_the_rows_below_the_fields(filled, settings):
    async with driven(filled, settings) as pilot:
        await press(pilot, "enter", "3", "G", "down", "up", "up", "down", "down", "enter")
        assert "Marta Smith" in title(pilot)
        await press(pilot, "escape", "2", "G", "down", "g", "up", "6", "up")
        assert "Globex" in title(pilot)
