"""Drop cached styles of widgets that no longer exist, which Textual's style cache keeps alive.

Textual caches two background styles for each widget it draws in an `lru_cache` of 1,024 entries. The key is the object
that holds every line the widget has drawn, so closing a screen frees its widgets but not their lines: 590 kB for each
opening of a long report (Textual issue 6665, open as of 8.2.8). No public call clears that cache. But new entries evict
old ones, and an entry for a widget that draws nothing costs 20 microseconds and keeps nothing alive.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from itertools import count

from textual.app import App
from textual.color import Color
from textual.filter import LineFilter
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

ENTRIES = 1024  # size of Textual's cache
SLICE = 64  # entries evicted per slice: 1 ms
_CELL = Region(0, 0, 1, 1)


class _Drawn(Exception):
    """Stops the drawing once the cache entry exists."""


class _Blank(Widget):
    """Has a different background each time it is drawn, and stops before drawing anything."""

    def __init__(self) -> None:
        super().__init__()
        self._numbers = count()

    @property
    def background_colors(self) -> tuple[Color, Color]:
        number = next(self._numbers)
        color = Color(number >> 16 & 255, number >> 8 & 255, number & 255)
        return color, color

    @property
    def region(self) -> Region:
        return _CELL

    @property
    def content_region(self) -> Region:
        return _CELL

    @property
    def opacity(self) -> float:
        return 1.0

    def get_line_filters(self) -> Sequence[LineFilter]:
        return ()

    def render_line(self, y: int) -> Strip:
        raise _Drawn


class StyleCache:
    """Evicts the entries of Textual's style cache, in slices, so that keys and rendering are not delayed."""

    def __init__(self, app: App[None]) -> None:
        self._app = app
        self._blank: _Blank | None = None
        self._to_evict = 0  # entries still to evict

    def displace(self) -> None:
        """Start to evict all current entries."""
        under_way, self._to_evict = self._to_evict > 0, ENTRIES
        if not under_way:
            self._app.call_later(self._displace_some)

    def _displace_some(self) -> None:
        self._blank = self._blank or _Blank()
        for _entry in range(SLICE):
            with suppress(_Drawn):
                self._blank.render_lines(_CELL)
        self._to_evict -= SLICE
        if self._to_evict > 0:
            self._app.call_later(self._displace_some)
