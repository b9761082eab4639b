"""A key that deletes, pressed twice."""

from __future__ import annotations

from collections.abc import Hashable

from archive.ui.key_queue import KeyQueue


class RepeatGuard:
    """Tells a key that was pressed twice from one that is meant twice.

    Deleting can bring something else under the cursor by itself: the list behind a closed file, or the customer after
    the last of their records. A second press right behind the first was aimed at what was there before.
    """

    def __init__(self, typed: KeyQueue) -> None:
        self._typed = typed
        self._last: tuple[int, Hashable] = (-1, None)

    def admits(self, target: Hashable) -> bool:
        """Whether a key may act: not on another target if the key before it acted on one."""
        number, last = self._last
        if self._typed.count == number + 1 and target != last:
            return False
        self._last = self._typed.count, target
        return True
