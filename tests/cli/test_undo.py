"""`archive undo` and `archive redo`: the last change, or any change of the history."""

import json
from pathlib import Path

import pytest

from archive.service.archive import Archive


@pytest.fixture
def edited(filled: Path) -> Path:
    """The `filled` archive after two changes of the first customer's status (changes 8 and 9)."""
    archive = Archive.open(filled)
    uid = archive.select("customers", "north")[0]
    archive.edit("customers", uid, status="dormant", grade="A")
    archive.edit("customers", uid, status="lost")
    archive.close()
    return filled


def customer(call) -> tuple[str, str]:
    found = json.loads(call("show", "C-00001", "--format", "json").out)["customer"]
    return found["status"], found.get("grade", "")


def test_the_last_change_is_undone_and_redone(call, edited: Path) -> None:
    assert call("undo") == (0, "Undone: Changed status of North Foods\n", "")
    assert customer(call) == ("dormant", "A")
    assert call("redo") == (0, "Redone: Changed status of North Foods\n", "")
    assert customer(call) == ("lost", "A")


def test_having_nothing_to_undo_or_redo_is_reported(call, path: Path) -> None:
    call("add", "products", "code=a", "name=b")
    assert call("redo") == (0, "There is nothing to redo.\n", "")
    call("undo")
    assert call("undo") == (0, "There is nothing to undo.\n", "")


def test_the_list_is_numbered_newest_first_and_marks_undone_changes(call, edited: Path) -> None:
    call("undo")
    header, first, second, *_rest = call("undo", "--list").lines
    assert header.split() == ["No.", "When", "Change"]
    assert first.split()[0] == "9"
    assert first.endswith("Status of North Foods       undone") or first.endswith("undone")
    assert second.split()[0] == "8"
    assert "undone" not in second


def test_values_edited_since_are_kept_and_the_rest_is_undone(call, edited: Path) -> None:
    answer = call("undo", "8")
    assert answer.code == 1
    assert answer.lines == [
        "Status of North Foods has been edited since and was not reverted.",
        "Undone: Changed status and grade of North Foods",
    ]
    assert customer(call) == ("lost", "")


def test_a_change_that_was_completely_overwritten_is_not_undone(call, edited: Path) -> None:
    assert call("undo", "9").code == 0
    assert call("undo", "8").code == 0
    archive = Archive.open(edited)
    uid = archive.select("customers", "north")[0]
    archive.edit("customers", uid, status="lost")
    archive.edit("customers", uid, status="inactive")
    archive.close()
    answer = call("undo", "12")
    assert answer.code == 1
    assert answer.lines[-1] == "Nothing was undone: Changed status of North Foods"


def test_a_change_whose_former_value_is_back_has_nothing_to_undo(call, edited: Path) -> None:
    archive = Archive.open(edited)
    uid = archive.select("customers", "north")[0]
    archive.edit("customers", uid, status="dormant", interests="tea")
    archive.close()
    said = "“Changed status of North Foods” has no effect any more, so there is nothing to undo.\n"
    assert call("undo", "9") == (0, said, "")


def test_undoing_an_undone_change_does_nothing(call, edited: Path) -> None:
    call("undo")
    before = edited.read_bytes()
    assert call("undo", "9") == (0, "This change is already undone: Changed status of North Foods\n", "")
    assert edited.read_bytes() == before


def test_an_unknown_number_is_refused(call, edited: Path) -> None:
    answer = call("undo", "99")
    assert answer.code == 66
    assert "`archive undo --list` lists the changes." in answer.err


def test_a_number_and_the_list_exclude_each_other(call, edited: Path) -> None:
    assert call("undo", "9", "--list").code == 2
