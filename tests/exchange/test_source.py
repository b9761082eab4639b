"""Test opening the source of an import, and refusing files by their first bytes."""

import errno
import os
import socket
import threading

import pytest
from adding import add_formats
from harm import failing

from archive.errors import ArchiveError, NotFound, NotOrdinary, UsageError
from archive.exchange.source import read_file, read_input

TABLE = "Name,Town\nAda,Köln\n".encode()


def test_a_file_and_a_named_pipe_are_read(tmp_path):
    (tmp_path / "a.csv").write_bytes(TABLE)
    assert read_file(tmp_path / "a.csv") == TABLE
    os.mkfifo(tmp_path / "fifo")
    writer = threading.Thread(target=(tmp_path / "fifo").write_bytes, args=(TABLE,))
    writer.start()
    assert read_file(tmp_path / "fifo") == TABLE
    writer.join()
    with pytest.raises(NotFound):
        read_file(tmp_path / "none.csv")


@pytest.mark.parametrize("data", [b"\0" * 70_000, bytes(range(1, 256)) * 300, b"PK\x03\x04" + b"x" * 70_000])
def test_other_file_types_are_refused_by_their_first_bytes(tmp_path, data):
    (tmp_path / "a.csv").write_bytes(data)
    with (tmp_path / "a.csv").open("ab") as file:
        file.truncate(1 << 40)  # a sparse file, too large to read
    with pytest.raises(ArchiveError, match=r"NUL|none of the formats|compressed"):
        read_file(tmp_path / "a.csv")


def test_a_character_split_by_the_end_of_the_sample_is_no_error(tmp_path):
    data = b"x" + "é".encode() * 40_000
    (tmp_path / "a.csv").write_bytes(data)
    assert read_file(tmp_path / "a.csv") == data


def test_a_specified_encoding_applies_to_the_sample(tmp_path):
    (tmp_path / "a.csv").write_bytes("Köln".encode("cp1252"))
    assert read_file(tmp_path / "a.csv", encoding="cp1252")
    with pytest.raises(ArchiveError, match="Byte 0xF6"):
        read_file(tmp_path / "a.csv")
    with pytest.raises(UsageError, match="no encoding klingon"):
        read_file(tmp_path / "a.csv", encoding="klingon")


def test_other_formats_are_left_to_their_readers(tmp_path, monkeypatch):
    add_formats(monkeypatch)
    (tmp_path / "a").write_bytes(b'{"name": "Ada"}\n')
    assert read_file(tmp_path / "a")
    with pytest.raises(ArchiveError, match="This is a JSON file"):
        read_file(tmp_path / "a", "csv")
    with pytest.raises(UsageError, match="no file format klingon"):
        read_file(tmp_path / "a", "klingon")


def test_standard_input_can_be_a_file_pipe_or_socket(tmp_path):
    (tmp_path / "a.csv").write_bytes(TABLE)
    with (tmp_path / "a.csv").open("rb") as file:
        assert read_input(file.fileno()) == TABLE
    reading, writing = os.pipe()
    os.write(writing, TABLE)
    os.close(writing)
    assert read_input(reading) == TABLE
    os.close(reading)
    one, other = socket.socketpair()
    with one, other:
        one.sendall(TABLE)
        one.shutdown(socket.SHUT_WR)
        assert read_input(other.fileno()) == TABLE


def test_input_from_a_terminal_is_refused():
    controller, terminal = os.openpty()
    with pytest.raises(UsageError, match="The input is a terminal"):
        read_input(terminal)
    os.close(controller)
    os.close(terminal)


@pytest.mark.parametrize(("name", "kind"), [("/dev/zero", "device"), ("/", "folder")])
def test_other_inputs_are_refused(name, kind):
    descriptor = os.open(name, os.O_RDONLY)
    with pytest.raises(NotOrdinary, match=f"stdin is a {kind}, not a regular file") as caught:
        read_input(descriptor)
    assert "archive import - < FILE" in caught.value.hint
    os.close(descriptor)


def test_an_unreadable_input_gets_an_error(tmp_path, monkeypatch):
    (tmp_path / "a.csv").write_bytes(TABLE)
    with (tmp_path / "a.csv").open("rb") as file:
        monkeypatch.setattr(os, "read", failing(errno.EIO))
        with pytest.raises(ArchiveError, match="stdin cannot be read"):
            read_input(file.fileno())
