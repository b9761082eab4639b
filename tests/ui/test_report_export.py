"""Exporting the figures and tables of a report."""

import csv

from driving import driven, exported, press, status, until, write
from report_answers import opened, to_table
from reported import DUE_TERMS


def rows_of(path) -> list[list[str]]:
    return list(csv.reader(path.read_text(encoding="utf-8-sig").splitlines()))


async def test_x_exports_the_figures_or_the_table_under_the_cursor(filled, settings, answers):
    async with driven(filled, settings) as pilot:
        await opened(pilot)
        await press(pilot, "x")
        (figures,) = exported(settings)
        assert figures.name == "fulfilment-figures-2026-11-21-1000.csv"
        assert rows_of(figures)[1][:3] == ["otif", "On time in full", "0.71"]
        assert "10 rows written" in status(pilot)
        await to_table(pilot)
        await press(pilot, "x")
        due = next(path for path in exported(settings) if "-due-" in path.name)
        header = rows_of(due)[0]
        assert [key for key in header if key != "value_currency"] == [
            *(column.key for column in DUE_TERMS.columns),
            "why",
        ]
        assert header.index("value_currency") == header.index("value") + 1
        assert rows_of(due)[2][0] == "王建国"


async def test_shift_x_exports_to_a_chosen_file(filled, settings, answers, tmp_path):
    async with driven(filled, settings) as pilot:
        await opened(pilot)
        await press(pilot, "X")
        await write(pilot, str(tmp_path / "f.csv"))
        await press(pilot, "enter")
        await until(pilot, lambda: (tmp_path / "f.csv").exists())
