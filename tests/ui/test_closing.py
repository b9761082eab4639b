"""Leaving the program when another one has changed the archive's files."""

from driving import app_of, driven, press, screen_text, settled, until

from archive.errors import ForeignChange
from archive.service.archive import Archive


async def test_a_window_that_is_left_says_where_the_copy_of_what_the_files_have_lost_is(filled, settings):
    before = filled.read_bytes()
    async with driven(filled, settings) as pilot:
        await press(pilot, "l", *"call ours", "enter")
        await until(pilot, lambda: "Saved: new contact" in screen_text(pilot))
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
