"""Memory that a running app should have freed: closed screens, and its growth since the first measurement."""

from __future__ import annotations

import asyncio
import gc
import os
import weakref
from pathlib import Path
from typing import NamedTuple

from textual.app import App
from textual.messages import Prompt
from textual.screen import Screen

TURN = 0.001  # seconds that pending tasks have between two checks
# Closed screens that may still be in memory: tasks keep the screen that started them in a context variable of Textual.
DEAD_SCREENS = 6
WAITS = 40  # a busy machine closes screens later than keys arrive
MOST_GROWTH = 60 << 20  # bytes per session


class Measured(NamedTuple):
    """The kinds of the closed screens still in memory, and the growth in bytes."""

    dead: list[str]
    grown: int

    def faults(self) -> list[str]:
        """Describe what is above its limit."""
        faults = []
        if len(self.dead) > DEAD_SCREENS:
            faults.append(f"{len(self.dead)} closed screens are still in memory: {sorted(set(self.dead))}")
        if self.grown > MOST_GROWTH:
            faults.append(f"it grew by {self.grown >> 20} MB")
        return faults


class Leaks:
    """Measures an app; the screens of an earlier app do not count."""

    def __init__(self) -> None:
        self._former: weakref.WeakSet[Screen[object]] = weakref.WeakSet()
        self._started_with = 0

    def begin(self) -> None:
        """Begin with a new app."""
        self._former = weakref.WeakSet(_screens())

    async def measure(self, app: App[None]) -> Measured:
        """Measure once only a few closed screens are left, or none has been freed for a while."""
        for _wait in range(WAITS):
            dead = await self._dead(app)
            if len(dead) <= DEAD_SCREENS:
                break
        size = int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
        self._started_with = self._started_with or size
        return Measured([type(screen).__name__ for screen in dead], size - self._started_with)

    async def _dead(self, app: App[None]) -> list[Screen[object]]:
        _release_last_messages(app)
        for _turn in range(20):
            await asyncio.sleep(TURN)
        gc.collect()
        shown = {id(screen) for stack in app._screen_stacks.values() for screen in stack}
        return [screen for screen in _screens() if id(screen) not in shown and screen not in self._former]


def _screens() -> list[Screen[object]]:
    """List all screens in memory."""
    return [screen for screen in gc.get_objects() if isinstance(screen, Screen)]


def _release_last_messages(app: App[None]) -> None:
    """Send every widget a message from the app: an idle widget keeps its last message and thus a closed screen."""
    for stack in app._screen_stacks.values():
        for screen in stack:
            for node in screen.walk_children(with_self=True):
                for widget in (node, *node._get_virtual_dom()):
                    widget.post_message(Prompt())
