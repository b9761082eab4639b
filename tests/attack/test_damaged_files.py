"""No damage of an archive's file is silent, and no archive is written that could not be opened again."""

import json
from pathlib import Path

import pytest
from strategies import NOW

from archive.cli import run
from archive.errors import ArchiveError, BadValue, Damaged
from archive.model.records.customer import Customer
from archive.service.archive import Archive

META = '"_meta":{"1":{"format":"customer-archive","schema":1}}'
ANN = '{"uid":"a","kind":"person","full_name":"Ann"}'
BEN = '{"uid":"b","kind":"person","full_name":"Ben"}'
DAMAGED = {
    "number of 5,000 digits": f'{{{META},"customers":{{"{"1" * 5000}":{ANN}}}}}',
    "history number of 5,000 digits": f'{{{META},"_history":{{"{"1" * 5000}":{{}}}}}}',
    "NaN": f'{{{META},"customers":{{"1":{ANN[:-1]},"later":NaN}}}}}}',
    "infinity": f'{{{META},"customers":{{"1":{ANN[:-1]},"later":1e999}}}}}}',
    "two records of one number": f'{{{META},"customers":{{"1":{ANN},"1":{BEN}}}}}',
    "two tables of one name": f'{{{META},"customers":{{"1":{ANN}}},"customers":{{}}}}',
    "no day": f'{{{META},"transactions":{{"1":{{"uid":"t","on":"2024-0!-01"}}}}}}',
    "no day of the calendar": f'{{{META},"transactions":{{"1":{{"uid":"t","on":"2024-02-31"}}}}}}',
    "a day in another form": f'{{{META},"transactions":{{"1":{{"uid":"t","on":"20240201"}}}}}}',
    "a week": f'{{{META},"transactions":{{"1":{{"uid":"t","on":"2024-W02-1"}}}}}}',
    "deeper than can be read": f'{{{META},"customers":{{"1":{ANN[:-1]},"x":{"[" * 90_000}',
}


@pytest.mark.parametrize("what", DAMAGED)
def test_damage_is_reported_and_left_unchanged(path: Path, what: str) -> None:
    path.write_text(DAMAGED[what])
    for write in (False, True):
        with pytest.raises(Damaged):
            Archive.open(path, write=write)
    assert path.read_text() == DAMAGED[what]


def test_a_record_duplicated_by_a_file_merge_is_damage(archive: Archive, path: Path) -> None:
    archive.save(Customer(kind="person", full_name="Ann"))
    archive.close()
    line = next(line for line in path.read_text().splitlines() if "Ann" in line)
    path.write_text(path.read_text().replace(line, f"{line},\n{line.replace('Ann', 'Ben')}", 1))
    with pytest.raises(Damaged, match="checksums"):
        Archive.open(path)


def test_text_lines_and_numeric_keys_are_not_records(archive: Archive, path: Path) -> None:
    archive.save(Customer(kind="person", full_name="Ann", background='\n"1":{', extra={"1": '\n"2":'}))
    archive.close()
    assert Archive.open(path, write=False).count("customers") == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"extra": {"a": "x\0"}},
        {"extra": {"a\0": "x"}},
        {"extra": {"a": 5}},
        {"uid": "a\0b"},
        {"uid": "\ud800"},
        {"uid": 5},
        {"rest": {"later": "\0"}},
        {"rest": {"later": float("nan")}},
        {"rest": {"later": object()}},
        {"rest": {"later": 10**5000}},
    ],
)
def test_data_that_could_not_be_reopened_is_not_written(archive: Archive, path: Path, wrong: dict) -> None:
    with pytest.raises(BadValue) as refused:
        archive.save(Customer(**{"kind": "person", "full_name": "Ann Secret", **wrong}))
    assert "Secret" not in str(refused.value)
    archive.save(Customer(kind="person", full_name="Ben"))
    archive.close()
    again = Archive.open(path, write=False)
    assert [again.name("customers", uid) for uid in again.select("customers")] == ["Ben"]


@pytest.mark.parametrize("cell", ['{"a":"x\\u0000"}', '{"a\\u0000":"x"}', '{"a":"\\ud800"}'])
def test_an_import_cannot_create_an_unopenable_archive(path: Path, tmp_path: Path, cell: str) -> None:
    assert run(["--archive", str(path), "add", "customers", "kind=person", "full_name=Ann"]) == 0
    quoted = cell.replace('"', '""')
    file = tmp_path / "in.csv"
    file.write_text(f'full_name,kind,extra\nZed,person,"{quoted}"\n')
    run(["--archive", str(path), "import", str(file)])
    assert Archive.open(path, write=False, clock=lambda: NOW).count("customers") >= 1


def test_a_lone_surrogate_on_the_command_line_is_reported(
    path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["add", "customers", "kind=person", "full_name=Ann", "extra.q=\udcff"]
    assert run(["--archive", str(path), *words]) == 65
    assert capsys.readouterr().err.startswith("archive: extra: The text contains")
    assert not path.exists()


def test_redo_skips_changes_invalidated_by_a_later_one(archive: Archive) -> None:
    entry = archive.save(Customer(kind="person", full_name="Ann"))
    assert entry
    uid = entry.changes[0].uid
    archive.edit("customers", uid, full_name="Bea")
    archive.undo()
    archive.delete("customers", [uid])
    archive.undo()
    archive.undo()
    assert archive.count("customers") == 0
    archive.redo()
    assert archive.name("customers", uid) == "Ann"
    archive.redo()
    assert archive.count("customers") == 0
    assert archive.redo() is None


def test_a_foreign_file_is_left_unchanged(path: Path) -> None:
    for text in (
        "",
        " \n",
        "[]",
        "{}",
        "\0" * 100,
        "name,phone\n",
        json.dumps({"_default": {"1": {"a": 1}}}),
    ):
        path.write_text(text)
        with pytest.raises(ArchiveError) as refused:
            Archive.open(path)
        assert refused.value.code == 65
        assert path.read_text() == text
