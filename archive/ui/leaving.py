"""Leaving a screen exactly once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

from textual.await_complete import AwaitComplete
from textual.events import Event, Mount, Resize, ScreenResume
from textual.screen import Screen


class LeavesOnce:
    """Put before a screen class: dismiss the screen once, and only from the front.

    `dismiss` of Textual pops whatever screen is in front and fails if that is the last one. Two answers can reach a
    dialog before it is gone (two keys, a key and a click, a thread and a key), and a slow save can end while another
    screen is in front. Here the first result counts, and a screen in the background leaves when it comes back.
    """

    has_left = False
    """Whether the screen was dismissed, even if it is still on the stack."""
    _result: Any = None

    def dismiss(self, result: Any = None) -> AwaitComplete:
        """Leave the screen with a result."""
        if self.has_left:
            return AwaitComplete()
        self.has_left, self._result = True, result
        return self._leave()

    def _leave(self) -> AwaitComplete:
        screen = cast("Screen[Any]", super())
        is_in_front = cast("Screen[Any]", self).is_active
        return screen.dismiss(self._result) if is_in_front else AwaitComplete()

    def call_after_refresh(self, callback: Callable[..., Any], *args: Any, **kwargs: Any) -> bool:
        """Call once the screen is drawn, unless it has left by then."""

        def call_if_there() -> Any:
            return callback(*args, **kwargs) if self.is_there else None

        return cast("Screen[Any]", super()).call_after_refresh(call_if_there)

    async def on_event(self, event: Event) -> None:
        """Skip the events that begin or resume a screen that has left: it may have no widgets."""
        if self.is_there or not isinstance(event, Mount | Resize | ScreenResume):
            await cast("Screen[Any]", super()).on_event(event)
        elif self.has_left and isinstance(event, ScreenResume):
            self._leave()

    @property
    def is_there(self) -> bool:
        """Whether the screen is in use: neither it nor the program was left."""
        screen = cast("Screen[Any]", self)
        return not self.has_left and screen.is_attached and screen.app.is_running
