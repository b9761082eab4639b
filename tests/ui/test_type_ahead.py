"""Keys that come faster than the screens: each has its effect where it was meant to have it."""

import asyncio

import pytest
from driving import app_of, driven, settled, table, until
from textual.events import Key
from textual.keys import _character_to_key

from archive.model.interaction import Interaction
from archive.ui import app as app_module
from archive.ui.key_queue import PATIENCE
from archive.ui.screens.form import FormScreen
from archive.ui.screens.profile import ProfileScreen


def burst(pilot, text: str) -> None:
    """All keys at once, as a paste without brackets or a fast typist sends them."""
    for char in text:
        name = {"\r": "enter", "\x1b": "escape"}.get(char) or _character_to_key(char)
        pilot.app.post_message(Key(name, char if char.isprintable() else None))


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (50, 20)])
async def test_letters_behind_the_slash_are_searched_for_and_run_no_commands(filled, settings, size):
    async with driven(filled, settings, size) as pilot:
        burst(pilot, "/marta\r")
        await until(pilot, lambda: list(table(pilot).ids) == ["c-smith"] and table(pilot).has_focus)
        assert app_of(pilot).archive.undo_label() == "7 records"


async def test_search_open_and_a_tab_in_one_burst_arrive_at_the_profile(filled, settings):
    async with driven(filled, settings) as pilot:
        burst(pilot, "/marta\r")
        await until(pilot, lambda: list(table(pilot).ids) == ["c-smith"])
        burst(pilot, "\r2")
        await until(pilot, lambda: isinstance(pilot.app.screen, ProfileScreen))
        await until(pilot, lambda: pilot.app.screen.query_one("TabLine").chosen == 1)


async def test_a_contact_typed_in_one_burst_is_saved_whole(filled, settings):
    async with driven(filled, settings) as pilot:
        burst(pilot, "lcall 10m price talk, send quote +2w\r")
        archive = app_of(pilot).archive
        await until(pilot, lambda: archive.count("interactions") == 2)
        uid = next(uid for uid in archive.select("interactions") if uid != "i-1")
        contact = archive.get(Interaction, uid)
        assert (contact.summary, contact.minutes, contact.follow_up) == ("price talk", 10, "send quote")


async def test_a_name_typed_right_behind_n_stands_in_the_form(filled, settings):
    async with driven(filled, settings) as pilot:
        burst(pilot, "nNew Name")
        await until(pilot, lambda: isinstance(pilot.app.screen, FormScreen) and pilot.app.screen.is_mounted)
        await settled(pilot)
        row = next(row for row in pilot.app.screen.rows if row.fact.key == "full_name")
        assert row.typed == "New Name"


async def test_a_name_typed_into_a_form_that_opens_slowly_waits_for_it(filled, settings, monkeypatch):
    is_time, fill = asyncio.Event(), FormScreen._fill

    async def late(screen):
        await is_time.wait()
        await fill(screen)

    monkeypatch.setattr(FormScreen, "_fill", late)
    async with driven(filled, settings) as pilot:
        burst(pilot, "nNew Name")
        await until(pilot, lambda: isinstance(pilot.app.screen, FormScreen))
        pilot.app.set_timer(2 * PATIENCE, is_time.set)
        await settled(pilot)
        row = next(row for row in pilot.app.screen.rows if row.fact.key == "full_name")
        assert row.typed == "New Name"


@pytest.mark.parametrize(("rest", "made"), [(3600.0, False), (0.0, True)])
async def test_garbage_is_looked_for_when_nothing_was_typed_for_a_while(
    filled, settings, monkeypatch, rest, made
):
    searches = []
    monkeypatch.setattr(app_module, "search", lambda: searches.append(1))
    async with driven(filled, settings) as pilot:
        await pilot.press("down")
        await settled(pilot)
        monkeypatch.setattr(app_module, "REST", rest)
        searches.clear()
        app_of(pilot)._tidy_up()
        assert bool(searches) == made
