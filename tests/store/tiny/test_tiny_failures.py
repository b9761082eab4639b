"""A change that cannot be saved is rolled back, and a snapshot that cannot be written loses no change."""

import errno
import os

import pytest
from databases import held_by, read_after_crash
from harm import failing

from archive.errors import CannotWrite
from archive.store import ArchiveDB, checkpoint
from archive.store.wal.segments import listed


@pytest.mark.parametrize("call", ["write", "fdatasync"])
def test_a_change_that_cannot_be_saved_is_rolled_back_and_the_next_one_is_saved(db, path, call):
    db.insert({"n": 1})
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, call, failing(errno.EIO))
        with pytest.raises(CannotWrite):
            db.insert({"n": 2})
        assert db.all() == [{"n": 1}]
    assert db.insert({"n": 3}) == 2
    assert read_after_crash(path) == held_by(db) == {"_default": {1: {"n": 1}, 2: {"n": 3}}}


def test_a_journal_changed_by_another_program_is_not_overwritten_after_a_failed_save(db, path):
    db.insert({"n": 1})
    (segment,) = listed(path)
    before = segment.read_bytes()
    db.insert({"n": 2})
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "write", failing(errno.EIO))
        with pytest.raises(CannotWrite):
            db.insert({"n": 3})
    segment.write_bytes(before)
    with pytest.raises(CannotWrite, match="another program"):
        db.insert({"n": 3})
    assert db.all() == [{"n": 1}, {"n": 2}]


def test_a_snapshot_that_cannot_be_written_loses_no_change(db, path, opened):
    db.insert({"n": 1})
    before = path.read_bytes()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "write", failing(errno.ENOSPC))
        with pytest.raises(CannotWrite):
            db.storage.compact()
        db.close()
    assert (path.read_bytes(), opened().all()) == (before, [{"n": 1}])


@pytest.mark.parametrize("damage", ["keep", "delete", "overwrite"])
def test_a_large_file_has_an_index_file_and_can_be_read_without_it(db, path, opened, monkeypatch, damage):
    monkeypatch.setattr(checkpoint, "WORTH_AN_INDEX", 100)
    db.insert_multiple({"n": n} for n in range(20))
    db.table("other", persist_empty=True)
    before = held_by(db)
    db.storage.compact()
    assert held_by(db) == before
    (beside,) = path.parent.glob("*.idx")
    db.insert({"n": 20})
    db.close()
    (beside,) = set(path.parent.glob("*.idx")) - {beside}
    if damage == "delete":
        beside.unlink()
    elif damage == "overwrite":
        beside.write_bytes(bytes(beside.stat().st_size))
    db = opened()
    assert [document["n"] for document in db] == [*range(21)]
    assert (db.get(doc_id=21), db.insert({})) == ({"n": 20}, 22)


@pytest.mark.parametrize(
    ("folder", "reason"),
    [
        ("missing", "its folder does not exist"),
        ("file", "its folder does not exist"),
        ("broken", "Input/output error"),
    ],
)
def test_a_missing_or_unreadable_folder_is_reported_and_no_file_is_created(
    tmp_path, monkeypatch, folder, reason
):
    (tmp_path / "file").write_text("")
    (tmp_path / "broken").mkdir()
    found = os.stat

    def looked_at(path, *args, **kwargs):
        if str(path) == str(tmp_path / "broken"):
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        return found(path, *args, **kwargs)

    monkeypatch.setattr(os, "stat", looked_at)
    with pytest.raises(CannotWrite, match=reason):
        ArchiveDB(tmp_path / folder / "archive.json")
    monkeypatch.undo()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["broken", "file"]
