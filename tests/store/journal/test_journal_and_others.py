"""Other programs at the same journal: nothing of theirs is written over, and readers see what was there."""

import errno
import os
from pathlib import Path

import pytest
from harm import failing
from journals import filled, frame, lsns, names, opened

from archive.errors import CannotWrite, InUse
from archive.store.wal import segments


@pytest.mark.parametrize("change", ["append", "truncate", "replace", "remove"])
def test_a_segment_that_another_program_changed_is_not_written_over(path, first, change):
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


def test_a_disk_that_does_not_read_the_end_back_takes_no_change(path, first, monkeypatch):
    journal = filled(path, 1)
    before = first.read_bytes()
    with monkeypatch.context() as patch:
        patch.setattr(segments, "piece", failing(errno.EIO))
        with pytest.raises(CannotWrite, match=r"Input/output error\. Check the disk"):
            journal.append(frame(2))
    assert first.read_bytes() == before
    journal.append(frame(2))


def test_a_segment_that_another_machine_began_is_not_written_over(path):
    journal = opened(path)
    filled(path, 1).close()
    before = names(path)
    with pytest.raises(CannotWrite, match="was changed by another program"):
        journal.append(frame(1))
    assert names(path) == before


def test_readers_see_what_was_there_when_they_looked(path):
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


def test_a_reader_writes_nothing(path):
    filled(path, 1).close()
    reader = opened(path, write=False)
    with pytest.raises(CannotWrite, match="open read-only"):
        reader.append(frame(2))
    journal = opened(path)
    journal.close()
    with pytest.raises(CannotWrite, match="open read-only"):
        journal.append(frame(2))


@pytest.mark.parametrize("call", ["open", "lstat"])
def test_old_segments_that_go_while_a_reader_looks_are_not_missed(path, first, monkeypatch, call):
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
