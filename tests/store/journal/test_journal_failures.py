"""Failing system calls lose no acknowledged change, and nothing is appended after a failed write."""

import errno
import os

import pytest
from harm import failing
from journals import filled, frame, lsns, names, opened

from archive.errors import ArchiveError, BadValue, CannotWrite, NotConfirmed
from archive.store.wal import records
from archive.store.wal.records import LogRecord

AS_ROOT = hasattr(os, "geteuid") and os.geteuid() == 0


@pytest.mark.parametrize("changes", [1, 4])
def test_partial_writes_are_continued(path, monkeypatch, changes):
    monkeypatch.setattr(records, "PART", 50)
    write = os.write
    monkeypatch.setattr(os, "write", lambda descriptor, data: write(descriptor, data[:3]))
    journal = opened(path)
    journal.append(frame(1, changes=changes))
    assert list(opened(path, write=False).read(0)) == [frame(1, changes=changes)]


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EIO, errno.EFBIG, errno.EDQUOT])
@pytest.mark.parametrize("written", [0, 1, 30, 100])
def test_a_failed_write_is_rolled_back_and_blocks_further_writes(path, first, monkeypatch, number, written):
    monkeypatch.setattr(records, "PART", 50)
    journal = filled(path, 2)
    before = first.read_bytes()
    left = [written]
    write = os.write

    def half(descriptor, data):
        if not left[0]:
            raise OSError(number, os.strerror(number))
        taken = write(descriptor, data[: left[0]])
        left[0] -= taken
        return taken

    with monkeypatch.context() as full:
        full.setattr(os, "write", half)
        with pytest.raises(CannotWrite, match=r"j000001 cannot be written: ") as caught:
            journal.append(frame(3, changes=4))
    assert caught.value.hint.startswith("Nothing was saved. ")
    assert first.read_bytes() == before
    with pytest.raises(CannotWrite, match="An earlier change could not be saved") as caught:
        journal.append(frame(3))
    assert "Close the archive and open it again" in caught.value.hint
    assert first.read_bytes() == before
    assert (lsns(journal), journal.broken) == ([1, 2], True)
    journal.close()
    assert lsns(filled(path, 3, first=3)) == [1, 2, 3]


def test_the_error_for_a_full_disk_says_what_to_do(path, monkeypatch):
    journal = filled(path, 1)
    monkeypatch.setattr(os, "write", failing(errno.ENOSPC))
    with pytest.raises(CannotWrite, match="the disk is full") as caught:
        journal.append(frame(2))
    assert caught.value.code == 73
    assert caught.value.hint.startswith("Nothing was saved. Free some space and try again.")


def test_a_failed_sync_is_not_repeated(path, first, monkeypatch):
    journal = filled(path, 2)
    before = first.read_bytes()
    asked = []

    def fail(descriptor):
        asked.append(descriptor)
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    monkeypatch.setattr(os, "fdatasync", fail)
    monkeypatch.setattr(os, "fsync", fail)
    for said in (
        f"{os.strerror(errno.EIO)}. Nothing was saved. Check the disk, then save again",
        "An earlier change",
    ):
        with pytest.raises(CannotWrite, match=said):
            journal.append(frame(3))
    assert len(asked) == 1
    assert (first.read_bytes(), journal.last) == (before, 2)


def test_a_failed_write_that_cannot_be_rolled_back_is_a_torn_end_at_the_next_opening(path, monkeypatch):
    monkeypatch.setattr(records, "PART", 50)
    journal = filled(path, 1)
    sync, left = os.fdatasync, [True, False]
    with monkeypatch.context() as broken:
        broken.setattr(os, "fdatasync", lambda fd: sync(fd) if left.pop(0) else failing(errno.EIO)())
        broken.setattr(os, "ftruncate", failing(errno.EIO))
        with pytest.raises(CannotWrite):
            journal.append(frame(2, changes=3))
    assert lsns(journal) == [1]
    journal = opened(path)
    assert (lsns(journal), len(journal.notices)) == ([1], 1)


def test_an_interrupted_append_is_rolled_back(path, first, monkeypatch):
    journal = filled(path, 1)
    before = first.read_bytes()

    def interrupt(_descriptor):
        raise KeyboardInterrupt

    with monkeypatch.context() as broken:
        broken.setattr(os, "fdatasync", interrupt)
        with pytest.raises(KeyboardInterrupt):
            journal.append(frame(2))
    assert first.read_bytes() == before
    with pytest.raises(CannotWrite, match="An earlier change"):
        journal.append(frame(2))


@pytest.mark.parametrize("call", ["write", "fsync"])
def test_a_segment_that_cannot_be_written_is_removed_again(path, monkeypatch, call):
    journal = opened(path)
    with monkeypatch.context() as broken:
        broken.setattr(os, call, failing(errno.EIO))
        with pytest.raises(CannotWrite, match="j000001 cannot be written"):
            journal.append(frame(1))
    assert names(path) == []
    with pytest.raises(CannotWrite, match="An earlier change"):
        journal.append(frame(1))


def test_a_segment_whose_folder_cannot_be_synced_takes_no_change(path, first, monkeypatch):
    sync, asked = os.fsync, []

    def fail_for_the_folder(descriptor):
        asked.append(descriptor)
        return sync(descriptor) if len(asked) == 1 else failing(errno.EIO)()

    journal = opened(path)
    with monkeypatch.context() as broken:
        broken.setattr(os, "fsync", fail_for_the_folder)
        with pytest.raises(NotConfirmed, match="j000001 was written, but the disk did not confirm it"):
            journal.append(frame(1))
    with pytest.raises(CannotWrite, match="An earlier change"):
        journal.append(frame(1))
    journal.close()
    inode = first.stat().st_ino
    with first.open("rb"):  # keeps its inode number from being reused
        assert lsns(filled(path, 1)) == [1]
        assert first.stat().st_ino != inode  # a new file, whose name is synced


def test_a_value_that_cannot_be_stored_leaves_the_journal_unchanged(path, first):
    journal = filled(path, 1)
    before = first.read_bytes()
    for value in (float("nan"), "\ud800", object()):
        with pytest.raises(BadValue, match="cannot be stored"):
            journal.append(LogRecord(2, 0, "", [["t", "1", {"a": value}, None]], {}))
    assert first.read_bytes() == before
    journal.append(frame(2))


@pytest.mark.skipif(AS_ROOT, reason="root may write anywhere")
def test_a_read_only_folder_is_reported(path):
    path.parent.chmod(0o500)
    try:
        with pytest.raises(CannotWrite, match="permission was denied"):
            opened(path).append(frame(1))
    finally:
        path.parent.chmod(0o700)


@pytest.mark.parametrize("number", [errno.EACCES, errno.EROFS])
def test_a_segment_that_cannot_be_created_is_reported(path, monkeypatch, number):
    journal = opened(path)
    monkeypatch.setattr(os, "open", failing(number))
    with pytest.raises(CannotWrite, match="j000001 cannot be written"):
        journal.append(frame(1))


def test_an_unreadable_folder_or_segment_is_reported(path, monkeypatch):
    filled(path, 1).close()
    with monkeypatch.context() as denied:
        denied.setattr(os, "open", failing(errno.EACCES))
        with pytest.raises(ArchiveError, match="j000001 cannot be read: permission was denied"):
            opened(path)
    monkeypatch.setattr(os, "listdir", failing(errno.EACCES))
    with pytest.raises(ArchiveError, match="cannot be read: permission was denied"):
        opened(path)


def test_a_read_only_segment_is_open_to_readers(path, monkeypatch):
    filled(path, 1).close()
    real = os.open

    def read_only(name, flags, *mode):
        return failing(errno.EACCES)() if flags & (os.O_WRONLY | os.O_RDWR) else real(name, flags, *mode)

    monkeypatch.setattr(os, "open", read_only)
    with pytest.raises(CannotWrite, match="permission was denied"):
        opened(path)
    assert lsns(opened(path, write=False)) == [1]


def test_links_and_pipes_are_refused_as_segments(path, first, tmp_path):
    filled(path, 1).close()
    first.rename(tmp_path / "elsewhere")
    first.symlink_to(tmp_path / "elsewhere")
    for write in (True, False):
        with pytest.raises(ArchiveError, match="j000001 is a symbolic link"):
            opened(path, write=write)
    first.unlink()
    os.mkfifo(first)
    with pytest.raises(ArchiveError, match="j000001 is not a regular file"):
        opened(path)


def test_the_journal_of_another_user_can_be_read_but_not_written(path, first, monkeypatch):
    filled(path, 1).close()
    first.write_bytes(first.read_bytes() + b"torn")
    before = first.read_bytes()
    with monkeypatch.context() as other:
        other.setattr(os, "geteuid", lambda: first.stat().st_uid + 1, raising=False)
        with pytest.raises(CannotWrite, match="j000001 belongs to another user"):
            opened(path)
        assert lsns(opened(path, write=False)) == [1]
        assert (first.read_bytes(), names(path)) == (before, [first.name])
        path.write_text("{}")  # some drives give all files, including the archive, the same owner
        assert lsns(opened(path)) == [1]
