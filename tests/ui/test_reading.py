"""Read views: enter reads a record of any list, links open, e edits, [ and ] go through the list."""

from datetime import timedelta
from decimal import Decimal

import pytest
from driving import NOW, driven, fill, people, press, screen_text, table, until, write

from archive.model.field_types.base import Ref
from archive.model.records.contract import Contract, Delivery, Term
from archive.ui.screens.form import FormScreen
from archive.ui.screens.profile import ProfileScreen
from archive.ui.screens.record import RecordScreen

TODAY = NOW.date()


def contract(*terms: Term) -> Contract:
    """Return a contract with Marta Smith that has run for a hundred days."""
    start = TODAY - timedelta(days=100)
    return Contract(
        uid="a-1",
        number="A-1",
        customer=Ref(uid="c-smith"),
        title="Rice for the year",
        start=start,
        signed_on=start,
        end=TODAY + timedelta(days=265),
        terms=terms,
    )


RICE = Term(
    key="1",
    requirement="Rice in bags",
    quantity=Decimal(100),
    unit="bags",
    due_on=TODAY - timedelta(days=1),
    deliveries=(Delivery(on=TODAY - timedelta(days=9), quantity=Decimal(40)),),
)
TEA = Term(key="2", requirement="Tea in boxes", quantity=Decimal(10), unit="boxes")


@pytest.fixture
def agreed(path, settings):
    """People, and a contract of two terms."""
    return fill(path, settings, [*people(), contract(RICE, TEA)])


async def test_enter_reads_a_contract_with_progress_and_overdue_terms_and_e_edits_it(agreed, settings):
    async with driven(agreed, settings, (120, 40)) as pilot:
        await press(pilot, "ctrl+g", "n", "enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, RecordScreen))
        await until(pilot, lambda: "40 bags of 100 bags" in screen_text(pilot))
        assert "overdue !" in screen_text(pilot)
        await press(pilot, "e")
        await until(pilot, lambda: isinstance(pilot.app.screen, FormScreen))


async def test_a_record_shows_its_filled_in_fields_only_and_enter_on_the_customer_opens_it(agreed, settings):
    async with driven(agreed, settings, (80, 24)) as pilot:
        await press(pilot, "ctrl+g", "k", "enter")
        await until(pilot, lambda: "talked about prices" in screen_text(pilot))
        await until(pilot, lambda: isinstance(pilot.app.screen, RecordScreen))
        assert "Duration" not in screen_text(pilot)
        lines = pilot.app.screen.query_one("#lines")
        at = next(n for n, item in pilot.app.screen._items.items() if item.opens[0] == "customers")
        lines.highlighted = lines.get_option_index(at)
        await press(pilot, "enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, ProfileScreen))
        await press(pilot, "escape", "escape")
        await until(pilot, lambda: not isinstance(pilot.app.screen, RecordScreen | ProfileScreen))


async def test_a_delivery_takes_six_keys_besides_its_text_and_is_one_undo(agreed, settings):
    async with driven(agreed, settings, (120, 40)) as pilot:
        await press(pilot, "ctrl+g", "n")
        await until(pilot, lambda: len(table(pilot).ids) == 1)
        await press(pilot, "enter", "a", "enter", *"70 bags yesterday")  # three keys, then the text
        await until(pilot, lambda: "10 more than agreed !" in screen_text(pilot))
        await press(pilot, "enter")  # the fourth
        await until(pilot, lambda: "110 bags of 100 bags" in screen_text(pilot))
        await press(pilot, "u")
        await until(pilot, lambda: "40 bags of 100 bags" in screen_text(pilot))


async def test_a_delivery_is_offered_on_the_overdue_term_first(path, settings):
    fill(path, settings, [*people(), contract(TEA, RICE)])
    async with driven(path, settings) as pilot:
        await press(pilot, "ctrl+g", "n", "enter")
        await until(pilot, lambda: "overdue !" in screen_text(pilot))
        await press(pilot, "a", "enter", *"60 bags")
        await press(pilot, "enter")
        await until(pilot, lambda: "100 bags of 100 bags" in screen_text(pilot))


async def test_enter_on_a_field_edits_it_in_the_form(agreed, settings):
    async with driven(agreed, settings) as pilot:
        await press(pilot, "ctrl+g", "k", "enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, RecordScreen))
        await press(pilot, "down", "enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, FormScreen) and pilot.app.focused)
        await write(pilot, " and terms")
        await press(pilot, "ctrl+s")
        await until(pilot, lambda: "talked about prices and terms" in screen_text(pilot))


async def test_t_completes_the_follow_up_that_is_read_and_is_one_undo(agreed, settings):
    async with driven(agreed, settings) as pilot:
        await press(pilot, "ctrl+g", "k", "enter")
        await until(pilot, lambda: "overdue !" in screen_text(pilot))
        await press(pilot, "t")
        await until(pilot, lambda: "done 2026-11-21" in screen_text(pilot))
        assert "t Done" not in screen_text(pilot)
        await press(pilot, "u")
        await until(pilot, lambda: "overdue !" in screen_text(pilot))
        await press(pilot, "z")
        await until(pilot, lambda: "2026-11-22 Sun" in screen_text(pilot))


async def test_the_customer_of_a_record_is_one_key_away(agreed, settings):
    async with driven(agreed, settings) as pilot:
        await press(pilot, "ctrl+g", "k", "enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, RecordScreen))
        await press(pilot, "C")
        await until(pilot, lambda: isinstance(pilot.app.screen, ProfileScreen))
