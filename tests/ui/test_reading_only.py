"""An archive that is in use or write-protected opens read-only, and problems found on opening are reported once."""

import os
from pathlib import Path

import pytest
from driving import NOW, app_of, driven, press, screen_text, settled, to_field, until, write

from archive.errors import CannotWrite
from archive.model.records.customer import Customer
from archive.service import backups, open_mode
from archive.service.archive import Archive
from archive.service.drafts import Draft, Drafts
from archive.store.wal.segments import listed
from archive.ui import daily_backup
from archive.ui.screens.form import FormScreen
from archive.ui.screens.profile import ProfileScreen


def last_line_but_one(pilot) -> str:
    return screen_text(pilot).splitlines()[-2]


async def test_an_archive_in_use_opens_read_only_and_names_the_process(filled, settings):
    holder = Archive.open(filled, settings, clock=lambda: NOW)
    Drafts(filled).put(Draft("customers", "", "", "New customer", "2026-11-21", {"full_name": ["Half"]}))
    before = filled.read_bytes()
    async with driven(filled, settings) as pilot:
        text = screen_text(pilot)
        assert "read-only" in text.splitlines()[0]
        assert "Marta Smith" in text
        assert f"in use by process {os.getpid()}" in last_line_but_one(pilot)
        assert "Half" not in text  # the draft belongs to the other program
        app_of(pilot).exit()
    assert filled.read_bytes() == before  # the other program may write when it closes
    holder.close()
    assert [draft.title for draft in Drafts(filled).all()] == ["New customer"]


@pytest.fixture
def held(filled, settings):
    """An archive that another program has open."""
    holder = Archive.open(filled, settings, clock=lambda: NOW)
    yield filled
    holder.close()


@pytest.mark.parametrize("key", ["n", "e", "l", "b", "d", "u"])
async def test_a_key_that_would_change_data_explains_why_it_does_not(held, settings, key):
    async with driven(held, settings) as pilot:
        screen = pilot.app.screen
        await press(pilot, key)
        await until(pilot, lambda: "open read-only" in screen_text(pilot).replace("\n", " "))
        assert pilot.app.screen is screen


async def test_the_footer_offers_no_keys_that_would_change_data(held, settings):
    async with driven(held, settings) as pilot:
        assert screen_text(pilot).splitlines()[-1].strip() == "enter Open  / Search  ctrl+g Go to  ? Help"
        await press(pilot, "enter")
        await until(pilot, lambda: "Next customer" in screen_text(pilot))
        assert screen_text(pilot).splitlines()[-1].strip() == "[ ] Next customer  ctrl+g Go to  ? Help"
        await press(pilot, "2")
        await to_field(pilot, "salutation")
        assert screen_text(pilot).splitlines()[-1].strip() == "[ ] Next customer  ctrl+g Go to  ? Help"
        await press(pilot, "enter")
        await until(pilot, lambda: "open read-only" in screen_text(pilot).replace("\n", " "))
        assert isinstance(pilot.app.screen, ProfileScreen)


async def test_a_record_can_be_viewed_in_its_form_but_not_saved(held, settings):
    before = held.read_bytes()
    async with driven(held, settings) as pilot:
        pilot.app.push_screen(FormScreen("customers", "c-smith"))
        await until(pilot, lambda: isinstance(pilot.app.screen, FormScreen))
        await write(pilot, "Somebody Else")
        assert "Save" not in screen_text(pilot).splitlines()[-1]
        await press(pilot, "ctrl+s")
        await until(pilot, lambda: "open read-only" in screen_text(pilot).replace("\n", " "))
        assert isinstance(pilot.app.screen, FormScreen)  # the form stays open with its input
        app_of(pilot).exit()
    assert held.read_bytes() == before


async def test_a_write_protected_file_opens_read_only(filled, settings, monkeypatch):
    monkeypatch.setattr(open_mode.os, "access", lambda path, mode: mode == os.F_OK or Path(path) != filled)
    async with driven(filled, settings) as pilot:
        assert "read-only" in screen_text(pilot).splitlines()[0]
        assert "Marta Smith" in screen_text(pilot)
        assert "is write-protected" in app_of(pilot).archive.why_reading


async def test_an_archive_in_a_write_protected_folder_opens_read_only(filled, settings, monkeypatch):
    from archive.store.lock import WriterLock

    def refused(lock, since):
        raise CannotWrite("The folder cannot be written: the disk is read-only.")

    monkeypatch.setattr(WriterLock, "acquire", refused)
    async with driven(filled, settings) as pilot:
        assert "read-only" in screen_text(pilot).splitlines()[0]
        assert "the disk is read-only" in last_line_but_one(pilot)


async def test_an_interrupted_save_is_reported_once(filled, settings):
    archive = Archive.open(filled, settings, clock=lambda: NOW)
    archive.save(Customer(kind="person", full_name="Late Comer"))
    data = {file: file.read_bytes() for file in [filled, *listed(filled)]}
    archive.close()
    for file, content in data.items():
        file.write_bytes(content if file == filled else content + b"torn")
    async with driven(filled, settings) as pilot:
        said = " ".join(note.message for note in app_of(pilot)._notifications)
        assert "Either the last save was interrupted" in said
        assert "Late Comer" in screen_text(pilot)
    async with driven(filled, settings) as pilot:
        assert "interrupted" not in screen_text(pilot)


async def test_a_backup_is_made_in_the_background(filled, settings, monkeypatch):
    monkeypatch.setattr(daily_backup, "BACKUP_AFTER", 0.001)
    async with driven(filled, settings) as pilot:
        await until(pilot, lambda: backups.generations(filled, filled.parent / "backups"))
        await settled(pilot)


async def test_the_demo_is_not_backed_up(filled, settings, monkeypatch):
    monkeypatch.setattr(daily_backup, "BACKUP_AFTER", 0.001)
    monkeypatch.setattr(backups, "daily", lambda *_args: (filled.parent / "made").touch())
    async with driven(filled, settings, demo=True) as pilot:
        await press(pilot, "j")
    assert not (filled.parent / "made").exists()


async def test_a_failed_backup_is_reported_and_the_program_goes_on(filled, settings, monkeypatch):
    monkeypatch.setattr(daily_backup, "BACKUP_AFTER", 0.001)
    (filled.parent / "backups").write_text("in the way")
    async with driven(filled, settings) as pilot:
        await until(pilot, lambda: "Today's backup failed" in screen_text(pilot))
        await press(pilot, "j")
