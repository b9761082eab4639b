"""Output to a terminal that works, is blocked, or has been closed."""

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
MORE = "x" * 5000  # more than a terminal buffers


class Hangups(Ending):
    """An `Ending` that counts hang-ups without ending the program."""

    def __init__(self) -> None:
        super().__init__(None)  # type: ignore[arg-type]
        self.told = 0

    def hang_up(self) -> None:
        self.told += 1

    def begin(self) -> None:
        self._ending.set()


@pytest.fixture
def ending():
    return Hangups()


@pytest.fixture
def tty_pair():
    """A raw terminal: the user's end as a descriptor, the program's as a stream."""
    master, slave = pty.openpty()
    tty.setraw(slave)
    with open(slave, "w", encoding="utf-8") as stream:  # noqa: PTH123 - opened by descriptor
        yield master, stream


def read(master: int, size: int) -> bytes:
    found = b""
    while len(found) < size:
        found += os.read(master, 1 << 16)
    return found


def test_everything_is_written_in_order(tty_pair, ending):
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


def test_characters_outside_the_terminals_encoding_are_escaped(ending):
    master, slave = pty.openpty()
    tty.setraw(slave)
    with open(slave, "w", encoding="ascii", errors="backslashreplace") as stream:  # noqa: PTH123
        output = Output(stream, ending)
        output.write("客")
        assert read(master, 6) == rb"\u5ba2"
        output.close()
    os.close(master)


def test_a_closed_terminal_is_reported_once_and_blocks_nothing(tty_pair, ending):
    master, stream = tty_pair
    output = Output(stream, ending)
    os.close(master)
    for _piece in range(5 * MOST):
        output.write("x")
    output.close()
    assert ending.told == 1


def test_the_program_waits_for_a_slow_terminal_until_it_has_to_exit(tty_pair, ending):
    master, stream = tty_pair
    output = Output(stream, ending)
    written: list[int] = []

    def write() -> None:
        for number in range(4 * MOST):
            output.write(MORE)
            written.append(number)

    writer = Thread(target=write, daemon=True)
    writer.start()
    until(lambda: len(written) > MOST)  # the first texts are in the system's buffer
    assert writer.is_alive()
    ending.begin()
    writer.join(PATIENCE)
    assert len(written) == 4 * MOST
    output.close()
    assert not output.is_complete
    os.close(master)


def test_a_blocked_terminal_is_restored_on_exit(tty_pair, ending, monkeypatch):
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


def test_only_one_module_writes_to_the_terminal():
    """Any other writer would fail or block if the terminal is closed."""
    package = Path(__file__).parents[2] / "archive" / "ui"
    writers = [path.name for path in package.rglob("*.py") if "__stderr__" in path.read_text("utf-8")]
    assert writers == ["terminal.py"]
