"""Every file of an archive missing, empty, cut off, old, somebody else's, a link, on a bad disk: a sentence, an exit
code, and nothing is overwritten."""

import os
import shutil
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from harm import held, is_well, make, make_long, person
from strategies import NOW

from archive.cli import run
from archive.service.archive import Archive
from archive.store import checkpoint
from archive.store.wal.segments import listed

WRITE = ("add", "customers", "kind=person", "full_name=Zed")
Said = Callable[..., tuple[int, str]]


@pytest.fixture
def said(path: Path, capsys: pytest.CaptureFixture[str]) -> Said:
    """Call the command on the archive; the exit code, and all that it said."""

    def called(*words: str) -> tuple[int, str]:
        capsys.readouterr()
        code = run(["--archive", str(path), *words])
        out, err = capsys.readouterr()
        return code, out + err

    return called


def files(path: Path) -> dict[str, bytes]:
    kept = (file for file in path.parent.iterdir() if file.is_file() and file.suffix != ".lock")
    return {file.name: file.read_bytes() for file in kept}


def refused(said: Said, path: Path, code: int, words: str) -> None:
    """Reading, writing and checking are refused with a sentence, and no file is another one afterwards."""
    before = files(path)
    for call in (("list",), WRITE):
        found, text = said(*call)
        assert (found, words in text) == (code, True), (call, text)
        assert "Traceback" not in text
    assert said("check")[0] == (65 if code == 65 else 0)
    assert files(path) == before


# The snapshot


def test_no_file_at_all(path: Path, said: Said) -> None:
    assert said("list")[0] == 66
    assert said("check") == (0, f"There is no archive yet at {path}.\n")
    assert said("repair") == (0, f"There is no archive yet at {path}.\n")
    assert [said(verb)[0] for verb in ("backup", "compact", "undo", "redo")] == [66, 66, 66, 66]
    assert said("restore", "nothing.json")[0] == 66
    assert said(*WRITE)[0] == 0


def test_a_missing_snapshot_beside_its_journal(path: Path, said: Said) -> None:
    make_long(path).unlink()
    refused(said, path, 65, "is missing, but its journal exists")


@pytest.mark.parametrize("content", [b"", b"\n", b"\0" * 4096])
def test_an_empty_snapshot(path: Path, said: Said, content: bytes) -> None:
    make_long(path).write_bytes(content)
    refused(said, path, 65, "cannot be read as an archive")


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.999])
def test_a_snapshot_cut_off(path: Path, said: Said, share: float) -> None:
    data = make_long(path).read_bytes()
    path.write_bytes(data[: int(len(data) * share)])
    refused(said, path, 65, "cannot be read as an archive")


def test_an_older_snapshot_beside_a_newer_journal(path: Path, said: Said) -> None:
    older = make(path).read_bytes()
    for name in ("Between", "Later"):
        archive = Archive.open(path, clock=lambda: NOW)
        archive.edit("customers", "c1", full_name=name)
        journal = {file: file.read_bytes() for file in listed(path)}
        archive.close()
    path.write_bytes(older)
    for file, data in journal.items():
        file.write_bytes(data)
    refused(said, path, 65, "An older copy may have taken a file's place")


# The journal


def test_a_missing_journal_is_an_older_archive(path: Path, said: Said) -> None:
    make_long(path)
    for segment in listed(path):
        segment.unlink()
    assert said("check")[0] == 0
    assert said(*WRITE)[0] == 0


@pytest.mark.parametrize("size", [0, 5, 40])
def test_a_journal_without_its_header_may_have_had_content(path: Path, said: Said, size: int) -> None:
    (journal,) = listed(make_long(path))
    journal.write_bytes(journal.read_bytes()[:size])
    code, text = said("check")
    assert (code, "changes saved in it are lost" in text) == (1, True)
    code, text = said(*WRITE)
    assert (code, "changes saved in it are lost" in text) == (0, True)
    assert ("was set aside as" in text) == (size > 0)
    assert is_well(path)


def test_a_truncated_journal_is_set_aside_and_reported(path: Path, said: Said) -> None:
    (journal,) = listed(make_long(path))
    journal.write_bytes(journal.read_bytes()[:-40])
    code, text = said("list")
    assert (code, "Newcomer" in text, "interrupted" in text) == (0, True, True)
    code, text = said(*WRITE)
    assert code == 0
    assert "Either the last save was interrupted, or one or more saved changes were lost there." in text
    assert len(list(path.parent.glob("*.torn-1"))) == 1
    assert "interrupted" not in said(*WRITE)[1]


def test_a_journal_damaged_in_the_middle(path: Path, said: Said) -> None:
    (journal,) = listed(make_long(path))
    data = journal.read_bytes()
    journal.write_bytes(data.replace(b"Person Zero", b"Person Hero"))
    refused(said, path, 65, f"{journal} is damaged at byte")


def test_a_journal_of_another_archive(path: Path, said: Said) -> None:
    make(path)
    (other,) = listed(make_long(path.with_name("other.json")))
    other.rename(path.with_name("archive.json.j000001"))
    refused(said, path, 65, "belongs to another archive")


def test_a_journal_that_is_a_link(path: Path, said: Said, tmp_path: Path) -> None:
    (journal,) = listed(make_long(path))
    journal.rename(tmp_path / "elsewhere")
    journal.symlink_to(tmp_path / "elsewhere")
    refused(said, path, 65, "is a symbolic link; a journal must be a regular file")


# What is derived, and the lock


@pytest.mark.parametrize("harm", ["missing", "empty", "cut", "old", "link", "folder"])
def test_a_damaged_index_never_prevents_opening(path: Path, said: Said, monkeypatch, harm: str) -> None:
    monkeypatch.setattr(checkpoint, "WORTH_AN_INDEX", 0)
    make(path)
    (arrays,) = path.parent.glob("*.idx")
    data = arrays.read_bytes()
    arrays.unlink()
    if harm in ("empty", "cut"):
        arrays.write_bytes(data[: 0 if harm == "empty" else 50])
    elif harm == "old":
        make_long(path.with_name("other.json"))
        next(path.parent.glob("other.json.*.idx")).rename(arrays)
    elif harm == "link":
        arrays.symlink_to(path)
    elif harm == "folder":
        arrays.mkdir()
    assert said("check")[0] == 0
    code, text = said("list")
    assert (code, text.count("Person")) == (0, 3)
    assert said(*WRITE)[0] == 0
    assert said("list", "zed")[1].count("Zed") == 1


@pytest.mark.parametrize("content", [None, b"", b"\0\0", b'{"pid": 1}'])
def test_a_stale_lock_file_blocks_nobody(path: Path, said: Said, content: bytes | None) -> None:
    make(path)
    lock = path.with_name("archive.json.lock")
    lock.unlink(missing_ok=True)
    if content is not None:
        lock.write_bytes(content)
    assert said(*WRITE)[0] == 0


def test_a_lock_that_is_a_link(path: Path, said: Said, tmp_path: Path) -> None:
    make(path)
    lock = path.with_name("archive.json.lock")
    lock.unlink(missing_ok=True)
    lock.symlink_to(tmp_path / "somewhere")
    before = files(path)
    assert said(*WRITE)[0] == 73
    assert said("list")[0] == 0
    assert files(path) == before


# Places


def test_an_archive_that_is_a_symlink_stays_one(path: Path, said: Said, tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    real = make_long(tmp_path / "real" / "customers.json")
    path.symlink_to(real)
    assert said(*WRITE)[0] == 0
    assert said("compact")[0] == 0
    assert said("check")[0] == 0
    made = said("backup")[1].strip()
    assert said("restore", made)[0] == 0
    assert path.is_symlink()
    assert len(held(real)["customers"]) == 5


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root gives files away")
@pytest.mark.parametrize("whose", ["journal", "snapshot", "both"])
def test_files_owned_by_another_user(path: Path, said: Said, whose: str) -> None:
    (journal,) = listed(make_long(path))
    for file in {"journal": [journal], "snapshot": [path], "both": [journal, path]}[whose]:
        os.chown(file, 12345, 12345)
    before = files(path)
    assert said("list")[0] == 0
    assert said("check")[0] == 0
    code, text = said(*WRITE)
    if whose == "journal":
        assert (code, "belongs to another user" in text) == (73, True)
        assert files(path) == before
    else:
        assert code == 0


def test_a_read_only_folder(path: Path, said: Said, monkeypatch) -> None:
    make_long(path)
    before = files(path)
    real = os.open

    def readonly(file, flags, *more, **named) -> int:
        if flags & (os.O_WRONLY | os.O_RDWR):
            raise OSError(30, "Read-only file system")
        return real(file, flags, *more, **named)

    monkeypatch.setattr(os, "open", readonly)
    assert said("list")[0] == 0
    assert said("check")[0] == 0
    for words in (WRITE, ("compact",), ("backup",), ("undo",)):
        code, text = said(*words)
        assert (code, "ead-only" in text) == (73, True), text
    assert files(path) == before


def test_a_full_disk(path: Path, said: Said, monkeypatch) -> None:
    make_long(path)
    wanted = held(path)
    (journal,) = listed(path)
    before = {file: file.read_bytes() for file in (path, journal)}

    def full(*_args) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "write", full)
    for words in (WRITE, ("compact",), ("backup",)):
        code, text = said(*words)
        assert (code, "disk is full" in text) == (73, True), text
    monkeypatch.undo()
    assert {file: file.read_bytes() for file in before} == before
    assert held(path) == wanted
    assert not list(path.parent.rglob("*.part"))


# Clocks and copies


def test_a_clock_set_back_ten_years(path: Path, said: Said) -> None:
    make(path)
    back = NOW - timedelta(days=3650)
    archive = Archive.open(path, clock=lambda: back)
    archive.edit("customers", "c0", full_name="Then")
    archive.edit("customers", "c0", full_name="Then again")
    archive.undo()
    archive.close()
    archive = Archive.open(path, clock=lambda: NOW)
    assert [entry.label for entry in archive.history()]
    assert archive.name("customers", "c0") == "Then"
    archive.undo()
    assert archive.name("customers", "c0") == "Person 0"
    archive.close()
    assert said("check")[0] == 0


@pytest.mark.parametrize(
    "name",
    [
        "archive (conflicted copy).json",
        "archive.sync-conflict-20261121-100000-ABCDEFG.json",
        "archive.json.j000002 (conflicted copy)",
        "archive.json (1).j000001",
        "archive.json.j2",
        "archive-host.json.j000001",
    ],
)
def test_a_conflicting_copy_is_never_mixed_in(path: Path, said: Said, name: str) -> None:
    (journal,) = listed(make_long(path))
    wanted = held(path)
    other = path.with_name(name)
    shutil.copy(journal if ".j" in name.removesuffix(".json") else path, other)
    copy = other.read_bytes()
    assert held(path) == wanted
    assert said("check")[0] == 0
    assert said(*WRITE)[0] == 0
    assert other.read_bytes() == copy
    assert len(held(path)["customers"]) == 5


def test_a_copy_swapped_in_by_a_sync_tool_while_open(path: Path) -> None:
    make(path)
    older = path.read_bytes()
    archive = Archive.open(path, clock=lambda: NOW)
    archive.save(person("a", "Ann"))
    new = path.with_name("new")
    new.write_bytes(older)
    new.replace(path)
    with pytest.raises(Exception, match="was changed by another program"):
        archive.save(person("b", "Ben"))
    archive.close()
    assert path.read_bytes() == older
    assert held(path)["customers"].keys() == {"c0", "c1", "c2", "a"}
