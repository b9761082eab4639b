"""The base of field types: how values are parsed, shown, stored and compared, and the context this depends on."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import date, datetime
from typing import Any, ClassVar, Generic, NamedTuple, TypeVar

from archive.errors import BadValue
from archive.model.currencies import NO_CURRENCY
from archive.model.money import NO_RATES, Rates
from archive.model.working_time import ALWAYS, WorkingTime
from archive.text import _

T = TypeVar("T")
Json = Any  # str, int, bool, list or dict, as `json` takes them
_UNKEEPABLE = re.compile("[\0\ud800-\udfff]")


def keepable(text: str) -> bool:
    """Return whether every file format can hold the text: it contains no NUL and no lone surrogate."""
    return not _UNKEEPABLE.search(text)


def is_text(raw: Json) -> bool:
    """Return whether a stored value is text. The store already rejects text that is not `keepable`."""
    return isinstance(raw, str)


class Unreadable(BadValue):
    """A stored value that this program cannot have written; `value` is its beginning."""

    def __init__(self, raw: Json) -> None:
        self.value = repr(raw)[:60]
        super().__init__(
            _("The archive contains a value that cannot be read: {value}").format(value=self.value),
            _("`archive check` names the record."),
        )


def unreadable(raw: Json) -> Unreadable:
    """Return the error for a stored value that this program cannot have written."""
    return Unreadable(raw)


class Ref(NamedTuple):
    """A reference to another record by `uid`, or just a name if there is no such record."""

    uid: str = ""
    name: str = ""

    def __bool__(self) -> bool:
        return bool(self.uid or self.name)


def _resolve_nothing(table: str, text: str) -> Ref | None:
    return None


def _uid_itself(table: str, uid: str) -> str:
    return uid


class Context(NamedTuple):
    """Everything that parsing and formatting depend on. Below the service layer, no code reads the clock."""

    now: datetime
    order: str = "dmy"  # day order of dates: dmy, mdy or ymd
    decimal: str = "."
    currency: str = NO_CURRENCY  # ISO 4217: home currency, or the currency of the record that is shown
    rates: Rates = NO_RATES  # into the home currency
    region: str = ""  # ISO 3166: country of phone numbers without a country code
    zone: str = ""  # IANA time zone of `now`; "" for the machine's time zone
    working: WorkingTime = ALWAYS  # the archive's working hours and holidays
    resolve: Callable[[str, str], Ref | None] = _resolve_nothing
    name_of: Callable[[str, str], str] = _uid_itself
    code_of: Callable[[str, str], str] = _uid_itself

    @property
    def today(self) -> date:
        return self.now.date()

    def within(self, currency: str) -> Context:
        """Return a context for showing the amounts of a record in this currency."""
        return self._replace(currency=currency) if currency and currency != self.currency else self


class FieldType(Generic[T]):
    """A field type: how its values are parsed, shown, stored and compared."""

    name: ClassVar[str] = ""
    family: ClassVar[str] = "text"  # how a filter compares: text, number, date, choice, flag, tags or list
    empty: T
    has_rules = False  # whether a value contains dates that are subject to order rules
    width = 16  # preferred width of a table column, in cells
    right = False

    def parse(self, text: str, ctx: Context) -> T:
        """Return the value of a text that was entered or read from a file.

        Raises:
            BadValue: The text is not valid; the message is meant for the user.
        """
        raise AssertionError

    def show(self, value: T, ctx: Context) -> str:
        """Return the value as text for the user."""
        return self.cell(value)

    def edit(self, value: T, ctx: Context) -> str:
        """Return the value as text for an input field; `parse` turns it back into the value."""
        return self.cell(value)

    def cell(self, value: T) -> str:
        """Return the value as text for a file, the same in every language; `parse` with a plain context reverses it."""
        return "" if value == self.empty else str(self.dump(value))

    def dump(self, value: T) -> Json:
        """Return the value in its stored JSON form."""
        return value

    def fits(self, raw: Json) -> bool:
        """Return whether a stored value has the form that this type writes, so that it can be searched and compared."""
        return is_text(raw)

    def load(self, raw: Json) -> T:
        """Return the value from its stored JSON form.

        Raises:
            BadValue: This program cannot have written it.
        """
        if not self.fits(raw):
            raise unreadable(raw)
        return raw  # type: ignore[no-any-return]

    def fault(self, value: T) -> str:
        """Return an error message if a well-formed value must not be saved, otherwise ""."""
        return ""

    def disorder(self, value: T) -> str:
        """Return an error message if dates inside a value are in the wrong order. `fault` includes this check.

        Called only for types that have rules.
        """
        raise AssertionError

    def words(self, raw: Json) -> Iterable[str]:
        """Return the texts of a stored value that a search looks at."""
        return ()

    def rank(self, raw: Json) -> Any:
        """Return the sort key of a stored value, which comparisons use too."""
        return raw
