"""Test the drafts file: a link or pipe in its place is never followed, waited for or deleted."""

import errno
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from harm import failing

from archive.errors import CannotWrite
from archive.service.drafts import Draft, Drafts

ANN = Draft("customers", "", "", "New customer", "2026-11-21T10:00", {"full_name": "Ann"})
THEIRS = '[{"table":"customers","uid":"","group":"","title":"t","since":"s","texts":{"full_name":"Theirs"}}]'


def names(path: Path) -> list[str]:
    return sorted(file.name for file in path.parent.iterdir() if file.name.startswith("archive.json"))


def link_to_theirs(place: Path) -> None:
    (place.parent / "theirs").write_text(THEIRS)
    place.symlink_to(place.parent / "theirs")


def sparse(place: Path) -> None:
    with place.open("wb") as file:
        file.truncate(1 << 40)


@pytest.mark.parametrize(
    "plant",
    [
        link_to_theirs,
        os.mkfifo,
        Path.mkdir,
        sparse,
        lambda place: place.symlink_to("/dev/zero"),
        lambda place: place.symlink_to(place.name),
        lambda place: place.symlink_to("nowhere"),
        lambda place: place.write_bytes(b"\0" * 10),
    ],
    ids=["link", "pipe", "folder", "sparse", "device", "circle", "dangling", "junk"],
)
def test_an_unreadable_drafts_file_is_renamed_and_reported(path, plant: Callable[[Path], None]):
    drafts = Drafts(path)
    plant(drafts.path)
    before = drafts.path.lstat().st_ino
    assert drafts.all() == []
    assert names(path) == ["archive.json.drafts.unreadable"]
    kept = drafts.path.with_name("archive.json.drafts.unreadable")
    assert kept.lstat().st_ino == before
    assert drafts.notices == [
        f"The drafts in {drafts.path} cannot be read. The file was renamed to {kept.name}."
    ]
    drafts.put(ANN)
    assert Drafts(path).all() == [ANN]
    if (path.parent / "theirs").exists():
        assert (path.parent / "theirs").read_text() == THEIRS


def test_a_link_planted_later_is_set_aside_by_the_next_change(path):
    drafts = Drafts(path)
    drafts.put(ANN)
    drafts.path.unlink()
    link_to_theirs(drafts.path)
    drafts.put(ANN)
    assert (path.parent / "theirs").read_text() == THEIRS
    assert Drafts(path).all() == [ANN]
    drafts.path.unlink()
    link_to_theirs(drafts.path)
    drafts.drop(ANN.key)
    assert (path.parent / "theirs").read_text() == THEIRS


def test_a_link_named_like_the_set_aside_file_is_not_followed(path):
    drafts = Drafts(path)
    drafts.path.write_text("{")
    (path.parent / "theirs").write_text(THEIRS)
    drafts.path.with_name("archive.json.drafts.unreadable").symlink_to("theirs")
    assert drafts.all() == []
    assert (path.parent / "theirs").read_text() == THEIRS
    assert drafts.path.with_name("archive.json.drafts.unreadable-2").read_text() == "{"


def test_another_users_file_is_not_read(path, monkeypatch):
    drafts = Drafts(path)
    drafts.path.write_text(THEIRS)
    monkeypatch.setattr(os, "geteuid", lambda: drafts.path.stat().st_uid + 1)
    assert drafts.all() == []
    assert names(path) == ["archive.json.drafts.unreadable"]


def test_a_drafts_file_with_a_second_hard_link_is_read_and_the_link_stays_unchanged(path):
    drafts = Drafts(path)
    drafts.put(ANN)
    (path.parent / "backup").hardlink_to(drafts.path)
    before = (path.parent / "backup").read_bytes()
    assert Drafts(path).all() == [ANN]
    drafts.drop(ANN.key)
    assert (path.parent / "backup").read_bytes() == before


def test_a_drafts_file_that_cannot_be_deleted_or_renamed_is_reported(path, monkeypatch):
    drafts = Drafts(path)
    drafts.put(ANN)
    with monkeypatch.context() as patch:
        patch.setattr(Path, "unlink", failing(errno.EROFS))
        with pytest.raises(CannotWrite, match="the disk is read-only"):
            drafts.drop(ANN.key)
    drafts.path.write_text("{")
    monkeypatch.setattr(Path, "rename", failing(errno.EPERM))
    with pytest.raises(CannotWrite, match="permission was denied") as caught:
        drafts.all()
    assert "Delete or move it" in caught.value.hint
