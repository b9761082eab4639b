"""The table of customers: at start-up, under the cursor, and with the card beside it."""

import pytest
from driving import (
    NAMES,
    SIZES,
    TINY,
    driven,
    press,
    sampled,
    screen_text,
    settled,
    shown,
    table,
    title,
    until,
)

from archive.ui.app import ArchiveApp
from archive.ui.screens.browser import BrowserScreen
from archive.ui.screens.form import FormScreen
from archive.ui.screens.profile import ProfileScreen
from archive.ui.widgets.card import Card


async def test_the_frame_is_painted_before_the_archive_has_been_read(filled, settings, monkeypatch):
    monkeypatch.setattr(ArchiveApp, "_open_archive", lambda app: None)
    app = ArchiveApp(filled, settings)
    async with app.run_test() as pilot:
        await until(pilot, lambda: "Opening the archive" in screen_text(pilot))
        assert not app.is_open


@pytest.mark.parametrize("size", sampled(SIZES + TINY, len(SIZES)))
async def test_every_size_shows_customers_by_name(filled, settings, size):
    async with driven(filled, settings, size) as pilot:
        assert shown(pilot) == NAMES
        assert "Globex" in screen_text(pilot)


async def test_an_empty_archive_shows_how_to_add_the_first_customer(path, settings):
    async with driven(path, settings) as pilot:
        assert "No customers yet" in screen_text(pilot)
        await press(pilot, "enter", "e", "l", "b", "d", "space", "y")  # none of these has a record to act on
        await until(pilot, lambda: isinstance(pilot.app.screen, BrowserScreen))
        await press(pilot, "n")
        await until(pilot, lambda: isinstance(pilot.app.screen, FormScreen))


async def test_the_title_of_the_demo_says_so(filled, settings):
    async with driven(filled, settings, demo=True) as pilot:
        assert "demo" in title(pilot)


async def test_letters_move_the_cursor(filled, settings):
    async with driven(filled, settings) as pilot:
        rows = []
        for key in ["j", "j", "k", "G", "g", "down", "end", "up", "home"]:
            await press(pilot, key)
            rows.append(table(pilot).cursor_row)
        assert rows == [1, 2, 1, 3, 0, 1, 3, 2, 0]


async def test_enter_opens_the_customer_and_leaving_selects_the_last_customer_viewed(filled, settings):
    async with driven(filled, settings) as pilot:
        await press(pilot, "j", "enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, ProfileScreen))
        await press(pilot, "right_square_bracket", "escape")
        await until(pilot, lambda: isinstance(pilot.app.screen, BrowserScreen))
        assert table(pilot).cursor_id == "c-smith"


async def test_the_card_is_shown_beside_the_table_if_there_is_room(filled, settings):
    async with driven(filled, settings, (120, 40)) as pilot:
        await press(pilot, "j", "j")
        card = pilot.app.screen.query_one(Card)
        assert card.display
        await until(pilot, lambda: "marta@globex.example" in screen_text(pilot))
        await pilot.resize_terminal(80, 24)
        await until(pilot, lambda: not card.display)
        await pilot.resize_terminal(130, 40)
        await until(pilot, lambda: card.display)


async def test_the_card_takes_no_room_from_the_names(filled, settings):
    def room(pilot):
        header = next(line for line in screen_text(pilot).splitlines() if "Full name" in line)
        beside = "Phone" if "Phone" in header else "Status"
        return header.index(beside) - header.index("Full name")

    async with driven(filled, settings) as pilot:
        without = room(pilot)
        for width in (120, 128, 150, 160):
            await pilot.resize_terminal(width, 40)
            await until(pilot, lambda: pilot.app.screen.query_one(Card).display)
            await settled(pilot)
            assert room(pilot) >= without
        assert "City" in screen_text(pilot)
