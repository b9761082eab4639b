"""A change that was acknowledged is in the journal, and is what is read again."""

import os
import stat

import pytest
from journals import filled, frame, lsns, names, opened

from archive.errors import CannotWrite
from archive.store.wal import records


def test_what_was_appended_is_read_by_the_next_writer_and_by_a_reader(path, first):
    journal = filled(path, 3)
    assert (journal.last, journal.size, journal.notices) == (3, first.stat().st_size, [])
    assert not journal.broken
    for write in (False, True):
        again = opened(path, write=write)
        assert list(again.read(0)) == [frame(1), frame(2), frame(3)]
        assert lsns(again, 2) == [3]
        assert lsns(again, 3) == []
        assert (again.last, again.size) == (3, journal.size)
        again.close()
    journal.close()
    assert names(path) == [first.name]


def test_without_a_transaction_there_is_no_file(path):
    journal = opened(path)
    assert (lsns(journal), journal.last, journal.size, journal.rotate()) == ([], 0, 0, [])
    journal.close()
    assert names(path) == []


def test_a_folder_that_is_not_there_has_no_journal_and_takes_none(tmp_path):
    journal = opened(tmp_path / "none" / "archive.json")
    assert lsns(journal) == []
    with pytest.raises(CannotWrite, match="its folder does not exist"):
        journal.append(frame(1))


def test_what_is_appended_after_opening_is_behind_what_was_there(path):
    filled(path, 2).close()
    journal = opened(path)
    journal.append(frame(3))  # nobody read it first
    assert lsns(journal) == [1, 2, 3]
    journal.append(frame(4))
    assert lsns(opened(path, write=False)) == [1, 2, 3, 4]


def test_only_the_next_number_is_appended(path):
    journal = filled(path, 2)
    for lsn in (2, 4):
        with pytest.raises(ValueError, match="does not follow 2"):
            journal.append(frame(lsn))
    journal.append(frame(3))


def test_a_link_to_the_archive_has_the_journal_of_the_archive(path, tmp_path):
    path.write_text("{}")
    (tmp_path / "other").mkdir()
    link = tmp_path / "other" / "link.json"
    link.symlink_to(path)
    filled(path, 1).close()
    assert lsns(opened(link)) == [1]


def test_the_journal_begins_where_the_snapshot_ends(path):
    filled(path, 12, first=11).close()
    journal = opened(path)
    assert (lsns(journal, 10), journal.last) == ([11, 12], 12)


def test_files_that_are_only_like_segments_are_left_alone(path):
    for ending in (
        "json.j1",
        "json.j0000001",
        "json.j000001x",
        "json.j000001.torn-1",
        "xjson.j000001",
        "json.j٠٠٠٠٠١",
    ):
        path.with_name(f"archive.{ending}").write_text("?")
    assert lsns(filled(path, 1)) == [1]


@pytest.mark.parametrize("mask", [0o000, 0o777])
def test_files_are_for_their_owner_only_whatever_the_umask(path, first, mask):
    before = os.umask(mask)
    try:
        filled(path, 1).close()
        first.write_bytes(first.read_bytes() + b"?")
        opened(path).close()
    finally:
        os.umask(before)
    torn = path.with_name("archive.json.j000001.torn-1")
    assert {stat.S_IMODE(found.stat().st_mode) for found in (first, torn)} == {0o600}


def test_a_transaction_of_several_frames_is_one(path, monkeypatch):
    monkeypatch.setattr(records, "PART", 50)
    synced = []
    sync = os.fdatasync
    monkeypatch.setattr(os, "fdatasync", lambda descriptor: synced.append(sync(descriptor)))
    journal = opened(path)
    journal.append(frame(1, changes=4))
    assert len(synced) == 4  # so that of what a power cut leaves only the last frame can be torn
    journal.append(frame(2))
    assert list(opened(path).read(0)) == [frame(1, changes=4), frame(2)]
