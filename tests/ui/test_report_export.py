"""Exporting the figures and tables of a report."""

import csv

from driving import driven, exported, press, status, title, until, write
from report_answers import opened, to_table
from reported import DUE_TERMS

from archive.analysis.report import MONEY


def rows_of(path) -> list[list[str]]:
    return list(csv.reader(path.read_text(encoding="utf-8-sig").splitlines()))


async def test_x_exports_the_figures_or_the_table_under_the_cursor(filled, settings, answers):
    async with driven(filled, settings) as pilot:
        await opened(pilot)
        await press(pilot, "x")
        (figures,) = exported(settings)
        assert figures.name == "fulfilment-figures-2026-11-21-1000.csv"
        assert rows_of(figures)[1][:2] == ["On time in full", "0.71"]
        assert "10 rows exported" in status(pilot)
        await to_table(pilot)
        await press(pilot, "x")
        due = next(path for path in exported(settings) if "-due-" in path.name)
        header = rows_of(due)[0]
        money = next(column.label for column in DUE_TERMS.columns if column.unit == MONEY)
        assert [label for label in header if label != f"{money} currency"] == [
            column.label for column in DUE_TERMS.columns
        ]
        assert header.index(f"{money} currency") == header.index(money) + 1
        assert rows_of(due)[2][0] == "王建国"


async def test_x_exports_only_the_marked_rows_of_a_table(filled, settings, answers):
    async with driven(filled, settings) as pilot:
        await opened(pilot)
        await to_table(pilot)
        await press(pilot, "down", "space", "x")
        await until(pilot, lambda: "1 of 3 rows exported" in status(pilot))
        (path,) = exported(settings)
        assert [row[0] for row in rows_of(path)[1:]] == ["王建国"]
        await press(pilot, "escape")
        assert "marked" not in title(pilot)


async def test_shift_x_exports_to_a_chosen_file(filled, settings, answers, tmp_path):
    async with driven(filled, settings) as pilot:
        await opened(pilot)
        await press(pilot, "X")
        await write(pilot, str(tmp_path / "f.csv"))
        await press(pilot, "enter")
        await until(pilot, lambda: (tmp_path / "f.csv").exists())
