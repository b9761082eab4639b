"""Output of the command line: clean text, exact data, aligned tables, and errors on one line."""

import io
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from archive.cli import run
from archive.cli._console import BLOCK, NARROWEST, WIDEST, Console
from archive.errors import ArchiveError, BadValue, CannotWrite, UsageError
from archive.text import cell_width


class Screen(io.StringIO):
    """A terminal that records its output."""

    def isatty(self) -> bool:
        return True


class FullDisk(io.StringIO):
    """A file on a full disk, with a real descriptor like a redirected stdout."""

    def __init__(self, file: io.IOBase, error: OSError) -> None:
        super().__init__()
        self._file, self._error = file, error

    def fileno(self) -> int:
        return self._file.fileno()

    def write(self, text: str) -> int:
        raise self._error

    def flush(self) -> None:
        raise self._error


@pytest.fixture
def full_disk(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Callable[..., None]]:
    """Return a function that makes stdout fail with an OSError."""
    with (tmp_path / "full").open("wb") as file:
        yield lambda *error: monkeypatch.setattr(sys, "stdout", FullDisk(file, OSError(*error)))


NO_SPACE = (28, "No space left on device")


def test_a_line_of_text_has_no_escapes(capsys: pytest.CaptureFixture[str], hostile: str) -> None:
    Console().line(hostile)
    out = capsys.readouterr().out
    assert out.endswith("\n")
    assert not any(ord(char) < 32 or 0x7F <= ord(char) < 0xA0 for char in out[:-1])


def test_data_for_a_pipe_is_exact(capsys: pytest.CaptureFixture[str]) -> None:
    Console().write("\x1b[2J\r\n\x9b")
    assert capsys.readouterr().out == "\x1b[2J\r\n\x9b"


def test_data_for_a_terminal_is_cleaned_except_for_line_breaks(monkeypatch: pytest.MonkeyPatch) -> None:
    screen = Screen()
    monkeypatch.setattr(sys, "stdout", screen)
    Console().write("a\x1b[2J\nb\x9b\n")
    assert screen.getvalue() == "a␛[2J\nb�\n"


def test_a_file_is_piped_unchanged_after_earlier_output(
    capfdbinary: pytest.CaptureFixture[bytes],
) -> None:
    console = Console()
    console.write("before\n")
    console.file([b"\0\xff", b"\r\n"], is_text=False)
    console.flush()
    assert capfdbinary.readouterr().out == b"before\n\0\xff\r\n"


def test_only_text_files_are_shown_on_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdout", screen := Screen())
    Console().file([b"Ann\x1b[31m\n", "王\n".encode()], is_text=True)
    assert screen.getvalue() == "Ann␛[31m\n王\n"
    with pytest.raises(UsageError, match="not text"):
        Console().file([b"\0"], is_text=False)


def test_a_lone_surrogate_is_escaped(capsys: pytest.CaptureFixture[str]) -> None:
    Console().write("\ud800")
    assert capsys.readouterr().out == "\\ud800"


def test_streams_are_utf_8_with_bare_line_feeds(monkeypatch: pytest.MonkeyPatch) -> None:
    bytes_out = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(bytes_out, encoding="latin-1", newline="\r\n"))
    console = Console()
    console.line("王 é")
    console.flush()
    assert bytes_out.getvalue() == "王 é\n".encode()


@pytest.mark.parametrize(
    ("text", "cells"), [("abc", 3), ("王建国", 6), ("é", 1), ("e\u0301", 1), ("ＡＢ", 4), ("a\u200bb", 2)]
)
def test_the_width_of_a_text_is_counted_in_cells(text: str, cells: int) -> None:
    assert cell_width(text) == cells


def test_columns_are_aligned_by_cells_and_numbers_to_the_right(capsys: pytest.CaptureFixture[str]) -> None:
    Console().table(["Name", "Sum"], [["王建国", "5"], ["Ann", "1,000"]], [False, True])
    assert capsys.readouterr().out.splitlines() == [
        "Name      Sum",
        "王建国      5",
        "Ann     1,000",
    ]


def test_a_single_long_text_does_not_widen_the_column(capsys: pytest.CaptureFixture[str]) -> None:
    Console().table(["A", "B"], [["x" * 900, "1"], ["y", "2"]])
    lines = capsys.readouterr().out.splitlines()
    assert lines[1] == "x" * 900 + "  1"
    assert lines[2] == "y" + " " * (WIDEST + 1) + "2"


@pytest.mark.parametrize("room", [20, 30, 80])
def test_a_table_fits_the_width_of_the_terminal(monkeypatch: pytest.MonkeyPatch, room: int) -> None:
    screen = Screen()
    monkeypatch.setattr(sys, "stdout", screen)
    monkeypatch.setenv("COLUMNS", str(room))
    Console().table(["Code", "Name"], [["C-1", "王建国" * 20], ["C-2", "ann" * 50], ["C-3", "Bo"]])
    lines = screen.getvalue().splitlines()
    assert {line[:6] for line in lines} == {"Code  ", "C-1   ", "C-2   ", "C-3   "}
    assert all(room - 1 <= cell_width(line) <= room and line[-1] == "…" for line in lines[1:3])
    assert lines[3] == "C-3   Bo"


def test_columns_stay_readable_on_a_tiny_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    screen = Screen()
    monkeypatch.setattr(sys, "stdout", screen)
    monkeypatch.setenv("COLUMNS", "5")
    Console().table(["A", "B"], [["x" * 9, "y" * 9]])
    assert screen.getvalue().splitlines()[1] == f"{'x' * (NARROWEST - 1)}…  {'y' * (NARROWEST - 1)}…"


def test_a_number_is_never_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    screen = Screen()
    monkeypatch.setattr(sys, "stdout", screen)
    monkeypatch.setenv("COLUMNS", "12")
    Console().table(["Sum", "Name"], [["1,234,567.89", "y" * 9]], [True, False])
    Console().table(["Sum"], [["1,234,567,890.12"]], [True])
    assert screen.getvalue().splitlines()[1::2] == ["1,234,567.89  yyyyy…", "1,234,567,890.12"]


def test_a_table_is_printed_block_by_block(capsys: pytest.CaptureFixture[str]) -> None:
    def rows() -> Iterator[list[str]]:
        yield from ([str(n)] for n in range(BLOCK))
        assert capsys.readouterr().out.count("\n") == BLOCK + 1
        yield ["the last"]

    Console().table(["N"], rows())
    assert capsys.readouterr().out == "the last\n"


def test_an_error_is_one_line_that_names_its_field(capsys: pytest.CaptureFixture[str]) -> None:
    error = BadValue("This cannot\nbe read: \x1b[2J", "Write another.")
    error.field = "on"
    Console().failed(error)
    assert capsys.readouterr().err == "archive: on: This cannot⏎be read: ␛[2J. Write another.\n"


def test_an_error_without_a_field_is_just_its_message(capsys: pytest.CaptureFixture[str]) -> None:
    Console().failed(BadValue("Not this."))
    Console().failed(ArchiveError("Nor that."))
    assert capsys.readouterr().err == "archive: Not this.\narchive: Nor that.\n"


@pytest.mark.parametrize("words", [["fields", "products"], ["--help"], ["check"]])
def test_a_full_disk_is_reported_with_its_code(
    full_disk: Callable[..., None], capsys: pytest.CaptureFixture[str], words: list[str]
) -> None:
    full_disk(*NO_SPACE)
    assert run(words) == 73
    assert (
        capsys.readouterr().err
        == "archive: The output cannot be written: No space left on device. Write to another disk or folder.\n"
    )


def test_a_failure_without_a_message_is_reported_by_its_type(full_disk: Callable[..., None]) -> None:
    full_disk()
    with pytest.raises(CannotWrite, match="The output cannot be written: OSError"):
        Console().flush()


def test_an_error_is_reported_even_if_stdout_is_full(
    full_disk: Callable[..., None], capsys: pytest.CaptureFixture[str]
) -> None:
    full_disk(*NO_SPACE)
    assert run(["list", "--bogus"]) == 2
    assert "unrecognized arguments: --bogus" in capsys.readouterr().err


def test_the_command_works_without_streams(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdout", None)
    monkeypatch.setattr(sys, "stderr", None)
    assert run(["check"]) == 73
    assert run(["list", "--bogus"]) == 2


def test_a_closed_pipe_ends_the_command_quietly(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "w") as gone:
        monkeypatch.setattr(sys, "stdout", gone)
        assert run(["fields"]) == 141
        gone.write("what is left goes nowhere")
    assert capsys.readouterr().err == ""
