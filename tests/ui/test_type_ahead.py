"""Keys typed faster than screens open take effect on the screen they were meant for."""

import asyncio
import threading
from contextlib import contextmanager

import pytest
from driving import app_of, driven, field, fill, people, press, screen_text, settled, status, table, until
from strategies import NOW
from textual.events import AppBlur, Key, Paste
from textual.keys import _character_to_key

from archive.model.field_types.base import Ref
from archive.model.records.interaction import Interaction
from archive.model.records.transaction import Transaction
from archive.service.archive import Archive
from archive.ui import archive_keeper
from archive.ui.app import ArchiveApp
from archive.ui.key_queue import GIVE_UPS, LOOK
from archive.ui.screens import file_pick
from archive.ui.screens.browser import BrowserScreen
from archive.ui.screens.file_pick import FilePick
from archive.ui.screens.form import FormScreen
from archive.ui.screens.profile import ProfileScreen

NAMES = {
    "\r": "enter",
    "\x1b": "escape",
    "\t": "tab",
    "\x06": "ctrl+f",
    "\x13": "ctrl+s",
    "\x07": "ctrl+g",
    "\x0f": "ctrl+o",
}


def burst(pilot, text: str) -> None:
    """Post all keys at once, as an unbracketed paste or a fast typist does."""
    for char in text:
        name = NAMES.get(char) or _character_to_key(char)
        pilot.app.post_message(Key(name, char if char.isprintable() else None))


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (50, 20)])
async def test_letters_after_the_slash_are_searched_for_and_run_no_commands(filled, settings, size):
    async with driven(filled, settings, size) as pilot:
        burst(pilot, "/marta\r")
        await until(pilot, lambda: isinstance(pilot.app.screen, ProfileScreen))
        assert pilot.app.screen.uid == "c-smith"
        assert app_of(pilot).archive.undo_label() == "Added 7 records"


async def test_search_open_and_a_tab_in_one_burst_reach_the_profile(filled, settings):
    async with driven(filled, settings) as pilot:
        burst(pilot, "/marta\r2")
        await until(pilot, lambda: isinstance(pilot.app.screen, ProfileScreen))
        await until(pilot, lambda: pilot.app.screen.query_one("TabLine").chosen == 1)


async def test_an_activity_typed_in_one_burst_is_saved_completely(filled, settings):
    async with driven(filled, settings) as pilot:
        burst(pilot, "lcall 10m price talk, send quote +2w\r")
        archive = app_of(pilot).archive
        await until(pilot, lambda: archive.count("interactions") == 2)
        uid = next(uid for uid in archive.select("interactions") if uid != "i-1")
        contact = archive.get(Interaction, uid)
        assert (contact.summary, contact.minutes, contact.follow_up) == ("price talk", 10, "send quote")


async def test_a_name_typed_right_after_n_goes_into_the_form(filled, settings):
    async with driven(filled, settings) as pilot:
        burst(pilot, "nNew Name")
        await until(pilot, lambda: isinstance(pilot.app.screen, FormScreen) and pilot.app.screen.is_mounted)
        await settled(pilot)
        row = next(row for row in pilot.app.screen.rows if row.field.key == "full_name")
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
        pilot.app.set_timer(2 * LOOK, is_time.set)
        await settled(pilot)
        row = next(row for row in pilot.app.screen.rows if row.field.key == "full_name")
        assert row.typed == "New Name"


# Pastes


async def test_a_paste_after_a_key_goes_to_the_screen_that_the_key_opens(filled, settings):
    async with driven(filled, settings) as pilot:
        burst(pilot, "n")
        pilot.app.post_message(Paste("Pasted"))
        burst(pilot, " P")
        pilot.app.post_message(Paste("at"))
        burst(pilot, "!")
        await until(pilot, lambda: isinstance(pilot.app.screen, FormScreen))
        await settled(pilot)
        assert field(pilot, "full_name").typed == "Pasted Pat!"


async def test_a_paste_is_accepted_from_an_unfocused_terminal(filled, settings):
    async with driven(filled, settings) as pilot:
        pilot.app.post_message(AppBlur())
        await settled(pilot)
        burst(pilot, "/")
        pilot.app.post_message(AppBlur())
        pilot.app.post_message(Paste("marta"))
        await until(pilot, lambda: list(table(pilot).ids) == ["c-smith"])


# While the screen is not ready


@contextmanager
def held(monkeypatch, owner, name):
    """Make a function block its thread until the returned event is set."""
    let_go, real = threading.Event(), getattr(owner, name)

    def waits(*arguments, **options):
        assert let_go.wait(60)
        return real(*arguments, **options)

    monkeypatch.setattr(owner, name, waits)
    try:
        yield let_go
    finally:
        let_go.set()


async def test_keys_wait_for_the_archive_to_open(filled, settings, monkeypatch):
    app = ArchiveApp(filled, settings, clock=lambda: NOW)
    with held(monkeypatch, archive_keeper, "open_as_allowed") as let_go:
        async with app.run_test() as pilot:
            burst(pilot, "nNew Name")
            await pilot.pause(2 * LOOK)
            assert isinstance(app.screen, BrowserScreen)
            let_go.set()
            await until(pilot, lambda: isinstance(app.screen, FormScreen))
            await settled(pilot)
            assert field(pilot, "full_name").typed == "New Name"


@pytest.mark.parametrize("key", ["q", "ctrl+q"])
async def test_leaving_does_not_wait_for_the_archive_to_open(filled, settings, monkeypatch, key):
    app = ArchiveApp(filled, settings, clock=lambda: NOW)
    with held(monkeypatch, archive_keeper, "open_as_allowed") as let_go:
        async with app.run_test() as pilot:
            app.post_message(Key(key, key if len(key) == 1 else None))
            await until(pilot, lambda: app._exit)
            let_go.set()


async def test_a_key_after_a_search_acts_on_its_result_and_not_on_the_previous_rows(
    filled, settings, monkeypatch
):
    async with driven(filled, settings) as pilot:
        with held(monkeypatch, Archive, "select") as let_go:
            burst(pilot, "/marta\r2d")
            await pilot.pause(2 * LOOK)
            let_go.set()
            archive = app_of(pilot).archive
            await until(pilot, lambda: not archive.has("customers", "c-smith"))
            await settled(pilot)
            assert archive.count("customers") == 3


async def test_deletions_in_one_burst_each_delete_a_row(filled, settings):
    async with driven(filled, settings) as pilot:
        _first, _second, *others = table(pilot).ids
        burst(pilot, "dd")
        await settled(pilot)
        await until(pilot, lambda: list(table(pilot).ids) == others)
        assert "Deleted" in status(pilot) or "deleted" in status(pilot)


async def test_letters_typed_after_opening_a_folder_wait_for_its_entries(
    filled, settings, monkeypatch, tmp_path
):
    folder = tmp_path / "sheets"
    folder.mkdir()
    for name in ("one.csv", "two.csv"):
        (folder / name).write_text("Name\nAda\n")
    async with driven(filled, settings) as pilot:
        await press(pilot, "ctrl+g", "i")
        pilot.app.push_screen(FilePick(tmp_path))
        await settled(pilot)
        with held(monkeypatch, file_pick, "folder_entries") as let_go:
            burst(pilot, "sheets\rtwo")
            await pilot.pause(2 * LOOK)
            let_go.set()
            await settled(pilot)
        assert "two.csv" in screen_text(pilot)
        assert "one.csv" not in screen_text(pilot)


async def test_keys_after_a_slow_save_wait_for_it(filled, settings, monkeypatch):
    async with driven(filled, settings) as pilot:
        with held(monkeypatch, Archive, "save") as let_go:
            burst(pilot, "lcall Mon\rnNew Name")
            await pilot.pause(3 * LOOK)
            assert app_of(pilot).archive.count("interactions") == 1
            let_go.set()
            await until(pilot, lambda: isinstance(pilot.app.screen, FormScreen))
            await settled(pilot)
        assert field(pilot, "full_name").typed == "New Name"
        assert app_of(pilot).archive.count("interactions") == 2


# Between dialogs


async def test_keys_typed_ahead_reach_both_of_two_successive_dialogs(filled, settings):
    async with driven(filled, settings) as pilot:
        for keys, name in [("v\r", "Mine"), ("vj\r", "Yours")]:
            burst(pilot, f"{keys}{name}\r")
            await until(pilot, lambda name=name: f"Saved the view {name}" in screen_text(pilot))


async def test_a_place_and_a_quick_entry_in_one_burst(filled, settings):
    async with driven(filled, settings) as pilot:
        burst(pilot, "\x07tlcall Wang\r")
        archive = app_of(pilot).archive
        await until(pilot, lambda: archive.count("interactions") == 2)


# Repeated keys


async def test_a_new_record_is_saved_once_however_often_save_is_pressed(filled, settings):
    async with driven(filled, settings) as pilot:
        burst(pilot, "nNew Name\x13\x13\x13")
        await until(pilot, lambda: app_of(pilot).archive.count("customers") == 5)
        await settled(pilot)
        assert app_of(pilot).archive.count("customers") == 5
        assert isinstance(pilot.app.screen, BrowserScreen)


async def test_a_button_and_a_key_at_once_save_one_record(filled, settings, monkeypatch):
    async with driven(filled, settings) as pilot:
        await press(pilot, "n", *"New Name")
        form = pilot.app.screen
        with held(monkeypatch, Archive, "save") as let_go:
            pressing = asyncio.ensure_future(form.action_save())
            await pilot.pause()
            await form.action_save()
            await form.action_save_and_new()
            let_go.set()
            await pressing
        await until(pilot, lambda: isinstance(pilot.app.screen, BrowserScreen))
        assert app_of(pilot).archive.count("customers") == 5


async def test_a_quick_entry_is_saved_once_however_often_enter_is_pressed(filled, settings, monkeypatch):
    async with driven(filled, settings) as pilot:
        await press(pilot, "l", *"call")
        line = pilot.app.focused
        with held(monkeypatch, Archive, "save") as let_go:
            for _time in range(3):
                line.post_message(line.Submitted(line, line.value))
            await pilot.pause()
            let_go.set()
            await until(pilot, lambda: isinstance(pilot.app.screen, BrowserScreen))
            await settled(pilot)
        assert app_of(pilot).archive.count("interactions") == 2


# Without a focus


async def test_a_screen_without_focus_regains_it_with_the_next_key(filled, settings):
    async with driven(filled, settings) as pilot:
        pilot.app.screen.set_focus(None)
        burst(pilot, "j")
        await until(pilot, lambda: table(pilot).cursor_row == 1)
        await press(pilot, "n")
        pilot.app.screen.set_focus(None)
        burst(pilot, "A")
        await settled(pilot)
        assert pilot.app.screen.rows[0].has_focus_within


async def test_a_key_that_is_never_handled_is_given_up_and_later_keys_go_on(filled, settings, monkeypatch):
    from archive.ui import key_queue

    monkeypatch.setattr(key_queue, "LOOK", 0.001)
    monkeypatch.setattr(BrowserScreen, "is_working", True)
    async with driven(filled, settings) as pilot:
        burst(pilot, "jj")
        await until(pilot, lambda: table(pilot).cursor_row == 2 and app_of(pilot).typed.is_idle)
        assert GIVE_UPS[0] == "BrowserScreen, at ArchiveApp"
        GIVE_UPS.clear()


@pytest.mark.parametrize("place", ["t", "h", "l", "o"])
async def test_a_profile_opened_from_a_place_receives_the_next_key(path, settings, place):
    due = Transaction(
        uid="q-1", customer=Ref(uid="c-smith"), on=NOW.date(), type="quotation", expected_on=NOW.date()
    )
    owed = Transaction(
        uid="i-1", customer=Ref(uid="c-smith"), on=NOW.date(), type="invoice", amount=7, currency="EUR"
    )
    fill(path, settings, [person for person in people() if person.uid == "c-smith"] + [due, owed])
    async with driven(path, settings) as pilot:
        opens = "\r" if place in "th" else "C"
        for _time in range(5):
            burst(pilot, f"\x07{place}{opens}2")
            await settled(pilot)
            assert isinstance(pilot.app.screen, ProfileScreen)
            assert pilot.app.screen.query_one("TabLine").chosen == 1
            burst(pilot, "\x1b\x07c")
            await settled(pilot)
