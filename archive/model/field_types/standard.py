"""Field types. They validate user input when it enters the model."""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from archive.errors import BadValue
from archive.model.field_types.base import Context, FieldType, Json, Ref, is_text, unreadable
from archive.model.field_types.dates import Clock, Day, Moment, PartDay
from archive.model.field_types.text import (
    LINE_CAP,
    TEXT_CAP,
    Currency,
    Email,
    LongText,
    Path,
    Phone,
    Text,
    storable,
)
from archive.model.money import show_amount
from archive.model.numbers import (
    MOST_DIGITS,
    is_too_long,
    parse_number,
    parse_share,
    plain_number,
    show_number,
)
from archive.model.zones import ZONE, Zone
from archive.text import _, fold, sort_key

__all__ = [
    "COMING_DATE",
    "CURRENCY",
    "DATE",
    "DATE_TIME",
    "EMAIL",
    "FILES",
    "FLAG",
    "INTEGER",
    "LINE_CAP",
    "LONG_TEXT",
    "MONEY",
    "PARTIAL_DATE",
    "PAST_DATE",
    "PAST_TIME",
    "PATH",
    "PERCENT",
    "PHONE",
    "QUANTITY",
    "TAGS",
    "TEXT",
    "TEXT_CAP",
    "TIME",
    "WEB",
    "ZONE",
    "Choice",
    "Clock",
    "Currency",
    "Day",
    "Email",
    "Flag",
    "Link",
    "LongText",
    "Moment",
    "Number",
    "PartDay",
    "Path",
    "Phone",
    "Share",
    "Tags",
    "Text",
    "Whole",
    "Zone",
    "storable",
]

_KEPT_NUMBER = re.compile(r"-?\d{1,99}(?:\.\d{1,99})?", re.ASCII)


class Choice(FieldType[str]):
    """A choice from fixed options, stored as a key. Input may be the key, the label or a unique prefix of either."""

    name = "choice"
    family = "choice"
    empty = ""

    def __init__(self, **options: str) -> None:
        self.options = {
            key.rstrip("_"): label for key, label in options.items()
        }  # Python keywords such as return are passed as return_
        self.width = min(14, max(map(len, options.values())))
        self.others: dict[str, str] = {}  # synonyms (folded) and their option

    def also(self, **words: str) -> Choice:
        """Add synonyms of options, separated by commas: `also(return_="refund, credit note")`."""
        self.others |= {
            fold(label): key for key, label in self.options.items()
        }  # so that `by_synonym` accepts their plurals
        for key, listed in words.items():
            self.others |= {fold(word): key.rstrip("_") for word in listed.split(",")}
        return self

    def by_synonym(self, folded: str) -> list[str]:
        """Return the option for a synonym or its plural in a list, or an empty list."""
        word = folded.replace("_", " ").replace("-", " ")
        return [self.others[form] for form in (word, word.removesuffix("s")) if form in self.others]

    def parse(self, text: str, ctx: Context) -> str:
        name = fold(text)
        if not name:
            return ""
        key = self._matching(name)
        if key:
            return key
        labels = ", ".join(_(label) for label in self.options.values())
        raise BadValue(_("{text} is not one of the choices.").format(text=text.strip()), labels)

    def _matching(self, typed: str) -> str:
        names = [(key, fold(name)) for key, label in self.options.items() for name in (key, label, _(label))]
        exact = [key for key, name in names if name == typed] + self.by_synonym(typed)
        prefixed = {key for key, name in names if name.startswith(typed)}
        return exact[0] if exact else prefixed.pop() if len(prefixed) == 1 else ""

    def show(self, value: str, ctx: Context) -> str:
        return _(self.options.get(value, value))

    def rank(self, raw: Json) -> Any:
        keys = list(self.options)
        return keys.index(raw) if raw in keys else len(keys)


class Flag(FieldType[bool]):
    """Yes, or no entry."""

    name = "yes or no"
    family = "flag"
    empty = False
    width = 3
    YES = frozenset({"yes", "y", "true", "1", "x", "on", "ja", "oui", "si", "是", "有", "✓"})
    NO = frozenset({"no", "n", "false", "0", "off", "nein", "non", "否", "无", "-"})

    def parse(self, text: str, ctx: Context) -> bool:
        word = fold(text)
        if word in self.YES or word == fold(_("yes")):
            return True
        if not word or word in self.NO or word == fold(_("no")):
            return False
        raise BadValue(_("{text} is neither yes nor no.").format(text=text.strip()), _("Write yes or no."))

    def show(self, value: bool, ctx: Context) -> str:
        return _("yes") if value else _("no")

    def edit(self, value: bool, ctx: Context) -> str:
        return _("yes") if value else ""

    def cell(self, value: bool) -> str:
        return "true" if value else ""

    def fits(self, raw: Json) -> bool:
        return isinstance(raw, bool)


class Number(FieldType["Decimal | None"]):
    """A decimal number."""

    family = "number"
    empty = None
    right = True
    width = 10

    def __init__(self, name: str) -> None:
        self.name = name  # type: ignore[misc]

    def parse(self, text: str, ctx: Context) -> Decimal | None:
        return parse_number(text, ctx.decimal) if text.strip() else None

    def show(self, value: Decimal | None, ctx: Context) -> str:
        return "" if value is None else show_number(value, None, ctx.decimal)

    def edit(self, value: Decimal | None, ctx: Context) -> str:
        return self.cell(value).replace(".", ctx.decimal)

    def dump(self, value: Decimal | None) -> Json:
        return None if value is None else plain_number(value)

    def fault(self, value: Decimal | None) -> str:
        if value is None or not is_too_long(value):
            return ""
        return _("The number has more than {n} digits. Round it.").format(n=MOST_DIGITS)

    def fits(self, raw: Json) -> bool:
        return isinstance(raw, str) and _KEPT_NUMBER.fullmatch(raw) is not None

    def load(self, raw: Json) -> Decimal | None:
        if not self.fits(raw):
            raise unreadable(raw)
        return Decimal(raw)

    def rank(self, raw: Json) -> Any:
        return Decimal(raw)


class Money(Number):
    """An amount in the currency of its record; `show` takes the currency from `Context.within`."""

    def show(self, value: Decimal | None, ctx: Context) -> str:
        return show_amount(value, ctx.currency, ctx.decimal)


class Share(Number):
    """A fraction from 0 to 1, entered and shown in per cent; a Chinese discount is accepted too (8折 is 20 % off)."""

    def parse(self, text: str, ctx: Context) -> Decimal | None:
        return parse_share(text, ctx.decimal) if text.strip() else None

    def show(self, value: Decimal | None, ctx: Context) -> str:
        return "" if value is None else f"{plain_number(value * 100)} %".replace(".", ctx.decimal)

    def edit(self, value: Decimal | None, ctx: Context) -> str:
        return self.show(value, ctx)


class Whole(FieldType["int | None"]):
    """An integer in a given range."""

    name = "whole number"
    family = "number"
    empty = None
    right = True
    width = 6

    def __init__(self, low: int = 0, high: int = 1_000_000_000) -> None:
        self.low, self.high = low, high

    def parse(self, text: str, ctx: Context) -> int | None:
        if not text.strip():
            return None
        number = parse_number(text, ctx.decimal)
        if number != number.to_integral_value() or not self.low <= number <= self.high:
            sentence = _("{text} is not a whole number from {low} to {high}.")
            raise BadValue(
                sentence.format(text=text.strip(), low=self.low, high=self.high),
                _("Write for example {low}.").format(low=self.low),
            )
        return int(number)

    def fits(self, raw: Json) -> bool:
        return isinstance(raw, int) and not isinstance(raw, bool)


class Tags(FieldType["tuple[str, ...]"]):
    """Several words or short phrases, separated by commas."""

    name = "tags"
    family = "tags"
    empty = ()

    def __init__(self, cap: int = 60) -> None:
        self.cap = cap  # maximum length of a tag

    def parse(self, text: str, ctx: Context) -> tuple[str, ...]:
        for sign in ";，；、\n\r\t":
            text = text.replace(sign, ",")
        named = (storable(" ".join(tag.split()), self.cap) for tag in text.split(","))
        return tuple(dict.fromkeys(tag for tag in named if tag))

    def cell(self, value: tuple[str, ...]) -> str:
        return ", ".join(value)

    def dump(self, value: tuple[str, ...]) -> Json:
        return list(value)

    def fits(self, raw: Json) -> bool:
        return isinstance(raw, list) and all(map(is_text, raw))

    def load(self, raw: Json) -> tuple[str, ...]:
        return tuple(super().load(raw))

    def words(self, raw: Json) -> Iterable[str]:
        return raw  # type: ignore[no-any-return]

    def rank(self, raw: Json) -> Any:
        return sort_key(", ".join(raw))


class Link(FieldType[Ref]):
    """A reference to another record. A free link may also be a plain name, such as an organisation without a record."""

    name = "link"
    family = "link"
    empty = Ref()
    width = 20

    def __init__(self, table: str, free: bool = False) -> None:
        self.table, self.free = table, free

    def parse(self, text: str, ctx: Context) -> Ref:
        text = storable(" ".join(text.split()), LINE_CAP)
        if not text:
            return Ref()
        ref = ctx.resolve(self.table, text)
        if ref:
            return ref
        if self.free:
            return Ref(name=text)
        raise BadValue(
            _("There is no record with the code or name {text}.").format(text=text),
            _("Enter its code, such as C-00042, or its full name."),
        )

    def show(self, value: Ref, ctx: Context) -> str:
        return ctx.name_of(self.table, value.uid) if value.uid else value.name

    def edit(self, value: Ref, ctx: Context) -> str:
        """Return the name if it is unique, otherwise the code."""
        name = self.show(value, ctx)
        is_clear = not value.uid or ctx.resolve(self.table, name) == Ref(uid=value.uid)
        return name if is_clear else ctx.code_of(self.table, value.uid)

    def cell(self, value: Ref) -> str:
        return value.uid or value.name

    def fault(self, value: Ref) -> str:
        if value.uid or self.free:
            return ""
        sentence = _(
            "There is no record named {name}. Enter the code or the full name of an existing record."
        )
        return sentence.format(name=value.name)

    def dump(self, value: Ref) -> Json:
        return value.uid or {"name": value.name}

    def fits(self, raw: Json) -> bool:
        return is_text(raw) or (self.free and isinstance(raw, dict) and is_text(raw.get("name")))

    def load(self, raw: Json) -> Ref:
        if not self.fits(raw):
            raise unreadable(raw)
        return Ref(uid=raw) if isinstance(raw, str) else Ref(name=raw["name"])

    def words(self, raw: Json) -> Iterable[str]:
        return () if isinstance(raw, str) else (raw["name"],)

    def rank(self, raw: Json) -> Any:
        return "" if isinstance(raw, str) else sort_key(raw["name"])


TEXT = Text()
LONG_TEXT = LongText()
PHONE = Phone()
EMAIL = Email()
WEB = Text()  # the address of a web page
CURRENCY = Currency(5)
FLAG = Flag()
DATE = Day()
PAST_DATE = Day("past")
COMING_DATE = Day("coming")
PARTIAL_DATE = PartDay()
DATE_TIME = Moment()
PAST_TIME = Moment("past")
TIME = Clock()
MONEY = Money("money")
QUANTITY = Number("quantity")
PERCENT = Share("percent")
INTEGER = Whole()
TAGS = Tags()
FILES = Tags(LINE_CAP)
PATH = Path()
