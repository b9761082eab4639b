"""The kinds of values a field can have. What is typed is checked here, at the model's edge."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation
from typing import Any

from archive.errors import BadValue
from archive.model.dates import (
    PartialDate,
    parse_date,
    parse_datetime,
    parse_partial,
    show_date,
)
from archive.model.fields import Context, Json, Kind, Ref
from archive.model.numbers import parse_number, parse_share, plain_number, show_number
from archive.text import _, fold

LINE_CAP = 1_000
TEXT_CAP = 100_000


def storable(text: str, cap: int) -> str:
    """`text` unless no archive could keep it: NUL, half a character, or more than `cap` characters."""
    if "\0" in text:
        raise BadValue(_("There is a NUL character in the text."), _("Remove it and try again."))
    if len(text) > cap:
        sentence = _("The text has {n} characters; {cap} fit here.").format(
            n=f"{len(text):,}", cap=f"{cap:,}"
        )
        raise BadValue(sentence, _("Shorten it, or keep it in a file and link that."))
    if not text.isascii() and any("\ud800" <= char <= "\udfff" for char in text):
        raise BadValue(_("The text holds half of a character (a lone surrogate)."), _("Type it anew."))
    return text


def _unreadable(raw: Json) -> BadValue:
    return BadValue(_("The archive holds a value that cannot be read: {value}").format(value=repr(raw)[:60]))


class Text(Kind[str]):
    """One line. Line breaks become blanks, outer blanks go."""

    name = "text"
    empty = ""
    cap = LINE_CAP

    def __init__(self, width: int = 16) -> None:
        self.width = width

    def parse(self, text: str, ctx: Context) -> str:
        return storable(" ".join(text.split("\n")).replace("\r", " ").replace("\t", " ").strip(), self.cap)

    def load(self, raw: Json) -> str:
        if not isinstance(raw, str):
            raise _unreadable(raw)
        return raw

    def words(self, raw: Json) -> Iterable[str]:
        return (raw,)

    def rank(self, raw: Json) -> Any:
        return fold(raw)


class LongText(Text):
    """Several lines, as they were typed."""

    name = "long text"
    cap = TEXT_CAP

    def parse(self, text: str, ctx: Context) -> str:
        return storable(text.replace("\r\n", "\n").replace("\r", "\n").strip(), self.cap)


class Phone(Text):
    """A number as it was typed; found by its digits whatever stands between them."""

    name = "phone"

    def parse(self, text: str, ctx: Context) -> str:
        value = super().parse(text, ctx)
        if value and not any(char.isdigit() for char in value):
            raise BadValue(
                _("A phone number has digits: {text}").format(text=value),
                _("Write for example +86 10 5555 0147."),
            )
        return value

    def words(self, raw: Json) -> Iterable[str]:
        return (raw, digits(raw))


class Email(Text):
    """An e-mail address, checked for its shape only."""

    name = "e-mail"

    def parse(self, text: str, ctx: Context) -> str:
        value = super().parse(text, ctx)
        local, at, domain = value.rpartition("@")
        if value and not at:
            raise BadValue(_("An e-mail address has an @: {text}").format(text=value))
        if value and (not local or "." not in domain.strip(".") or " " in value):
            raise BadValue(
                _("{text} needs a domain such as north.example after the @.").format(text=value),
            )
        return value


class Zone(Text):
    """A time zone by its IANA name, or empty."""

    name = "time zone"

    def parse(self, text: str, ctx: Context) -> str:
        value = super().parse(text, ctx)
        return value if not value else _zone_name(value)


def _zone_name(text: str) -> str:
    from zoneinfo import available_timezones  # reads the zone files: only when one is typed

    wanted = fold(text).replace(" ", "_")
    zones = sorted(available_timezones())
    for name in zones:
        if name.lower() == wanted:
            return name
    endings = [name for name in zones if name.lower().rpartition("/")[2] == wanted]
    if len(endings) == 1 or (endings and "/" in endings[0]):
        return endings[0]
    raise BadValue(
        _("No time zone is called {text}.").format(text=text), _("Write for example Asia/Shanghai.")
    )


class Currency(Text):
    """An ISO 4217 code."""

    name = "currency"

    def parse(self, text: str, ctx: Context) -> str:
        value = super().parse(text, ctx).upper()
        if value and not (len(value) == 3 and value.isascii() and value.isalpha()):
            raise BadValue(
                _("A currency is three letters, not {text}.").format(text=value),
                _("Write for example EUR or CNY."),
            )
        return value


class Choice(Kind[str]):
    """One of several keys, each with a label; typed is the key, the label or the beginning of either."""

    name = "choice"
    family = "choice"
    empty = ""

    def __init__(self, **options: str) -> None:
        self.options = {
            key.rstrip("_"): label for key, label in options.items()
        }  # return_ is a word of Python
        self.width = min(14, max(map(len, options.values())))

    def parse(self, text: str, ctx: Context) -> str:
        wanted = fold(text)
        if not wanted:
            return ""
        found = self._matching(wanted)
        if found:
            return found
        labels = ", ".join(_(label) for label in self.options.values())
        raise BadValue(_("{text} is not one of the choices.").format(text=text.strip()), labels)

    def _matching(self, wanted: str) -> str:
        names = [(key, fold(name)) for key, label in self.options.items() for name in (key, label, _(label))]
        whole = [key for key, name in names if name == wanted]
        begun = {key for key, name in names if name.startswith(wanted)}
        return whole[0] if whole else begun.pop() if len(begun) == 1 else ""

    def show(self, value: str, ctx: Context) -> str:
        return _(self.options.get(value, value))

    def load(self, raw: Json) -> str:
        if not isinstance(raw, str):
            raise _unreadable(raw)
        return raw

    def words(self, raw: Json) -> Iterable[str]:
        return ()

    def rank(self, raw: Json) -> Any:
        keys = list(self.options)
        return keys.index(raw) if raw in keys else len(keys)


class Flag(Kind[bool]):
    """Yes, or nothing said."""

    name = "yes or no"
    family = "flag"
    empty = False
    width = 3
    YES = frozenset({"yes", "y", "true", "1", "x", "on", "ja", "oui", "si", "是", "有", "✓"})
    NO = frozenset({"no", "n", "false", "0", "off", "nein", "non", "否", "无", "-"})

    def parse(self, text: str, ctx: Context) -> bool:
        wanted = fold(text)
        if wanted in self.YES or wanted == fold(_("yes")):
            return True
        if not wanted or wanted in self.NO or wanted == fold(_("no")):
            return False
        raise BadValue(_("{text} is neither yes nor no.").format(text=text.strip()))

    def show(self, value: bool, ctx: Context) -> str:
        return _("yes") if value else _("no")

    def edit(self, value: bool, ctx: Context) -> str:
        return _("yes") if value else ""

    def cell(self, value: bool) -> str:
        return "true" if value else ""

    def load(self, raw: Json) -> bool:
        if not isinstance(raw, bool):
            raise _unreadable(raw)
        return raw


class Day(Kind["date | None"]):
    """A calendar day."""

    name = "date"
    family = "date"
    empty = None
    width = 14

    def parse(self, text: str, ctx: Context) -> date | None:
        return parse_date(text, ctx.today, ctx.order) if text.strip() else None

    def show(self, value: date | None, ctx: Context) -> str:
        return show_date(value) if value else ""

    def dump(self, value: date | None) -> Json:
        return value.isoformat() if value else None

    def load(self, raw: Json) -> date | None:
        try:
            return date.fromisoformat(raw)
        except (TypeError, ValueError):
            raise _unreadable(raw) from None


class PartDay(Kind["PartialDate | None"]):
    """A day of which parts may be unknown: a year, a month, or a birthday without its year."""

    name = "partial date"
    empty = None
    width = 10

    def parse(self, text: str, ctx: Context) -> PartialDate | None:
        return parse_partial(text, ctx.today, ctx.order) if text.strip() else None

    def dump(self, value: PartialDate | None) -> Json:
        return str(value)

    def load(self, raw: Json) -> PartialDate | None:
        if not isinstance(raw, str):
            raise _unreadable(raw)
        return PartialDate.load(raw)


class Moment(Kind["datetime | None"]):
    """A day and a time of the wall clock where the account manager is."""

    name = "date and time"
    family = "date"
    empty = None
    width = 16

    def parse(self, text: str, ctx: Context) -> datetime | None:
        return parse_datetime(text, ctx.now, ctx.order) if text.strip() else None

    def show(self, value: datetime | None, ctx: Context) -> str:
        return value.strftime("%Y-%m-%d %H:%M") if value else ""

    def cell(self, value: datetime | None) -> str:
        return value.isoformat(timespec="minutes") if value else ""

    def dump(self, value: datetime | None) -> Json:
        return self.cell(value)

    def load(self, raw: Json) -> datetime | None:
        try:
            return datetime.fromisoformat(raw)
        except (TypeError, ValueError):
            raise _unreadable(raw) from None


class Clock(Kind["time | None"]):
    """A time of day, to the minute."""

    name = "time"
    empty = None
    width = 5

    def parse(self, text: str, ctx: Context) -> time | None:
        return parse_datetime(text, ctx.now, ctx.order).time() if text.strip() else None

    def dump(self, value: time | None) -> Json:
        return value.isoformat(timespec="minutes") if value else ""

    def load(self, raw: Json) -> time | None:
        try:
            return time.fromisoformat(raw)
        except (TypeError, ValueError):
            raise _unreadable(raw) from None


class Number(Kind["Decimal | None"]):
    """A decimal number: a quantity, or an amount of money whose currency stands on its record."""

    family = "number"
    empty = None
    right = True
    width = 10

    def __init__(self, name: str, places: int | None = None) -> None:
        self.name = name  # type: ignore[misc]
        self.places = places

    def parse(self, text: str, ctx: Context) -> Decimal | None:
        return parse_number(text, ctx.decimal) if text.strip() else None

    def show(self, value: Decimal | None, ctx: Context) -> str:
        return "" if value is None else show_number(value, self.places)

    def edit(self, value: Decimal | None, ctx: Context) -> str:
        return self.cell(value).replace(".", ctx.decimal)

    def dump(self, value: Decimal | None) -> Json:
        return None if value is None else plain_number(value)

    def load(self, raw: Json) -> Decimal | None:
        try:
            value = Decimal(raw)
        except (InvalidOperation, TypeError, ValueError):
            raise _unreadable(raw) from None
        if not value.is_finite():
            raise _unreadable(raw)
        return value

    def rank(self, raw: Json) -> Any:
        return Decimal(raw)


class Share(Number):
    """A fraction from 0 to 1, typed and shown in percent, or as a Chinese discount (8折 is 20 % off)."""

    def parse(self, text: str, ctx: Context) -> Decimal | None:
        return parse_share(text, ctx.decimal) if text.strip() else None

    def show(self, value: Decimal | None, ctx: Context) -> str:
        return "" if value is None else f"{plain_number(value * 100)} %"

    def edit(self, value: Decimal | None, ctx: Context) -> str:
        return self.show(value, ctx).replace(".", ctx.decimal)


class Whole(Kind["int | None"]):
    """A whole number between two bounds."""

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
            raise BadValue(sentence.format(text=text.strip(), low=self.low, high=self.high))
        return int(number)

    def load(self, raw: Json) -> int | None:
        if not isinstance(raw, int) or isinstance(raw, bool):
            raise _unreadable(raw)
        return raw


class Tags(Kind["tuple[str, ...]"]):
    """Several words or short phrases, separated by commas."""

    name = "tags"
    family = "tags"
    empty = ()

    def parse(self, text: str, ctx: Context) -> tuple[str, ...]:
        for sign in ";，；、\n\r\t":
            text = text.replace(sign, ",")
        named = (storable(" ".join(tag.split()), 60) for tag in text.split(","))
        return tuple(dict.fromkeys(tag for tag in named if tag))

    def cell(self, value: tuple[str, ...]) -> str:
        return ", ".join(value)

    def dump(self, value: tuple[str, ...]) -> Json:
        return list(value)

    def load(self, raw: Json) -> tuple[str, ...]:
        if not isinstance(raw, list) or not all(isinstance(tag, str) for tag in raw):
            raise _unreadable(raw)
        return tuple(raw)

    def words(self, raw: Json) -> Iterable[str]:
        return raw  # type: ignore[no-any-return]

    def rank(self, raw: Json) -> Any:
        return fold(", ".join(raw))


class Path(Text):
    """A class in a tree of classes, "Wholesale / East / Restaurants"."""

    name = "path"

    def parse(self, text: str, ctx: Context) -> str:
        text = super().parse(text, ctx).replace("＞", "/").replace(">", "/")
        levels = (level.strip() for level in text.split("/"))
        return " / ".join(level for level in levels if level)


class Link(Kind[Ref]):
    """Another record. A free link may also be only a name: an organisation, a product that has no record."""

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
        found = ctx.resolve(self.table, text)
        if found:
            return found
        if self.free:
            return Ref(name=text)
        raise BadValue(
            _("Nothing in the archive has the code or name {text}.").format(text=text),
            _("Write its code, such as C-00042, or its whole name."),
        )

    def show(self, value: Ref, ctx: Context) -> str:
        return ctx.name_of(self.table, value.uid) if value.uid else value.name

    def edit(self, value: Ref, ctx: Context) -> str:
        return self.show(value, ctx)

    def dump(self, value: Ref) -> Json:
        return value.uid or {"name": value.name}

    def load(self, raw: Json) -> Ref:
        if isinstance(raw, str):
            return Ref(uid=raw)
        if isinstance(raw, dict) and isinstance(raw.get("name"), str):
            return Ref(name=raw["name"])
        raise _unreadable(raw)

    def words(self, raw: Json) -> Iterable[str]:
        return () if isinstance(raw, str) else (raw["name"],)

    def rank(self, raw: Json) -> Any:
        return "" if isinstance(raw, str) else fold(raw["name"])


def digits(text: str) -> str:
    """The digits of a number in any writing, full-width ones included."""
    return "".join(str(int(char)) for char in text if char.isdecimal())


TEXT = Text()
LONG_TEXT = LongText()
PHONE = Phone()
EMAIL = Email()
ZONE = Zone()
CURRENCY = Currency(5)
FLAG = Flag()
DATE = Day()
PARTIAL_DATE = PartDay()
DATE_TIME = Moment()
TIME = Clock()
MONEY = Number("money", 2)
QUANTITY = Number("quantity")
PERCENT = Share("percent")
INTEGER = Whole()
TAGS = Tags()
PATH = Path()
