"""Free memory while the user is not typing, because a pause between a key and its effect is noticeable."""

from __future__ import annotations

from textual.app import App

from archive.collector import search
from archive.ui.key_queue import KeyQueue
from archive.ui.style_cache import StyleCache

EVERY = 1.0  # seconds between two checks
REST = 2.0  # seconds without a key that count as idle

# Number of younger collections that trigger a full collection. 20 correspond to opening and closing ten screens: 40 ms.
AT_REST, BETWEEN_KEYS, AT_ONCE = 10, 20, 60


class Housekeeping:
    """Runs the garbage collector and drops cached styles, preferably while the user is idle according to `typed`."""

    def __init__(self, app: App[None], typed: KeyQueue) -> None:
        self._typed = typed
        self._styles = StyleCache(app)
        self._rests = False

    def screen_closed(self) -> None:
        """Drop the cached styles of the widgets of a closed screen."""
        self._styles.displace()

    def tidy_up(self) -> None:
        """Free what can be freed without a noticeable pause, and more if much is pending."""
        rested_before, self._rests = self._rests, self._typed.has_rested(REST)
        if self._rests and not rested_before:
            self._styles.displace()
        search(self._due())

    def _due(self) -> int:
        if self._rests:
            return AT_REST
        return BETWEEN_KEYS if self._typed.is_idle else AT_ONCE
