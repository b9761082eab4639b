"""Free memory while nobody types: between a key and its picture it would be felt."""

from __future__ import annotations

from textual.app import App

from archive.collector import search
from archive.ui.key_queue import KeyQueue
from archive.ui.style_cache import StyleCache

EVERY = 1.0  # seconds between two looks
REST = 2.0  # seconds without a key that count as a rest

# How many collections of younger objects make a full one due. 20 of them are ten screens opened and closed: 40 ms.
AT_REST, BETWEEN_KEYS, AT_ONCE = 10, 20, 60


class Housekeeping:
    """Collects garbage and drops old pictures, preferably at rest; `typed` tells when that is."""

    def __init__(self, app: App[None], typed: KeyQueue) -> None:
        self._typed = typed
        self._styles = StyleCache(app)
        self._rests = False

    def screen_closed(self) -> None:
        """Drop the pictures of the widgets that went with a screen."""
        self._styles.displace()

    def tidy_up(self) -> None:
        """Free what can be freed now without being noticed, and more if there is a lot of it."""
        rested_before, self._rests = self._rests, self._typed.has_rested(REST)
        if self._rests and not rested_before:
            self._styles.displace()
        search(self._due())

    def _due(self) -> int:
        if self._rests:
            return AT_REST
        return BETWEEN_KEYS if self._typed.is_idle else AT_ONCE
