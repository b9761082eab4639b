"""`FileBytes` reads a large file like `bytes`, and raises an error once another program has changed it."""

import errno
import os
import shutil

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from archive.errors import ArchiveError, ForeignChange
from archive.store import mmap_file
from archive.store.mmap_file import FileBytes, map_file, windows

WINDOW = 16
texts = st.binary(max_size=90).map(lambda raw: bytes(b"ab\n"[byte % 3] for byte in raw))
places = st.integers(0, 100)


@pytest.fixture(autouse=True)
def small_windows(monkeypatch):
    monkeypatch.setattr(mmap_file, "_WINDOW", WINDOW)
    monkeypatch.setattr(mmap_file, "SMALL", 0)


@pytest.fixture
def file(tmp_path):
    """Return a function that writes bytes to a file and opens it as a large file."""

    def opened(data: bytes) -> FileBytes:
        path = tmp_path / "large"
        path.write_bytes(data)
        found = map_file(path)
        assert isinstance(found, FileBytes)
        return found

    return opened


@pytest.fixture(params=[True, False], ids=["pread", "seek"])
def reading(request, monkeypatch):
    """Read with pread, and with seek and read for systems without it."""
    if not request.param:
        monkeypatch.setattr(mmap_file, "_read_at", mmap_file._read_by_seeking)


def large(data: bytes) -> FileBytes:
    """Open the bytes in an anonymous file, for property tests, which cannot use the `file` fixture."""
    descriptor = os.memfd_create("large")
    os.write(descriptor, data)
    return FileBytes(descriptor, None)


needs_memfd = pytest.mark.skipif(not hasattr(os, "memfd_create"), reason="memfd_create exists only on Linux")


@needs_memfd
@given(texts, st.lists(st.tuples(places, places), max_size=8))
def test_slices_equal_slices_of_bytes(data, cuts):
    found = large(data)
    assert (len(found), bytes(found)) == (len(data), data)
    for start, stop in cuts:
        assert found[start:stop] == data[start:stop]
        assert found[-start:] == data[-start:]
        assert found[stop : stop + 3] == data[stop : stop + 3]


@needs_memfd
@given(texts, texts.filter(bool), st.lists(st.tuples(places, places), max_size=4))
def test_find_and_rfind_agree_with_bytes(data, other, limits):
    found = large(data)
    for wanted in (b"a", b"\n", b"ab", b"ba\n", other, data[5 : 5 + WINDOW * 2] or b"a"):
        assert found.find(wanted) == data.find(wanted)
        assert found.rfind(wanted) == data.rfind(wanted)
        for start, end in limits:
            assert found.find(wanted, start, end) == data.find(wanted, start, end)
            assert found.rfind(wanted, start, end) == data.rfind(wanted, start, end)


@needs_memfd
@example(b"ab" * WINDOW + b"\na\n" * WINDOW, 0, 100)  # a line longer than a window
@given(texts, places, places)
def test_windows_end_at_line_ends_and_cover_the_whole_range(data, start, end):
    end = min(end, len(data))
    found = list(windows(large(data), start, end))
    assert b"".join(piece for _place, piece in found) == data[start:end]
    assert all(piece.endswith(b"\n") for _place, piece in found[:-1])
    assert all(data[place : place + len(piece)] == piece for place, piece in found)


def test_short_reads_are_completed(file, monkeypatch):
    found = file(b"0123456789" * 10)
    read = mmap_file._read_at
    monkeypatch.setattr(mmap_file, "_read_at", lambda fd, size, start: read(fd, min(size, 3), start))
    assert found[5:15] == b"5678901234"


def test_sequential_reads_read_ahead(file, monkeypatch):
    found = file(b"0123456789" * 10)
    asked = []
    read = mmap_file._read_at
    monkeypatch.setattr(
        mmap_file, "_read_at", lambda fd, size, start: asked.append(size) or read(fd, size, start)
    )
    assert [found[place : place + 2] for place in range(0, 12, 2)] == [
        b"01",
        b"23",
        b"45",
        b"67",
        b"89",
        b"01",
    ]
    assert asked == [2, WINDOW]


@pytest.mark.usefixtures("reading")
@pytest.mark.parametrize("size", [0, 5, 99])
def test_a_truncated_file_is_reported_as_changed(file, tmp_path, size):
    found = file(b"0123456789" * 10)
    os.truncate(tmp_path / "large", size)
    with pytest.raises(ForeignChange, match="large was changed by another program while it was open here"):
        found[90:100]


@pytest.mark.usefixtures("reading")
def test_an_overwritten_file_of_the_same_size_is_reported_as_changed(file, tmp_path):
    found = file(b"0123456789" * 10)
    other = tmp_path / "other"
    other.write_bytes(b"x" * 100)
    os.utime(other, ns=(1, 1))
    shutil.copyfile(other, tmp_path / "large")
    with pytest.raises(ForeignChange):
        found.find(b"x")


def test_a_replaced_or_deleted_file_can_still_be_read(file, tmp_path):
    found = file(b"0123456789" * 10)
    (tmp_path / "new").write_bytes(b"x")
    (tmp_path / "new").replace(tmp_path / "large")
    assert found[95:] == b"56789"
    (tmp_path / "large").unlink()
    assert found[:3] == b"012"


def test_a_read_error_of_the_disk_is_reported(file, monkeypatch):
    found = file(b"0123456789" * 10)

    def failing(*_arguments):
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    monkeypatch.setattr(mmap_file, "_read_at", failing)
    with pytest.raises(ArchiveError, match="large cannot be read: Input/output error"):
        found[:3]


def test_the_file_is_closed_when_its_bytes_are_garbage_collected(file):
    found = file(b"0123456789" * 10)
    descriptor = found._descriptor
    del found
    with pytest.raises(OSError, match="Bad file descriptor"):
        os.fstat(descriptor)
