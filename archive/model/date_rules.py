"""Dates of a record that must not be in the wrong order, as the record declares them in its `RULES`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple, Protocol

from archive.text import _


class Rule(Protocol):
    """Which dates of a record come first; `last` is the key beside which a form shows the sentence."""

    @property
    def last(self) -> str:
        """The key that is named with the sentence."""

    def fault(self, value_of: Callable[[str], Any]) -> str:
        """Return the sentence that says what is wrong with these values; "" if they are in order or not known."""


class InOrder(NamedTuple):
    """The date `last` is not before the date `first`; each is a key and, in English, what a person calls it."""

    first: str
    first_noun: str
    last: str
    last_noun: str

    def fault(self, value_of: Callable[[str], Any]) -> str:
        """Return the sentence that says what is wrong with these values; "" if they are in order or not known."""
        return _fault(value_of(self.first), self.first_noun, value_of(self.last), self.last_noun)


class EachAfter(NamedTuple):
    """No part of the list `last` has a date `part` before the date `first` of its record."""

    first: str
    first_noun: str
    last: str
    part: str
    part_noun: str

    def fault(self, value_of: Callable[[str], Any]) -> str:
        """As of `InOrder`."""
        first, parts = value_of(self.first), value_of(self.last) or ()
        faults = (_fault(first, self.first_noun, _value(part, self.part), self.part_noun) for part in parts)
        return next(filter(None, faults), "")


class EachBefore(NamedTuple):
    """No part of the list `last` has a date `part` after the date `then` of its record."""

    last: str
    part: str
    part_noun: str
    then: str
    then_noun: str

    def fault(self, value_of: Callable[[str], Any]) -> str:
        """As of `InOrder`."""
        then, parts = value_of(self.then), value_of(self.last) or ()
        faults = (_fault(_value(part, self.part), self.part_noun, then, self.then_noun) for part in parts)
        return next(filter(None, faults), "")


def _value(part: Any, key: str) -> Any:
    """A date of a part of a list, decoded or as it is stored."""
    return part.get(key) if isinstance(part, Mapping) else getattr(part, key)


def _fault(start: Any, first_noun: str, end: Any, last_noun: str) -> str:
    if not start or not end:
        return ""
    first, last = str(start)[:10], str(end)[:10]  # of a moment the day
    if first <= last:
        return ""
    return _("The {last_noun} {last} is before the {first_noun} {first}. Change one of them.").format(
        last_noun=_(last_noun), last=last, first_noun=_(first_noun), first=first
    )
