"""Closed screens leak no memory, and exiting takes no longer after a long session."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from driving import driven, fill, people
from growth import ALLOWED, FIRST, LAST, growth, openings, shown, slope, traced
from terminals import Terminal

from archive.ui.housekeeping import Housekeeping
from archive.ui.navigation import PLACES
from archive.ui.screens.dialogs import PickScreen

MEASURED = Path(__file__).with_name("measured_growth.py")
LONGEST = 1800  # seconds, on a busy machine
WORST = ["tab 1"]
WAYS = openings()

# Writes how many objects the interpreter's final collections freed.
COLLECTED_AT_THE_END = """
import atexit, gc, sys
from archive.__main__ import main

told = open(sys.argv.pop(), "w", buffering=1)

def tell(phase, info):
    if phase == "stop":
        print(info["collected"], file=told)

atexit.register(lambda: gc.callbacks.append(tell))
main()
"""


def measured(name: str, first: int = FIRST, last: int = LAST) -> subprocess.CompletedProcess[str]:
    """Measure a screen in a separate process."""
    command = [sys.executable, "-m", "pytest", "-n0", "-p", "no:cacheprovider", str(MEASURED)]
    return subprocess.run(
        command,
        cwd=MEASURED.parents[2],
        env={**os.environ, "OPENED": f"{name}|{first}|{last}"},
        capture_output=True,
        text=True,
        timeout=LONGEST,
        check=False,
    )


@pytest.mark.parametrize("name", WORST)
def test_opening_a_screen_again_leaks_no_memory(name):
    done = measured(name, 12, 24)
    assert done.returncode == 0, done.stdout


@pytest.mark.long
@pytest.mark.parametrize("name", WAYS)
def test_opening_any_screen_many_times_leaks_no_memory(name):
    done = measured(name)
    assert done.returncode == 0, done.stdout


@pytest.fixture
def archived(path, settings):
    """An archive in which every screen has something to show."""
    return fill(path, settings, people())


def test_a_leak_has_a_slope_but_a_cache_that_grows_once_has_none():
    assert slope([7 * opening for opening in range(31)]) == 7
    assert slope([0] * 20 + [90_000] * 11) == 0
    assert slope([0, 5, -5, 0, 5, -5, 0]) == 0


class Hoarded(PickScreen):
    """A screen that is leaked through a global list."""

    def on_mount(self) -> None:
        HOARD.append(self)


HOARD: list[Hoarded] = []


async def test_the_measurement_finds_a_leaked_screen(archived, settings):
    way = shown(lambda _archive: Hoarded("Go to", [(name, name) for name in PLACES]))
    with traced():
        async with driven(archived, settings) as pilot:
            assert await growth(pilot, way, 2, 6) > 10 * ALLOWED
    HOARD.clear()


async def test_the_measurement_finds_the_drawings_cached_by_the_toolkit(archived, settings, monkeypatch):
    monkeypatch.setattr(Housekeeping, "screen_closed", lambda housekeeping: None)
    with traced():
        async with driven(archived, settings) as pilot:
            assert await growth(pilot, WAYS["help"], 2, 6) > 10 * ALLOWED


@pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo terminal")
def test_exiting_does_not_free_the_objects_of_the_session_one_by_one(archived, tmp_path):
    told = tmp_path / "told"
    program = Terminal(["-c", COLLECTED_AT_THE_END, str(archived), str(told)])
    try:
        program.until("Marta Smith")
        program.type("?")
        program.until("Add a purchase in one line")
        program.type("qq")  # leave the help, then the program
        assert program.ended() == 0
    finally:
        program.close()
    assert set(told.read_text().split()) == {"0"}
