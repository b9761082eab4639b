"""Other programs use the same journal: their data is never overwritten, and readers see a consistent state."""

import errno
import os
from pathlib import Path

import pytest
from harm import failing
from journals import filled, frame, lsns, names, opened

from archive.errors import CannotWrite, InUse
from archive.store.wal import segments


@pytest.mark.parametrize("change", ["append", "truncate", "replace", "remove"])
def test_a_segment_changed_by_another_program_is_not_overwritten(path, first, change):
    journal = filled(path, 2)
    data = first.read_bytes()
    if change == "append":
        first.write_bytes(data + b"x")
    elif change == "truncate":
        os.truncate(first, 9)
    else:
        first.unlink()
    if change == "replace":
        first.write_bytes(data)
    before = first.read_bytes() if first.exists() else None
    with pytest.raises(CannotWrite, match="was changed by another program since it was opened"):
        journal.append(frame(3))
    assert (first.read_bytes() if first.exists() else None) == before


def test_a_change_is_refused_if_the_end_of_the_journal_cannot_be_read_back(path, first, monkeypatch):
    journal = filled(path, 1)
    before = first.read_bytes()
    with monkeypatch.context() as patch:
        patch.setattr(segments, "piece", failing(errno.EIO))
        with pytest.raises(CannotWrite, match=r"Input/output error\. Check the disk"):
            journal.append(frame(2))
    assert first.read_bytes() == before
    journal.append(frame(2))


def test_a_segment_created_by_another_machine_is_not_overwritten(path):
    journal = opened(path)
    filled(path, 1).close()
    before = names(path)
    with pytest.raises(CannotWrite, match="was changed by another program"):
        journal.append(frame(1))
    assert names(path) == before


def test_readers_see_the_state_at_the_time_of_reading(path):
    journal = filled(path, 2)
    reader, second = opened(path, write=False), opened(path, write=False)
    journal.append(frame(3))
    assert lsns(reader) == lsns(reader) == [1, 2]
    assert lsns(opened(path, write=False)) == [1, 2, 3]
    journal.rotate()
    journal.append(frame(4))
    journal.drop([journal.rotate()[0]])
    with pytest.raises(InUse, match="j000001 was removed by another program while it was being read"):
        [second.read(0), second.read(0)]


def test_readers_cannot_write(path):
    filled(path, 1).close()
    reader = opened(path, write=False)
    with pytest.raises(CannotWrite, match="open read-only"):
        reader.append(frame(2))
    journal = opened(path)
    journal.close()
    with pytest.raises(CannotWrite, match="open read-only"):
        journal.append(frame(2))


@pytest.mark.parametrize("call", ["open", "lstat"])
def test_old_segments_may_be_deleted_while_a_reader_opens_the_journal(path, first, monkeypatch, call):
    journal = filled(path, 2)
    journal.rotate()
    journal.append(frame(3))
    owner = {"open": os, "lstat": Path}[call]
    real = getattr(owner, call)

    def gone(name, *arguments):
        first.unlink(missing_ok=True)
        return real(name, *arguments)

    monkeypatch.setattr(owner, call, gone)
    assert lsns(opened(path, write=False), 2) == [3]
