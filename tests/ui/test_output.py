"""Output to a terminal that is there, that takes nothing, or that is gone."""

import os
import sys
import time
from pathlib import Path
from threading import Thread

import pytest

if sys.platform == "win32":
    pytest.skip("needs the terminals of Unix", allow_module_level=True)

import pty
import tty

from archive.ui.signals import Ending
from archive.ui.terminal import MOST, RESTORE, Output, Terminal

PATIENCE = 30.0
MORE = "x" * 5000  # than a terminal takes before somebody reads


class Hangups(Ending):
    """An end that is told of and does not come."""

    def __init__(self) -> None:
        super().__init__(None)  # type: ignore[arg-type]
        self.told = 0

    def hang_up(self) -> None:
        self.told += 1

    def begin(self) -> None:
        self._begun.set()


@pytest.fixture
def ending():
    return Hangups()


@pytest.fixture
def tty_pair():
    """A raw terminal: the end a person sees, and the program's as a stream."""
    master, slave = pty.openpty()
    tty.setraw(slave)
    with open(slave, "w", encoding="utf-8") as stream:  # noqa: PTH123 - a descriptor
        yield master, stream


def read(master: int, size: int) -> bytes:
    found = b""
    while len(found) < size:
        found += os.read(master, 1 << 16)
    return found


def test_all_is_written_in_order(tty_pair, ending):
    master, stream = tty_pair
    output = Output(stream, ending)
    texts = [f"{n} 客户\n" for n in range(3 * MOST)]
    for text in texts:
        output.write(text)
    whole = "".join(texts).encode()
    assert read(master, len(whole)) == whole
    output.close()
    assert output.is_complete
    os.close(master)


def test_what_the_encoding_of_the_terminal_cannot_write_is_no_error(ending):
    master, slave = pty.openpty()
    tty.setraw(slave)
    with open(slave, "w", encoding="ascii", errors="backslashreplace") as stream:  # noqa: PTH123
        output = Output(stream, ending)
        output.write("客")
        assert read(master, 6) == rb"\u5ba2"
        output.close()
    os.close(master)


def test_a_terminal_that_is_gone_is_reported_once_and_holds_nobody_up(tty_pair, ending):
    master, stream = tty_pair
    output = Output(stream, ending)
    os.close(master)
    for _piece in range(5 * MOST):
        output.write("x")
    output.close()
    assert ending.told == 1


def test_the_program_waits_for_a_slow_terminal_until_it_has_to_end(tty_pair, ending):
    master, stream = tty_pair
    output = Output(stream, ending)
    written: list[int] = []

    def write() -> None:
        for number in range(4 * MOST):
            output.write(MORE)
            written.append(number)

    writer = Thread(target=write, daemon=True)
    writer.start()
    until(lambda: len(written) > MOST)  # the first ones are with the system
    assert writer.is_alive()
    ending.begin()
    writer.join(PATIENCE)
    assert len(written) == 4 * MOST
    output.close()
    assert not output.is_complete
    os.close(master)


def test_a_blocked_terminal_is_given_back_in_the_end(tty_pair, ending, monkeypatch):
    master, stream = tty_pair
    monkeypatch.setattr("sys.__stderr__", stream)
    driver = Terminal.__new__(Terminal)
    driver.fileno, driver.attrs_before = stream.fileno(), None
    driver._output, driver._is_restored = Output(stream, ending), False
    output = driver._output
    for _piece in range(MOST):
        output.write(MORE)
    ending.begin()
    output.close()
    driver.restore()
    driver.restore()
    seen = b""
    while not seen.endswith(RESTORE):
        seen += os.read(master, 1 << 16)
    assert len(seen) < MOST * len(MORE)
    assert seen.count(RESTORE) == 1
    os.close(master)


def until(condition) -> None:
    end = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.001)


def test_only_the_screens_of_this_package_write_to_the_terminal():
    """Whatever else did would fail, or wait, when the terminal is gone."""
    package = Path(__file__).parents[2] / "archive" / "ui"
    writers = [path.name for path in package.rglob("*.py") if "__stderr__" in path.read_text("utf-8")]
    assert writers == ["terminal.py"]
