"""A file format added as a single file works in every dialog that reads or writes files."""

import json

import pytest
from adding import add_formats
from driving import SIZES, app_of, driven, press, screen_text, status, until, write

from archive.exchange import formats
from archive.ui.screens.dialogs import PickScreen
from archive.ui.screens.exporting import ExportScreen
from archive.ui.screens.file_pick import FilePick
from archive.ui.screens.import_screen import ImportScreen

ROWS = b'{"Name": "Ada Sample", "Phone": "+49 30 5550 1"}\n{"Name": "Bob Sample"}\n'
SHEETS = """
from archive.exchange.format import Certainty, Format, Row, Source

def read(data, options):
    header = ["Name", options.sheet or "People"]
    return Source(header=header, rows=[Row(2, ["Ada Sample", "x"])], sheets=("People", "Firms"))

FORMAT = Format(
    key="book",
    label="Workbook",
    suffixes=(".book",),
    place=3,
    sniff=lambda head, suffix: Certainty(3 * head.startswith(b"\\0book")),
    read=read,
)
"""


@pytest.fixture(autouse=True)
def added(monkeypatch):
    add_formats(monkeypatch)


@pytest.fixture
def people(tmp_path, monkeypatch):
    folder = tmp_path / "files"
    folder.mkdir()
    (folder / "people.jsonl").write_bytes(ROWS)
    (folder / "people.vcf").write_bytes(ROWS)
    monkeypatch.chdir(folder)
    return folder / "people.jsonl"


async def planned(pilot) -> ImportScreen:
    """Wait for the import screen with the preview of a file, and return it."""
    await until(pilot, lambda: isinstance(pilot.app.screen, ImportScreen) and pilot.app.screen.plan)
    return pilot.app.screen


@pytest.mark.parametrize("size", SIZES)
async def test_a_file_is_picked_recognised_and_imported_and_importing_it_again_changes_nothing(
    filled, settings, people, size
):
    async with driven(filled, settings, size) as pilot:
        await press(pilot, "ctrl+g", "i", "f")
        await until(pilot, lambda: isinstance(pilot.app.screen, FilePick) and "jsonl" in screen_text(pilot))
        assert "people.vcf" not in screen_text(pilot)
        await press(pilot, *"jsonl", "enter")
        await planned(pilot)
        assert "2 new, 0 updated, 0 unchanged" in screen_text(pilot)
        assert "JSON Lines · utf-8" in screen_text(pilot)
        assert "delimiter" not in screen_text(pilot)
        await press(pilot, "ctrl+s")
        await until(pilot, lambda: "Imported people.jsonl: 2 new" in status(pilot))
        pilot.app.screen.read_file(people)
        await planned(pilot)
        assert "0 new, 0 updated, 2 unchanged" in screen_text(pilot)
        before = app_of(pilot).archive.count("customers")
        await press(pilot, "escape", "u")
        await until(pilot, lambda: app_of(pilot).archive.count("customers") == before - 2)


async def test_the_format_can_be_chosen_and_decides_which_options_are_offered(filled, settings, people):
    async with driven(filled, settings) as pilot:
        await press(pilot, "ctrl+g", "i")
        pilot.app.screen.read_file(people)
        await planned(pilot)
        await press(pilot, "o")
        await until(pilot, lambda: isinstance(pilot.app.screen, PickScreen))
        for title in ("Encoding:", "Delimiter:", "Sheet:"):
            assert title not in screen_text(pilot)
        assert "File format: detect automatically" in screen_text(pilot)
        await press(pilot, "down", "enter", "down", "enter")
        await until(pilot, lambda: "This is a JSON file." in status(pilot))
        await press(pilot, "o", "down", "enter", "down", "enter")
        screen = await planned(pilot)
        assert screen.options.format == "jsonl"


async def test_a_sheet_of_a_workbook_is_chosen_in_the_options(filled, settings, tmp_path, monkeypatch):
    (tmp_path / "formats").mkdir()
    (tmp_path / "formats" / "book.py").write_text(SHEETS, encoding="utf-8")
    add_formats(monkeypatch, tmp_path / "formats")
    (tmp_path / "a.book").write_bytes(b"\0book\xff")
    assert list(formats.formats()) == ["csv", "jsonl", "book"]
    async with driven(filled, settings) as pilot:
        await press(pilot, "ctrl+g", "i")
        pilot.app.screen.read_file(tmp_path / "a.book")
        assert (await planned(pilot)).plan.header == ["Name", "People"]
        await press(pilot, "o", "down", "down", "enter", "end", "enter")
        await until(
            pilot, lambda: pilot.app.screen.plan and pilot.app.screen.plan.header == ["Name", "Firms"]
        )


@pytest.mark.parametrize("size", SIZES)
async def test_the_export_dialog_offers_the_format_and_shows_what_it_loses(filled, settings, tmp_path, size):
    async with driven(filled, settings, size) as pilot:
        await press(pilot, "X")
        await until(pilot, lambda: isinstance(pilot.app.screen, ExportScreen))
        words = " ".join(screen_text(pilot).split())
        assert "Format: CSV. Other suffixes: .jsonl, .ndjson." in words
        assert "leave out" not in words
        await write(pilot, str(tmp_path / "out.jsonl"))
        words = " ".join(screen_text(pilot).split())
        assert "Format: JSON Lines. Other suffixes: .csv, .tsv, .txt." in words
        assert "! JSON Lines leave out columns in which all cells are empty." in words
        await press(pilot, "enter")
        await until(pilot, lambda: "4 customers exported to out.jsonl" in status(pilot))
    first, *others = map(json.loads, (tmp_path / "out.jsonl").read_text("utf-8").splitlines())
    assert first["Full name"] == "Globex Foods"
    assert len(others) == 3


async def test_an_unknown_suffix_is_refused(filled, settings, tmp_path):
    async with driven(filled, settings) as pilot:
        await press(pilot, "X")
        await until(pilot, lambda: isinstance(pilot.app.screen, ExportScreen))
        await write(pilot, str(tmp_path / "out.xyz"))
        await press(pilot, "enter")
        assert isinstance(pilot.app.screen, ExportScreen)
        assert "No file format has the suffix .xyz." in " ".join(screen_text(pilot).split())
        await press(pilot, "escape")
    assert not (tmp_path / "out.xyz").exists()
