"""Dismiss a screen exactly once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

from textual.await_complete import AwaitComplete
from textual.events import Event, Mount, Resize, ScreenResume
from textual.screen import Screen


class LeavesOnce:
    """Mixin for screens: dismiss the screen once, and only while it is in front.

    Textual's `dismiss` pops whatever screen is in front, and fails if that is the last one. But a dialog can receive
    two answers before it is gone (two keys, a key and a click, a thread and a key), and a slow save can finish while
    another screen is in front. Here the first result counts, and a screen in the background is dismissed when it is
    resumed.
    """

    has_left = False
    """Whether the screen was dismissed, even if it is still on the screen stack."""
    _result: Any = None

    def dismiss(self, result: Any = None) -> AwaitComplete:
        """Dismiss the screen with a result."""
        if self.has_left:
            return AwaitComplete()
        self.has_left, self._result = True, result
        return self._leave()

    def _leave(self) -> AwaitComplete:
        screen = cast("Screen[Any]", super())
        is_in_front = cast("Screen[Any]", self).is_active
        return screen.dismiss(self._result) if is_in_front else AwaitComplete()

    def call_after_refresh(self, callback: Callable[..., Any], *args: Any, **kwargs: Any) -> bool:
        """Call back after the screen is drawn, unless it has been dismissed in the meantime."""

        def call_if_there() -> Any:
            return callback(*args, **kwargs) if self.is_there else None

        return cast("Screen[Any]", super()).call_after_refresh(call_if_there)

    async def on_event(self, event: Event) -> None:
        """Ignore mount, resize and resume events on a dismissed screen, which may have no widgets."""
        if self.is_there or not isinstance(event, Mount | Resize | ScreenResume):
            await cast("Screen[Any]", super()).on_event(event)
        elif self.has_left and isinstance(event, ScreenResume):
            self._leave()

    @property
    def is_there(self) -> bool:
        """Whether the screen is in use: not dismissed, and the app is running and not about to end."""
        screen = cast("Screen[Any]", self)
        if self.has_left or not screen.is_attached:
            return False
        return screen.app.is_running and screen.app.return_code is None
