"""Test that a repair salvages everything readable, reports the rest, and hides nothing."""

import os
import stat
from pathlib import Path

import pytest
from harm import change_byte, held, is_well, make, make_long
from strategies import NOW
from tinydb import TinyDB

from archive.errors import CannotWrite, Damaged, InUse
from archive.service import repairing
from archive.service.archive import Archive
from archive.service.backups import backup
from archive.service.repairing import repair
from archive.store import copying
from archive.store.snapshot import BLOCK
from archive.store.wal.segments import listed


def records(everything: dict) -> dict[tuple[str, str], dict]:
    return {(table, uid): row for table, rows in everything.items() for uid, row in rows.items()}


def files(path: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in path.parent.iterdir() if file.is_file()}


def repaired(path: Path, **more):
    done = repair(path, NOW, **more)
    assert is_well(path)
    return done


def test_a_sound_archive_is_left_unchanged(path: Path) -> None:
    make_long(path)
    path.with_name("archive.json.lock").write_bytes(b"")
    before = files(path)
    assert repair(path, NOW) == (None, [], [])
    assert files(path).keys() == before.keys()
    assert {**files(path), "archive.json.lock": b""} == before


@pytest.mark.parametrize("first", range(7))
def test_every_difference_after_a_changed_byte_is_reported(path: Path, first: int) -> None:
    make_long(path)
    sound = {file: file.read_bytes() for file in [path, *listed(path)]}
    wanted = records(held(path))
    places = [(file, at) for file, data in sound.items() for at in range(len(data))]
    for number, (file, at) in enumerate(places[first::29]):
        for old in listed(path):
            old.unlink()
        for other, data in sound.items():
            other.write_bytes(data)
        change_byte(file, at, 1 << number % 8)
        done = repaired(path)
        said = "\n".join([*done.lost, *done.doubtful])
        differ = {key for key, row in records(held(path)).items() if row != wanted.get(key)}
        differ |= wanted.keys() - records(held(path)).keys()
        assert not differ or said or done.copies is None, (file, at, differ)


def test_the_original_files_are_kept_and_private(path: Path) -> None:
    make_long(path)
    change_byte(path, path.read_bytes().index(b"Person 1"))
    before = files(path)
    copies = repaired(path).copies
    assert copies == path.with_name("archive.json.before-repair-20261121-100000")
    assert {name: data for name, data in before.items() if not name.endswith(".lock")} == {
        file.name: file.read_bytes() for file in copies.iterdir()
    }
    assert stat.S_IMODE(copies.stat().st_mode) == 0o700
    assert {stat.S_IMODE(file.stat().st_mode) for file in copies.iterdir()} == {0o600}
    change_byte(path, path.read_bytes().index(b"Person 1"))
    assert repaired(path).copies == path.with_name("archive.json.before-repair-20261121-100000-2")


def test_a_readable_record_in_a_damaged_block_is_kept_and_reported(path: Path) -> None:
    make(path)
    wanted = held(path)
    change_byte(path, path.read_bytes().index(b"Person 1") + 7)
    done = repaired(path)
    assert not done.lost
    assert "customers 2: Person 0. It was in a damaged part of the file." in done.doubtful
    assert len(done.doubtful) == 3
    assert held(path)["customers"]["c1"] == {**wanted["customers"]["c1"], "full_name": "Person 0"}
    assert held(path)["history"] == wanted["history"]
    assert {len(TinyDB(path).table("customers").all())} == {3}


def test_an_unreadable_record_is_reported_as_lost_and_recreated_for_its_links(path: Path) -> None:
    make(path)
    line = next(line for line in path.read_bytes().split(b"\n") if line.startswith(b'"2":{"uid":"c1"'))
    change_byte(path, path.read_bytes().index(line) + line.index(b'"kind"'))
    done = repaired(path)
    assert len(done.lost) == 1
    assert done.lost[0].startswith("customers 2: Person 1. Its line, from byte ")
    now = held(path)
    assert now["interactions"]["i1"]["customer"] == "c1"
    assert now["customers"]["c1"]["full_name"] == "Person 1"
    assert any("Person 1 was recreated" in one for one in done.doubtful)


def test_a_link_to_a_lost_record_becomes_a_name(path: Path) -> None:
    make(path)
    line = next(line for line in path.read_bytes().split(b"\n") if line.startswith(b'"1":{"uid":"c0"'))
    change_byte(path, path.read_bytes().index(line) + line.index(b'"kind"'))
    done = repaired(path)
    assert held(path)["customers"]["c1"]["referred_by"] == {"name": "Person 0"}
    assert any("Person 1 referred to a record that is lost" in one for one in done.doubtful)


def test_the_first_of_two_records_with_the_same_uid_is_kept(path: Path) -> None:
    make(path)
    path.write_bytes(path.read_bytes().replace(b'"3":{"uid":"c2"', b'"3":{"uid":"c1"', 1))
    done = repaired(path)
    assert done.lost == ["customers 3: Person 2. Another record has its uid."]


@pytest.mark.parametrize("name", ["Person 300 the second", "P"])
def test_text_typed_into_the_file_does_not_affect_other_records(path: Path, name: str) -> None:
    make(path, many=900)
    wanted = records(held(path))
    path.write_bytes(path.read_bytes().replace(b'"Person 300"', f'"{name}"'.encode(), 1))
    done = repaired(path)
    assert not done.lost
    assert len(done.doubtful) == BLOCK
    now = records(held(path))
    assert {key for key in wanted if now[key] != wanted[key]} == {("customers", "c300")}


def test_a_record_with_a_value_of_the_wrong_type_is_lost(path: Path) -> None:
    make(path)
    path.write_bytes(path.read_bytes().replace(b'"channel":"phone"', b'"channel":1234567', 1))
    assert "activities 1" in repaired(path).lost[0]


def test_unreadable_metadata_is_recreated(path: Path) -> None:
    make_long(path)
    wanted = held(path)
    change_byte(path, path.read_bytes().index(b'"lsn"') + 6, 7)
    done = repaired(path)
    assert done.lost == ["The archive's metadata. It was recreated."]
    assert held(path) == wanted


def test_a_truncated_archive_keeps_the_records_before_the_cut(path: Path) -> None:
    make(path, many=50)
    data = path.read_bytes()
    path.write_bytes(data[: data.index(b'"40":{') + 30])
    done = repaired(path)
    assert len(held(path)["customers"]) == 39
    assert "customers 40" in done.lost[0]


def test_changes_after_damage_are_applied_and_damaged_changes_reported(path: Path) -> None:
    (journal,) = listed(make_long(path))
    change_byte(journal, journal.read_bytes().index(b"Person Zero"))
    done = repaired(path)
    (lost,) = done.lost
    assert lost.startswith("Change 4 cannot be read. It was in ")
    assert "Changed full name of Qerson Zero, customers 1: Person Zero" in lost
    assert any("Person Nought was also edited by a lost change" in one for one in done.doubtful)
    now = held(path)
    assert now["customers"]["c0"]["full_name"] == "Person Nought"
    assert now["customers"]["c-new"]["tags"] == ["vip"]
    assert len(now["history"]) == 5
    assert not listed(path)


def test_a_missing_snapshot_is_rebuilt_from_a_complete_journal(path: Path) -> None:
    archive = Archive.open(path, create=True, clock=lambda: NOW)
    archive.close()
    (journal,) = _journal_from_the_beginning(path)
    wanted = held(path)
    path.unlink()
    done = repaired(path)
    assert not done.lost
    assert held(path)["customers"] == wanted["customers"]
    assert held(path)["history"] == wanted["history"]
    assert not journal.exists()


def _journal_from_the_beginning(path: Path) -> list[Path]:
    """Return an archive with an empty first snapshot and everything in its journal."""
    from harm import person

    archive = Archive.open(path, create=True, clock=lambda: NOW)
    archive.save(person("a", "Ann"))
    archive.save(person("b", "Ben"))
    kept = {file: file.read_bytes() for file in [path, *listed(path)]}
    archive.close()
    for file, data in kept.items():
        file.write_bytes(data)
    return listed(path)


def test_a_missing_snapshot_is_rebuilt_from_a_backup_that_the_journal_continues(path: Path) -> None:
    make(path)
    sound = path.read_bytes()
    backup(path, NOW)
    path.unlink()
    make_long(path)
    path.write_bytes(sound)
    uuid = _uuid(path)
    for segment in listed(path):
        segment.unlink()
    archive = Archive.open(path, clock=lambda: NOW)
    archive.edit("customers", "c0", full_name="Person Zero")
    (journal,) = listed(path)
    data = journal.read_bytes()
    archive.close()
    journal.write_bytes(data)
    path.unlink()
    done = repaired(path)
    assert not done.lost
    assert held(path)["customers"]["c0"]["full_name"] == "Person Zero"
    assert _uuid(path) == uuid


def _uuid(path: Path) -> str:
    return TinyDB(path).table("_meta").get(doc_id=1)["uuid"]


def test_an_archive_beyond_repair_is_left_unchanged(path: Path) -> None:
    make_long(path)
    path.unlink()
    before = files(path)
    with pytest.raises(Damaged, match="no snapshot or backup reaches it"):
        repair(path, NOW)
    assert files(path).keys() - before.keys() <= {"archive.json.lock"}
    for segment in listed(path):
        segment.unlink()
    path.write_bytes(b"\0" * 500)
    with pytest.raises(Damaged, match="No part of"):
        repair(path, NOW)
    assert path.read_bytes() == b"\0" * 500
    assert [file for file in path.parent.iterdir() if file.is_dir()] in ([], [path.parent / "xdg"])


def _rewritten(path: Path) -> None:
    """Let another program rewrite the file of an archive with a journal."""
    db = TinyDB(path)
    db.table("customers").update({"full_name": "Other"}, doc_ids=[2])
    db.close()


def test_a_file_rewritten_by_another_program_beside_our_journal_requires_a_choice(path: Path) -> None:
    make_long(path)
    _rewritten(path)
    before = files(path)
    with pytest.raises(Damaged, match="Another program changed"):
        repair(path, NOW)
    assert {name: files(path)[name] for name in before} == before
    done = repaired(path, take="file")
    assert not done.lost
    now = held(path)
    assert now["customers"]["c1"]["full_name"] == "Other"
    assert "c-new" not in now["customers"]
    assert any(".j0" in file.name for file in done.copies.iterdir())


def test_a_complete_journal_can_be_chosen(path: Path) -> None:
    _journal_from_the_beginning(path)
    wanted = held(path)
    _rewritten(path)
    done = repaired(path, take="journal")
    assert not done.lost
    assert held(path)["customers"] == wanted["customers"]


def test_an_incomplete_journal_cannot_be_chosen(path: Path) -> None:
    make_long(path)
    _rewritten(path)
    with pytest.raises(Damaged, match="no snapshot or backup"):
        repair(path, NOW, take="journal")


def test_an_older_snapshot_is_brought_forward_by_a_newer_journal(path: Path) -> None:
    make(path)
    older = path.read_bytes()
    archive = Archive.open(path, clock=lambda: NOW)
    archive.edit("customers", "c1", full_name="Between")
    archive.close()
    archive = Archive.open(path, clock=lambda: NOW)
    archive.edit("customers", "c2", full_name="Later")
    (journal,) = listed(path)
    data = journal.read_bytes()
    archive.close()
    path.write_bytes(older)
    journal.write_bytes(data)
    done = repaired(path)
    assert done.lost == ["Change 3 cannot be read."]
    assert held(path)["customers"]["c2"]["full_name"] == "Later"


def test_a_journal_of_another_archive_is_ignored(path: Path) -> None:
    make(path)
    wanted = held(path)
    other = make_long(path.with_name("other.json"))
    (journal,) = listed(other)
    journal.rename(path.with_name("archive.json.j000001"))
    done = repaired(path)
    assert "belongs to another archive" in done.lost[0]
    assert held(path) == wanted


def test_an_open_archive_is_not_repaired(path: Path) -> None:
    make(path)
    archive = Archive.open(path, clock=lambda: NOW)
    with pytest.raises(InUse):
        repair(path, NOW)
    archive.close()


def test_a_full_disk_leaves_everything_unchanged(path: Path, monkeypatch) -> None:
    make_long(path)
    change_byte(path, path.read_bytes().index(b"Person 1"))
    before = files(path)

    def full(*_args) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "write", full)
    with pytest.raises(CannotWrite, match="disk is full"):
        repair(path, NOW)
    monkeypatch.undo()
    assert {name: files(path)[name] for name in before} == before
    assert not list(path.parent.glob("*before*"))


@pytest.mark.parametrize("step", ["set_aside", "write_checkpoint", "install", "unlink", "sync_folder"])
def test_a_killed_repair_can_be_repeated(path: Path, monkeypatch, step: str) -> None:
    make_long(path)
    wanted = held(path)
    change_byte(listed(path)[0], 0)

    class Killed(BaseException):
        pass

    def killed(*_args, **_more) -> None:
        raise Killed

    where = {"set_aside": repairing, "write_checkpoint": copying.checkpoint, "install": copying.checkpoint}
    monkeypatch.setattr(Path if step == "unlink" else where.get(step, copying), step, killed)
    with pytest.raises(Killed):
        repair(path, NOW)
    monkeypatch.undo()
    repaired(path)
    assert held(path)["customers"] == wanted["customers"]
