"""The lock admits a single writer, and the error for a second writer names the holder."""

import errno
import json
import os
import socket
import stat
import subprocess
import sys

import pytest

from archive.errors import CannotWrite, InUse
from archive.store.lock import WriterLock


@pytest.fixture
def lock(path):
    """A lock of the archive, released at the end of the test."""
    lock = WriterLock(path)
    yield lock
    lock.release()


def test_a_writer_holds_the_lock_until_it_is_released(path, lock):
    lock.acquire("today")
    second = WriterLock(path)
    with pytest.raises(
        InUse, match=f"in use by process {os.getpid()} on {socket.gethostname()}, since today"
    ):
        second.acquire("tomorrow")
    assert (lock.held, second.held) == (True, False)
    lock.release()
    lock.release()
    second.acquire("tomorrow")
    assert (lock.held, second.held) == (False, True)
    second.release()


def test_the_lock_file_is_overwritten_with_the_name_of_each_holder(lock):
    lock.path.write_text("somebody with a very long name " * 100)
    lock.path.chmod(0o600)
    lock.acquire("today")
    assert json.loads(lock.path.read_text()) == {
        "pid": os.getpid(),
        "host": socket.gethostname(),
        "since": "today",
    }


@pytest.mark.parametrize("mask", [0o000, 0o777])
def test_only_the_owner_can_read_the_lock_file_whatever_the_umask(lock, mask):
    before = os.umask(mask)
    try:
        lock.acquire("today")
    finally:
        os.umask(before)
    assert stat.S_IMODE(lock.path.stat().st_mode) == 0o600


def test_a_killed_holder_leaves_no_lock(path, lock):
    code = (
        "import sys; from pathlib import Path; from archive.store.lock import WriterLock\n"
        "lock = WriterLock(Path(sys.argv[1])); lock.acquire('then'); print('held', flush=True); sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as holder:
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(InUse, match=f"process {holder.pid} .* since then"):
            lock.acquire("now")
        holder.kill()
        holder.communicate()
    lock.acquire("now")
    assert lock.held


@pytest.mark.parametrize("content", ["", "{", "[]", '{"pid": 1}'])
def test_a_holder_without_a_name_is_called_another_program(path, lock, content):
    lock.acquire("now")
    lock.path.write_text(content)
    with pytest.raises(InUse, match="another program"):
        WriterLock(path).acquire("now")


def test_the_lock_is_held_even_if_its_holder_cannot_be_written(path, lock, monkeypatch):
    def full(*_arguments):
        raise OSError(errno.ENOSPC, "full")

    with monkeypatch.context() as broken:
        broken.setattr(os, "write", full)
        lock.acquire("now")
    with pytest.raises(InUse, match="another program"):
        WriterLock(path).acquire("now")


def replacing(lock, monkeypatch, times, *, leave=True):
    """Move the lock file away `times` times just before it is locked, and leave a new file if `leave`."""
    from fcntl import flock

    left = [times]

    def replaced(descriptor, operation):
        if left[0]:
            left[0] -= 1
            lock.path.rename(lock.path.with_name(f"old-{left[0]}"))
            if leave:
                lock.path.touch(0o600)
        return flock(descriptor, operation)

    monkeypatch.setattr("fcntl.flock", replaced)


@pytest.mark.parametrize("leave", [True, False])
def test_locking_is_repeated_if_the_lock_file_was_replaced(path, lock, monkeypatch, leave):
    with monkeypatch.context() as other:
        replacing(lock, other, 1, leave=leave)
        lock.acquire("now")
    assert lock.held
    with pytest.raises(InUse, match=str(os.getpid())):  # the new file is locked
        WriterLock(path).acquire("now")


def test_locking_fails_if_the_lock_file_keeps_being_replaced(path, lock, monkeypatch):
    with monkeypatch.context() as other:
        replacing(lock, other, 9)
        with pytest.raises(InUse, match="was replaced by another program"):
            lock.acquire("now")
    assert not lock.held
    WriterLock(path).acquire("now")


def test_a_symbolic_link_is_refused_as_lock_file(lock, tmp_path):
    mine = tmp_path / "mine"
    mine.write_text("dear to me")
    lock.path.symlink_to(mine)
    with pytest.raises(CannotWrite, match=r"archive\.json\.lock is a symbolic link"):
        lock.acquire("now")
    assert mine.read_text() == "dear to me"


def test_a_folder_that_cannot_hold_a_lock_file_is_reported(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(CannotWrite, match=r"The folder .*file cannot be written"):
        WriterLock(tmp_path / "file" / "archive.json").acquire("now")


def test_a_file_system_without_locks_is_reported(lock, monkeypatch):
    def missing(*_arguments):
        raise OSError(errno.ENOSYS, os.strerror(errno.ENOSYS))

    monkeypatch.setattr("fcntl.flock", missing)
    with pytest.raises(CannotWrite, match="has no file locks"):
        lock.acquire("now")
    assert not lock.held


def test_a_disk_error_while_locking_is_reported(lock, monkeypatch):
    def failing(*_arguments):
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    monkeypatch.setattr("fcntl.flock", failing)
    with pytest.raises(CannotWrite, match=r"archive\.json\.lock cannot be locked: Input/output error"):
        lock.acquire("now")
    assert not lock.held


def test_a_deleted_lock_file_is_locked_again_before_the_next_write(path, lock):
    lock.acquire("now")
    lock.path.unlink()
    lock.confirm()
    with pytest.raises(InUse, match=str(os.getpid())):
        WriterLock(path).acquire("later")


def test_a_holder_whose_lock_file_another_writer_replaced_must_not_write(path, lock):
    lock.acquire("now")
    lock.path.unlink()
    second = WriterLock(path)
    second.acquire("later")
    for _again in range(2):
        with pytest.raises(InUse, match="since later"):
            lock.confirm()
    second.release()
    lock.confirm()
    with pytest.raises(InUse, match="since now"):
        second.acquire("later")


def test_only_the_owner_can_open_a_newly_created_folder(tmp_path):
    lock = WriterLock(tmp_path / "new" / "archive.json")
    before = os.umask(0)
    try:
        lock.acquire("now")
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "new").stat().st_mode) == 0o700
    lock.release()
