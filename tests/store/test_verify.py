"""Verification reports every changed byte with file and offset, and marks harmless damage as such."""

from pathlib import Path

import pytest
from harm import change_byte, is_well, make, make_long

from archive.store import checkpoint, verify
from archive.store.verify import verify_files
from archive.store.wal.records import pack
from archive.store.wal.segments import listed


def said(path: Path) -> list[str]:
    return [one.message for one in verify_files(path) if not one.harmless]


def test_a_sound_archive_has_no_findings(path: Path) -> None:
    assert verify_files(path) == []
    assert verify_files(make(path)) == []
    assert verify_files(make_long(path.with_name("long.json"))) == []


@pytest.mark.parametrize("bit", [1, 32, 128])
def test_every_changed_byte_of_a_snapshot_is_found(path: Path, bit: int) -> None:
    sound = make(path).read_bytes()
    for at in range(len(sound)):
        path.write_bytes(sound)
        change_byte(path, at, bit)
        assert said(path), at


def test_every_changed_byte_of_a_journal_is_found_and_harmless_only_in_the_last_mark(path: Path) -> None:
    (journal,) = listed(make_long(path))
    sound = journal.read_bytes()
    last = sound.rstrip(b"\n").rindex(b"\n") + 1
    for at in range(len(sound)):
        journal.write_bytes(sound)
        change_byte(journal, at)
        found = verify_files(path)
        assert found, at
        assert all(one.harmless for one in found) == (at >= last), at


@pytest.mark.parametrize("where", ["snapshot", "journal"])
def test_a_file_cut_off_anywhere_is_found(path: Path, where: str) -> None:
    make_long(path)
    file = path if where == "snapshot" else listed(path)[0]
    sound = file.read_bytes()
    ends = [at for at, byte in enumerate(sound, 1) if byte == 10]
    for size in range(1, len(sound) - 1):
        file.write_bytes(sound[:size])
        assert bool(verify_files(path)) != (where == "journal" and size in ends), size


def test_all_damage_is_reported_with_file_and_byte(path: Path) -> None:
    make_long(path, many=600)
    (journal,) = listed(path)
    data = path.read_bytes()
    for name in (b"Person 10", b"Person 590"):
        change_byte(path, data.index(name))
    change_byte(journal, journal.read_bytes().index(b"Newcomer"))
    first, second, third = said(path)
    start, end = first.split("bytes ")[1].split(" are")[0].split(" to ")
    assert int(start) <= data.index(b"Person 10") < int(end) < data.index(b"Person 590")
    assert str(path) in first
    assert "in customers" in second
    assert str(journal) in third


def test_a_journal_with_a_gap_or_an_invalid_header_is_reported(path: Path) -> None:
    (journal,) = listed(make_long(path))
    make(path.with_name("other.json"))
    lines = journal.read_bytes().splitlines(keepends=True)
    journal.write_bytes(b"".join([lines[0], *lines[3:]]))
    assert "change 4 was found where change 3 was expected" in said(path)[0]
    journal.write_bytes(lines[0].replace(lines[0], pack(b'{"journal":1}')) + lines[1])
    assert "does not begin like a journal" in said(path)[0]


def test_a_missing_part_of_a_large_change_is_reported(path: Path, monkeypatch) -> None:
    (journal,) = listed(make_long(path))
    begin = b'[3,0,"two",[["customers","9",null,null]],true]'
    head = journal.read_bytes().splitlines(keepends=True)[0]
    last = b'[4,0,"one",[],{}]'
    journal.write_bytes(head + pack(begin) + pack(last))
    assert "a part of change 3" in said(path)[0]


def test_a_symbolic_link_in_place_of_a_segment_is_reported(path: Path, tmp_path: Path) -> None:
    (journal,) = listed(make_long(path))
    journal.rename(tmp_path / "moved")
    journal.symlink_to(tmp_path / "moved")
    assert "is a symbolic link" in said(path)[0]


def test_damage_to_the_index_file_is_harmless(path: Path, monkeypatch) -> None:
    monkeypatch.setattr(checkpoint, "WORTH_AN_INDEX", 0)
    make(path)
    (arrays,) = path.parent.glob("*.idx")
    sound = arrays.read_bytes()
    change_byte(arrays, sound.index(b"person"))
    (found,) = verify_files(path)
    assert found.harmless
    assert str(arrays) in found.message
    arrays.write_bytes(sound[:10])
    (found,) = verify_files(path)
    assert found.harmless
    assert "rebuilt" in found.message


def test_files_that_a_writer_is_changing_are_checked_again(path: Path, monkeypatch) -> None:
    make(path)
    sound = path.read_bytes()
    change_byte(path, len(sound) // 2)
    findings, times = verify._findings, []

    def slow(archive: Path):
        found = list(findings(archive))
        times.append(1)
        if path.with_name("new").exists():
            path.with_name("new").replace(path)
        return found

    path.with_name("new").write_bytes(sound)
    monkeypatch.setattr(verify, "_findings", slow)
    assert verify_files(path) == []
    assert len(times) == 2


def test_damage_is_reported_if_the_files_keep_changing(path: Path, monkeypatch) -> None:
    make(path)
    change_byte(path, 20)
    stamps = iter([(n,) for n in range(100)])
    monkeypatch.setattr(verify.opening, "stamp_of", lambda _path: next(stamps))
    assert not is_well(path)


def test_a_file_without_read_permission_is_reported(path: Path, monkeypatch) -> None:
    make(path)

    def refused(_path: Path) -> bytes:
        raise PermissionError(13, "")

    for module in (verify, verify.opening):
        monkeypatch.setattr(module, "map_file", refused)
    assert "permission was denied" in said(path)[0]
