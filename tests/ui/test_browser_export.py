"""Exporting the rows of a table."""

import csv

from driving import NOW, driven, exported, fill, people, press, screen_text, status, until, write

from archive.model.records.customer import Customer


async def test_x_writes_exactly_the_rows_and_columns_shown_in_their_order(path, settings):
    fill(path, settings, [*people(), Customer(kind="person", full_name="=1+1", status="lost")])
    async with driven(path, settings) as pilot:
        await press(
            pilot, "slash", *"status:lost", "down", "s", "home", "enter", "s", "enter", "s", "enter", "x"
        )
        await until(pilot, lambda: "2 of 5 customers exported" in status(pilot))
        (target,) = exported(settings)
        assert target.name == f"customers-{NOW:%Y-%m-%d-%H%M}.csv"
        raw = target.read_bytes()
        assert raw.startswith(b"\xef\xbb\xbf")
        rows = list(csv.reader(raw.decode("utf-8-sig").splitlines()))
        place = rows[0].index("Full name")
        assert [row[place] for row in rows[1:]] == ["'=1+1", "José Rossi"]


async def test_export_to_a_named_file(filled, settings, tmp_path):
    async with driven(filled, settings) as pilot:
        await press(pilot, "X", "escape", "X")
        await write(pilot, str(tmp_path / "mine.csv"))
        await press(pilot, "enter")
        await until(pilot, lambda: "4 customers exported to mine.csv" in status(pilot))
        assert (tmp_path / "mine.csv").exists()
        await press(pilot, "X")
        await write(pilot, str(tmp_path / "mine.csv"))
        await press(pilot, "enter")
        await until(pilot, lambda: "already exists" in screen_text(pilot))
    assert exported(settings) == []
