"""Declaration of fields: a `FieldType` defines how its values behave, a `Field` the field of a record class.

Record classes are decorated with `@record`; their instances are immutable. Forms, tables, search, CSV, JSON and help
read their `FIELDS`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from types import MappingProxyType
from typing import Any, ClassVar, NamedTuple, Self, TypeVar, dataclass_transform

from archive.errors import BadValue
from archive.model.date_rules import Rule
from archive.model.field_types.base import FieldType, Json, is_text, keepable
from archive.text import _


class Group(NamedTuple):
    """A section of a form and a tab of the customer's profile."""

    key: str
    label: str


MAIN = Group("main", "")


class Field(NamedTuple):
    """A field of a record. `label` is English source text and is translated when it is shown."""

    label: str
    type: FieldType[Any]
    group: Group = MAIN
    required: bool = False
    private: bool = False
    only: str = ""  # kind of customer for which a form shows the field; "" for all
    first: int = 0  # position among the key fields at the top of a new record's form; 0 for other fields
    ahead: bool = False  # date in the future: in a filter, a duration such as 2w counts forward from today
    aliases: tuple[str, ...] = ()  # alternative names in the filter language
    hint: str = ""
    key: str = ""  # attribute name; set by @record

    @property
    def title(self) -> str:
        return _(self.label)


def field(type: FieldType[Any], label: str, **more: Any) -> Any:
    """Declare a field of a record: `city: str = field(TEXT, N_("City"))`."""
    return Field(label, type, **more)


NOTHING: Mapping[str, Any] = MappingProxyType({})
R = TypeVar("R", bound="Item")


@dataclass_transform(kw_only_default=True, frozen_default=True)  # no specifiers: every field has a default
def record(cls: type[R]) -> type[R]:
    """Collect the fields of a class in `FIELDS`, and set each class attribute to the empty value of its type.

    This replaces a frozen, keyword-only dataclass. Generating and compiling methods for about thirty dataclasses would
    be a large part of the start-up time.
    """
    own_fields = {key: value for key, value in vars(cls).items() if isinstance(value, Field)}
    for key, own_field in own_fields.items():
        setattr(cls, key, own_field.type.empty)
    cls.FIELDS = {**cls.FIELDS, **{key: own_field._replace(key=key) for key, own_field in own_fields.items()}}
    cls.CHECKS = {key: field.type.fits for key, field in cls.FIELDS.items()}
    cls.STRICT = frozenset(key for key, field in cls.FIELDS.items() if not field.type.fits("no value"))
    cls.HAVE_RULES = tuple(key for key, field in cls.FIELDS.items() if field.type.has_rules)
    cls.KEYS = cls.OWN | {"rest"} | cls.FIELDS.keys()
    return cls


@record
class Item:
    """Base class of records and of their parts (a phone, an address). Empty values are not stored.

    Items are immutable; items of the same class with equal values are equal. `rest` preserves keys written by a newer
    version of the program that this version does not know.
    """

    FIELDS: ClassVar[dict[str, Field]] = {}
    CHECKS: ClassVar[dict[str, Callable[[Json], bool]]] = {}  # each field's `fits`, by key
    STRICT: ClassVar[frozenset[str]] = frozenset()  # fields that do not accept arbitrary text
    OWN: ClassVar[frozenset[str]] = frozenset()  # stored keys that are not fields
    KEYS: ClassVar[frozenset[str]] = frozenset()  # all valid arguments of the constructor
    HAVE_RULES: ClassVar[tuple[str, ...]] = ()  # list fields whose parts have rules
    RULES: ClassVar[tuple[Rule, ...]] = ()  # rules for the order of its dates
    rest: Mapping[str, Json] = NOTHING

    def __init__(self, **values: Any) -> None:
        if not values.keys() <= self.KEYS:
            unknown = ", ".join(sorted(values.keys() - self.KEYS))
            raise TypeError(f"{type(self).__name__} has no {unknown}")
        self.__dict__.update(values)  # other values are read from the class: empty

    def __setattr__(self, key: str, value: Any) -> None:
        raise AttributeError(f"{key}: items are immutable; use with_values to make a changed copy")

    def __delattr__(self, key: str) -> None:
        raise AttributeError(f"{key}: items are immutable; use with_values to make a changed copy")

    def __eq__(self, other: object) -> bool:
        if type(other) is not type(self):
            return NotImplemented
        keys = self.__dict__.keys() | other.__dict__.keys()
        return all(getattr(self, key) == getattr(other, key) for key in keys)

    def __hash__(self) -> int:
        return hash(tuple(getattr(self, key) for key in self.FIELDS))

    def dump(self) -> dict[str, Json]:
        """Return the JSON form, without empty fields."""
        values = ((key, field.type, getattr(self, key)) for key, field in self.FIELDS.items())
        return {key: kind.dump(value) for key, kind, value in values if value != kind.empty} | dict(self.rest)

    @classmethod
    def load(cls, raw: Mapping[str, Json]) -> Self:
        """Return the item from its JSON form.

        Raises:
            BadValue: This program cannot have written one of the values.
        """
        fields = cls.FIELDS
        values: dict[str, Any] = {}
        rest: dict[str, Json] = {}
        for key, value in raw.items():
            if key in fields:
                values[key] = fields[key].type.load(value)
            else:
                (values if key in cls.OWN else rest)[key] = value
        return cls(rest=rest, **values)

    @classmethod
    def misfit(cls, raw: Mapping[str, Json]) -> str:
        """Return the first key whose stored value this program cannot have written, or "" if there is none."""
        checks, strict = cls.CHECKS, cls.STRICT
        for key, value in raw.items():
            if type(value) is str and key not in strict:  # fast path for most values: opening checks them all
                continue
            check = checks.get(key)
            if check is not None and not check(value):
                return key
        return ""

    def with_values(self, **values: Any) -> Self:
        """Return a copy with some values replaced."""
        return type(self)(**{**self.__dict__, **values})

    def __bool__(self) -> bool:
        return bool(self.dump())

    def __repr__(self) -> str:
        """Return class and uid only: a repr appears in tracebacks, which must not contain personal data."""
        return f"<{type(self).__name__} {getattr(self, 'uid', '')}>"


def _is_texts(raw: Json) -> bool:
    return isinstance(raw, dict) and all(map(is_text, [*raw, *raw.values()]))


@record
class Record(Item):
    """A row of a table. `extra` holds imported columns that have no field.

    A subclass is a record type. Everything that lists, screens, profile, import and help need to know about it are its
    class attributes.
    """

    TABLE: ClassVar[str] = ""
    ALIAS: ClassVar[str] = ""  # name of the table for commands and messages, if it is stored under another
    LABEL: ClassVar[str] = ""
    NOUN: ClassVar[str] = ""  # singular noun for a record
    RANK: ClassVar[int] = 1000  # order among the record types, lowest first
    LETTER: ClassVar[str] = ""  # opens its list after ctrl+g; "" if it has no list
    COLUMNS: ClassVar[tuple[str, ...]] = ()  # default columns of its list
    PROFILE_COLUMNS: ClassVar[
        tuple[str, ...]
    ] = ()  # columns of its tab in a customer's profile; () for no tab
    ADD: ClassVar[tuple[str, str]] = (
        "",
        "",
    )  # letter and name in the Add menu of a profile, for records of a customer
    IDENTITY: ClassVar[tuple[str, ...]] = ()  # fields that identify a row on import
    SYNONYMS: ClassVar[str] = (
        ""  # column headers that people use for its fields; see `archive.exchange.headers`
    )
    EXAMPLE: ClassVar[str] = ""  # placeholder of the search line
    EMPTY: ClassVar[str] = ""  # text of its empty list, in markup; "" for the default text
    NAMED_BY: ClassVar[str] = "name"  # field with the record's name, if it has one
    DAY: ClassVar[str] = ""  # date field by which records without a name are sorted, newest first
    SNOOZED: ClassVar[str] = ""  # date field whose reminder `not_before` snoozes
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
    """Return what prevents an item from being saved, as error messages by key."""
    faults = {key: _problem(field, getattr(item, key)) for key, field in item.FIELDS.items()}
    extra = getattr(item, "extra", {})
    if not all(keepable(text) for text in [*extra, *extra.values()] if is_text(text)):
        faults["extra"] = _(
            "The text contains a NUL character or half of a surrogate pair. Remove it and try again."
        )
    wrong = {key: sentence for key, sentence in faults.items() if sentence}
    return {**order_problems(item), **wrong}


def order_problems(item: Item) -> dict[str, str]:
    """Return errors about dates in the wrong order, in the item and in its lists, as messages by key."""
    value_of = partial(getattr, item)
    return _order_problems(type(item), value_of, value_of)


def order_problem(
    cls: type[Item], raw: Mapping[str, Json], old: Mapping[str, Json] = NOTHING
) -> tuple[str, str]:
    """Return the first key and error message for dates in the wrong order in a stored item, or ("", "").

    Problems that `old` has as well are ignored.
    """
    faults = _order_problems(cls, raw.get, partial(_loaded, cls, raw))
    old_faults = _order_problems(cls, old.get, partial(_loaded, cls, old)) if faults and old else {}
    return next(((key, fault) for key, fault in faults.items() if old_faults.get(key) != fault), ("", ""))


def _loaded(cls: type[Item], raw: Mapping[str, Json], key: str) -> Any:
    kind = cls.FIELDS[key].type
    return kind.load(raw[key]) if key in raw else kind.empty


def _order_problems(
    cls: type[Item], date_of: Callable[[str], Any], list_of: Callable[[str], Any]
) -> dict[str, str]:
    """Check the order rules. Dates are compared as ISO text, so only the lists of a stored item are decoded."""
    faults = {rule.last: fault for rule in cls.RULES if (fault := rule.fault(date_of))}
    for key in cls.HAVE_RULES:
        if fault := cls.FIELDS[key].type.disorder(list_of(key)):
            faults[key] = f"{cls.FIELDS[key].title}: {fault}"
    return faults


def _problem(field: Field, value: Any) -> str:
    if value == field.type.empty:
        return _("{field} is required.").format(field=field.title) if field.required else ""
    fault = field.type.fault(value)
    return f"{field.title}: {fault}" if fault else ""


def refuse_problems(item: Item, old: Item | None = None) -> None:
    """Raise the first of `problems` as BadValue.

    Wrong date orders that `old` has as well are accepted, so that existing records can still be edited.
    """
    old_faults = order_problems(old) if old is not None else {}
    for key, sentence in problems(item).items():
        if old_faults.get(key) == sentence:
            continue
        error = BadValue(sentence)
        error.field = key
        raise error
