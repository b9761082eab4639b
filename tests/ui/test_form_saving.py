"""Saving and leaving a form, and errors that prevent it."""

import errno

import pytest
from driving import (
    SIZES,
    TINY,
    driven,
    enter_field,
    field,
    fresh,
    named,
    press,
    sampled,
    screen_text,
    shown,
    status,
    title,
    until,
    write,
)

from archive.service.drafts import Drafts
from archive.ui.screens.browser import BrowserScreen
from archive.ui.screens.dialogs import DecideScreen
from archive.ui.screens.form import FormScreen


async def test_an_error_is_shown_on_leaving_a_field_and_saving_moves_to_it(filled, settings):
    async with driven(filled, settings) as pilot:
        await press(pilot, "n", *"Ann Bell")
        await enter_field(pilot, "next_contact_on")
        await write(pilot, "31 feb")
        assert "! " not in screen_text(pilot)
        await press(pilot, "tab")
        await until(pilot, lambda: field(pilot, "next_contact_on").wrong)
        await press(pilot, "tab", "ctrl+s")
        await until(pilot, lambda: isinstance(pilot.app.screen, FormScreen))
        assert field(pilot, "next_contact_on").has_focus_within
        await until(pilot, lambda: "31 feb" in screen_text(pilot) and "! " in screen_text(pilot))
        await fresh(pilot, "tomorrow")
        await press(pilot, "ctrl+s")
        await until(pilot, lambda: isinstance(pilot.app.screen, BrowserScreen))


async def test_a_missing_required_field_is_reported(filled, settings):
    async with driven(filled, settings) as pilot:
        await press(pilot, "n", "tab", "tab", "ctrl+s")
        await until(pilot, lambda: "Full name is required." in screen_text(pilot))
        assert field(pilot, "full_name").has_focus_within


async def test_dates_in_the_wrong_order_are_reported_at_the_later_date(filled, settings):
    async with driven(filled, settings, (120, 40)) as pilot:
        await press(pilot, "n", *"Ann Bell")
        await enter_field(pilot, "customer_since")
        await write(pilot, "2026-05-01")
        await enter_field(pilot, "lost_on")
        await write(pilot, "2026-04-30")
        await press(pilot, "ctrl+s")
        await until(pilot, lambda: "The lost date 2026-04-30 is before" in screen_text(pilot))
        assert field(pilot, "lost_on").has_focus_within
        await fresh(pilot, "2026-05-02")
        await press(pilot, "ctrl+s")
        await until(pilot, lambda: isinstance(pilot.app.screen, BrowserScreen))


async def test_ctrl_n_saves_and_opens_a_new_form(filled, settings):
    async with driven(filled, settings) as pilot:
        await press(pilot, "n", "ctrl+n")
        assert field(pilot, "full_name").has_focus_within
        await press(pilot, *"Ann Bell", "ctrl+n")
        await until(pilot, lambda: not field(pilot, "full_name").typed)
        await press(pilot, *"Bob Bell", "ctrl+s")
        await until(pilot, lambda: isinstance(pilot.app.screen, BrowserScreen))
        await until(pilot, lambda: {"Ann Bell", "Bob Bell"} <= set(shown(pilot)))


async def test_all_errors_of_a_failed_save_are_marked_at_once(filled, settings):
    async with driven(filled, settings, (120, 40)) as pilot:
        await press(pilot, "n")
        await enter_field(pilot, "next_contact_on")
        await press(pilot, *"whenever")
        await enter_field(pilot, "emails")
        await press(pilot, *"wang@north", "ctrl+s")
        assert [row.field.key for row in pilot.app.screen.rows if row.wrong] == [
            "full_name",
            "emails",
            "next_contact_on",
        ]
        assert field(pilot, "full_name").has_focus_within
        assert status(pilot) == "! Not saved. Correct: Full name, E-mail, Next contact"
        await press(pilot, *"Ann Bell")
        assert status(pilot) == "! Not saved. Correct: E-mail, Next contact"


async def test_leaving_an_untouched_form_asks_nothing(filled, settings):
    async with driven(filled, settings) as pilot:
        await press(pilot, "n", "tab", "tab", "tab", "escape")
        await until(pilot, lambda: isinstance(pilot.app.screen, BrowserScreen))


@pytest.mark.parametrize("size", sampled([*SIZES, *TINY], len(SIZES)))
async def test_leaving_a_changed_form_asks_for_a_single_key(filled, settings, size):
    async with driven(filled, settings, size) as pilot:
        await press(pilot, "n", *"Ann Bell", "escape")
        await until(pilot, lambda: isinstance(pilot.app.screen, DecideScreen))
        assert "s" in screen_text(pilot)
        await press(pilot, "escape")
        await until(pilot, lambda: isinstance(pilot.app.screen, FormScreen))
        await press(pilot, "escape", "x", "s")
        await until(pilot, lambda: isinstance(pilot.app.screen, BrowserScreen))
        assert named(pilot, "Ann Bell")
        await press(pilot, "n", *"Bob", "escape", "d")
        await until(pilot, lambda: isinstance(pilot.app.screen, BrowserScreen))
        await until(pilot, lambda: Drafts(filled).all() == [])


async def test_the_title_counts_unsaved_changes(filled, settings):
    async with driven(filled, settings) as pilot:
        await press(pilot, "n", *"Ann")
        assert "1 unsaved change" in title(pilot)
        await press(pilot, "end", "ctrl+u")
        assert "unsaved" not in title(pilot)


async def test_a_full_disk_is_reported_and_the_form_stays_open(filled, settings, monkeypatch):
    async with driven(filled, settings) as pilot:
        await press(pilot, "n", *"Ann Bell")

        def full(*_args, **_more):
            raise OSError(errno.ENOSPC, "full")

        with monkeypatch.context() as patch:
            patch.setattr("os.write", full)
            patch.setattr("os.fsync", full)
            await press(pilot, "ctrl+s")
            await until(pilot, lambda: "full" in screen_text(pilot))
        await until(pilot, lambda: isinstance(pilot.app.screen, FormScreen))
        assert field(pilot, "full_name").typed == "Ann Bell"
        await press(pilot, "ctrl+s")
        await until(pilot, lambda: isinstance(pilot.app.screen, BrowserScreen))
        assert named(pilot, "Ann Bell")
