"""Files of the previous version, and the former names of two tables, still work."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from archive.service.views import Views

BEFORE = Path(__file__).parents[1] / "data" / "version_before"
NAMES = [("interactions", "activities", "summary"), ("plans", "tasks", "step")]


@pytest.fixture
def former(path: Path) -> Path:
    """An archive written by the previous version."""
    shutil.copy(BEFORE / "archive.json", path)
    return path


@pytest.mark.parametrize(("former_name", "name", "column"), NAMES)
def test_a_table_can_be_listed_by_either_name(
    call, former: Path, former_name: str, name: str, column: str
) -> None:
    by_name, by_former = (
        call("list", "--table", table, "--columns", column) for table in (name, former_name)
    )
    assert by_name.code == 0
    assert len(by_name.lines) > 1
    assert by_former == by_name
    assert call("fields", former_name) == call("fields", name)


@pytest.mark.parametrize(("former_name", "name", "column"), NAMES)
def test_an_export_is_the_same_by_either_name(
    call, former: Path, former_name: str, name: str, column: str
) -> None:
    where = ("--where", f"has:{column}", "-o", "-")
    found = call("export", "--table", name, *where)
    assert (found.code, found.out[:3]) == (0, "id,")
    assert call("export", "--table", former_name, *where) == found


@pytest.mark.parametrize("name", ["interactions", "activities"])
def test_a_record_is_added_by_either_name(call, former: Path, name: str) -> None:
    assert call("add", name, "customer=C-00002", "at=2026-11-20 14:30", "summary=a=b").code == 0
    assert "a=b" in call("list", "--table", "activities", "--columns", "summary").out


@pytest.mark.parametrize(("former_name", "name", "column"), NAMES)
def test_importing_a_file_of_the_previous_version_again_changes_nothing(
    call, former: Path, former_name: str, name: str, column: str
) -> None:
    for words in (["--table", name], ["--table", former_name], []):
        answer = call("import", BEFORE / f"{former_name}.csv", "--json", *words)
        found = json.loads(answer.out)
        assert (answer.code, found["table"]) == (0, former_name), answer.err
        assert (found["created"], found["updated"], found["rejected"]) == (0, 0, 0)


def test_fields_are_listed_under_the_present_name_of_the_table(call) -> None:
    headings = [line for line in call("fields").lines if ": " in line and "  " not in line]
    assert "activities: Activities" in headings
    assert "tasks: Tasks" in headings
    assert not any(line.startswith(("interactions", "plans")) for line in headings)


def test_the_error_for_an_unknown_table_lists_the_names(call, former: Path) -> None:
    assert "Did you mean activities?" in call("list", "--table", "activity").err
    assert "activities" in call("import", BEFORE / "plans.csv", "--table", "nope").err
    assert "interactions" not in call("fields", "nope").err


def test_an_archive_of_the_previous_version_is_sound_and_its_changes_can_be_undone(
    call, former: Path
) -> None:
    assert call("check").code == 0
    assert "left message" in call("list", "--table", "activities", "--columns", "outcome").out
    assert call("undo").out == "Undone: new dealing: North Foods 2026-11-04\n"
    assert call("undo").code == 0
    assert call("check").code == 0


def test_new_records_are_stored_under_the_former_names(call, former: Path) -> None:
    """The tables keep their names in the file, so that an older program can open it."""
    assert call("add", "tasks", "step=call", "customer=C-00001").code == 0
    assert call("compact").code == 0
    tables = json.loads(former.read_text(encoding="utf-8"))
    assert len(tables["plans"]) == 2
    assert {"activities", "tasks"}.isdisjoint(tables)
    assert set(json.loads(call("show", "C-00001", "--format", "json").out)) >= {"interactions", "plans"}


def test_views_are_read_by_either_name_and_written_under_the_former_name(tmp_path: Path) -> None:
    path = tmp_path / "views.toml"
    text = (BEFORE / "views.toml").read_text(encoding="utf-8")
    path.write_text(text + text.replace("interactions", "activities").replace("Visits", "Again"))
    views = Views(path)
    assert list(views.of("interactions")) == ["Visits", "Again"]
    views.remove("interactions", "Again")
    assert path.read_text(encoding="utf-8") == text
