"""`archive check`, `repair`, `compact`, `backup` and `restore`: what they say, and with which code they end."""

from pathlib import Path

from harm import change_byte, held, make, make_long
from strategies import NOW

from archive.service.archive import Archive
from archive.store.segments import listed


def test_damage_is_named_and_counted(call, path: Path) -> None:
    (journal,) = listed(make_long(path))
    change_byte(path, path.read_bytes().index(b"Person"))
    change_byte(journal, journal.read_bytes().index(b"Newcomer"))
    answer = call("check")
    assert answer.code == 65
    assert str(path) in answer.lines[0]
    assert str(journal) in answer.lines[1]
    assert answer.lines[2:] == ["2 problems were found."]


def test_what_does_no_harm_is_said_and_all_is_well(call, path: Path) -> None:
    (journal,) = listed(make_long(path))
    journal.write_bytes(journal.read_bytes() + b"torn")
    answer = call("check")
    assert answer.code == 0
    assert "never acknowledged" in answer.lines[0]
    assert answer.lines[1:] == ["Customers: 4, Contacts: 1", "All is well."]


def test_a_repair_lists_what_is_lost_and_a_check_is_well_then(call, path: Path) -> None:
    make_long(path)
    line = next(line for line in path.read_bytes().split(b"\n") if line.startswith(b'"2":{"uid":"c1"'))
    change_byte(path, path.read_bytes().index(line) + line.index(b'"kind"'))
    answer = call("repair")
    assert answer.code == 1
    assert answer.lines[0].startswith("The files as they were are in ")
    assert answer.lines[1] == "Lost:"
    assert answer.lines[2].startswith("  customers 2: Person 1. Its line, from byte ")
    assert answer.lines[3] == "To be looked at:"
    assert answer.lines[-1] == "The archive was repaired. 1 thing is lost."
    assert call("check").code == 0
    assert call("repair").lines == ["All is well: there was nothing to do, and nothing was written."]


def test_a_repair_without_loss_is_clean(call, path: Path) -> None:
    make_long(path)
    wanted = held(path)
    data = path.read_bytes()
    change_byte(path, data.rindex(b'"sum"') + 8, 1)
    answer = call("repair")
    assert answer.code == 0
    assert len(answer.lines) == 2
    assert held(path) == wanted


def test_what_cannot_be_saved_is_65(call, path: Path) -> None:
    path.write_bytes(b"\0" * 99)
    answer = call("repair")
    assert answer.code == 65
    assert "Bring a backup back" in answer.err
    assert path.read_bytes() == b"\0" * 99


def test_which_story_to_take_can_be_said(call, path: Path) -> None:
    assert call("repair", "--take", "both").code == 2
    make_long(path)
    assert call("repair", "--take", "file").code == 0


def test_compact_says_the_sizes(call, path: Path) -> None:
    make_long(path)
    before = sum(len(file.read_bytes()) for file in [path, *listed(path)])
    answer = call("compact")
    assert answer.code == 0
    assert answer.lines == [f"{path}: {before:,} bytes before, {path.stat().st_size:,} bytes now."]
    assert not listed(path)
    assert len(held(path)["customers"]) == 4


def test_the_home_of_somebody_unknown_is_a_name_like_any_other(call, filled, tmp_path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert call("restore", "~nobody-of-that-name/x.json").code == 66
    assert "~nobody-of-that-name" in call("backup", "~nobody-of-that-name").out


def test_a_backup_is_named_and_can_be_brought_back(call, path: Path, tmp_path: Path) -> None:
    make(path)
    wanted = held(path)
    answer = call("backup", tmp_path / "stick")
    made = Path(answer.out.strip())
    assert (answer.code, made.parent) == (0, tmp_path / "stick")
    assert call("backup").out.startswith(str(path.parent / "backups"))
    assert call("add", "customers", "kind=person", "full_name=Zed").code == 0
    answer = call("restore", made)
    assert answer.code == 0
    assert answer.lines[:2] == [f"{path} is now what {made} holds.", "Customers: 3, Contacts: 1"]
    assert answer.lines[2].startswith("The former archive is kept as ")
    assert "Undo does not lead back" in answer.lines[3]
    assert held(path) == wanted
    path.unlink()
    assert len(call("restore", made).lines) == 2
    assert held(path) == wanted


def test_a_held_archive_is_75_for_all_that_write(call, path: Path) -> None:
    make(path)
    backup = call("backup").out.strip()
    archive = Archive.open(path, clock=lambda: NOW)
    change = [("repair",), ("compact",), ("restore", backup), ("undo",)]
    assert [call(*words).code for words in change] == [75, 75, 75, 75]
    assert [call(*words).code for words in [("check",), ("backup",), ("list",)]] == [0, 0, 0]
    archive.close()


def test_a_notice_is_said_on_the_error_stream(call, path: Path) -> None:
    (journal,) = listed(make_long(path))
    journal.write_bytes(journal.read_bytes() + b"torn")
    answer = call("log", "C-00001", "call about prices")
    assert answer.code == 0
    assert answer.err.startswith("The last change was interrupted while it was saved.")
    assert "interrupted" not in answer.out
