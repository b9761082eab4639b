"""Errors when the files cannot be written, on exit and on undo."""

import pytest
from driving import app_of, driven, press, screen_text, settled, until

from archive.errors import CannotWrite, ForeignChange
from archive.model.records.interaction import Interaction
from archive.service.archive import Archive


async def test_changes_that_the_files_have_lost_are_saved_to_a_copy_on_exit(filled, settings):
    before = filled.read_bytes()
    async with driven(filled, settings) as pilot:
        await press(pilot, "l", *"call ours", "enter")
        await until(pilot, lambda: f"New {Interaction.NOUN}" in screen_text(pilot))
        await settled(pilot)
        for file in filled.parent.glob(f"{filled.name}.j*"):
            file.unlink()
        app = app_of(pilot)
        app.exit()
    assert isinstance(app.failure, ForeignChange)
    (copy,) = filled.parent.glob("archive-conflict-*.json")
    assert str(copy) in app.failure.hint
    assert filled.read_bytes() == before
    reader = Archive.open(copy, settings, write=False)
    assert "ours" in reader.columns("interactions", ["summary"])["summary"]


@pytest.mark.parametrize("key", ["u", "U"])
async def test_a_failed_undo_is_not_reported_as_nothing_to_undo(filled, settings, monkeypatch, key):
    def full(_archive):
        raise CannotWrite("The disk is full.")

    monkeypatch.setattr(Archive, "undo", full)
    monkeypatch.setattr(Archive, "redo", full)
    async with driven(filled, settings) as pilot:
        await press(pilot, key)
        await until(pilot, lambda: "The disk is full." in screen_text(pilot))
        assert "Nothing to" not in screen_text(pilot)
