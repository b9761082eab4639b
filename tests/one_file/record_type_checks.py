"""What a record type in a single file can do; run by `tests/test_new_record_type.py` in a program that has the file."""

import json

import pytest
from driving import app_of, driven, enter_field, fill, people, press, screen_text, shown, table, until, write
from strategies import NOW

from archive.cli import run
from archive.model.tables import TABLES
from archive.service.archive import Archive
from archive.ui.navigation import PLACES
from archive.ui.screens.form import FormScreen
from archive.ui.screens.profile_tabs import TABS

SHEET = "Client,Specimen,Given on\nMarta Smith,Green tea,2026-11-02\n王建国,Rice,2026-11-03\n"


@pytest.fixture
def filled(path, settings):
    return fill(path, settings, people())


@pytest.fixture
def imported(filled, tmp_path, capsys):
    """The archive after the sheet was imported by the command."""
    sheet = tmp_path / "samples.csv"
    sheet.write_text(SHEET, encoding="utf-8")
    assert counts(filled, capsys, sheet, "--table", "samples") == (2, 0, 0)
    return filled


def call(path, *words) -> int:
    return run(["--archive", str(path), *map(str, words)])


def counts(path, capsys, *words) -> tuple[int, int, int]:
    """Import a file; return how many records were new, changed and unchanged."""
    capsys.readouterr()
    assert call(path, "import", *words, "--json") == 0
    told = json.loads(capsys.readouterr().out)
    return told["created"], told["updated"], told["same"]


async def test_it_has_a_place_a_list_and_a_form(filled, settings):
    async with driven(filled, settings) as pilot:
        await press(pilot, "ctrl+g")
        assert "Samples" in screen_text(pilot)
        await press(pilot, "x")
        assert "No sample yet." in screen_text(pilot)
        await press(pilot, "n")
        await until(pilot, lambda: isinstance(pilot.app.screen, FormScreen))
        for key, text in (("customer", "Marta Smith"), ("product", "Green tea"), ("given_on", "2026-11-02")):
            await enter_field(pilot, key)
            await write(pilot, text)
        await press(pilot, "ctrl+s")
        await until(pilot, lambda: shown(pilot) == ["Green tea"])
        assert "Marta Smith" in screen_text(pilot)
        await press(pilot, "slash", *"coffee")
        await until(pilot, lambda: not table(pilot).ids)
        await press(pilot, "escape", "slash", *"product:green")
        await until(pilot, lambda: shown(pilot) == ["Green tea"])


async def test_it_is_in_the_profile_and_added_there(imported, settings):
    async with driven(imported, settings) as pilot:
        await press(pilot, "j", "j", "enter", str(1 + [tab.rows for tab in TABS].index("samples")))
        await until(pilot, lambda: shown(pilot) == ["Green tea"])
        await press(pilot, "a", "x")
        await until(pilot, lambda: isinstance(pilot.app.screen, FormScreen))
        assert "Marta Smith" in screen_text(pilot)
        await enter_field(pilot, "product")
        await write(pilot, "Black tea")
        await press(pilot, "ctrl+s")
        await until(pilot, lambda: sorted(shown(pilot)) == ["Black tea", "Green tea"])


async def test_its_empty_tab_names_the_key_that_adds_a_record(filled, settings):
    async with driven(filled, settings) as pilot:
        await press(pilot, "enter", str(1 + [tab.rows for tab in TABS].index("samples")))
        await until(pilot, lambda: "No sample yet. Press a to add one." in screen_text(pilot))


async def test_it_is_deleted_undone_and_in_the_history(imported, settings):
    async with driven(imported, settings) as pilot:
        await press(pilot, "ctrl+g", "x")
        await until(pilot, lambda: len(table(pilot).ids) == 2)
        archive = app_of(pilot).archive
        await press(pilot, "d")
        await until(pilot, lambda: archive.count("samples") == 1)
        await press(pilot, "u")
        await until(pilot, lambda: archive.count("samples") == 2)
        await press(pilot, "ctrl+g", "h")
        await until(pilot, lambda: "samples.csv" in screen_text(pilot))


async def test_its_files_are_recognised_in_the_program(filled, settings, tmp_path):
    sheet = tmp_path / "given.csv"
    sheet.write_text("customer,product,given_on\nMarta Smith,Green tea,2026-11-02\n", encoding="utf-8")
    async with driven(filled, settings, (120, 40)) as pilot:
        await press(pilot, "ctrl+g", "i", "p")
        pilot.app.screen.query_one("Answer").value = str(sheet)
        await press(pilot, "enter")
        await until(pilot, lambda: getattr(pilot.app.screen, "plan", None))
        assert "Samples" in screen_text(pilot)
        await press(pilot, "ctrl+s")
        await until(pilot, lambda: app_of(pilot).archive.count("samples") == 1)


def test_the_same_sheet_again_changes_nothing(imported, tmp_path, capsys):
    assert counts(imported, capsys, tmp_path / "samples.csv", "--table", "samples") == (0, 0, 2)


def test_an_export_comes_back_whole(imported, tmp_path, capsys):
    out = tmp_path / "out.csv"
    assert call(imported, "export", "--table", "samples", "-o", out) == 0
    assert "Green tea,2026-11-02" in out.read_text("utf-8")
    assert counts(imported, capsys, out) == (0, 0, 2)  # the record type is known by the keys
    assert call(imported, "undo") == 0
    assert counts(imported, capsys, out) == (2, 0, 0)


def test_the_commands_know_it(imported, capsys):
    assert call(imported, "fields", "samples") == 0
    assert "given_on" in capsys.readouterr().out
    assert call(imported, "add", "samples", "customer=Marta Smith", "product=Tea", "given_on=yesterday") == 0
    capsys.readouterr()
    assert call(imported, "list", "product:tea", "--table", "samples", "--format", "json") == 0
    assert {row["product"] for row in json.loads(capsys.readouterr().out)} == {"Green tea", "Tea"}
    assert call(imported, "show", "Marta Smith") == 0
    assert "Samples" in capsys.readouterr().out
    assert call(imported, "check") == 0


def test_its_records_go_with_their_customer_and_come_back_by_undo(imported, settings):
    archive = Archive.open(imported, settings, clock=lambda: NOW)
    archive.delete("customers", ["c-smith"])
    assert archive.count("samples") == 1
    archive.undo()
    assert archive.count("samples") == 2
    archive.close()


def test_its_place_has_its_letter():
    assert PLACES["samples"].letter == TABLES["samples"].LETTER == "x"
