"""Say that work takes long, once it has taken 300 ms, so that quick work does not flicker."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager

AFTER = 0.3  # seconds


class Busy:
    """The work under way. `show` receives the words for the oldest work that takes long, or "" for none."""

    def __init__(self, show: Callable[[str], None]) -> None:
        self._show = show
        self._long: dict[object, str] = {}

    @contextmanager
    def during(self, words: str) -> Iterator[None]:
        """Show the words while the block runs, from 300 ms after its start."""
        work = object()
        timer = asyncio.get_running_loop().call_later(AFTER, self._begin, work, words)
        try:
            yield
        finally:
            timer.cancel()
            self._end(work)

    def _begin(self, work: object, words: str) -> None:
        self._long[work] = words
        self._tell()

    def _end(self, work: object) -> None:
        if self._long.pop(work, ""):
            self._tell()

    def _tell(self) -> None:
        self._show(next(iter(self._long.values()), ""))
