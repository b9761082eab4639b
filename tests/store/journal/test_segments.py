"""The journal is split into segments; segments contained in a snapshot are deleted, oldest first."""

import errno
import os
from pathlib import Path

import pytest
from harm import failing
from journals import filled, frame, lsns, names, opened

from archive.errors import CannotWrite, NotConfirmed


def test_rotating_starts_a_new_segment_and_old_ones_can_be_dropped(path, first):
    journal = filled(path, 2)
    assert journal.rotate() == journal.rotate() == [first]
    journal.append(frame(3))
    second = path.with_name("archive.json.j000002")
    assert (journal.size_after(0), journal.size_after(2), journal.size_after(3)) == (
        journal.size,
        second.stat().st_size,
        0,
    )
    assert journal.sealed(1) == []
    assert journal.sealed(2) == journal.sealed(3) == [first]
    with pytest.raises(ValueError, match="written to"):
        journal.drop([second])
    journal.drop([first])
    assert names(path) == [second.name]
    assert lsns(journal, 2) == [3]
    journal.append(frame(4))
    assert journal.rotate() == journal.sealed(4) == [second]
    journal.drop([second])
    assert (names(path), journal.size, journal.last) == ([], 0, 4)
    journal.append(frame(5))
    assert lsns(opened(path), 4) == [5]


def test_the_next_writer_appends_to_the_last_segment(path):
    journal = filled(path, 1)
    journal.rotate()
    journal.append(frame(2))
    journal.close()
    filled(path, 3, first=3).close()
    assert names(path) == ["archive.json.j000001", "archive.json.j000002"]


def test_segments_are_dropped_oldest_first_and_the_others_stay_listed(path, monkeypatch):
    journal = filled(path, 1)
    for lsn in (2, 3):
        journal.rotate()
        journal.append(frame(lsn))
    paths = journal.rotate()
    unlink = Path.unlink

    def only_the_first(target, **options):
        return unlink(target, **options) if target == paths[0] else failing(errno.EROFS)()

    with monkeypatch.context() as broken:
        broken.setattr(Path, "unlink", only_the_first)
        with pytest.raises(CannotWrite, match="j000002 cannot be written: the disk is read-only"):
            journal.drop(reversed(paths))
    assert lsns(journal, 1) == [2, 3]
    paths[1].unlink()
    journal.drop(paths[1:2])  # already deleted
    assert lsns(journal, 2) == [3]


def test_a_failed_sync_after_dropping_segments_is_reported(path, monkeypatch):
    journal = filled(path, 1)
    paths = journal.rotate()
    monkeypatch.setattr(os, "fsync", failing(errno.EIO))
    with pytest.raises(NotConfirmed):
        journal.drop(paths)


def test_an_error_on_closing_a_segment_is_ignored(path, monkeypatch):
    journal = filled(path, 1)
    with monkeypatch.context() as broken:
        broken.setattr(os, "close", failing(errno.EIO))
        journal.rotate()
    journal.append(frame(2))
    assert lsns(journal) == [1, 2]
    journal.close()
