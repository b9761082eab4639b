"""Screens that were closed leave nothing in memory."""

import gc
import weakref
from contextlib import suppress

import pytest
from driving import driven, press, until
from ways import WAYS, come

OFTEN = 50


class Watched:
    """Widgets by weak references."""

    def __init__(self):
        self.references = []

    def add(self, screen):
        self.references += [weakref.ref(widget) for widget in [screen, *screen.query("*")]]

    def alive(self):
        gc.collect()
        return [repr(found) for reference in self.references if (found := reference()) is not None]


async def open_and_close(pilot, watched, name):
    """Come to a screen and leave it, and whatever lies between, with escape."""
    screen, way = WAYS[name]
    await come(pilot, way)
    assert isinstance(pilot.app.screen, screen)
    while len(pilot.app.screen_stack) > 1:
        watched.add(pilot.app.screen)
        await press(pilot, "escape")
    assert watched.references


async def let_go(pilot):
    """What was in front last is kept until something else is."""
    await press(pilot, "ctrl+g", "c", "j", "k", "question_mark", "escape", "j")


async def all_gone(pilot, watched):
    """Whether they go, also those that a message under way, or a timer that ends soon, has yet."""
    with suppress(AssertionError):
        await until(pilot, lambda: not watched.alive())
    return watched.alive()


async def test_closed_screens_leave_nothing_in_memory(bare, settings):
    watched = Watched()
    async with driven(bare, settings) as pilot:
        for name in WAYS:
            await press(pilot, "ctrl+g", "c")
            await open_and_close(pilot, watched, name)
        await let_go(pilot)
        assert await all_gone(pilot, watched) == []


@pytest.mark.long
@pytest.mark.parametrize("name", WAYS)
async def test_a_screen_that_is_opened_often_leaves_nothing_in_memory(bare, settings, name):
    watched = Watched()
    async with driven(bare, settings) as pilot:
        for _time in range(OFTEN):
            await open_and_close(pilot, watched, name)
        await let_go(pilot)
        assert await all_gone(pilot, watched) == []
