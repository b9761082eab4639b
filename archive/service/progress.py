"""Progress of long work in a thread, and a way to stop it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TypeVar

T = TypeVar("T")


class Stopped(Exception):
    """The user stopped the work."""


class Progress:
    """How far the work has come. The worker calls `over`; any other thread may read `share` and call `stop`."""

    def __init__(self) -> None:
        self._done, self._total = 0, 0
        self._is_stopped = False

    @property
    def share(self) -> float:
        """The part that is done, from 0 to 1."""
        return self._done / self._total if self._total else 0.0

    def stop(self) -> None:
        """Make the worker stop at its next step."""
        self._is_stopped = True

    def over(self, items: Iterable[T], total: int) -> Iterator[T]:
        """Yield the items and count them; raise Stopped once the work was stopped."""
        self._done, self._total = 0, total
        for item in items:
            if self._is_stopped:
                raise Stopped
            yield item
            self._done += 1
