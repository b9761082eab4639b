"""The tables in a profile: search, sort, new records, marks and export."""

from datetime import date
from decimal import Decimal

import pytest
from driving import (
    SMITH,
    app_of,
    driven,
    exported,
    fill,
    people,
    press,
    screen_text,
    table,
    title,
    until,
    write,
)

from archive.model.field_types.base import Ref
from archive.model.records.interaction import Interaction
from archive.model.records.transaction import Transaction
from archive.ui.screens.form import FormScreen
from archive.ui.screens.profile import ProfileScreen
from archive.ui.screens.record import RecordScreen

AMOUNTS = [("rice", "900", "EUR"), ("tea", "1200", "EUR"), ("rice cooker", "80", "EUR"), ("oil", "5", "CNY")]


@pytest.fixture
def bought(path, settings):
    """The archive of `people`, with purchases of Marta Smith."""
    orders = [
        Transaction(
            uid=f"t-{number}",
            customer=Ref(uid="c-wang"),
            on=date(2026, 11, 1 + number),
            type="order",
            product=Ref(name=product),
            amount=Decimal(amount),
            currency=currency,
        )
        for number, (product, amount, currency) in enumerate(AMOUNTS, 10)
    ]
    return fill(path, settings, [*people(), *orders])


WANG = ["G", "enter"]


def products(pilot) -> list[str]:
    archive = app_of(pilot).archive
    return [archive.get(Transaction, uid).product.name for uid in table(pilot).ids]


async def test_slash_searches_the_rows_and_escape_clears_before_it_leaves(bought, settings):
    async with driven(bought, settings) as pilot:
        await press(pilot, *WANG, "6", "slash")
        await write(pilot, "rice -cooker")
        await until(pilot, lambda: products(pilot) == ["rice"])
        assert "1 of 4" in screen_text(pilot)
        await press(pilot, "down", "escape")
        await until(pilot, lambda: len(table(pilot).ids) == 4)
        assert isinstance(pilot.app.screen, ProfileScreen)
        assert "search these rows" not in screen_text(pilot)
        await press(pilot, "escape")
        await until(pilot, lambda: not isinstance(pilot.app.screen, ProfileScreen))


async def test_enter_in_the_search_line_opens_the_first_hit(bought, settings):
    async with driven(bought, settings) as pilot:
        await press(pilot, *WANG, "6", "slash")
        await write(pilot, "tea")
        await press(pilot, "enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, RecordScreen))
        assert pilot.app.screen.uid == "t-11"


async def test_a_search_without_a_hit_says_so(bought, settings):
    async with driven(bought, settings) as pilot:
        await press(pilot, *WANG, "6", "slash")
        await write(pilot, "coffee")
        await until(pilot, lambda: "Nothing matches coffee." in screen_text(pilot))


async def test_another_tab_begins_without_the_search(bought, settings):
    async with driven(bought, settings) as pilot:
        await press(pilot, *WANG, "6", "slash")
        await write(pilot, "tea")
        await press(pilot, "down", "8")
        await until(pilot, lambda: len(table(pilot).ids) == 5)
        await press(pilot, "6")
        await until(pilot, lambda: len(table(pilot).ids) == 4)


async def test_amounts_are_sorted_as_numbers_and_currencies_kept_apart(bought, settings):
    async with driven(bought, settings) as pilot:
        await press(pilot, *WANG, "6", "s")
        await until(pilot, lambda: "Sort by" in screen_text(pilot))
        await press(pilot, *["down"] * 5, "enter")
        await until(pilot, lambda: products(pilot) == ["oil", "rice cooker", "rice", "tea"])
        assert "▲ Amount" in screen_text(pilot)


async def test_the_timeline_is_searched_and_sorted_too(bought, settings):
    async with driven(bought, settings) as pilot:
        await press(pilot, *WANG, "8", "slash")
        await write(pilot, "prices")
        await until(pilot, lambda: len(table(pilot).ids) == 1)
        await press(pilot, "escape", "down", "s", "down", "enter")
        await until(pilot, lambda: "Type ▲" in screen_text(pilot))
        archive = app_of(pilot).archive
        assert len(table(pilot).ids) == 5 == len(archive.of_customer(Transaction, "c-wang")) + 1
        assert table(pilot).ids[-1].startswith("interactions/")


async def test_e_edits_the_row_under_the_cursor(bought, settings):
    async with driven(bought, settings) as pilot:
        await press(pilot, *WANG, "6", "j", "e")
        await until(pilot, lambda: isinstance(pilot.app.screen, FormScreen))
        assert pilot.app.screen.uid == "t-12"


async def test_n_adds_a_record_of_the_kind_in_the_table(bought, settings):
    async with driven(bought, settings) as pilot:
        archive = app_of(pilot).archive
        await press(pilot, *WANG, "5", "n")
        await until(pilot, lambda: isinstance(pilot.app.screen, FormScreen))
        await press(pilot, "ctrl+s")
        await until(pilot, lambda: len(archive.of_customer(Interaction, "c-wang")) == 2)


async def test_n_in_the_people_of_an_organisation_adds_a_person_there(filled, settings):
    async with driven(filled, settings) as pilot:
        await press(pilot, "enter", "3", "n")
        await until(pilot, lambda: isinstance(pilot.app.screen, FormScreen) and pilot.app.focused)
        await write(pilot, "Ann Bell")
        await press(pilot, "ctrl+s")
        await until(pilot, lambda: len(app_of(pilot).archive.people_of("c-globex")) == 2)


async def test_n_where_several_kinds_are_listed_asks_which(bought, settings):
    async with driven(bought, settings) as pilot:
        await press(pilot, *WANG, "7", "n")
        await until(pilot, lambda: "a task or a promise" in screen_text(pilot))


async def test_the_rows_found_are_exported_in_the_order_shown(bought, settings):
    async with driven(bought, settings) as pilot:
        await press(pilot, *WANG, "6", "slash")
        await write(pilot, "rice")
        await press(pilot, "down", "x")
        [path] = await until(pilot, lambda: exported(settings))
        lines = path.read_text("utf-8-sig").splitlines()
        assert [line.split(",")[2] for line in lines[1:]] == ["rice cooker", "rice"]


async def test_tabs_say_how_many_rows_they_have(bought, settings):
    async with driven(bought, settings, (120, 40)) as pilot:
        await press(pilot, *WANG)
        assert "Transactions 4" in screen_text(pilot)
        assert "Contact times 1" in screen_text(pilot)


async def test_brackets_in_a_record_go_through_the_rows_of_the_tab(bought, settings):
    async with driven(bought, settings) as pilot:
        await press(pilot, *WANG, "6", "enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, RecordScreen))
        assert "1 of 4" in title(pilot)
        await press(pilot, "]")
        await until(pilot, lambda: "2 of 4" in title(pilot))
        assert SMITH  # another customer's records are not among them
