"""One key after the other: what is typed ahead goes where it was meant to go.

Textual hands each key at once to whatever has the focus. A key that opens a line or a form takes effect a few messages
later, and the letters typed behind it would still reach the table, where they are commands. Here the next key waits
until the one before it has been through every widget up to the app, and until a new screen has its focus.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from time import monotonic

from textual.app import App
from textual.dom import DOMNode
from textual.events import Key
from textual.message_pump import MessagePump

PATIENCE = 0.5  # seconds after which a key that never came back is given up, or it would block the others
MOST_PATIENCE = 20  # times that, while the screen is busy
POLL = 0.005  # seconds between two looks
MOST_TURNS = 200  # looks before the program ends anyway


class KeyQueue:
    """Keys in the order they were typed; `deliver` is what the toolkit does with a key."""

    def __init__(self, app: App[None], deliver: Callable[[Key], Awaitable[None]]) -> None:
        self._app = app
        self._deliver = deliver
        self._keys: deque[Key] = deque()
        self._number = 0  # of the key that was delivered last
        self._under_way = False
        self._patience: asyncio.TimerHandle | None = None
        self._typed_at = monotonic()

    async def put(self, key: Key) -> None:
        """Take a key that was typed."""
        self._typed_at = monotonic()
        self._keys.append(key)
        if not self._under_way:
            await self._next()

    @property
    def is_idle(self) -> bool:
        """Whether every key that was typed has had its effect."""
        return not self._under_way

    def has_rested(self, seconds: float) -> bool:
        """Whether nothing was typed for so long."""
        return self.is_idle and monotonic() - self._typed_at >= seconds

    async def until_idle(self) -> None:
        """Wait until every key that was typed has had its effect, but not for ever."""
        for _turn in range(MOST_TURNS):
            if self.is_idle:
                return
            await asyncio.sleep(POLL)

    async def _next(self) -> None:
        self._under_way = bool(self._keys)
        if not self._keys:
            return
        self._number = number = self._number + 1
        key = self._keys.popleft()
        way = self._way_up()
        self._soon_give_up(number, MOST_PATIENCE)
        await self._deliver(key)
        self._follow(way, number)

    def _way_up(self) -> list[MessagePump]:
        """What a key passes: the widget with the focus, what it lies in, the screen, the app. And once more, for an
        action that runs at the end of the way sends its messages along the same way."""
        start: DOMNode = self._app.focused or self._app.screen
        return [*start.ancestors_with_self] * 2

    def _follow(self, way: list[MessagePump], number: int) -> None:
        """Queue up behind the key on each stage of its way; a stage that has gone is passed over."""
        while way:
            stage = way.pop(0)
            if stage.is_running and stage.call_later(self._follow, way, number):
                return
        self._app.call_later(self._settled, number)

    async def _settled(self, number: int) -> None:
        """Go on when the screen in front can be typed into and shows what the key has changed."""
        if number != self._number or not self._under_way:
            return
        if self._is_busy():
            # by a timer: a call that only queues up again would never let another one run
            self._app.set_timer(POLL, lambda: self._app.call_later(self._settled, number))
        else:
            await self._done(number)

    def _is_busy(self) -> bool:
        screen = self._app.screen
        is_opening = not screen.is_mounted or (screen.focused is None and bool(screen.focus_chain))
        return is_opening or getattr(screen, "is_working", False)

    def _soon_give_up(self, number: int, times: int) -> None:
        loop = asyncio.get_running_loop()
        self._patience = loop.call_later(PATIENCE, self._app.call_later, self._give_up, number, times)

    async def _give_up(self, number: int, times: int) -> None:
        """Go on without the key; a screen that is busy is given more time, for it may be a slow computer."""
        if times > 1 and number == self._number and self._is_busy():
            self._soon_give_up(number, times - 1)
        else:
            await self._done(number)

    async def _done(self, number: int) -> None:
        if number == self._number and self._under_way:
            if self._patience:
                self._patience.cancel()
            await self._next()
