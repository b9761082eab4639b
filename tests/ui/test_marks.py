"""A command acts only on the marked rows, or on the row under the cursor if none is marked."""

import pytest
from driving import (
    NOW,
    SMITH,
    app_of,
    driven,
    fill,
    kept,
    keys,
    people,
    press,
    screen_text,
    settled,
    status,
    table,
    title,
    until,
)
from test_type_ahead import burst

from archive.model.field_types.base import Ref
from archive.model.records.customer import Customer
from archive.model.records.interaction import Interaction
from archive.model.records.transaction import Transaction
from archive.ui.screens.browser import BrowserScreen
from archive.ui.screens.one_line import OneLineScreen
from archive.ui.screens.profile import ProfileScreen

TODAY = NOW.date()


@pytest.fixture
def busy(path, settings):
    """The records of `people`, with four more follow-ups and four quotations due today."""
    calls = [
        Interaction(
            uid=f"f-{n}",
            customer=Ref(uid="c-rossi"),
            at=NOW.replace(day=1 + n),
            follow_up_on=TODAY,
            follow_up=f"call {n}",
        )
        for n in range(4)
    ]
    offers = [
        Transaction(uid=f"q-{n}", customer=Ref(uid="c-smith"), on=TODAY, type="quotation", expected_on=TODAY)
        for n in range(4)
    ]
    return fill(path, settings, [*people(), *calls, *offers])


async def to(pilot, letter):
    await press(pilot, "ctrl+g", letter)
    await until(pilot, lambda: table(pilot).ids)


async def mark(pilot, *uids):
    """Mark the rows of these records, and move the cursor to an unmarked row."""
    for uid in uids:
        at = next(row for row, id in enumerate(table(pilot).ids) if f"/{uid}/" in f"/{id}/")
        table(pilot).cursor_row = at
        await press(pilot, "space")
    spare = next(row for row, id in enumerate(table(pilot).ids) if id not in table(pilot).marks)
    table(pilot).cursor_row = spare
    await settled(pilot)


def done(pilot):
    """Return the completed follow-ups."""
    archive = app_of(pilot).archive
    return {uid for uid in archive.uids("interactions") if archive.get(Interaction, uid).follow_up_done_on}


async def test_only_the_marked_follow_ups_are_completed(busy, settings):
    async with driven(busy, settings) as pilot:
        await to(pilot, "t")
        await mark(pilot, "f-0", "f-1", "f-3")
        await press(pilot, "t")
        assert done(pilot) == {"f-0", "f-1", "f-3"}
        assert table(pilot).marks == set()
        await press(pilot, "u")
        assert done(pilot) == set()  # a single change


async def test_only_the_marked_rows_are_snoozed(busy, settings):
    async with driven(busy, settings) as pilot:
        await to(pilot, "t")
        await mark(pilot, "f-0", "f-2")
        await press(pilot, "z")
        calls = [kept(pilot, Interaction, f"f-{n}") for n in range(4)]
        assert {n for n in range(4) if calls[n].not_before} == {0, 2}
        assert {call.follow_up_on for call in calls} == {TODAY}


async def test_marked_rows_that_cannot_be_completed_are_skipped_and_counted(busy, settings):
    async with driven(busy, settings) as pilot:
        await to(pilot, "t")
        await mark(pilot, "f-0", "q-0", "q-1")
        await press(pilot, "t")
        assert done(pilot) == {"f-0"}
        assert "2 of the marked rows cannot be changed here" in status(pilot)
        await mark(pilot, "q-0", "q-1")
        await press(pilot, "t")
        assert done(pilot) == {"f-0"}
        assert "cannot be completed here" in status(pilot)
        assert len(table(pilot).marks) == 2


async def test_an_activity_can_be_logged_only_for_a_single_marked_row(busy, settings):
    async with driven(busy, settings) as pilot:
        await to(pilot, "t")
        await mark(pilot, "f-0")
        await press(pilot, "l")
        assert isinstance(pilot.app.screen, OneLineScreen)
        await press(pilot, *"call", "enter")
        await until(
            pilot, lambda: done(pilot) == {"f-0", "f-1", "f-2", "f-3"}
        )  # everything due for this customer
        assert "José Rossi" in screen_text(pilot)
        await mark(pilot, "q-1", "q-2")
        await press(pilot, "l")
        assert "needs a single row" in status(pilot)


@pytest.mark.parametrize(
    ("keys", "outcome"), [(["plus"], "won"), (["minus", "0"], "lost"), (["0"], "no_decision")]
)
async def test_only_the_marked_quotations_are_decided(busy, settings, keys, outcome):
    async with driven(busy, settings) as pilot:
        await to(pilot, "l")
        await mark(pilot, "q-1", "q-3")
        await press(pilot, *keys)
        found = {n: kept(pilot, Transaction, f"q-{n}").outcome for n in range(4)}
        assert found == {0: "", 1: outcome, 2: "", 3: outcome}


async def test_only_the_marked_changes_are_reverted(filled, settings):
    async with driven(filled, settings) as pilot:
        for uid in ("c-smith", "c-wang", "c-rossi"):
            app_of(pilot).archive.edit("customers", uid, grade="X")
        await to(pilot, "h")
        await press(pilot, "space", "j", "space", "k")
        await press(pilot, "t", "t")
        grades = {uid: kept(pilot, Customer, uid).grade for uid in ("c-smith", "c-wang", "c-rossi")}
        assert grades == {"c-smith": "", "c-wang": "X", "c-rossi": "B"}
        assert "Reverted 2 changes." in status(pilot)


async def test_marked_rows_hidden_by_the_search_are_not_deleted_nor_is_any_other_row(filled, settings):
    async with driven(filled, settings, (120, 40)) as pilot:
        await mark(pilot, "c-smith", "c-wang")
        await press(pilot, "slash", *"rossi", "down")
        await until(pilot, lambda: list(table(pilot).ids) == ["c-rossi"])
        await until(pilot, lambda: "2 marked, 2 not shown" in screen_text(pilot))
        await press(pilot, "d")
        assert app_of(pilot).archive.count("customers") == 4
        assert "None of the marked records are in this list" in status(pilot)
        await press(pilot, "slash", *"marta", "down", "d")
        assert app_of(pilot).archive.count("customers") == 3
        assert table(pilot).marks == {"c-wang"}
        await press(pilot, "escape", "escape", "d")
        await until(pilot, lambda: len(table(pilot).ids) == 2)


async def test_marks_of_deleted_records_are_dropped(filled, settings):
    async with driven(filled, settings) as pilot:
        await mark(pilot, "c-smith", "c-wang")
        app_of(pilot).archive.delete("customers", ["c-smith"])
        await until(pilot, lambda: table(pilot).marks == {"c-wang"})
        await to(pilot, "t")


async def test_only_the_marked_records_of_a_customer_are_deleted(busy, settings):
    async with driven(busy, settings) as pilot:
        await press(pilot, *SMITH, "6")
        await mark(pilot, "q-0", "q-2")
        await press(pilot, "d")
        archive = app_of(pilot).archive
        assert sorted(archive.children("transactions", "c-smith")) == ["q-1", "q-3", "t-1"]


async def test_a_date_of_the_customer_in_the_timeline_cannot_be_deleted(path, settings):
    smith = next(person for person in people() if person.uid == "c-smith")
    fill(path, settings, [smith.with_values(customer_since=smith.next_contact_on, positions=())])
    async with driven(path, settings) as pilot:
        await press(pilot, "enter", "8", "d")
        assert app_of(pilot).archive.has("customers", "c-smith")
        assert "no record to delete" in status(pilot)


# Keys pressed twice


@pytest.mark.parametrize("at_once", [True, False])
async def test_pressing_delete_twice_in_a_profile_does_not_delete_the_next_customer(
    filled, settings, at_once
):
    async with driven(filled, settings) as pilot:
        await press(pilot, *SMITH, "2")
        if at_once:
            burst(pilot, "dd")
            await settled(pilot)
        else:
            await press(pilot, "d", "d")
        archive = app_of(pilot).archive
        assert isinstance(pilot.app.screen, BrowserScreen)
        assert archive.count("customers") == 3
        assert "pressed twice" in status(pilot)
        await press(pilot, "d")
        assert archive.count("customers") == 2


async def test_pressing_delete_again_after_the_last_record_does_not_delete_the_customer(filled, settings):
    async with driven(filled, settings) as pilot:
        await press(pilot, *SMITH, "6", "d", "d")
        archive = app_of(pilot).archive
        assert archive.children("transactions", "c-smith") == []
        assert archive.has("customers", "c-smith")
        assert isinstance(pilot.app.screen, ProfileScreen)


async def test_pressing_delete_again_after_the_last_person_does_not_delete_the_organisation(filled, settings):
    async with driven(filled, settings) as pilot:
        await press(pilot, "enter", "3", "G", "down")
        assert table(pilot).has_focus
        await press(pilot, "d", "d")
        archive = app_of(pilot).archive
        assert not archive.has("customers", "c-smith")
        assert archive.has("customers", "c-globex")


# Marking


async def test_shift_and_the_arrows_mark_a_range_that_shrinks_again(filled, settings):
    async with driven(filled, settings) as pilot:
        rows = list(table(pilot).ids)
        await press(pilot, "G", "space", "g", "shift+down", "shift+down")
        assert table(pilot).marks == {*rows[:3], rows[3]}
        await press(pilot, "shift+up", "shift+up")
        assert table(pilot).marks == {rows[0], rows[3]}  # the row marked before stays marked
        await press(pilot, "down", "down", "shift+up")
        assert table(pilot).marks == {rows[0], rows[1], rows[2], rows[3]}


async def test_a_range_ends_when_the_list_changes(filled, settings):
    async with driven(filled, settings) as pilot:
        await press(pilot, "shift+down")
        marked = set(table(pilot).marks)
        app_of(pilot).archive.save(Customer(kind="person", full_name="Aaron First"))
        await until(pilot, lambda: len(table(pilot).ids) == 5)
        at = table(pilot).cursor_row
        await press(pilot, "shift+down")
        assert table(pilot).marks == marked | set(table(pilot).ids[at : at + 2])


async def test_star_marks_all_rows_shown_and_then_none(filled, settings):
    async with driven(filled, settings) as pilot:
        await press(pilot, "*")
        assert table(pilot).marks == set(table(pilot).ids)
        await press(pilot, "*")
        assert table(pilot).marks == set()


@pytest.mark.parametrize("size", [(120, 40), (50, 20)])
@pytest.mark.parametrize("way", [[], ["ctrl+g", "t"], ["ctrl+g", "l"], ["ctrl+g", "h"], [*SMITH, "6"]])
async def test_every_list_counts_its_marks_in_the_title_and_escape_clears_them_first(
    busy, settings, way, size
):
    async with driven(busy, settings, size) as pilot:
        app_of(pilot).archive.edit("customers", "c-smith", grade="A")
        app_of(pilot).archive.edit("customers", "c-smith", grade="B")
        await press(pilot, *way)
        await until(pilot, lambda: len(table(pilot).ids) > 1)
        screen = pilot.app.screen
        await press(pilot, "shift+down")
        assert "● 2 marked" in title(pilot)
        assert {"m", "x", "t", "+"} & keys(pilot).keys()  # commands for the marked rows
        assert keys(pilot)["esc"] == "Clear"
        await press(pilot, "escape")
        assert "x" not in keys(pilot)
        assert "marked" not in title(pilot)
        assert table(pilot).marks == set()
        assert pilot.app.screen is screen


async def test_commands_for_a_single_record_say_so_if_several_are_marked(filled, settings):
    async with driven(filled, settings) as pilot:
        await mark(pilot, "c-smith", "c-wang")
        screen = pilot.app.screen
        for key in "elby":
            await press(pilot, key)
            assert "needs a single row, but 2 are marked" in status(pilot)
            assert pilot.app.screen is screen
