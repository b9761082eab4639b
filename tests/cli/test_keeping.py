"""`archive check`, `repair`, `compact`, `backup` and `restore`: output and exit codes."""

from pathlib import Path

from harm import change_byte, held, make, make_long
from strategies import NOW

from archive.service.archive import Archive
from archive.store.wal.segments import listed


def test_damage_is_listed_and_counted(call, path: Path) -> None:
    (journal,) = listed(make_long(path))
    change_byte(path, path.read_bytes().index(b"Person"))
    change_byte(journal, journal.read_bytes().index(b"Newcomer"))
    answer = call("check")
    assert answer.code == 65
    assert str(path) in answer.lines[0]
    assert str(journal) in answer.lines[1]
    assert answer.lines[2:] == [
        "2 problems were found.",
        "To recover everything that can be read, use `archive repair`.",
    ]


def test_a_torn_end_is_reported_with_both_causes_and_code_1(call, path: Path) -> None:
    (journal,) = listed(make_long(path))
    sound = journal.read_bytes()
    journal.write_bytes(sound + b"torn")
    for _again in range(2):  # a check changes nothing
        answer = call("check")
        assert answer.code == 1
        assert (
            "Either the last save was interrupted, or one or more saved changes were lost" in answer.lines[0]
        )
        assert answer.lines[1] == "Customers: 4, Activities: 1"
        assert answer.lines[2].startswith("Saved changes may be lost.")
        assert len(answer.lines) == 3
        assert answer.err == ""
    answer = call("repair")
    assert answer.code == 1
    assert "Either the last save was interrupted" in answer.lines[2]
    assert answer.lines[-1] == "The archive was repaired. 1 item needs checking."
    assert call("check").code == 0


def test_damage_in_the_last_saved_change_is_not_taken_for_a_torn_end(call, path: Path) -> None:
    (journal,) = listed(make_long(path))
    change_byte(journal, journal.read_bytes().index(b'"vip"'))
    answer = call("check")
    assert (answer.code, answer.lines[-2]) == (65, "1 problem was found.")
    answer = call("repair")
    assert answer.code == 1
    assert answer.lines[2].startswith("  Change 6 cannot be read. It was in ")
    assert "customers 4: Newcomer" in answer.lines[2]


def test_a_torn_end_set_aside_is_reported_until_it_is_deleted(call, path: Path) -> None:
    (journal,) = listed(make_long(path))
    journal.write_bytes(journal.read_bytes() + b"torn")
    call("log", "C-00001", "call about prices")
    (kept,) = path.parent.glob("*.torn-1")
    answer = call("check")
    assert answer.code == 0
    assert answer.lines[0].startswith(f"{kept} contains the incomplete end of a journal.")
    assert answer.lines[-1] == "No damage was found."
    kept.unlink()
    assert call("check").lines[-1] == "No problems were found."


def test_a_backup_with_a_torn_end_is_restored_with_a_warning(call, path: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    (journal,) = listed(make_long(other / "archive.json"))
    journal.write_bytes(journal.read_bytes() + b"torn")
    answer = call("restore", other / "archive.json")
    assert answer.code == 1
    assert "Either the last save was interrupted" in answer.err
    assert len(held(path)["customers"]) == 4


def test_restoring_a_backup_keeps_the_torn_end_of_the_archive(call, path: Path) -> None:
    make_long(path)
    backup = call("backup").out.strip()
    (journal,) = listed(path)
    journal.write_bytes(journal.read_bytes() + b"torn")
    answer = call("restore", backup)
    assert answer.code == 0
    (kept,) = path.parent.glob("*before-restore*")
    assert (kept / journal.name).read_bytes().endswith(b"torn")


def test_a_repair_lists_its_losses_and_the_next_check_finds_no_damage(call, path: Path) -> None:
    make_long(path)
    line = next(line for line in path.read_bytes().split(b"\n") if line.startswith(b'"2":{"uid":"c1"'))
    change_byte(path, path.read_bytes().index(line) + line.index(b'"kind"'))
    answer = call("repair")
    assert answer.code == 1
    assert answer.lines[0].startswith("The original files are in ")
    assert answer.lines[1] == "Lost:"
    assert answer.lines[2].startswith("  customers 2: Person 1. Its line, from byte ")
    assert answer.lines[3] == "Please check:"
    assert answer.lines[-1].startswith("The archive was repaired. 1 item is lost. ")
    assert call("check").code == 0
    assert call("repair").lines == ["No damage was found. Nothing was written."]


def test_a_repair_without_losses_exits_with_0(call, path: Path) -> None:
    make_long(path)
    wanted = held(path)
    data = path.read_bytes()
    change_byte(path, data.rindex(b'"sum"') + 8, 1)
    answer = call("repair")
    assert answer.code == 0
    assert answer.lines[1:] == ["The archive was repaired. Nothing is lost."]
    assert held(path) == wanted


def test_an_archive_beyond_repair_is_reported_with_code_65(call, path: Path) -> None:
    path.write_bytes(b"\0" * 99)
    answer = call("repair")
    assert answer.code == 65
    assert "Restore a backup" in answer.err
    assert path.read_bytes() == b"\0" * 99


def test_a_repair_can_be_told_which_version_to_take(call, path: Path) -> None:
    assert call("repair", "--take", "both").code == 2
    make_long(path)
    assert call("repair", "--take", "file").code == 0


def test_compact_prints_the_sizes(call, path: Path) -> None:
    make_long(path)
    before = sum(len(file.read_bytes()) for file in [path, *listed(path)])
    answer = call("compact")
    assert answer.code == 0
    assert answer.lines == [f"{path}: {before:,} bytes before, {path.stat().st_size:,} bytes now."]
    assert not listed(path)
    assert len(held(path)["customers"]) == 4


def test_a_tilde_with_an_unknown_user_is_an_ordinary_name(call, filled, tmp_path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert call("restore", "~nobody-of-that-name/x.json").code == 66
    assert "~nobody-of-that-name" in call("backup", "~nobody-of-that-name").out


def test_the_name_of_a_backup_is_printed_and_it_can_be_restored(call, path: Path, tmp_path: Path) -> None:
    make(path)
    wanted = held(path)
    answer = call("backup", tmp_path / "stick")
    made = Path(answer.out.strip())
    assert (answer.code, made.parent) == (0, tmp_path / "stick")
    assert call("backup").out.startswith(str(path.parent / "backups"))
    assert call("add", "customers", "kind=person", "full_name=Zed").code == 0
    answer = call("restore", made)
    assert answer.code == 0
    assert answer.lines[:2] == [f"{path} was restored from {made}.", "Customers: 3, Activities: 1"]
    assert answer.lines[2].startswith("The previous archive was kept as ")
    assert "Undo cannot bring it back" in answer.lines[3]
    assert held(path) == wanted
    path.unlink()
    assert len(call("restore", made).lines) == 2
    assert held(path) == wanted


def test_commands_that_write_refuse_an_open_archive_with_code_75(call, path: Path) -> None:
    make(path)
    backup = call("backup").out.strip()
    archive = Archive.open(path, clock=lambda: NOW)
    change = [("repair",), ("compact",), ("restore", backup), ("undo",)]
    assert [call(*words).code for words in change] == [75, 75, 75, 75]
    assert [call(*words).code for words in [("check",), ("backup",), ("list",)]] == [0, 0, 0]
    archive.close()


def test_warnings_go_to_stderr(call, path: Path) -> None:
    (journal,) = listed(make_long(path))
    journal.write_bytes(journal.read_bytes() + b"torn")
    answer = call("log", "C-00001", "call about prices")
    assert answer.code == 0
    assert "Either the last save was interrupted, or one or more saved changes were lost there." in answer.err
    assert "interrupted" not in answer.out


def test_a_backup_of_an_archive_with_settings_is_restored(call) -> None:
    call("settings", "currency=EUR")
    answer = call("restore", call("backup").out.strip())
    assert (answer.code, answer.lines[1]) == (0, "Archive settings: 1")
