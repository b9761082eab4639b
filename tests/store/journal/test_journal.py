"""Acknowledged changes are in the journal and are read back unchanged."""

import os
import stat

import pytest
from journals import filled, frame, lsns, names, opened

from archive.errors import CannotWrite
from archive.store.wal import records


def test_appended_changes_are_read_by_the_next_writer_and_by_readers(path, first):
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


def test_an_empty_journal_has_no_file(path):
    journal = opened(path)
    assert (lsns(journal), journal.last, journal.size, journal.rotate()) == ([], 0, 0, [])
    journal.close()
    assert names(path) == []


def test_a_missing_folder_has_an_empty_journal_and_cannot_be_written(tmp_path):
    journal = opened(tmp_path / "none" / "archive.json")
    assert lsns(journal) == []
    with pytest.raises(CannotWrite, match="its folder does not exist"):
        journal.append(frame(1))


def test_changes_are_appended_after_the_existing_ones(path):
    filled(path, 2).close()
    journal = opened(path)
    journal.append(frame(3))  # without reading it first
    assert lsns(journal) == [1, 2, 3]
    journal.append(frame(4))
    assert lsns(opened(path, write=False)) == [1, 2, 3, 4]


def test_only_a_change_with_the_next_lsn_is_appended(path):
    journal = filled(path, 2)
    for lsn in (2, 4):
        with pytest.raises(ValueError, match="does not follow 2"):
            journal.append(frame(lsn))
    journal.append(frame(3))


def test_a_symbolic_link_to_the_archive_uses_the_archives_journal(path, tmp_path):
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


def test_files_with_similar_names_are_ignored(path):
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
def test_only_the_owner_can_read_the_files_whatever_the_umask(path, first, mask):
    before = os.umask(mask)
    try:
        filled(path, 1).close()
        first.write_bytes(first.read_bytes() + b"?")
        opened(path).close()
    finally:
        os.umask(before)
    torn = path.with_name("archive.json.j000001.torn-1")
    assert {stat.S_IMODE(found.stat().st_mode) for found in (first, torn)} == {0o600}


def test_a_change_of_several_frames_is_read_as_one(path, monkeypatch):
    monkeypatch.setattr(records, "PART", 50)
    synced = []
    sync = os.fdatasync
    monkeypatch.setattr(os, "fdatasync", lambda descriptor: synced.append(sync(descriptor)))
    journal = opened(path)
    journal.append(frame(1, changes=4))
    assert len(synced) == 4  # one sync per frame, so that a power cut can tear only the last one
    journal.append(frame(2))
    assert list(opened(path).read(0)) == [frame(1, changes=4), frame(2)]
