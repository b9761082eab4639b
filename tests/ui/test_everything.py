"""The search in all tables: hits by kind while typing, and enter opens the record at the words."""

import re
import threading

import pytest
from driving import (
    NASTY,
    NOW,
    SIZES,
    SMITH,
    driven,
    fill,
    focused,
    people,
    press,
    raw_controls,
    screen_text,
    settled,
    table,
    title,
    until,
    widths,
)
from test_type_ahead import burst

from archive.model.field_types.base import Ref
from archive.model.records.customer import Customer
from archive.model.records.interaction import Interaction
from archive.model.records.transaction import Transaction
from archive.ui.screens import search_everything as screens
from archive.ui.screens.browser import BrowserScreen
from archive.ui.screens.profile import ProfileScreen
from archive.ui.screens.record import RecordScreen
from archive.ui.screens.search_everything import EverythingScreen
from archive.ui.widgets.field_list import FieldList
from archive.ui.widgets.hit_list import HitList


@pytest.fixture
def noted(path, settings):
    """An archive in which "prices" is in a customer, two activities and a transaction."""
    more = [
        Interaction(
            uid="i-2", customer=Ref(uid="c-rossi"), at=NOW.replace(day=2), summary="new\nPRICES sent"
        ),
        Transaction(uid="t-2", customer=Ref(uid="c-rossi"), on=NOW.date(), type="order", note="old prices"),
    ]
    return fill(path, settings, [*people(), *more])


async def searching(pilot, *keys):
    await press(pilot, "ctrl+f", *keys)
    await until(pilot, lambda: isinstance(pilot.app.screen, EverythingScreen))
    return pilot.app.screen.query_one(HitList)


@pytest.mark.parametrize("size", SIZES)
async def test_hits_are_grouped_by_kind_with_their_number_and_the_words_around_them(noted, settings, size):
    async with driven(noted, settings, size) as pilot:
        await searching(pilot, *"prices")
        text = screen_text(pilot)
        assert title(pilot).rstrip().endswith("4 found")
        assert re.findall(r"^ (\w+)  (\d)$", text, re.MULTILINE) == [
            ("Customers", "1"),
            ("Activities", "2"),
            ("Transactions", "1"),
        ]
        assert "PRICES sent" in text
        if size[0] > 50:
            assert (
                text.index("talked about prices") < text.index("new PRICES sent") < text.index("old prices")
            )
        assert widths(pilot) == {size[0]}


async def test_enter_opens_a_customer_at_the_field_and_escape_returns_to_the_hits(noted, settings):
    async with driven(noted, settings) as pilot:
        burst(pilot, "\x06prices\r")
        await until(pilot, lambda: isinstance(pilot.app.screen, ProfileScreen))
        await settled(pilot)
        assert pilot.app.screen.query_one(FieldList).highlighted_id == "next_contact_why"
        assert "new prices" in screen_text(pilot)
        await press(pilot, "escape", "j", "j", "enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, RecordScreen))
        await settled(pilot)
        assert pilot.app.screen.uid == "i-2"
        assert pilot.app.screen.item.field == "summary"
        await press(pilot, "escape", "j", "enter")
        assert pilot.app.screen.uid == "t-2"
        await press(pilot, "escape", "escape")
        assert isinstance(pilot.app.screen, BrowserScreen)


async def test_the_search_line_is_cleared_or_replaced_step_by_step(noted, settings):
    async with driven(noted, settings) as pilot:
        hits = await searching(pilot, *"prices", "down")
        assert hits.has_focus
        await press(pilot, "ctrl+f", *"talked")
        assert focused(pilot).value == "talked"
        assert title(pilot).rstrip().endswith("1 found")
        await press(pilot, "escape")
        assert focused(pilot).value == ""
        assert "Type at least two letters." in screen_text(pilot)
        await press(pilot, *"zz[/b]", "enter")
        assert "Nothing contains “zz[/b]”." in screen_text(pilot)
        await press(pilot, "escape", "down", "enter", "escape")
        assert isinstance(pilot.app.screen, BrowserScreen)


async def test_the_place_shows_all_hits_if_there_are_many(path, settings):
    calls = [
        Interaction(uid=f"i-{n}", customer=Ref(uid="c-smith"), at=NOW.replace(day=1 + n), summary="tea")
        for n in range(10)
    ]
    async with driven(fill(path, settings, [*people(), *calls]), settings) as pilot:
        await searching(pilot, *"tea", "down", "G")
        assert "4 more in Activities" in screen_text(pilot)
        await press(pilot, "enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, BrowserScreen))
        await until(pilot, lambda: len(table(pilot).ids) == 10)


async def test_everything_is_searched_from_any_screen_and_a_form_keeps_its_text(noted, settings):
    async with driven(noted, settings) as pilot:
        for keys in (["ctrl+g", "t"], ["ctrl+g", "c", *SMITH], ["escape", "n", *"Ann Bell"]):
            await press(pilot, *keys)
            before = pilot.app.screen
            await searching(pilot)
            await press(pilot, *"prices", "enter", "escape", "escape")
            assert pilot.app.screen is before
        assert focused(pilot).value == "Ann Bell"


async def test_a_slow_search_shows_that_it_goes_on_and_what_it_has_found(noted, settings, monkeypatch):
    go_on, real = threading.Event(), screens.search_everything

    def slow(archive, text, cancelled):
        for hits in real(archive, text, cancelled):
            yield hits
            if hits.table == "customers":
                assert go_on.wait(60)

    monkeypatch.setattr(screens, "search_everything", slow)
    monkeypatch.setattr(screens, "SOON", 0.001)
    async with driven(noted, settings) as pilot:
        burst(pilot, "\x06prices")
        await until(pilot, lambda: "1 found · searching …" in screen_text(pilot))
        assert "Customers  1" in screen_text(pilot)
        assert "Activities  2" not in screen_text(pilot)
        go_on.set()
        await until(pilot, lambda: "4 found" in screen_text(pilot))
        assert "searching" not in screen_text(pilot)
        assert pilot.app.screen.query_one(HitList).highlighted == 1


async def test_hits_follow_a_change_of_the_archive_and_of_the_width(noted, settings):
    async with driven(noted, settings, (120, 40)) as pilot:
        await searching(pilot, *"prices", "down", "j", "enter", "escape")
        pilot.app.archive.delete("interactions", ["i-2"])
        await until(pilot, lambda: "3 found" in screen_text(pilot))
        await pilot.resize_terminal(50, 20)
        await settled(pilot)
        assert widths(pilot) == {50}


async def test_text_from_outside_is_shown_literally(path, settings):
    records = [
        Customer(uid=f"c-{n}", kind="person", full_name=f"{text[:200]} tea", background=f"tea {text}\ntea")
        for n, text in enumerate(NASTY)
    ]
    async with driven(fill(path, settings, records), settings, (120, 40)) as pilot:
        for letters in ("tea", "[/b]", "smith", "日本", "xxxx"):
            await press(pilot, "ctrl+f", *letters)
            assert not raw_controls(pilot)
            assert widths(pilot) == {120}
            await press(pilot, "escape", "escape")
