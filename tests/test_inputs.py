"""Reading other people's files and pipes: limited in size and time, refusing devices, sockets and folders."""

import errno
import os
import select
import socket
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from harm import failing

from archive import inputs
from archive.errors import ArchiveError, NotFound, NotOrdinary
from archive.inputs import open_to_read, read_bytes, read_open


@pytest.fixture
def pipe() -> Iterator[tuple[int, int]]:
    """Both ends of a pipe. A test may close the writing end."""
    reading, writing = os.pipe()
    yield reading, writing
    os.close(reading)
    if writing_is_open(writing):
        os.close(writing)


def writing_is_open(descriptor: int) -> bool:
    try:
        os.fstat(descriptor)
    except OSError:
        return False
    return True


def read_fifo(path: Path, on_wait: Callable[[float], None] = lambda silent: None) -> bytes:
    with open_to_read(path, pipes=True) as descriptor:
        return read_open(descriptor, path, on_wait=on_wait)


# Files


def test_a_file_is_read(tmp_path):
    (tmp_path / "a").write_bytes(b"\0abc")
    assert read_bytes(tmp_path / "a") == b"\0abc"
    (tmp_path / "large").write_bytes(b"xy" * 2_000_000)
    assert read_bytes(tmp_path / "large") == b"xy" * 2_000_000
    (tmp_path / "empty").touch()
    assert read_bytes(tmp_path / "empty") == b""


@pytest.mark.parametrize("name", ["none", "file/none"])
def test_a_missing_file_is_not_found(tmp_path, name):
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(NotFound, match="There is no file") as caught:
        read_bytes(tmp_path / name)
    assert caught.value.code == 66


def test_a_file_that_cannot_be_read_is_named_with_the_reason(tmp_path, monkeypatch):
    with pytest.raises(ArchiveError, match="cannot be read: it is a folder"):
        read_bytes(tmp_path)
    with pytest.raises(ArchiveError, match="it is not a valid file name"):
        read_bytes(tmp_path / "a\0b")
    (tmp_path / "loop").symlink_to("loop")
    with pytest.raises(ArchiveError, match="its symbolic links form a loop"):
        read_bytes(tmp_path / "loop")
    (tmp_path / "a").touch()
    monkeypatch.setattr(os, "open", failing(errno.EACCES))
    with pytest.raises(ArchiveError, match="permission was denied"):
        read_bytes(tmp_path / "a")


def test_devices_and_other_special_files_are_not_even_opened(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)  # the path of a socket is limited to about 100 bytes
    os.mkfifo("fifo")
    Path("zero").symlink_to("/dev/zero")
    with socket.socket(socket.AF_UNIX) as unix:
        unix.bind("door")
        monkeypatch.setattr(os, "open", failing(errno.EIO))
        for name, kind in (("fifo", "pipe"), ("zero", "device"), ("door", "socket")):
            with pytest.raises(NotOrdinary, match=f"{name} is a {kind}, not a regular file"):
                read_bytes(Path(name))


def test_a_file_replaced_just_before_opening_is_checked_again(tmp_path, monkeypatch):
    os.mkfifo(tmp_path / "a")
    (tmp_path / "file").touch()
    before = (tmp_path / "file").stat()
    monkeypatch.setattr(os, "stat", lambda path: before)
    with pytest.raises(NotOrdinary, match=r"is a pipe, not a regular file\. Choose a regular file\."):
        read_bytes(tmp_path / "a")


def test_links_are_followed_unless_forbidden(tmp_path):
    (tmp_path / "a").write_bytes(b"abc")
    (tmp_path / "link").symlink_to("a")
    assert read_bytes(tmp_path / "link") == b"abc"
    assert read_bytes(tmp_path / "a", follow=False) == b"abc"
    with pytest.raises(NotOrdinary, match="is a symbolic link, not a regular file"):
        read_bytes(tmp_path / "link", follow=False)


def test_a_file_that_is_too_large_is_refused_early(tmp_path, monkeypatch):
    with (tmp_path / "sparse").open("wb") as file:
        file.truncate(1 << 40)
    taken = []
    read = os.read
    monkeypatch.setattr(os, "read", lambda descriptor, most: taken.append(most) or read(descriptor, most))
    with pytest.raises(
        ArchiveError, match="at least 1,099,511,627,776 bytes, but at most 1,073,741,824 can be read"
    ):
        read_bytes(tmp_path / "sparse")
    assert taken == [inputs.HEAD]


def test_the_beginning_is_checked_before_the_rest_is_read(tmp_path):
    (tmp_path / "a").write_bytes(b"x" * 3_000_000)
    heads = []

    def check(head: bytes) -> None:
        heads.append(len(head))
        raise ArchiveError("No.")

    with open_to_read(tmp_path / "a") as descriptor:
        with pytest.raises(ArchiveError, match="No"):
            read_open(descriptor, "a", check=check)
        assert os.lseek(descriptor, 0, os.SEEK_CUR) == heads[0] == inputs.HEAD


def grow(path: Path) -> None:
    with path.open("ab") as file:
        file.write(b"more")


def rewrite(path: Path) -> None:
    path.write_bytes(path.read_bytes())
    os.utime(path, ns=(1, 1))


@pytest.mark.parametrize("change", [grow, lambda path: os.truncate(path, 10), rewrite])
def test_a_file_that_changes_while_it_is_read_is_refused(tmp_path, change):
    path = tmp_path / "a"
    path.write_bytes(b"x" * 3_000_000)
    left = [change]

    def on_wait(_silent: float) -> None:
        while left:
            left.pop()(path)

    with (
        open_to_read(path) as descriptor,
        pytest.raises(ArchiveError, match="changed while it was being read"),
    ):
        read_open(descriptor, path, on_wait=on_wait)


def test_reading_a_file_that_keeps_growing_stops(tmp_path):
    path = tmp_path / "a"
    path.write_bytes(b"x" * 100)
    turns = []

    def on_wait(_silent: float) -> None:
        turns.append(1)
        with path.open("ab") as file:
            file.write(b"x" * 2_000_000)

    with open_to_read(path) as descriptor, pytest.raises(ArchiveError, match="changed while"):
        read_open(descriptor, path, on_wait=on_wait)
    assert len(turns) == 1


def test_a_file_deleted_while_it_is_read_is_read_completely(tmp_path):
    path = tmp_path / "a"
    path.write_bytes(b"x" * 3_000_000)
    with open_to_read(path) as descriptor:
        assert (
            read_open(descriptor, path, on_wait=lambda silent: path.unlink(missing_ok=True))
            == b"x" * 3_000_000
        )


@pytest.mark.skipif(sys.platform != "linux", reason="needs /proc")
def test_a_file_in_proc_reports_no_size_and_is_read():
    assert b"Name:" in read_bytes(Path("/proc/self/status"))
    with pytest.raises(ArchiveError, match="too large"):
        read_bytes(Path("/proc/self/status"), most=10)


def test_a_file_that_delivers_nothing_is_given_up(tmp_path, monkeypatch):
    (tmp_path / "a").write_bytes(b"abc")
    monkeypatch.setattr(inputs, "_OF_FILES", 0.05)
    monkeypatch.setattr(inputs, "_is_ready", lambda descriptor: False)
    with pytest.raises(ArchiveError, match=r".*a delivered no data for 0 s"):
        read_bytes(tmp_path / "a")


def test_reading_continues_at_the_current_position(tmp_path):
    (tmp_path / "a").write_bytes(b"header\nrow\n")
    with open_to_read(tmp_path / "a") as descriptor:
        os.read(descriptor, 7)
        assert read_open(descriptor, "a") == b"row\n"


# Pipes


def test_a_pipe_is_read_until_it_is_closed(pipe):
    reading, writing = pipe
    data = b"x" * 300_000

    def write() -> None:
        left = memoryview(data)
        while left:
            left = left[os.write(writing, left) :]
        os.close(writing)

    writer = threading.Thread(target=write)
    writer.start()
    assert read_open(reading, "pipe") == data
    writer.join()


def test_a_pipe_that_is_closed_at_once_is_empty(pipe):
    os.close(pipe[1])
    assert read_open(pipe[0], "pipe") == b""


def test_an_endless_pipe_is_too_large(pipe):
    reading, writing = pipe
    os.write(writing, b"x" * 60_000)
    with pytest.raises(ArchiveError, match="pipe is too large: it has at least 60,000 bytes"):
        read_open(reading, "pipe", most=50_000)


def test_a_silent_pipe_is_given_up(pipe, monkeypatch):
    monkeypatch.setattr(inputs, "SILENCE", 0.3)
    os.write(pipe[1], b"a,b\n")
    silences: list[float] = []
    with pytest.raises(ArchiveError, match="pipe delivered no data for 0 s"):
        read_open(pipe[0], "pipe", on_wait=silences.append)
    assert silences[0] == 0  # data had just arrived
    assert sorted(silences) == silences
    assert silences[-1] > 0.3


def test_waiting_can_be_interrupted(pipe):
    def on_wait(_silent: float) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        read_open(pipe[0], "pipe", on_wait=on_wait)


def test_a_named_pipe_without_a_writer_is_given_up_early(tmp_path, monkeypatch):
    monkeypatch.setattr(inputs, "NOBODY", 0.2)
    os.mkfifo(tmp_path / "fifo")
    with pytest.raises(ArchiveError, match="fifo is a pipe, and no program writes to it"):
        read_fifo(tmp_path / "fifo")


def test_a_named_pipe_waits_for_its_writer(tmp_path):
    path = tmp_path / "fifo"
    os.mkfifo(path)
    started: list[threading.Thread] = []

    def on_wait(silent: float) -> None:
        if silent and not started:
            started.append(threading.Thread(target=path.write_bytes, args=(b"a,b\n",)))
            started[0].start()

    assert read_fifo(path, on_wait) == b"a,b\n"
    started[0].join()


def test_a_named_pipe_with_a_silent_writer_gets_more_time(tmp_path, monkeypatch):
    monkeypatch.setattr(inputs, "NOBODY", 0.0)
    monkeypatch.setattr(inputs, "SILENCE", 0.3)
    path = tmp_path / "fifo"
    os.mkfifo(path)
    descriptor = os.open(path, os.O_RDWR)  # a silent writer
    with pytest.raises(ArchiveError, match="delivered no data"):
        read_fifo(path)
    os.close(descriptor)


def test_data_written_during_the_search_for_a_writer_is_not_lost(tmp_path, monkeypatch):
    path = tmp_path / "fifo"
    os.mkfifo(path)
    monkeypatch.setattr(inputs, "NOBODY", -1.0)
    ready = iter([False])
    original = inputs._is_ready
    monkeypatch.setattr(
        inputs, "_is_ready", lambda descriptor: next(ready, None) is None and original(descriptor)
    )

    def write() -> None:
        path.write_bytes(b"a,b\n")

    with open_to_read(path, pipes=True) as descriptor:
        writer = threading.Thread(target=write)
        writer.start()
        writer.join()
        assert read_open(descriptor, path) == b"a,b\n"


def test_without_poll_the_read_itself_waits(pipe, monkeypatch):
    monkeypatch.delattr(select, "poll")
    os.write(pipe[1], b"a,b\n")
    os.close(pipe[1])
    assert read_open(pipe[0], "pipe") == b"a,b\n"
