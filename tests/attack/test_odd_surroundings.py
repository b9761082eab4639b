"""Broken files beside the archive, a user without a home, streams that nobody reads, and writers without the lock."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from archive.errors import ArchiveError, CannotWrite
from archive.model.records.customer import Customer
from archive.service.archive import Archive
from archive.service.drafts import Draft, Drafts
from archive.service.views import View, Views
from archive.settings import config_folder, data_folder, load_settings

ROOT = Path(__file__).parents[2]
DRAFT = Draft("customers", "", "", "New", "10:00", {"full_name": "half \ud83d"})


def test_writing_requires_the_lock(archive: Archive, path: Path) -> None:
    archive.save(Customer(kind="person", full_name="Ann"))
    reader = Archive.open(path, write=False)
    with pytest.raises(CannotWrite, match="read-only"):
        reader.undo()
    archive.close()
    for late in (reader, archive):
        with pytest.raises(CannotWrite, match="read-only"):
            late.save(Customer(kind="person", full_name="Ben"))
        assert late.count("customers") == 1


def test_a_draft_with_a_lone_surrogate_is_restored_with_the_others(path: Path) -> None:
    Drafts(path).put(DRAFT)
    Drafts(path).put(Draft("products", "", "", "New", "10:01", {"name": "Rice"}))
    assert [draft.texts for draft in Drafts(path).all()] == [{"full_name": "half \ud83d"}, {"name": "Rice"}]


JUNK = [
    b"\xff",
    b"{}x",
    b"[1]",
    b"[" * 90_000,
    b'[{"table":1,"uid":2,"group":3,"title":4,"since":5,"texts":6}]',
]


def test_every_unreadable_drafts_file_is_preserved(path: Path) -> None:
    for junk in JUNK:
        Drafts(path).path.write_bytes(junk)
        assert Drafts(path).all() == []
    kept = [file.read_bytes() for file in path.parent.glob("*.unreadable*")]
    assert sorted(kept) == sorted(JUNK)


def test_a_view_of_any_name_is_saved_without_affecting_others(tmp_path: Path) -> None:
    views = Views(tmp_path / "views.toml")
    for name in ('a"b', "\x7f", "\n", "", "王", "\\", "\ud83d"):
        views.keep("customers", name, View(name))
    assert len(Views(tmp_path / "views.toml").of("customers")) == 7


def test_unreadable_or_unwritable_views_get_an_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    views = Views(tmp_path / "views.toml")
    views.path = tmp_path / "file" / "folder" / "views.toml"
    with pytest.raises(CannotWrite):
        views.keep("customers", "a", View())
    (tmp_path / "deep.toml").write_text("a=" + "[" * 5000 + "]" * 5000)
    with pytest.raises(ArchiveError, match="cannot be read"):
        Views(tmp_path / "deep.toml")
    os.mkfifo(tmp_path / "pipe.toml")
    with pytest.raises(ArchiveError, match="is a pipe"):
        Views(tmp_path / "pipe.toml")
    (tmp_path / "odd.toml").write_text("customers = 5")
    with pytest.raises(ArchiveError, match="it contains no views"):
        Views(tmp_path / "odd.toml")


@pytest.mark.parametrize("folder", [config_folder, data_folder])
def test_a_user_without_a_home_gets_an_error(monkeypatch: pytest.MonkeyPatch, folder) -> None:
    def homeless() -> Path:
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.delenv("XDG_CONFIG_HOME")
    monkeypatch.delenv("XDG_DATA_HOME")
    monkeypatch.setattr(Path, "home", homeless)
    with pytest.raises(ArchiveError, match="home folder") as caught:
        folder()
    assert "XDG_" in caught.value.hint


def test_a_home_that_is_not_a_folder_has_no_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", os.devnull + "/x")
    assert load_settings().currency == ""


@pytest.mark.parametrize(
    "line",
    [
        'currency = "EURO"',
        'currency = "eur"',
        'currency = "€"',
        'region = "Germany"',
        'me = "\\u0000"',
        "a=" + "[" * 5000,
    ],
)
def test_settings_that_would_corrupt_records_are_named(tmp_path: Path, line: str) -> None:
    (tmp_path / "settings.toml").write_text(line, "utf-8")
    with pytest.raises(ArchiveError):
        load_settings(tmp_path / "settings.toml")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="the system has no /dev/full")
def test_the_exit_code_reports_failure_without_output(path: Path) -> None:
    with Path("/dev/full").open("wb") as full:
        words = [sys.executable, "-m", "archive", "--archive", str(path), "show", "nobody"]
        done = subprocess.run(words, cwd=ROOT, stdout=full, stderr=full, check=False)
    assert done.returncode == 66
