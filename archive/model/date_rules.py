"""Dates of a record that must not be in the wrong order, as the record declares them in its `RULES`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from archive.text import _


class InOrder(NamedTuple):
    """The date `last` is not before the date `first`; each is a key and, in English, what a person calls it."""

    first: str
    first_noun: str
    last: str
    last_noun: str

    def fault(self, value_of: Callable[[str], Any]) -> str:
        """Return the sentence that says what is wrong with these values; "" if they are in order or not known."""
        start, end = value_of(self.first), value_of(self.last)
        if not start or not end:
            return ""
        first, last = str(start)[:10], str(end)[:10]  # of a moment the day
        if first <= last:
            return ""
        return _("The {last_noun} {last} is before the {first_noun} {first}. Change one of them.").format(
            last_noun=_(self.last_noun), last=last, first_noun=_(self.first_noun), first=first
        )
