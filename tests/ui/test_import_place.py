"""Importing a file by keyboard: nothing is written before ctrl+s, and a single undo reverts it."""

import asyncio
import os

import pytest
from driving import SIZES, app_of, driven, press, raw_controls, screen_text, status, table, until

from archive.ui.screens.dialogs import PickScreen
from archive.ui.screens.file_pick import FilePick
from archive.ui.screens.find import FindScreen
from archive.ui.screens.import_screen import ImportScreen
from archive.ui.widgets.table import RecordTable

SHEET = "Name,Phone,Colour\nAda Sample,+49 30 5550 1,green\nBob Sample,+49 30 5550 2,[/b]\n"


@pytest.fixture
def sheet(tmp_path):
    path = tmp_path / "sheet.csv"
    path.write_text(SHEET, encoding="utf-8")
    return path


def place(pilot) -> ImportScreen:
    screen = pilot.app.screen
    assert isinstance(screen, ImportScreen)
    return screen


async def read(pilot, path) -> None:
    """Go to the place Import, and enter the path of a file."""
    await press(pilot, "ctrl+g", "i", "p")
    pilot.app.screen.query_one("Answer").value = str(path)
    await press(pilot, "enter")


@pytest.mark.parametrize("size", SIZES)
async def test_a_sheet_is_previewed_imported_and_undone(filled, settings, sheet, size):
    async with driven(filled, settings, size) as pilot:
        await read(pilot, sheet)
        await until(pilot, lambda: place(pilot).plan)
        assert "2 new" in screen_text(pilot)
        assert "Phone 1 · Number" in screen_text(pilot)
        assert "ctrl+s Import" in screen_text(pilot)
        archive = app_of(pilot).archive
        before = archive.count("customers")
        await press(pilot, "ctrl+s")
        await until(pilot, lambda: archive.count("customers") == before + 2)
        await until(pilot, lambda: "Imported sheet.csv: 2 new" in status(pilot))
        await press(pilot, "u")
        await until(pilot, lambda: archive.count("customers") == before)


async def test_a_column_is_mapped_by_typing_the_name_of_a_field(filled, settings, sheet):
    async with driven(filled, settings) as pilot:
        await read(pilot, sheet)
        await until(pilot, lambda: len(table(pilot).ids) == 3)
        assert "(kept as extra)" in screen_text(pilot)
        await press(pilot, "G", "enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, FindScreen))
        await press(pilot, *"interests", "down", "up", "enter")
        await until(pilot, lambda: place(pilot).plan and place(pilot).plan.columns[2].path == "interests")
        assert "(kept as extra)" not in screen_text(pilot)


async def test_rejected_rows_are_shown_and_written_to_a_file(filled, settings, tmp_path):
    sheet = tmp_path / "deals.csv"
    sheet.write_text("customer,date,amount\nNobody Known,2026-01-02,12.50\nMarta Smith,2026-01-03,9\n")
    async with driven(filled, settings, (120, 40)) as pilot:
        await read(pilot, sheet)
        await until(pilot, lambda: place(pilot).plan)
        assert "1 rejected" in screen_text(pilot)
        assert "ctrl+s Import" in screen_text(pilot)
        await press(pilot, "tab")
        await until(pilot, lambda: "rejected" in screen_text(pilot) and "Nobody Known" in screen_text(pilot))
        await press(pilot, "enter")
        assert "rejected · line 2 · customer" in screen_text(pilot)
        assert "enter Read  tab Columns  ctrl+s Import" in screen_text(pilot)
        await press(pilot, "escape", "ctrl+s")
        await until(pilot, lambda: (tmp_path / "deals.rejected.csv").exists())
        await until(pilot, lambda: "Samples" in screen_text(pilot))
        assert "Nobody Known" in (tmp_path / "deals.rejected.csv").read_text(encoding="utf-8-sig")


async def test_options_are_chosen_from_lists_and_the_file_is_read_again(filled, settings, tmp_path):
    sheet = tmp_path / "deals.csv"
    sheet.write_text("customer,date,amount\nNobody Known,2026-01-02,12.50\n")
    async with driven(filled, settings) as pilot:
        await read(pilot, sheet)
        await until(pilot, lambda: place(pilot).plan and place(pilot).plan.rejected == 1)
        await until(pilot, lambda: "press o to create them" in screen_text(pilot))
        await press(pilot, "o", "end", "enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, PickScreen))
        await press(pilot, "down", "enter")
        await until(pilot, lambda: place(pilot).plan and place(pilot).plan.customers_created == 1)
        await until(pilot, lambda: "press o to create them" not in screen_text(pilot))
        await press(pilot, "o", "escape")
        await until(pilot, lambda: isinstance(pilot.app.screen, ImportScreen))


async def test_an_ambiguous_date_format_is_reported_and_not_guessed(filled, settings, tmp_path):
    sheet = tmp_path / "deals.csv"
    sheet.write_text("customer,date,amount\nMarta Smith,01/02/2026,12.50\n")
    async with driven(filled, settings) as pilot:
        await read(pilot, sheet)
        await until(pilot, lambda: "date" in status(pilot).lower())
        assert place(pilot).plan is None
        await press(pilot, "ctrl+s", "tab", "G")
        assert app_of(pilot).archive.undo_label() == "Added 7 records"


async def test_a_missing_file_is_reported(filled, settings, tmp_path):
    async with driven(filled, settings) as pilot:
        await read(pilot, tmp_path / "nowhere.csv")
        await until(pilot, lambda: "no file" in status(pilot))


async def test_waiting_for_a_pipe_ends_with_escape_or_with_data(filled, settings, tmp_path):
    pipe = tmp_path / "pipe.csv"
    os.mkfifo(pipe)
    async with driven(filled, settings) as pilot:
        await press(pilot, "ctrl+g", "i")
        place(pilot).read_file(pipe)
        await until(pilot, lambda: "Waiting for data from the pipe" in status(pilot))
        await press(pilot, "escape")
        await until(pilot, lambda: "nothing was imported" in status(pilot))
        assert place(pilot).path is None
        pipe = tmp_path / "second.csv"  # the thread reading the first pipe may still run
        os.mkfifo(pipe)
        place(pilot).read_file(pipe)
        await asyncio.to_thread(pipe.write_text, SHEET, encoding="utf-8")
        await until(pilot, lambda: place(pilot).plan)
        assert "2 new" in screen_text(pilot)
        place(pilot)._change(merge="overwrite")  # reads the data again
        await until(pilot, lambda: place(pilot).plan and place(pilot).plan.options.merge == "overwrite")
        assert "2 new" in screen_text(pilot)


async def test_the_program_can_exit_while_waiting_for_a_pipe(filled, settings, tmp_path):
    os.mkfifo(tmp_path / "pipe.csv")
    async with driven(filled, settings) as pilot:
        await press(pilot, "ctrl+g", "i")
        place(pilot).read_file(tmp_path / "pipe.csv")
        await until(pilot, lambda: "Waiting for data from the pipe" in status(pilot))


NO_TABLES = {
    "is a device, not a regular file": lambda path: path.symlink_to("/dev/zero"),
    "This is an Excel workbook": lambda path: path.write_bytes(b"PK\x03\x04xl/"),
    "ends in the middle of a character": lambda path: path.write_bytes("a,b\n1,é".encode()[:-1]),
    "opens a quote that is never closed": lambda path: path.write_bytes(b'a,b\n1,"c'),
    "it is a folder": lambda path: path.mkdir(),
}


async def test_a_file_that_is_not_a_table_is_refused_with_a_specific_message(filled, settings, tmp_path):
    async with driven(filled, settings, (120, 40)) as pilot:
        for number, (message, make) in enumerate(NO_TABLES.items()):
            make(tmp_path / f"{number}.csv")
            await read(pilot, tmp_path / f"{number}.csv")
            await until(pilot, lambda message=message: message in status(pilot))
            assert place(pilot).plan is None


async def test_a_file_is_chosen_in_the_file_picker(filled, settings, sheet, monkeypatch):
    monkeypatch.chdir(sheet.parent)
    async with driven(filled, settings) as pilot:
        await press(pilot, "ctrl+g", "i", "f")
        await until(pilot, lambda: isinstance(pilot.app.screen, FilePick))
        pilot.app.screen.dismiss(sheet)
        await until(pilot, lambda: isinstance(pilot.app.screen, ImportScreen) and place(pilot).plan)
        await press(pilot, "escape")
        await until(pilot, lambda: place(pilot).plan is None and "nothing was imported" in status(pilot))


async def test_a_sheet_with_only_new_rows_has_nothing_to_review(filled, settings, sheet):
    async with driven(filled, settings) as pilot:
        await read(pilot, sheet)
        await until(pilot, lambda: place(pilot).plan)
        await press(pilot, "tab")
        assert "Nothing to review: all rows are new or unchanged." in screen_text(pilot)
        assert "No file chosen" not in screen_text(pilot)


async def pick(pilot) -> FilePick:
    """Open the file picker, and wait until it is shown."""
    await press(pilot, "ctrl+g", "i", "f")
    await until(pilot, lambda: isinstance(pilot.app.screen, FilePick) and "enter Open" in screen_text(pilot))
    return pilot.app.screen


@pytest.mark.parametrize("size", SIZES)
async def test_the_file_picker_shows_full_file_names(filled, settings, tmp_path, monkeypatch, size):
    folder = tmp_path / "s"
    (folder / "old").mkdir(parents=True)
    for name in ("contacts of the year 2026.csv", "two\nlines.csv", "picture.png", ".hidden.csv"):
        (folder / name).write_bytes(b"x" * 1500)
    monkeypatch.chdir(folder)
    async with driven(filled, settings, size) as pilot:
        await pick(pilot)
        for words in ("old/", "contacts of the year 2026.csv", "two⏎lines.csv", "2 kB"):
            assert words in screen_text(pilot)
        assert "picture.png" not in screen_text(pilot)
        await press(pilot, "tab")
        assert "picture.png" in screen_text(pilot)
        assert ".hidden.csv" in screen_text(pilot)


async def test_a_file_is_found_by_typing_part_of_its_name(filled, settings, sheet, monkeypatch):
    (sheet.parent / "another.csv").touch()
    monkeypatch.chdir(sheet.parent)
    async with driven(filled, settings) as pilot:
        await pick(pilot)
        await press(pilot, *"shee", "enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, ImportScreen) and place(pilot).plan)
        assert place(pilot).path == sheet


async def test_enter_opens_folders_and_backspace_leaves_them(filled, settings, sheet, monkeypatch):
    (sheet.parent / "deep" / "er").mkdir(parents=True)
    monkeypatch.chdir(sheet.parent)
    async with driven(filled, settings) as pilot:
        await pick(pilot)
        await press(pilot, *"deep", "enter")
        assert "er/" in screen_text(pilot)
        await press(pilot, "down", "pagedown", "enter")
        assert f"{sheet.parent.name}/deep/er" in screen_text(pilot)
        await press(pilot, "backspace", "backspace", "down", "up", "enter")
        assert "er/" in screen_text(pilot)
        await press(pilot, "x", "backspace", "pageup", "enter")
        await press(pilot, *"sheet", "enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, ImportScreen) and place(pilot).path == sheet)


async def test_a_path_can_be_typed_in_the_file_picker(filled, settings, sheet, monkeypatch, tmp_path):
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    async with driven(filled, settings) as pilot:
        await pick(pilot)
        await press(pilot, *"~nobody-here/x", "enter")
        await until(pilot, lambda: "no file" in status(pilot))
        await pick(pilot)
        await press(pilot, *"../sheet.csv", "enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, ImportScreen) and place(pilot).plan)


async def test_an_unreadable_folder_is_reported(filled, settings, sheet, monkeypatch):
    folder = sheet.parent / "locked"
    folder.mkdir()
    monkeypatch.chdir(sheet.parent)

    def refused(path):
        raise PermissionError(13, "Permission denied", str(path))

    async with driven(filled, settings) as pilot:
        await pick(pilot)
        monkeypatch.setattr("archive.service.folder.os.scandir", refused)
        await press(pilot, *"locked", "enter")
        assert "cannot be read: Permission denied" in " ".join(screen_text(pilot).split())


async def test_file_names_cannot_control_the_terminal(filled, settings, tmp_path, monkeypatch):
    folder = tmp_path / "sheets"
    folder.mkdir()
    for name in ("a\x1b[31mred.csv", "b\x9b2Jclear.csv", "c\u202etxt.csv", "王.csv"):
        (folder / name).touch()
    monkeypatch.chdir(folder)
    async with driven(filled, settings) as pilot:
        await pick(pilot)
        assert "王.csv" in screen_text(pilot)
        assert raw_controls(pilot) == []
        assert "[31mred.csv" in screen_text(pilot)


async def test_a_plan_that_arrives_after_its_file_was_closed_is_dropped(filled, settings, sheet):
    async with driven(filled, settings) as pilot:
        await read(pilot, sheet)
        await until(pilot, lambda: place(pilot).plan)
        late = ImportScreen.Planned(place(pilot).options, place(pilot).plan)
        await press(pilot, "escape")
        place(pilot).post_message(late)
        await press(pilot, "enter", "ctrl+s", "o")
        assert place(pilot).plan is None
        assert "No file chosen." in screen_text(pilot)


async def test_a_choice_made_after_the_file_was_closed_reads_nothing(filled, settings, sheet):
    async with driven(filled, settings) as pilot:
        await read(pilot, sheet)
        await until(pilot, lambda: place(pilot).plan)
        screen = place(pilot)
        await press(pilot, "enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, FindScreen))
        await screen.action_back()
        await press(pilot, "down", "enter")
        assert place(pilot).plan is None
        assert not place(pilot).reading


async def test_a_row_opened_in_a_list_that_has_changed_since_opens_nothing(filled, settings, sheet):
    async with driven(filled, settings) as pilot:
        await read(pilot, sheet)
        await until(pilot, lambda: place(pilot).plan)
        place(pilot).post_message(RecordTable.Opened(table(pilot), "99"))
        await press(pilot, "down")
        assert isinstance(pilot.app.screen, ImportScreen)
