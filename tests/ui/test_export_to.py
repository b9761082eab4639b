"""Exporting from every list, and exporting to a file with a chosen name, rows, columns and headings."""

import csv
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from threading import Event as Gate

import pytest
from driving import (
    NOW,
    SMITH,
    app_of,
    driven,
    exported,
    fill,
    people,
    press,
    screen_text,
    status,
    table,
    until,
    write,
)
from test_type_ahead import burst
from textual.widgets import Input

from archive.model.field_types.base import Ref
from archive.model.records.transaction import Transaction
from archive.service import sheets
from archive.service.folder import short_path
from archive.service.listing import Row
from archive.ui.screens.exporting import ExportScreen


def rows_of(path):
    return list(csv.DictReader(path.read_text("utf-8-sig").splitlines()))


@pytest.fixture
def dealt(path, settings):
    """The records of `people`, with two quotations and an unpaid invoice."""
    values = {"customer": Ref(uid="c-smith"), "on": NOW.date() - timedelta(days=9), "currency": "EUR"}
    quotations = [
        Transaction(uid=f"q-{n}", type="quotation", amount=Decimal(1000 + n), **values) for n in range(2)
    ]
    invoice = Transaction(uid="i-9", type="invoice", amount=Decimal("1234.56"), number="R9", **values)
    return fill(path, settings, [*people(), *quotations, invoice])


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


@pytest.mark.parametrize(
    ("way", "name", "header"),
    [
        (["ctrl+g", "t"], "today", {"Due", "Customer", "Type", "Details", "Availability"}),
        (["ctrl+g", "l"], "pipeline", {"Decision", "Amount", "Amount currency", "Expected currency"}),
        (["ctrl+g", "o"], "receivables", {"Outstanding", "Outstanding currency", "Credit limit currency"}),
        (["ctrl+g", "h"], "history", {"When", "Change", "Undone"}),
        ([*SMITH, "6"], "transactions", {"Date", "Type", "Amount", "Currency"}),
        ([*SMITH, "8"], "timeline", {"Date", "Type", "Details"}),
    ],
)
async def test_x_exports_the_marked_rows_of_every_list_or_all_of_them(dealt, settings, way, name, header):
    async with driven(dealt, settings) as pilot:
        await press(pilot, *way)
        await until(pilot, lambda: table(pilot).ids)
        count = len(table(pilot).ids)
        await press(pilot, "x")
        await until(pilot, lambda: f"{count} " in status(pilot) and "exported to" in status(pilot))
        (whole,) = exported(settings)
        assert whole.name.startswith(f"{name}-")
        assert header <= rows_of(whole)[0].keys()
        assert len(rows_of(whole)) == count
        await press(pilot, "space", "x")
        await until(pilot, lambda: len(exported(settings)) == 2)
        marked = next(path for path in exported(settings) if path != whole)
        assert rows_of(marked) == rows_of(whole)[:1]


async def test_rows_columns_and_headings_are_chosen_on_one_screen(filled, settings):
    async with driven(filled, settings) as pilot:
        await press(pilot, "space", "X")
        await until(pilot, lambda: isinstance(pilot.app.screen, ExportScreen))
        assert "● marked (1)" in screen_text(pilot)
        await write(pilot, "mine.tsv")
        await press(pilot, "down", "space", "down", "space", "down", "space", "enter")
        await until(pilot, lambda: "4 customers exported to mine.tsv" in status(pilot))
    (path,) = exported(settings)
    header = path.read_text("utf-8-sig").splitlines()[0].split("\t")
    assert path.name == "mine.tsv"
    assert {"id", "full_name", "do_not_contact", "value_currency"} <= set(header)


def test_the_home_folder_is_shortened(tmp_path):
    assert short_path(Path.home() / "exports") == "~/exports"
    assert short_path(Path.home()) == "~"
    assert short_path(tmp_path / "elsewhere") == str(tmp_path / "elsewhere")


async def test_an_empty_list_is_not_exported(bare, settings):
    async with driven(bare, settings) as pilot:
        await press(pilot, "slash", *"nobody", "down", "x")
        await until(pilot, lambda: "nothing to export" in status(pilot))
    assert exported(settings) == []


async def test_a_slow_export_shows_its_progress_and_escape_stops_it(filled, settings, monkeypatch):
    gate = Gate()

    def slow(*values):
        gate.wait(60)
        return Row(*values)

    async with driven(filled, settings) as pilot:
        monkeypatch.setattr(sheets, "Row", slow)
        burst(pilot, "x")
        await until(pilot, lambda: "Exporting … 0 %" in status(pilot))
        burst(pilot, "\x1b")
        await until(pilot, lambda: app_of(pilot).typed.is_idle)
        gate.set()
        await until(pilot, lambda: "Export stopped. No file was written." in status(pilot))
    assert exported(settings) == []
