"""How a field is declared, once: a `Kind` says what its values are, a `Fact` where it stands on its record.

A record never changes and is made by `@record`; forms, tables, search, CSV, JSON and help read its `FACTS`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from functools import partial
from types import MappingProxyType
from typing import Any, ClassVar, Generic, NamedTuple, Self, TypeVar, dataclass_transform

from archive.errors import BadValue
from archive.model.currencies import NO_CURRENCY
from archive.model.date_rules import Rule
from archive.model.money import NO_RATES, Rates
from archive.model.working_time import ALWAYS, WorkingTime
from archive.text import _

T = TypeVar("T")
Json = Any  # str, int, bool, list or dict, as `json` takes them
_UNKEEPABLE = re.compile("[\0\ud800-\udfff]")


def keepable(text: str) -> bool:
    """Whether every file can hold the text: it has no NUL and no half of a character."""
    return not _UNKEEPABLE.search(text)


def is_text(raw: Json) -> bool:
    """Whether a kept value is text; a store sees to it that no text it reads is unkeepable."""
    return isinstance(raw, str)


def _is_texts(raw: Json) -> bool:
    return isinstance(raw, dict) and all(map(is_text, [*raw, *raw.values()]))


def unreadable(raw: Json) -> BadValue:
    """The error for a kept value that this program did not write."""
    return BadValue(_("The archive holds a value that cannot be read: {value}").format(value=repr(raw)[:60]))


class Ref(NamedTuple):
    """A link to another record by its `uid`, or only its name as it was typed."""

    uid: str = ""
    name: str = ""

    def __bool__(self) -> bool:
        return bool(self.uid or self.name)


def _resolve_nothing(table: str, text: str) -> Ref | None:
    return None


def _uid_itself(table: str, uid: str) -> str:
    return uid


class Context(NamedTuple):
    """What understanding and showing a value depends on. Nothing below the service asks for the time."""

    now: datetime
    order: str = "dmy"  # day order of dates: dmy, mdy or ymd
    decimal: str = "."
    currency: str = NO_CURRENCY  # ISO 4217: of the archive, or of the record whose amounts are shown
    rates: Rates = NO_RATES  # into the home currency
    region: str = ""  # ISO 3166 country of phone numbers written without one
    zone: str = ""  # IANA zone in which `now` is said; empty is the machine's
    working: WorkingTime = ALWAYS  # the archive's working hours and holidays
    resolve: Callable[[str, str], Ref | None] = _resolve_nothing
    name_of: Callable[[str, str], str] = _uid_itself
    code_of: Callable[[str, str], str] = _uid_itself

    @property
    def today(self) -> date:
        return self.now.date()

    def within(self, currency: str) -> Context:
        """Return the context in which the amounts of a record in this currency are shown."""
        return self._replace(currency=currency) if currency and currency != self.currency else self


class Kind(Generic[T]):
    """What the values of a field are: how they are typed, shown, kept and compared."""

    name: ClassVar[str] = ""
    family: ClassVar[str] = "text"  # how a filter compares: text, number, date, choice, flag, tags or list
    empty: T
    has_rules = False  # whether dates inside a value can be in the wrong order
    width = 16  # cells a table column asks for
    right = False

    def parse(self, text: str, ctx: Context) -> T:
        """What a person typed or a file holds, as a value; BadValue with a sentence where it does not fit."""
        raise AssertionError

    def show(self, value: T, ctx: Context) -> str:
        """The value for a person."""
        return self.cell(value)

    def edit(self, value: T, ctx: Context) -> str:
        """The value as it stands in an input: `parse` of it gives the value again."""
        return self.cell(value)

    def cell(self, value: T) -> str:
        """The value in a file, the same in every language; `parse` with a plain context reads it back."""
        return "" if value == self.empty else str(self.dump(value))

    def dump(self, value: T) -> Json:
        """The value as JSON keeps it."""
        return value

    def fits(self, raw: Json) -> bool:
        """Whether a kept value has the shape that this kind writes, so that it can be searched and compared."""
        return is_text(raw)

    def load(self, raw: Json) -> T:
        """The value from JSON; BadValue where it was written by something else."""
        if not self.fits(raw):
            raise unreadable(raw)
        return raw  # type: ignore[no-any-return]

    def fault(self, value: T) -> str:
        """A sentence where a value, right in itself, must not be saved as it is; "" otherwise."""
        return ""

    def disorder(self, value: T) -> str:
        """A sentence if dates inside a value are in the wrong order, of kinds that have rules; `fault` has it too."""
        raise AssertionError

    def words(self, raw: Json) -> Iterable[str]:
        """What a search finds in a kept value."""
        return ()

    def rank(self, raw: Json) -> Any:
        """What a kept value is sorted and compared by."""
        return raw


class Group(NamedTuple):
    """A block of a form and a tab of the profile."""

    key: str
    label: str


MAIN = Group("main", "")


class Fact(NamedTuple):
    """One field of a record. `label` is English source text, translated where it is shown."""

    label: str
    kind: Kind[Any]
    group: Group = MAIN
    required: bool = False
    private: bool = False
    only: str = ""  # shown in a form for customers of this kind only
    first: int = 0  # its place among the fields at the top of a new record's form
    ahead: bool = False  # a date to come: a span such as 2w in a filter counts forward from today
    aliases: tuple[str, ...] = ()  # further words for it in the filter language
    hint: str = ""
    key: str = ""  # set by @record from the attribute's name

    @property
    def title(self) -> str:
        return _(self.label)


def fact(kind: Kind[Any], label: str, **more: Any) -> Any:
    """Declare a field of a record: `city: str = fact(TEXT, N_("City"))`."""
    return Fact(label, kind, **more)


NOTHING: Mapping[str, Any] = MappingProxyType({})
R = TypeVar("R", bound="Item")


@dataclass_transform(kw_only_default=True, frozen_default=True)  # no specifiers: every fact has a default
def record(cls: type[R]) -> type[R]:
    """Collect the facts of a class in `FACTS`, and leave in each one's place the empty value.

    It does what a frozen, keyword-only dataclass would, without writing and compiling methods for each of
    some thirty classes, which is a good part of what starting costs.
    """
    declared = {key: value for key, value in vars(cls).items() if isinstance(value, Fact)}
    for key, found in declared.items():
        setattr(cls, key, found.kind.empty)
    cls.FACTS = {**cls.FACTS, **{key: found._replace(key=key) for key, found in declared.items()}}
    cls.CHECKS = {key: fact.kind.fits for key, fact in cls.FACTS.items()}
    cls.STRICT = frozenset(key for key, fact in cls.FACTS.items() if not fact.kind.fits("no value"))
    cls.HAVE_RULES = tuple(key for key, fact in cls.FACTS.items() if fact.kind.has_rules)
    cls.KEYS = cls.OWN | {"rest"} | cls.FACTS.keys()
    return cls


@record
class Item:
    """What a record and a part of one (a phone, an address) share. Values that are empty are not kept.

    An item never changes and equals another of its class with the same values. `rest` holds what a newer
    version of the program wrote and this one does not know.
    """

    FACTS: ClassVar[dict[str, Fact]] = {}
    CHECKS: ClassVar[dict[str, Callable[[Json], bool]]] = {}  # each fact's `fits`, by key
    STRICT: ClassVar[frozenset[str]] = frozenset()  # the facts that not just any text fits
    OWN: ClassVar[frozenset[str]] = frozenset()  # kept keys that are no facts
    KEYS: ClassVar[frozenset[str]] = frozenset()  # all that an item of the class can be given
    HAVE_RULES: ClassVar[tuple[str, ...]] = ()  # the lists whose parts have rules
    RULES: ClassVar[tuple[Rule, ...]] = ()  # which of its dates come first
    rest: Mapping[str, Json] = NOTHING

    def __init__(self, **values: Any) -> None:
        if not values.keys() <= self.KEYS:
            unknown = ", ".join(sorted(values.keys() - self.KEYS))
            raise TypeError(f"{type(self).__name__} has no {unknown}")
        self.__dict__.update(values)  # what is not given is the class's: the empty value

    def __setattr__(self, key: str, value: Any) -> None:
        raise AttributeError(f"{key}: an item never changes, with_values makes another")

    def __delattr__(self, key: str) -> None:
        raise AttributeError(f"{key}: an item never changes, with_values makes another")

    def __eq__(self, other: object) -> bool:
        if type(other) is not type(self):
            return NotImplemented
        given = self.__dict__.keys() | other.__dict__.keys()
        return all(getattr(self, key) == getattr(other, key) for key in given)

    def __hash__(self) -> int:
        return hash(tuple(getattr(self, key) for key in self.FACTS))

    def dump(self) -> dict[str, Json]:
        """The JSON form, without empty fields."""
        found = ((key, fact.kind, getattr(self, key)) for key, fact in self.FACTS.items())
        return {key: kind.dump(value) for key, kind, value in found if value != kind.empty} | dict(self.rest)

    @classmethod
    def load(cls, raw: Mapping[str, Json]) -> Self:
        """The item from its JSON form; BadValue where a value was written by something else."""
        facts = cls.FACTS
        values: dict[str, Any] = {}
        rest: dict[str, Json] = {}
        for key, value in raw.items():
            if key in facts:
                values[key] = facts[key].kind.load(value)
            else:
                (values if key in cls.OWN else rest)[key] = value
        return cls(rest=rest, **values)

    @classmethod
    def misfit(cls, raw: Mapping[str, Json]) -> str:
        """The first key whose kept value this program cannot have written, "" where all could be."""
        checks, strict = cls.CHECKS, cls.STRICT
        for key, value in raw.items():
            if type(value) is str and key not in strict:  # most are, and opening asks this of all values
                continue
            check = checks.get(key)
            if check is not None and not check(value):
                return key
        return ""

    def with_values(self, **values: Any) -> Self:
        """A copy with other values."""
        return type(self)(**{**self.__dict__, **values})

    def __bool__(self) -> bool:
        return bool(self.dump())

    def __repr__(self) -> str:
        """What it is, and nothing of the person it is about: this is what stands in tracebacks."""
        return f"<{type(self).__name__} {getattr(self, 'uid', '')}>"


@record
class Record(Item):
    """A row of a table. `extra` holds columns of an import that have no field here."""

    TABLE: ClassVar[str] = ""
    LABEL: ClassVar[str] = ""
    NOUN: ClassVar[str] = ""  # what one record is called
    NAMED_BY: ClassVar[str] = "name"  # the fact by which a record is named and found, where it has it
    DAY: ClassVar[str] = ""  # the fact by which records without a name stand newest first
    SNOOZED: ClassVar[str] = ""  # the fact whose reminder the fact `not_before` puts off
    GROUPS: ClassVar[tuple[Group, ...]] = (MAIN,)
    OWN = frozenset({"uid", "extra"})
    uid: str = ""
    extra: Mapping[str, str] = NOTHING

    def __hash__(self) -> int:
        return hash((self.uid, super().__hash__()))

    def dump(self) -> dict[str, Json]:
        extra = {"extra": dict(self.extra)} if self.extra else {}
        return {"uid": self.uid, **super().dump(), **extra}

    @classmethod
    def misfit(cls, raw: Mapping[str, Json]) -> str:
        if not is_text(raw.get("uid")) or not raw["uid"]:
            return "uid"
        if "extra" in raw and not _is_texts(raw["extra"]):
            return "extra"
        return super().misfit(raw)

    def __bool__(self) -> bool:
        return True


def problems(item: Item) -> dict[str, str]:
    """What keeps a record from being saved: a sentence for each key."""
    found = {key: _problem(fact, getattr(item, key)) for key, fact in item.FACTS.items()}
    extra = getattr(item, "extra", {})
    if not all(keepable(text) for text in [*extra, *extra.values()] if is_text(text)):
        found["extra"] = _("The text holds a NUL or half of a character (a lone surrogate).")
    wrong = {key: sentence for key, sentence in found.items() if sentence}
    return {**order_problems(item), **wrong}


def order_problems(item: Item) -> dict[str, str]:
    """Dates in the wrong order, in the item and in its lists: a sentence for each key."""
    value_of = partial(getattr, item)
    return _order_problems(type(item), value_of, value_of)


def order_problem(
    cls: type[Item], raw: Mapping[str, Json], old: Mapping[str, Json] = NOTHING
) -> tuple[str, str]:
    """The first key and sentence of dates in the wrong order in a stored item, unless `old` has them too."""
    found = _order_problems(cls, raw.get, partial(_loaded, cls, raw))
    known = _order_problems(cls, old.get, partial(_loaded, cls, old)) if found and old else {}
    return next(((key, said) for key, said in found.items() if known.get(key) != said), ("", ""))


def _loaded(cls: type[Item], raw: Mapping[str, Json], key: str) -> Any:
    kind = cls.FACTS[key].kind
    return kind.load(raw[key]) if key in raw else kind.empty


def _order_problems(
    cls: type[Item], date_of: Callable[[str], Any], list_of: Callable[[str], Any]
) -> dict[str, str]:
    """Dates are compared as ISO text, so that only the lists of a stored item are decoded."""
    found = {rule.last: fault for rule in cls.RULES if (fault := rule.fault(date_of))}
    for key in cls.HAVE_RULES:
        if fault := cls.FACTS[key].kind.disorder(list_of(key)):
            found[key] = f"{cls.FACTS[key].title}: {fault}"
    return found


def _problem(fact: Fact, value: Any) -> str:
    if value == fact.kind.empty:
        return _("{field} is needed.").format(field=fact.title) if fact.required else ""
    fault = fact.kind.fault(value)
    return f"{fact.title}: {fault}" if fault else ""


def refuse_problems(item: Item, old: Item | None = None) -> None:
    """Raise the first of `problems`.

    Dates that are in the wrong order in `old` as well are let pass: an archive that has them can still be edited.
    """
    known = order_problems(old) if old is not None else {}
    for key, sentence in problems(item).items():
        if known.get(key) == sentence:
            continue
        error = BadValue(sentence)
        error.field = key
        raise error
