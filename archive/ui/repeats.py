"""Guard against a delete key that is pressed twice by accident."""

from __future__ import annotations

from collections.abc import Hashable

from archive.ui.key_queue import KeyQueue


class RepeatGuard:
    """Distinguishes an accidental double press from two intended presses.

    After a deletion, something else may move under the cursor: the list behind a closed profile, or the customer after
    the last of their records. A second press immediately after the first was meant for the previous target.
    """

    def __init__(self, typed: KeyQueue) -> None:
        self._typed = typed
        self._last: tuple[int, Hashable] = (-1, None)

    def admits(self, target: Hashable) -> bool:
        """Return whether a key may act on a target: not if the preceding key acted on a different target."""
        number, last = self._last
        if self._typed.count == number + 1 and target != last:
            return False
        self._last = self._typed.count, target
        return True
