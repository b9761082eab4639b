"""Test backups: complete, verified and thinned out; and restores, which may be interrupted at any step."""

import os
import stat
import subprocess
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from harm import change_byte, held, is_well, make, make_long, person
from hypothesis import given
from hypothesis import strategies as st
from strategies import NOW
from tinydb import TinyDB

from archive.errors import ArchiveError, CannotWrite, Damaged, InUse, NotFound
from archive.service import backups
from archive.service.archive import Archive
from archive.service.backups import ALL_DAYS, MONTHS, NEWEST, WEEKS, backup, daily, generations, outdated
from archive.service.repairing import restore
from archive.store import copying
from archive.store.wal.segments import listed

DAY = timedelta(days=1)


def days(*ages: float) -> list[datetime]:
    return [NOW - age * DAY for age in ages]


# Generations


def test_all_backups_of_the_last_days_are_kept() -> None:
    made = [NOW - n * timedelta(hours=3) for n in range(ALL_DAYS * 8)]
    assert outdated(made, NOW) == set()


def test_one_older_backup_is_kept_per_week_and_then_per_month() -> None:
    made = days(*range(1000))
    kept = sorted(set(made) - outdated(made, NOW), reverse=True)
    assert kept[:NEWEST] == sorted(made, reverse=True)[:NEWEST]
    weeks = [one for one in kept if ALL_DAYS * DAY < NOW - one < WEEKS * 7 * DAY]
    months = [one for one in kept if WEEKS * 7 * DAY <= NOW - one < 350 * DAY]
    assert len({one.isocalendar()[:2] for one in weeks}) >= WEEKS - 2
    assert len(months) == len({(one.year, one.month) for one in months}) in (MONTHS - 3, MONTHS - 2)
    assert NOW - kept[-1] < 367 * DAY


def test_the_newest_backups_are_kept_at_any_age() -> None:
    made = days(*range(5000, 5100))
    assert set(made) - outdated(made, NOW) == set(made[:NEWEST])
    assert outdated(days(9000), NOW) == set()


def test_a_wrong_clock_deletes_no_needed_backups() -> None:
    made = days(*range(-4000, -3990), *range(7))
    assert outdated(made, NOW) == set()
    assert len(set(days(*range(20))) - outdated(days(*range(20)), NOW + 5000 * DAY)) == NEWEST


@given(st.sets(st.integers(-100, 900)), st.integers(0, 60))
def test_an_outdated_backup_stays_outdated(ages: set[int], later: int) -> None:
    made = days(*ages)
    gone = outdated(made, NOW)
    assert not gone & set(sorted(made)[-NEWEST:])
    assert gone <= outdated(made, NOW + later * DAY)


# Backing up


def test_a_backup_is_one_plain_file_with_everything(path: Path) -> None:
    make_long(path)
    before = path.read_bytes()
    made = backup(path, NOW)
    assert made == path.parent / "backups" / "archive-20261121-100000.json"
    assert held(made) == held(path)
    assert is_well(made)
    assert path.read_bytes() == before
    assert stat.S_IMODE(made.stat().st_mode) == 0o600
    assert stat.S_IMODE(made.parent.stat().st_mode) == 0o700
    assert [file.name for file in made.parent.iterdir()] == [made.name]
    assert len(TinyDB(made).table("customers").all()) == 4


def test_a_backup_is_made_while_the_archive_is_open(path: Path, archive: Archive) -> None:
    archive.save(person("a", "Ann"))
    assert held(backup(path, NOW))["customers"].keys() == {"a"}


def test_two_backups_in_one_second_get_different_names(path: Path, tmp_path: Path) -> None:
    make(path)
    folder = tmp_path / "stick"
    assert backup(path, NOW, folder) != backup(path, NOW, folder)
    assert len(generations(path, folder)) == 2


def test_only_old_backups_of_this_archive_are_deleted(path: Path, tmp_path: Path) -> None:
    make(path)
    folder = tmp_path / "stick"
    folder.mkdir()
    for n in range(60):
        (folder / f"archive-{NOW - (400 + n) * DAY:%Y%m%d-%H%M%S}.json").write_text("{}")
    others = [
        "other-20000101-000000.json",
        "archive-20001301-000000.json",
        "archive-20000101-000000.json.bak",
        "my-archive-20000101-000000.json",
    ]
    for name in others:
        (folder / name).write_text("{}")
    backup(path, NOW, folder)
    assert len(generations(path, folder)) == NEWEST
    assert all((folder / name).exists() for name in others)


def test_an_old_backup_that_cannot_be_deleted_is_reported(path: Path, tmp_path: Path, monkeypatch) -> None:
    make(path)
    folder = tmp_path / "stick"
    folder.mkdir()
    for n in range(20):
        (folder / f"archive-{NOW - (400 + n) * DAY:%Y%m%d-%H%M%S}.json").write_text("{}")

    def refused(*_args, **_more) -> None:
        raise PermissionError(13, "")

    monkeypatch.setattr(Path, "unlink", refused)
    monkeypatch.setattr(backups, "write_copy", lambda *_args: None)
    with pytest.raises(CannotWrite, match="could not be deleted"):
        backup(path, NOW, folder)


def test_a_backup_that_does_not_read_back_is_discarded(path: Path, monkeypatch) -> None:
    make(path)
    pieces = copying.snapshot.pieces

    def other(tables):
        return pieces((name, [b'"1":{}'] if name == "customers" else lines) for name, lines in tables)

    monkeypatch.setattr(copying.snapshot, "pieces", other)
    with pytest.raises(CannotWrite, match="could not be read back correctly"):
        backup(path, NOW)
    assert not generations(path, path.parent / "backups")


def test_a_damaged_or_missing_archive_is_not_backed_up(path: Path) -> None:
    with pytest.raises(NotFound):
        backup(path, NOW)
    make(path)
    change_byte(path, path.read_bytes().index(b"Person"))
    with pytest.raises(Damaged):
        backup(path, NOW)
    assert not (path.parent / "backups").exists()


def test_a_folder_that_cannot_be_created_is_reported(path: Path, tmp_path: Path) -> None:
    make(path)
    (tmp_path / "file").write_text("")
    with pytest.raises(CannotWrite):
        backup(path, NOW, tmp_path / "file")


def test_another_file_with_the_name_of_the_folder_is_reported(path: Path, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(CannotWrite, match="pipe cannot be written: that name is already taken"):
        backup(make(path), NOW, tmp_path / "pipe")


def test_the_folder_may_be_the_users_own_link_but_not_another_users(
    path: Path, tmp_path: Path, monkeypatch
) -> None:
    (tmp_path / "disk").mkdir()
    (path.parent / "backups").symlink_to(tmp_path / "disk")
    made = backup(make(path), NOW)
    assert made.parent.resolve() == tmp_path / "disk"
    assert len(generations(path, path.parent / "backups")) == 1
    monkeypatch.setattr(backups, "is_strangers", lambda owner, beside: True)
    with pytest.raises(CannotWrite, match="is a symbolic link created by another user"):
        backup(path, NOW + DAY)
    assert generations(path, path.parent / "backups") == []
    assert len(list((tmp_path / "disk").iterdir())) == 1


def test_a_link_with_the_name_of_a_backup_is_not_followed(path: Path, tmp_path: Path) -> None:
    (tmp_path / "theirs").write_text("theirs")
    (tmp_path / "b").mkdir()
    for target in ("theirs", "nowhere"):
        planted = tmp_path / "b" / f"{path.stem}-{NOW:%Y%m%d-%H%M%S}.json"
        planted.unlink(missing_ok=True)
        planted.symlink_to(tmp_path / target)
        made = backup(make(path) if target == "theirs" else path, NOW, tmp_path / "b")
        assert made != planted
        assert not made.is_symlink()
    assert (tmp_path / "theirs").read_text() == "theirs"
    assert not (tmp_path / "nowhere").exists()


def test_a_full_disk_leaves_no_partial_backup(path: Path, monkeypatch) -> None:
    make(path)

    def full(*_args) -> int:
        raise OSError(28, "")

    monkeypatch.setattr(os, "write", full)
    with pytest.raises(CannotWrite, match="disk is full"):
        backup(path, NOW)
    assert list((path.parent / "backups").iterdir()) == []


# Once a day


def test_one_backup_is_made_per_day(path: Path, settings) -> None:
    clock = [NOW]
    archive = Archive.open(path, settings, create=True, clock=lambda: clock[0])
    folder = path.parent / "backups"
    daily(archive, lambda: False)
    assert not generations(path, folder)  # nothing to back up yet
    archive.save(person("a", "Ann"))
    for moment, number in ((NOW, 1), (NOW + DAY / 4, 1), (NOW + DAY, 2), (NOW - 3650 * DAY, 3)):
        clock[0] = moment
        daily(archive, lambda: False)
        assert len(generations(path, folder)) == number
    archive.close()


def test_a_large_archive_is_backed_up_by_another_process(path: Path, settings, monkeypatch) -> None:
    make(path)
    monkeypatch.setattr(backups, "LARGE", 0)
    archive = Archive.open(path, settings, clock=lambda: NOW)
    daily(archive, lambda: False)
    ((_made, file),) = generations(path, path.parent / "backups")
    assert held(file)["customers"] == held(path)["customers"]
    archive.close()


def test_closing_the_program_does_not_wait_for_that_process(path: Path, settings, monkeypatch) -> None:
    make(path)
    monkeypatch.setattr(backups, "LARGE", 0)
    monkeypatch.setattr(backups, "TURN", 0.001)

    class Never:
        def __init__(self, *_args, **_more) -> None:
            self.turns = 0

        def wait(self, seconds: float) -> int:
            raise subprocess.TimeoutExpired("", seconds)

    monkeypatch.setattr(backups.subprocess, "Popen", Never)
    turns = iter([False, False, True])
    archive = Archive.open(path, settings, clock=lambda: NOW)
    daily(archive, lambda: next(turns))
    assert next(turns, None) is None
    archive.close()


def test_a_failure_of_that_process_is_reported(path: Path, settings, monkeypatch) -> None:
    make(path)
    monkeypatch.setattr(backups, "LARGE", 0)
    (path.parent / "backups").write_text("")
    archive = Archive.open(path, settings, clock=lambda: NOW)
    with pytest.raises(CannotWrite, match="code 73"):
        daily(archive, lambda: False)
    archive.close()


# Restoring


def later(path: Path) -> tuple[Path, dict, dict]:
    """Return the path and contents of a backup, and the contents of its archive, which has changed since."""
    made = backup(make(path), NOW - DAY)
    return made, held(made), held(make_long_of(path))


def make_long_of(path: Path) -> Path:
    path.unlink()
    return make_long(path)


def test_a_restore_replaces_the_archive_and_keeps_the_former_one(path: Path) -> None:
    made, wanted, present = later(path)
    done = restore(path, made, NOW)
    assert held(path) == wanted
    assert is_well(path)
    assert done.former == path.parent / "backups" / "archive-20261121-100000.json"
    assert held(done.former) == present
    assert done.counts == {"customers": 3, "interactions": 1}
    assert not listed(path)
    restore(path, done.former, NOW)
    assert held(path) == present


def test_a_restore_creates_a_missing_archive(path: Path) -> None:
    made = backup(make(path), NOW)
    wanted = held(path)
    path.unlink()
    assert restore(path, made, NOW).former is None
    assert held(path) == wanted
    archive = Archive.open(path, clock=lambda: NOW)
    archive.edit("customers", "c0", full_name="Goes on")
    archive.close()
    assert held(path)["customers"]["c0"]["full_name"] == "Goes on"


@pytest.mark.parametrize("harm", ["snapshot", "gone"])
def test_a_restore_keeps_damaged_files_unchanged(path: Path, harm: str) -> None:
    made, wanted, _present = later(path)
    if harm == "gone":
        path.unlink()
    else:
        change_byte(path, path.read_bytes().index(b"Person"))
    before = {file.name: file.read_bytes() for file in path.parent.glob("archive.json*") if file.is_file()}
    done = restore(path, made, NOW)
    assert done.former == path.with_name("archive.json.before-restore-20261121-100000")
    kept = {file.name: file.read_bytes() for file in done.former.iterdir()}
    assert kept == {name: data for name, data in before.items() if not name.endswith(".lock")}
    assert held(path) == wanted


@pytest.mark.parametrize("text", ["first stage", "tinydb"])
def test_older_and_plain_tinydb_files_can_be_restored(path: Path, tmp_path: Path, text: str) -> None:
    source = tmp_path / "old.json"
    meta = '"_meta":{"1":{"format":"customer-archive","schema":1}}'
    ann = '{"uid":"a","kind":"person","full_name":"Ann"}'
    if text == "tinydb":
        source.write_text(f'{{{meta},"customers":{{"1":{ann}}}}}')
    else:
        source.write_text(
            f'{{"_meta":{{\n"1":{{"format":"customer-archive","schema":1}}\n}}\n,"customers":{{\n"1":{ann}\n}}\n}}\n'
        )
    make_long(path)
    restore(path, source, NOW)
    assert held(path)["customers"].keys() == {"a"}
    assert is_well(path)


def test_a_failed_restore_changes_nothing(path: Path) -> None:
    made, _wanted, present = later(path)
    change_byte(made, made.read_bytes().index(b"Person"))
    with pytest.raises(Damaged):
        restore(path, made, NOW)
    with pytest.raises(NotFound):
        restore(path, path.with_name("nothing.json"), NOW)
    with pytest.raises(ArchiveError, match="the archive itself"):
        restore(path, path, NOW)
    assert held(path) == present
    assert len(generations(path, path.parent / "backups")) == 1


def test_an_open_archive_is_not_replaced(path: Path) -> None:
    made = backup(make(path), NOW)
    archive = Archive.open(path, clock=lambda: NOW)
    with pytest.raises(InUse):
        restore(path, made, NOW)
    archive.close()


class Killed(BaseException):
    pass


@pytest.mark.parametrize("call", ["replace", "unlink", "fsync", "write", "mkdir", "fchmod"])
def test_an_interrupted_restore_leaves_either_the_old_or_the_new_archive(
    path: Path, monkeypatch, call: str
) -> None:
    made, wanted, present = later(path)
    files = {file: file.read_bytes() for file in [path, *listed(path)]}
    for step in range(60):
        for old in [path, *listed(path)]:
            old.unlink(missing_ok=True)
        for file, data in files.items():
            file.write_bytes(data)
        done = cut_off(monkeypatch, call, step, path, made)
        now = held(path)
        assert now in (wanted, present), (call, step)
        if done:
            assert now == wanted
            assert step > 0
            return
    raise AssertionError


def cut_off(monkeypatch, call: str, step: int, path: Path, made: Path) -> bool:
    """Restore, but stop before the call with this number; return whether it completed."""
    left = [step]
    owner = Path if call in ("replace", "unlink", "mkdir") else os
    real = getattr(owner, call)

    def counted(*args, **more):
        if left[0] == 0:
            raise Killed
        left[0] -= 1
        return real(*args, **more)

    with monkeypatch.context() as patch:
        patch.setattr(owner, call, counted)
        try:
            restore(path, made, NOW + timedelta(minutes=step))
        except Killed:
            return False
    return True
