"""Rules for the order of a record's dates; each record class declares its own in `RULES`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple, Protocol

from archive.text import _


class Rule(Protocol):
    """A rule for the order of dates. `last` is the key of the field at which a form shows the error."""

    @property
    def last(self) -> str:
        """The key of the field to which the error message belongs."""

    def fault(self, value_of: Callable[[str], Any]) -> str:
        """Return the error message for these values; "" if the dates are in order or not known."""


class InOrder(NamedTuple):
    """Requires that the date `last` is not before the date `first`; the nouns name the two dates in messages."""

    first: str
    first_noun: str
    last: str
    last_noun: str

    def fault(self, value_of: Callable[[str], Any]) -> str:
        """Return the error message for these values; "" if the dates are in order or not known."""
        return _fault(value_of(self.first), self.first_noun, value_of(self.last), self.last_noun)


class EachAfter(NamedTuple):
    """Requires that no entry of the list `last` has a date `part` before the record's date `first`."""

    first: str
    first_noun: str
    last: str
    part: str
    part_noun: str

    def fault(self, value_of: Callable[[str], Any]) -> str:
        """See `InOrder.fault`."""
        first, parts = value_of(self.first), value_of(self.last) or ()
        faults = (_fault(first, self.first_noun, _value(part, self.part), self.part_noun) for part in parts)
        return next(filter(None, faults), "")


class EachBefore(NamedTuple):
    """Requires that no entry of the list `last` has a date `part` after the record's date `then`."""

    last: str
    part: str
    part_noun: str
    then: str
    then_noun: str

    def fault(self, value_of: Callable[[str], Any]) -> str:
        """See `InOrder.fault`."""
        then, parts = value_of(self.then), value_of(self.last) or ()
        faults = (_fault(_value(part, self.part), self.part_noun, then, self.then_noun) for part in parts)
        return next(filter(None, faults), "")


def _value(part: Any, key: str) -> Any:
    """Return a date of a list entry, decoded or in its stored form."""
    return part.get(key) if isinstance(part, Mapping) else getattr(part, key)


def _fault(start: Any, first_noun: str, end: Any, last_noun: str) -> str:
    if not start or not end:
        return ""
    first, last = str(start)[:10], str(end)[:10]  # drop the time of a datetime
    if first <= last:
        return ""
    return _("The {last_noun} {last} is before the {first_noun} {first}. Change one of them.").format(
        last_noun=_(last_noun), last=last, first_noun=_(first_noun), first=first
    )
