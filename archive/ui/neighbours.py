"""The list a customer was opened from, for going to the next and previous customer."""

from __future__ import annotations

from collections.abc import Callable, Sequence


class Neighbours:
    """The position of a customer in a list, whose records may be deleted while the profile is open."""

    def __init__(self, uid: str, ids: Sequence[str]) -> None:
        self.uid, self.ids = uid, ids
        self._at = 0

    @property
    def index(self) -> int:
        """The customer's index in the list, or 0 if it is not in the list."""
        if not self._is_at(self._at):
            self._at = self.ids.index(self.uid) if self.uid in self.ids else 0
        return self._at

    def step(self, step: int, exists: Callable[[str], bool]) -> bool:
        """Go to the next existing customer in a direction. Return False if there is none."""
        ids, index = self.ids, self.index + step
        while 0 <= index < len(ids) and not exists(ids[index]):
            index += step
        if not (self._is_at(self._at) and 0 <= index < len(ids)):
            return False
        self.uid, self._at = ids[index], index
        return True

    def _is_at(self, index: int) -> bool:
        return index < len(self.ids) and self.ids[index] == self.uid
