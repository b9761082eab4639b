"""Say that work takes long, once it has taken 300 ms, so that quick work does not flicker."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

AFTER = 0.3  # seconds


class Work:
    """Work under way. `show` receives its words after 300 ms, and "" at its end."""

    def __init__(self, words: str, show: Callable[[str], None]) -> None:
        self._show = show
        self._is_shown = False
        self._timer = asyncio.get_running_loop().call_later(AFTER, self._begin, words)

    def _begin(self, words: str) -> None:
        self._is_shown = True
        self._show(words)

    def end(self) -> None:
        """Stop showing the words; a second call does nothing."""
        self._timer.cancel()
        if self._is_shown:
            self._is_shown = False
            self._show("")
