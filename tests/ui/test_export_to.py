"""Exporting to a file with a chosen name."""

from driving import app_of, driven, press, until, write
from textual.widgets import Input


async def test_a_taken_name_is_refused_with_a_remedy(filled, settings, tmp_path):
    target = tmp_path / "taken.csv"
    target.write_text("ours")
    async with driven(filled, settings) as pilot:
        await press(pilot, "X")
        await until(pilot, lambda: isinstance(pilot.app.focused, Input))
        await write(pilot, str(target))
        await press(pilot, "enter")
        (told,) = await until(pilot, lambda: list(app_of(pilot)._notifications))
        assert "already exists" in told.title
        assert told.message == "Choose another name."
    assert target.read_text() == "ours"
