"""Deliver keys and pastes one at a time, so that type-ahead reaches the intended widget.

Textual passes each key immediately to the focused widget. But a key that opens an input or a form takes effect a few
messages later, so the letters typed after it would still reach the table, where they are commands. Here, the next key
waits until the previous key has passed every widget up to the app, and until the screen in front is ready for it.

A screen delays keys with `is_working`; `is_urgent(typed)` exempts a key from that.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from time import monotonic

from textual.app import App
from textual.dom import DOMNode
from textual.events import Key, Paste
from textual.message_pump import MessagePump
from textual.screen import Screen
from textual.widget import Widget

LOOK = 0.5  # seconds between two checks of a key that has not arrived
LOOKS = 20  # checks before a key is given up, as it would block all others forever
POLL = 0.005  # seconds between two checks of a screen that is not ready
PASSES = 3  # key to app, the action's message to the screen, the screen's message to the app
MOST_TURNS = 200  # checks before the program exits with keys still queued

Typed = Key | Paste
Front = tuple[Screen[object] | None, Widget | None]  # the screen that receives keys, and its focused widget

GIVE_UPS: deque[str] = deque(maxlen=100)
"""Keys that were given up, newest last. Each is a bug: tests fail on it, but the program continues."""


class KeyQueue:
    """A queue of keys and pastes in the order they were typed; `deliver` passes a key on to Textual."""

    def __init__(self, app: App[None], deliver: Callable[[Typed], Awaitable[None]]) -> None:
        self._app = app
        self._deliver = deliver
        self.count = 0  # number of keys and pastes delivered so far
        self._waiting: deque[Typed] = deque()
        self._under_way = False
        self._turn = 0  # incremented to invalidate callbacks of earlier turns
        self._way: deque[MessagePump] = deque()  # message pumps the key has yet to pass
        self._stage: MessagePump = app  # message pump the key is at
        self._origin: Front = (None, None)  # screen and focused widget when the key was delivered
        self._check: asyncio.TimerHandle | None = None
        self._typed_at = monotonic()

    async def put(self, typed: Typed) -> None:
        """Add a key or paste from the terminal."""
        self._typed_at = monotonic()
        self._app.app_focus = True  # even if the terminal last reported that it lost the focus
        self._waiting.append(typed)
        if not self._under_way:
            self._under_way = True
            await self._take_turn()

    @property
    def is_idle(self) -> bool:
        """Whether every key has taken effect."""
        return not self._under_way

    def has_rested(self, seconds: float) -> bool:
        """Return whether nothing was typed for this long."""
        return self.is_idle and monotonic() - self._typed_at >= seconds

    async def until_idle(self) -> None:
        """Wait until every key has taken effect, for at most `MOST_TURNS` checks."""
        for _turn in range(MOST_TURNS):
            if self.is_idle:
                return
            await asyncio.sleep(POLL)

    # Next key

    async def _take_turn(self) -> None:
        """Deliver the next key as soon as the screen in front is ready."""
        self._turn += 1
        self._stage = self._app
        self._look_later(self._turn, LOOKS)
        await self._deliver_when_ready(self._turn)

    async def _deliver_when_ready(self, turn: int) -> None:
        if turn != self._turn:
            return
        if self._is_ready():
            await self._deliver_next()
        else:  # use a timer, because a call that requeues itself would starve other messages
            self._call_in(POLL, self._deliver_when_ready, turn)

    async def _deliver_next(self) -> None:
        if not self._waiting:
            self._rest()
            return
        self.count += 1
        turn, self._origin, self._way = self._turn, self._front(), self._way_up()
        await self._deliver(self._waiting.popleft())
        self._follow(turn)

    def _rest(self) -> None:
        self._under_way = False
        self._stage, self._origin = self._app, (None, None)
        self._way.clear()
        if self._check:
            self._check.cancel()

    # Following a key

    def _front(self) -> Front:
        """Return the screen in front and its focused widget; both None if no screen is left during shutdown."""
        return (self._app.screen, self._app.focused) if self._app.screen_stack else (None, None)

    def _way_up(self) -> deque[MessagePump]:
        """Return the message pumps a key passes: the focused widget, its ancestors, the screen, the app.

        They are repeated `PASSES` times, because the action triggered by the key sends a message along the same path,
        and that may send another.
        """
        screen, focused = self._front()
        start: DOMNode = focused or screen or self._app
        return deque([*start.ancestors_with_self] * PASSES)

    def _follow(self, turn: int) -> None:
        """Queue a callback behind the key at each message pump on its way; skip removed widgets."""
        if turn != self._turn:
            return
        while self._way:
            self._stage = self._way.popleft()
            if self._stage.is_running and self._stage.call_later(self._follow, turn):
                return
        self._stage = self._app
        self._app.call_later(self._arrived, turn)

    async def _arrived(self, turn: int) -> None:
        """Start the next turn. If the screen has changed, first follow the messages of the new screen.

        The result of a dialog is still on its way to the screen below, which may open the next dialog.
        """
        if turn != self._turn:
            return
        front = self._front()
        if front == self._origin:
            await self._take_turn()
        else:
            self._origin, self._way = front, self._way_up()
            self._follow(turn)

    # Readiness

    def _is_ready(self) -> bool:
        """Return whether the screen in front can take the next key."""
        screen, focused = self._front()
        if screen is None:
            return True
        if not screen.is_mounted or (getattr(screen, "is_working", False) and not self._is_urgent(screen)):
            return False
        if focused is None:
            _focus_first(screen)
        return True

    def _is_urgent(self, screen: Screen[object]) -> bool:
        ask: Callable[[Typed], bool] | None = getattr(screen, "is_urgent", None)
        return ask is not None and bool(self._waiting) and ask(self._waiting[0])

    # Giving up

    def _look_later(self, turn: int, looks: int) -> None:
        if self._check:
            self._check.cancel()
        self._check = self._call_in(LOOK, self._look, turn, looks)

    async def _look(self, turn: int, looks: int) -> None:
        """Check on a key that has not arrived.

        If its widget was removed, continue from there. After the last check, continue without the key. While an action
        blocks the app no checks run, so a slow disk does not cause a key to be given up.
        """
        if turn != self._turn or not self._under_way:
            return
        if not self._stage.is_running:
            self._follow(turn)
        if looks > 1:
            self._look_later(turn, looks - 1)
        else:
            GIVE_UPS.append(f"{type(self._front()[0]).__name__}, at {type(self._stage).__name__}")
            self._turn += 1
            self._look_later(self._turn, LOOKS)
            await self._deliver_next()

    def _call_in(
        self, seconds: float, call: Callable[..., Awaitable[None]], *arguments: int
    ) -> asyncio.TimerHandle:
        """Call a coroutine function from the app's message queue after a delay."""
        return asyncio.get_running_loop().call_later(seconds, self._app.call_later, call, *arguments)


def _focus_first(screen: Screen[object]) -> None:
    """Focus the screen's default widget. Without a focus, for example if its widget was hidden, keys do nothing."""
    chain = screen.focus_chain
    preferred = [widget for widget in screen.query(screen.AUTO_FOCUS or "*") if widget in chain]
    if chain:
        screen.set_focus((preferred or chain)[0])
