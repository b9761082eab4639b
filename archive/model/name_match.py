"""Rank names for a search: names starting with the text first, then names with a word starting with it."""

from __future__ import annotations

import re
from enum import IntEnum

from archive.text import fold


class Fit(IntEnum):
    """How well a name matches, best first."""

    EXACT = 0
    BEGINS = 1
    """The name begins with the text."""
    WORDS = 2
    """Each word of the text begins a word of the name."""
    INSIDE = 3
    """Each word of the text is somewhere in the name."""
    PARTLY = 4
    """Some words of the text are somewhere in the name."""
    NOT = 5


class NameMatch:
    """Ranks folded names for a search text. Letters scattered in a name never match."""

    def __init__(self, text: str) -> None:
        self.text = fold(text)
        self._words = self.text.split()
        self._begins = [re.compile(rf"(?<!\w){re.escape(word)}").search for word in self._words]

    def fit(self, name: str) -> Fit:
        """Return how well a folded name matches; an empty text fits every name."""
        if name.startswith(self.text):
            return Fit.EXACT if name == self.text else Fit.BEGINS
        if all(begins(name) for begins in self._begins):
            return Fit.WORDS
        inside = sum(word in name for word in self._words)
        return Fit.INSIDE if inside == len(self._words) else Fit.PARTLY if inside else Fit.NOT
