"""The folder that version one left when it was killed: archive, journal, draft, backup, settings, views and mapping.

All of it opens and works. A damaged file is reported, and what it says of other files still holds.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from archive.errors import ArchiveError
from archive.service.drafts import Drafts
from archive.service.mapping_store import saved_mapping
from archive.service.views import Views
from archive.settings import config_folder, load_settings

FOLDER = Path(__file__).parents[1] / "data" / "version_one"
TABLES = ["customers", "products", "contracts", "transactions", "activities", "tasks"]
SALES = ["--table", "transactions", "--date-order", "dmy", "--match", "id,code,name", "--json"]
MAPPING = "mappings/transactions-a165327ef12b0c7c.toml"


@pytest.fixture
def left(path: Path) -> Path:
    """The archive of version one in the test's folders, with its settings, views and mapping."""
    for file in FOLDER.glob("archive.json*"):
        shutil.copy(file, path.with_name(path.name + file.name.removeprefix("archive.json")))
    shutil.copytree(FOLDER / "config", config_folder(), dirs_exist_ok=True)
    return path


def records(call) -> dict[str, str]:
    """Return all records as CSV by table."""
    return {table: call("export", "--table", table, "-o", "-").out for table in TABLES}


def test_the_journal_of_a_killed_program_is_read(call, left):
    assert call("check").code == 0
    assert [row.count("72") for row in records(call)["transactions"].splitlines() if "72" in row] == [1]
    assert call("undo").out == "Undone: new dealing: Ann Bell 2026-11-30\n"
    assert call("redo").code == 0
    for _change in range(10):
        assert call("undo").code == 0
    assert "Ann Bell" not in records(call)["customers"]
    assert call("check").code == 0


def test_its_records_are_changed_and_compacted(call, left):
    assert call("log", "C-00002", "visit asked for prices").code == 0
    assert call("compact").code == 0
    assert not left.with_name(left.name + ".j000001").exists()
    assert "asked for prices" in call("list", "--table", "activities").out
    assert call("check").code == 0


def test_its_backup_is_restored(call, left):
    assert call("restore", FOLDER / "backup.json").code == 0
    assert records(call)["transactions"].count("\n") == 4
    assert call("check").code == 0


def test_its_settings_views_and_mapping_are_used(call, left):
    settings = load_settings()
    assert (settings.me, settings.decimal, settings.date_order) == ("Mara Muster", ",", "dmy")
    assert settings.rates == {"USD 2026-01-01": "0.92"}
    assert "1.250,00" in call("list", "--table", "transactions").out
    assert Views().of("customers")["Active ones"].query == "status:active"
    sheet = shutil.copy(FOLDER / "sales.csv", left.parent)
    answer = call("import", sheet, "--set", "type=invoice", *SALES)
    found = json.loads(answer.out)
    assert (found["same"], found["rejected"]) == (2, 1)


def test_its_draft_is_read(left):
    (draft,) = Drafts(left).all()
    assert draft.texts == {"full_name": "Draft Person", "phones": ["+49 30 5550 199"]}


def flipped(file: Path, place: int) -> None:
    """Flip a bit in the byte at `place`."""
    data = bytearray(file.read_bytes())
    data[place] ^= 0x10
    file.write_bytes(data)


@pytest.mark.parametrize("suffix", ["", ".j000001"])
def test_a_flipped_bit_is_reported_or_changes_nothing_and_the_archive_is_repaired(call, left, suffix):
    intact = records(call)
    size = (FOLDER / f"archive.json{suffix}").stat().st_size
    reported = 0
    for place in range(0, size, size // 40):
        shutil.copy(FOLDER / "archive.json", left)
        shutil.copy(FOLDER / "archive.json.j000001", left.with_name(left.name + ".j000001"))
        flipped(left.with_name(left.name + suffix), place)
        checked = call("check")
        if checked.code == 0:
            assert records(call) == intact, place
            continue
        reported += 1
        words = (
            "`archive repair`" if checked.code == 65 else "Saved changes may be lost"
        )  # in the last change
        assert words in checked.out, place
        call("repair")
        assert call("check").code == 0, place
    assert reported > 20


@pytest.mark.parametrize("suffix", ["", ".j000001"])
def test_a_file_cut_off_is_reported_and_the_archive_is_repaired(call, left, suffix):
    whole = (FOLDER / f"archive.json{suffix}").read_bytes()
    left.with_name(left.name + suffix).write_bytes(whole[: len(whole) * 2 // 3])
    assert call("check").code != 0
    call("repair")
    assert call("check").code == 0
    assert "North Foods" in records(call)["customers"]


@pytest.mark.parametrize("name", ["settings.toml", "views.toml", MAPPING])
def test_a_damaged_file_of_the_user_is_named_and_the_archive_is_unharmed(call, left, name):
    file = config_folder() / name
    file.write_bytes(file.read_bytes()[:-3] + b'"\xff')
    with pytest.raises(ArchiveError, match=file.name):
        {"settings.toml": load_settings, "views.toml": Views}.get(name, lambda: saved_mapping(*sales()))()
    assert call("check").code == (65 if name == "settings.toml" else 0)


def sales() -> tuple[str, list[str]]:
    """Return the table and header of the file that the mapping belongs to."""
    return "transactions", "Rechnung;Kunde;Tag;Summe;Filiale".split(";")


def test_a_damaged_draft_is_set_aside(left):
    drafts = Drafts(left)
    drafts.path.write_bytes(drafts.path.read_bytes()[:-9])
    assert drafts.all() == []
    assert drafts.path.with_name(drafts.path.name + ".unreadable").exists()


def test_its_names_of_commands_still_change_keys():
    """The tables of the manual come from the program; tests/test_manual.py says so if they do not."""
    manual = (FOLDER.parents[2] / "docs" / "manual.md").read_text("utf-8")
    names = (FOLDER / "commands.txt").read_text("utf-8").split()
    assert [name for name in names if f"`{name}`" not in manual] == []
    assert len(names) == 86
