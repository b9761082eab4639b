"""A new file format is one file: all commands that read or write files pick it up.

tests/ui/test_added_format.py tests the dialogs."""

import io
import json
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from adding import ADDED, add_formats
from strategies import NOW

from archive.cli import run
from archive.exchange.format import WriteOptions
from archive.model.contact_details import Phone
from archive.model.records.customer import Customer
from archive.service.archive import Archive
from archive.service.exporting import export_table
from archive.service.importing import ImportOptions, apply, look, read_plan
from archive.settings import Settings

ROWS = b'{"Name": "Ada Sample", "Phone": "+49 30 5550 1"}\n{"Name": "Bob Sample", "Colour": "green"}\n'
LOSES = "JSON Lines leave out columns in which all cells are empty."


@pytest.fixture
def added(monkeypatch: pytest.MonkeyPatch) -> None:
    """Add the file with the format."""
    add_formats(monkeypatch)


@pytest.fixture
def rows(tmp_path: Path) -> Path:
    path = tmp_path / "people.jsonl"
    path.write_bytes(ROWS)
    return path


@pytest.fixture
def call(path: Path, capsys: pytest.CaptureFixture[str]) -> Callable[..., Any]:
    """Return a function that runs the command on the test's archive and returns exit code, stdout and stderr."""

    def called(*words: object) -> tuple[int, str, str]:
        capsys.readouterr()
        code = run(["--archive", str(path), *map(str, words)])
        return code, *capsys.readouterr()

    return called


def put_in(monkeypatch: pytest.MonkeyPatch, data: bytes) -> None:
    held = tempfile.TemporaryFile()  # noqa: SIM115 - closed together with stdin
    held.write(data)
    held.seek(0)
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(held, "utf-8"))


def test_without_the_file_the_format_does_not_exist(call: Callable[..., Any], rows: Path) -> None:
    code, _out, err = call("import", rows)
    assert (code, "This is a JSON file." in err) == (65, True)
    assert call("export", "-o", rows.with_name("new.jsonl"))[0] == 2


def test_contributing_shows_the_exact_file() -> None:
    text = (ADDED.parents[2] / "CONTRIBUTING.md").read_text(encoding="utf-8")
    shown = "".join(line[1:] for line in text.splitlines(keepends=True) if line.startswith("+"))
    assert (ADDED / "json_lines.py").read_text(encoding="utf-8") in shown


def test_a_file_is_recognised_by_content_and_its_second_import_changes_nothing(
    added: None, call: Callable[..., Any], rows: Path
) -> None:
    for name in ("people.jsonl", "people.csv", "people"):
        path = rows.rename(rows.with_name(name))
        code, out, _err = call("import", path, "--json")
        created = 2 if name == "people.jsonl" else 0
        counts = {"created": created, "same": 2 - created, "updated": 0, "rejected": 0, "encoding": "utf-8"}
        assert code == 0
        assert json.loads(out).items() >= counts.items()
        rows = path
    assert call("undo")[0] == 0
    assert call("list", "--format", "csv", "--columns", "code")[1].splitlines() == ["code"]


def test_it_is_read_from_a_pipe_and_can_be_chosen_by_name(
    added: None, call: Callable[..., Any], rows: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for words in ([], ["--from", "jsonl"]):
        put_in(monkeypatch, ROWS)
        assert "0 rejected" in call("import", "-", "--dry-run", *words)[1]
    assert "This is a JSON file." in call("import", rows, "--from", "csv")[2]
    assert "csv, jsonl, google" in call("import", rows, "--from", "nope")[2]


def test_an_unreadable_line_becomes_a_row_in_the_csv_file_of_rejected_rows(
    added: None, call: Callable[..., Any], rows: Path
) -> None:
    rows.write_bytes(ROWS + b"[1]\n")
    code, out, err = call("import", rows)
    assert (code, "2 new, 0 updated, 0 unchanged, 1 rejected" in out) == (1, True)
    assert "line 3: The line is not a JSON object." in err
    rejected = rows.with_name("people.rejected.csv").read_text("utf-8-sig").splitlines()
    assert rejected == ["_line,_error,Name,Phone,Colour", "3,The line is not a JSON object.,[1]"]


def test_an_export_can_be_imported_into_another_archive_without_loss(
    added: None, archive: Archive, tmp_path: Path, settings: Settings
) -> None:
    archive.save(Customer(uid="c" * 16, kind="person", full_name="=Ann", phones=(Phone(value="0171 1"),)))
    data = b"".join(export_table(archive, "customers").pieces(WriteOptions(), "jsonl"))
    assert look(data).format == "jsonl"
    assert read_plan(archive, data, ImportOptions(format="jsonl")).same == 1
    elsewhere = Archive.open(tmp_path / "elsewhere.json", settings, create=True, clock=lambda: NOW)
    apply(elsewhere, read_plan(elsewhere, data))
    assert b"".join(export_table(elsewhere, "customers").pieces(WriteOptions(), "jsonl")) == data
    elsewhere.close()


def test_the_command_writes_it_to_a_file_or_pipe_and_reports_losses(
    added: None, call: Callable[..., Any], tmp_path: Path
) -> None:
    assert call("add", "customers", "kind=person", "full_name=王建国")[0] == 0
    wanted = '{"code": "C-00001", "full_name": "王建国"}\n'
    target = tmp_path / "out.ndjson"
    columns = ["--columns", "code,full_name,grade"]
    assert call("export", "-o", target, *columns) == (0, f"1 row written to {target}.\n", f"{LOSES}\n")
    assert target.read_text("utf-8") == wanted
    assert call("export", "-o", "-", "--format", "jsonl", *columns) == (0, wanted, f"{LOSES}\n")
    code, _out, err = call("export", "-o", tmp_path / "out.xlsx")
    assert (code, "jsonl (.jsonl, .ndjson)" in err) == (2, True)


def test_a_file_with_only_invalid_lines_has_only_rejected_rows(
    added: None, call: Callable[..., Any], rows: Path
) -> None:
    rows.write_bytes(b'{"Name": \n{"\n')
    code, out, _err = call("import", rows, "--json")
    found = json.loads(out)
    assert (code, found["created"], found["rejected"], found["columns"]) == (1, 0, 2, {})
