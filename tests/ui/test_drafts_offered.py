"""Unsaved input is stored as a draft at once, and offered at the next start."""

import errno
import json
import os
from pathlib import Path

import pytest
from driving import (
    app_of,
    driven,
    enter_field,
    field,
    fill,
    focused,
    named,
    open_field,
    people,
    press,
    screen_text,
    settled,
    title,
    until,
    write,
)
from harm import failing
from test_type_ahead import burst

from archive.service.drafts import Drafts
from archive.ui.screens.browser import BrowserScreen
from archive.ui.screens.dialogs import DecideScreen
from archive.ui.screens.drafts import LeaveScreen
from archive.ui.screens.form import FormScreen
from archive.ui.screens.profile import ProfileScreen


async def test_each_change_is_stored_at_once(filled, settings):
    async with driven(filled, settings) as pilot:
        await press(pilot, "n", *"Ann")
        await until(pilot, lambda: Drafts(filled).path.exists())
        await until(
            pilot, lambda: json.loads(Drafts(filled).path.read_text())[0]["texts"] == {"full_name": "Ann"}
        )
        await write(pilot, "a")
        await until(
            pilot, lambda: json.loads(Drafts(filled).path.read_text())[0]["texts"] == {"full_name": "Anna"}
        )
        await press(pilot, "ctrl+s")
        await until(pilot, lambda: not Drafts(filled).path.exists())


async def test_the_last_key_is_in_the_draft_even_if_the_program_quits_at_once(filled, settings):
    async with driven(filled, settings) as pilot:
        await press(pilot, "n")
        await pilot.press(*"Anna", "ctrl+q")
    assert [draft.texts for draft in Drafts(filled).all()] == [{"full_name": "Anna"}]


@pytest.mark.parametrize("size", [(80, 24), (50, 20), (20, 5)])
async def test_a_draft_is_offered_at_the_next_start_and_resumed(filled, settings, size):
    async with driven(filled, settings) as pilot:
        await press(pilot, "n", *"Ann", "enter", *"030 5550 147", "enter", *"030 5550 148")
        await enter_field(pilot, "positions")
        await press(pilot, "enter", *"Nowhere", "ctrl+s")
        await until(pilot, lambda: "+ another position" in screen_text(pilot))
        await press(pilot, "ctrl+q")
    async with driven(filled, settings, size) as pilot:
        await until(pilot, lambda: isinstance(pilot.app.screen, DecideScreen))
        await press(pilot, "enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, FormScreen))
        await until(pilot, lambda: field(pilot, "phones").typed == ["030 5550 147", "030 5550 148"])
        await until(pilot, lambda: len(field(pilot, "positions").typed) == 1)
        assert field(pilot, "positions").has_focus_within  # the field with the cursor when the program ended
        await press(pilot, "ctrl+s")
        await until(pilot, lambda: isinstance(pilot.app.screen, BrowserScreen))
        ann = named(pilot, "Ann")
        assert [phone.value for phone in ann.phones] == ["030 5550 147", "030 5550 148"]
        assert ann.positions[0].organisation.name == "Nowhere"
        await until(pilot, lambda: not Drafts(filled).path.exists())


async def test_a_restored_list_has_an_empty_line_for_another_entry(filled, settings):
    async with driven(filled, settings) as pilot:
        await press(pilot, "n", *"Ann", "enter", *"030 5550 147", "ctrl+q")
    async with driven(filled, settings) as pilot:
        await press(pilot, "enter")
        await enter_field(pilot, "phones")
        await press(pilot, "tab", *"030 5550 148", "ctrl+s")
        await until(pilot, lambda: isinstance(pilot.app.screen, BrowserScreen))
        assert [phone.value for phone in named(pilot, "Ann").phones] == ["030 5550 147", "030 5550 148"]


@pytest.mark.parametrize("size", [(80, 24), (50, 20), (20, 5)])
async def test_keys_typed_after_accepting_a_draft_go_into_its_last_field(filled, settings, size):
    async with driven(filled, settings) as pilot:
        await press(pilot, "n", *"Ann", "enter", *"030 5550 147", "ctrl+q")
    async with driven(filled, settings, size) as pilot:
        burst(pilot, "\r5550 149")
        await until(pilot, lambda: isinstance(pilot.app.screen, FormScreen))
        await settled(pilot)
        assert field(pilot, "full_name").typed == "Ann"
        assert field(pilot, "phones").has_focus_within
        assert "5550 149" in field(pilot, "phones").typed[0]


async def test_keys_typed_after_accepting_a_draft_go_into_the_entry_being_edited(filled, settings):
    async with driven(filled, settings) as pilot:
        await press(pilot, "n", *"Ann")
        await enter_field(pilot, "positions")
        await press(pilot, "enter", *"Nowhere", "ctrl+s", "ctrl+q")
    async with driven(filled, settings) as pilot:
        burst(pilot, "\r\rElsewhere\x13")
        await until(pilot, lambda: isinstance(pilot.app.screen, FormScreen) and pilot.app.typed.is_idle)
        await settled(pilot)
        assert "Elsewhere" in str(field(pilot, "positions").typed)
        assert "Nowhere" not in str(field(pilot, "positions").typed)


async def test_a_draft_from_a_profile_is_resumed_with_its_customer(filled, settings):
    async with driven(filled, settings) as pilot:
        await press(pilot, "enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, ProfileScreen))
        await press(pilot, "a", "w", *"Rice", "ctrl+q")
    (draft,) = Drafts(filled).all()
    customer = draft.texts["customer"]
    assert (draft.table, draft.texts["category"]) == ("wallets", "Rice")
    async with driven(filled, settings) as pilot:
        await until(pilot, lambda: isinstance(pilot.app.screen, DecideScreen))
        await press(pilot, "enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, FormScreen))
        await until(pilot, lambda: field(pilot, "category").typed == "Rice")
        assert customer
        assert field(pilot, "customer").typed == customer


async def test_drafts_can_be_discarded_or_left_for_later(path, settings):
    fill(path, settings, people())
    async with driven(path, settings) as pilot:
        await press(pilot, "n", *"Ann", "ctrl+q")
    async with driven(path, settings) as pilot:
        assert "New customer" in screen_text(pilot)
        await press(pilot, "escape")
        await until(pilot, lambda: isinstance(pilot.app.screen, BrowserScreen))
    async with driven(path, settings) as pilot:
        await press(pilot, "d")
        await until(pilot, lambda: not Drafts(path).path.exists())
    async with driven(path, settings) as pilot:
        await until(pilot, lambda: isinstance(pilot.app.screen, BrowserScreen))


async def test_several_drafts_are_offered_in_turn(filled, settings):
    async with driven(filled, settings) as pilot:
        await press(pilot, "n", *"Ann", "ctrl+q")
    async with driven(filled, settings) as pilot:
        await press(pilot, "escape", "j", "j", "enter", "4", "e", "down", *"Dr.", "ctrl+q")
    assert len(Drafts(filled).all()) == 2
    async with driven(filled, settings) as pilot:
        await press(pilot, "enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, FormScreen))
        await press(pilot, "ctrl+s")
        await until(pilot, lambda: isinstance(pilot.app.screen, DecideScreen))
        await press(pilot, "enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, FormScreen))
        assert "Marta Smith · Background" in title(pilot)
        await press(pilot, "ctrl+s")
        await until(pilot, lambda: isinstance(pilot.app.screen, BrowserScreen))
        assert not Drafts(filled).path.exists()


async def test_resuming_a_draft_of_a_deleted_record_reports_the_deletion(filled, settings):
    async with driven(filled, settings) as pilot:
        await press(pilot, "j", "j", "enter", "2", "e", "tab", "tab", *"Dr.", "ctrl+q")
    async with driven(filled, settings) as pilot:
        app_of(pilot).archive.delete("customers", ["c-smith"])
        await press(pilot, "enter")
        await until(pilot, lambda: "has been deleted" in screen_text(pilot))
        await until(pilot, lambda: isinstance(pilot.app.screen, BrowserScreen))
    assert len(Drafts(filled).all()) == 1


async def test_a_half_typed_quick_entry_is_offered_too(filled, settings):
    async with driven(filled, settings) as pilot:
        await press(pilot, "j", "j", "l", *"call 10m pri", "ctrl+q")
    async with driven(filled, settings) as pilot:
        assert "Activity with Marta Smith" in screen_text(pilot)
        await press(pilot, "enter")
        assert focused(pilot).value == "call 10m pri"
        await press(pilot, *"ces", "enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, BrowserScreen))
        assert not Drafts(filled).path.exists()


async def test_a_half_typed_field_of_a_profile_is_offered_too(filled, settings):
    async with driven(filled, settings) as pilot:
        await press(pilot, "j", "j", "enter")
        await open_field(pilot, "grade")
        await press(pilot, *"9", "ctrl+q")
    assert len(Drafts(filled).all()) == 1
    async with driven(filled, settings) as pilot:
        await press(pilot, "enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, FormScreen))
        assert field(pilot, "grade").typed.endswith("9")


async def test_unreadable_drafts_are_set_aside(filled, settings):
    Drafts(filled).path.write_text("{")
    async with driven(filled, settings) as pilot:
        await until(pilot, lambda: isinstance(pilot.app.screen, BrowserScreen))
        await until(pilot, lambda: "drafts.unreadable" in screen_text(pilot))
    assert Drafts(filled).path.with_name("archive.json.drafts.unreadable").exists()


async def test_a_pipe_in_place_of_the_drafts_is_not_waited_for(filled, settings):
    os.mkfifo(Drafts(filled).path)
    async with driven(filled, settings) as pilot:
        await until(pilot, lambda: "drafts.unreadable" in screen_text(pilot))
        await press(pilot, "n", *"Ann")
        await until(pilot, lambda: [draft.texts for draft in Drafts(filled).all()] == [{"full_name": "Ann"}])


async def test_the_program_works_even_if_drafts_can_be_neither_read_nor_set_aside(
    filled, settings, monkeypatch
):
    Drafts(filled).path.write_text("{")
    monkeypatch.setattr(Path, "rename", failing(errno.EPERM))
    async with driven(filled, settings) as pilot:
        await until(pilot, lambda: "denied" in screen_text(pilot))
        assert isinstance(pilot.app.screen, BrowserScreen)
        await press(pilot, "n", *"Ann")
        await until(pilot, lambda: focused(pilot).value == "Ann")


async def test_drafts_that_cannot_be_written_are_reported(filled, settings, monkeypatch):
    async with driven(filled, settings) as pilot:
        await press(pilot, "n")

        def full(*_args):
            raise OSError(errno.ENOSPC, "full")

        with monkeypatch.context() as patch:
            patch.setattr("os.write", full)
            await write(pilot, "A")
            await until(pilot, lambda: "the disk is full" in screen_text(pilot))
        await write(pilot, "nn")
        await until(pilot, lambda: [draft.texts for draft in Drafts(filled).all()] == [{"full_name": "Ann"}])


async def test_leaving_on_a_full_disk_asks_before_unsaved_input_is_lost(filled, settings, monkeypatch):
    async with driven(filled, settings) as pilot:
        await press(pilot, "n")
        monkeypatch.setattr("os.write", failing(errno.ENOSPC))
        await press(pilot, *"Ann", "ctrl+q", "ctrl+q")
        await until(pilot, lambda: "Your input is not saved" in screen_text(pilot))
        await press(pilot, "escape")
        await until(pilot, lambda: isinstance(pilot.app.screen, FormScreen))
        await press(pilot, "ctrl+q")
        await until(pilot, lambda: isinstance(pilot.app.screen, LeaveScreen))
        await press(pilot, "l")
        await until(pilot, lambda: pilot.app._exit)
    assert not Drafts(filled).path.exists()


async def test_a_draft_that_could_not_be_written_is_written_on_exit(filled, settings, monkeypatch):
    async with driven(filled, settings) as pilot:
        await press(pilot, "n")
        with monkeypatch.context() as patch:
            patch.setattr("os.write", failing(errno.ENOSPC))
            await press(pilot, *"Ann")
            await until(pilot, lambda: "the disk is full" in screen_text(pilot))
            await settled(pilot)
        await press(pilot, "ctrl+q")
    assert [draft.texts for draft in Drafts(filled).all()] == [{"full_name": "Ann"}]
