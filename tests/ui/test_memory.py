"""A closed screen leaves nothing in memory, and leaving the program does not take longer the longer it ran."""

import sys

import pytest
from driving import driven, fill, people
from growth import ALLOWED, growth, openings, shown, slope, traced
from terminals import Terminal

from archive.model.customer import Customer
from archive.ui.housekeeping import Housekeeping
from archive.ui.places import PLACES
from archive.ui.screens.questions import PickScreen

WORST = ["tab 1"]
WAYS = openings()

# Writes at the very end how many objects the interpreter's own last collections have freed.
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


@pytest.fixture
def archived(path, settings):
    """An archive in which there is something to see on every screen, and the customer that the ways go by."""
    return fill(path, settings, [*people(), Customer(uid="c-bare", kind="person", full_name="Zoe Bare")])


@pytest.mark.parametrize("name", WORST)
async def test_opening_a_screen_again_costs_no_memory(archived, settings, name):
    with traced():
        async with driven(archived, settings, size=(120, 40)) as pilot:
            assert await growth(pilot, WAYS[name], 12, 24) <= ALLOWED


@pytest.mark.long
@pytest.mark.parametrize("name", WAYS)
async def test_opening_any_screen_again_costs_no_memory_in_many_tries(archived, settings, name):
    with traced():
        async with driven(archived, settings, size=(120, 40)) as pilot:
            assert await growth(pilot, WAYS[name]) <= ALLOWED


def test_a_leak_is_a_slope_and_a_cache_that_grows_once_is_none():
    assert slope([7 * opening for opening in range(31)]) == 7
    assert slope([0] * 20 + [90_000] * 11) == 0
    assert slope([0, 5, -5, 0, 5, -5, 0]) == 0


class Hoarded(PickScreen):
    """A screen that something lasting refers to."""

    def on_mount(self) -> None:
        HOARD.append(self)


HOARD: list[Hoarded] = []


async def test_the_measurement_sees_a_screen_that_is_kept(archived, settings):
    way = shown(lambda _archive: Hoarded("Go to", [(name, name) for name in PLACES]))
    with traced():
        async with driven(archived, settings) as pilot:
            assert await growth(pilot, way, 2, 6) > 10 * ALLOWED
    HOARD.clear()


async def test_the_measurement_sees_the_pictures_that_the_toolkit_keeps(archived, settings, monkeypatch):
    monkeypatch.setattr(Housekeeping, "screen_closed", lambda housekeeping: None)
    with traced():
        async with driven(archived, settings) as pilot:
            assert await growth(pilot, WAYS["help"], 2, 6) > 10 * ALLOWED


@pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo terminal")
def test_leaving_does_not_free_object_by_object_what_the_session_left(archived, tmp_path):
    told = tmp_path / "told"
    program = Terminal(["-c", COLLECTED_AT_THE_END, str(archived), str(told)])
    try:
        program.until("Marta Smith")
        program.type("?")
        program.until("Enter a purchase of the customer")
        program.type("qq")  # from the help, and from the program
        assert program.ended() == 0
    finally:
        program.close()
    assert set(told.read_text().split()) == {"0"}
