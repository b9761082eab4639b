"""Hypothesis strategies for values, list entries and records, derived from their fields, so new fields are covered.

A new field type needs an entry in `_OF_KIND`; without it `values` fails with an explanation.
"""

import json
from collections.abc import Callable
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any, TypeVar

from hypothesis import strategies as st

from archive.model.date_rules import InOrder
from archive.model.dates import PartialDate
from archive.model.field_types import standard as kinds
from archive.model.field_types.base import Context, FieldType, Ref
from archive.model.field_types.duration import Length, Span
from archive.model.field_types.links import Links
from archive.model.field_types.lists import ListOf
from archive.model.field_types.standard import Link
from archive.model.fields import Item, Record
from archive.model.weekdays import Weekdays

Strategy = st.SearchStrategy[Any]
I = TypeVar("I", bound=Item)  # noqa: E741

NOW = datetime(2026, 11, 21, 10, 0)  # noqa: DTZ001, a Saturday
TODAY = NOW.date()
UID_SIGNS = "0123456789abcdef"

NAUGHTY: list[str] = json.loads((Path(__file__).parent / "data" / "naughty_strings.json").read_text("utf-8"))
HOSTILE = [
    "[bold]Acme[/] [link=file:///etc/passwd]x[/link] [/nothing]",
    "\x1b[2J\x1b]0;title\x07 \x9b31m",
    "王建国（北京）有限公司",
    "ＡＢＣ１２３：｜－",
    "‮gnihtemos‬ ​",
    "👩‍👩‍👧‍👦 é̂́̂́ 🇩🇪",
    "=1+1",
    'a "quoted", name; with | signs (and) -more',
    "{name} %s $x \\n",
    "x" * 900,
    " ",
    "İstanbul ﬁ ß",
]


def resolve(table: str, text: str) -> Ref | None:
    """Resolve every text that looks like a uid, as if the archive had such a record."""
    return Ref(uid=text) if len(text) == 16 and set(text) <= set(UID_SIGNS) else None


PLAIN = Context(NOW, order="ymd", decimal=".", currency="EUR", resolve=resolve)
COMMA = Context(NOW, order="dmy", decimal=",", currency="EUR", resolve=resolve)

uids = st.text(UID_SIGNS, min_size=16, max_size=16)
storable = st.characters(exclude_categories=["Cs"], exclude_characters="\0")
one_line = st.characters(exclude_categories=["Cs"], exclude_characters="\0\n\r\t")
lines = (st.text(one_line, max_size=20) | st.sampled_from(HOSTILE)).map(
    lambda text: " ".join(text.splitlines()).strip()
)
paragraphs = st.text(storable, max_size=60).map(
    lambda text: text.replace("\r\n", "\n").replace("\r", "\n").strip()
)
names = lines.map(lambda text: " ".join(text.split()) or "无").filter(lambda text: not resolve("", text))
words = st.from_regex(r"[abcXYZ王小é.'](?: ?[abcXYZ王小é.']){0,8}", fullmatch=True)
days = st.dates(date(1000, 1, 1))
partial_dates = st.one_of(  # for birthdays, which must not be in the future
    st.dates(date(1000, 1, 1), date(2025, 12, 31)).map(PartialDate.of),
    st.builds(PartialDate, st.integers(1000, 2025), st.none() | st.integers(1, 12)),
    st.builds(PartialDate, st.none(), st.integers(1, 12), st.none() | st.integers(1, 28)),
)
moments = st.datetimes(datetime(1000, 1, 1), datetime(9999, 12, 31)).map(  # noqa: DTZ001
    lambda moment: moment.replace(second=0, microsecond=0)
)
clocks = st.times().map(lambda clock: time(clock.hour, clock.minute))
numbers = st.decimals(-(10**12), 10**12, places=4)
shares = st.integers(0, 10_000).map(lambda n: Decimal(n).scaleb(-4))
phones = st.from_regex(r"\+?[0-9][0-9 ()./-]{2,14}[0-9]", fullmatch=True, alphabet="+0123456789 ()./-")
emails = st.from_regex(
    r"[abcé+]{1,4}(\.[abcé+]{1,4})?@[abc]{1,9}\.example", fullmatch=True, alphabet="abcé+.@example"
)
tags = st.lists(words, max_size=4, unique=True).map(tuple)
paths = st.lists(words, max_size=3).map(" / ".join)

_OF_KIND: dict[type[FieldType[Any]], Callable[[Any], Strategy]] = {
    kinds.Text: lambda kind: lines.map(lambda text: text or "-"),
    kinds.LongText: lambda kind: paragraphs,
    kinds.Phone: lambda kind: phones,
    kinds.Email: lambda kind: emails,
    kinds.Zone: lambda kind: st.sampled_from(["Asia/Shanghai", "Europe/Berlin", "UTC"]),
    kinds.Currency: lambda kind: st.sampled_from(["EUR", "CNY", "JPY"]),
    kinds.Choice: lambda kind: st.sampled_from(list(kind.options)),
    kinds.Flag: lambda kind: st.booleans(),
    kinds.Day: lambda kind: days,
    kinds.PartDay: lambda kind: partial_dates,
    kinds.Moment: lambda kind: moments,
    kinds.Clock: lambda kind: clocks,
    kinds.Number: lambda kind: numbers,
    kinds.Share: lambda kind: shares,
    kinds.Whole: lambda kind: st.integers(kind.low, kind.high),
    kinds.Tags: lambda kind: tags,
    kinds.Path: lambda kind: paths,
    kinds.Link: lambda kind: (
        uids.map(Ref) | (names.map(lambda name: Ref(name=name)) if kind.free else st.nothing())
    ),
    Links: lambda kind: st.lists(
        values(Link(kind.table, free=True)).filter(bool), max_size=3, unique=True
    ).map(tuple),
    Length: lambda kind: st.builds(Span, st.integers(0, 9999), st.integers(0, 999)),
    Weekdays: lambda kind: st.sets(st.integers(0, 6)).map(lambda found: tuple(sorted(found))),
    ListOf: lambda kind: st.lists(parts(kind.part), max_size=2).map(tuple),
}


def values(kind: FieldType[Any]) -> Strategy:
    """Return any value of a field type, including the empty value."""
    return st.just(kind.empty) | _of_kind(kind)


def _of_kind(kind: FieldType[Any]) -> Strategy:
    for cls in type(kind).__mro__:
        if cls in _OF_KIND:
            return _OF_KIND[cls](kind)
    raise AssertionError(f"{type(kind).__name__} needs an entry in tests/strategies.py")


def _fields(cls: type[Item]) -> tuple[dict[str, Strategy], dict[str, Strategy]]:
    needed, optional = {}, {}
    for key, field in cls.FIELDS.items():
        if field.required:
            needed[key] = _of_kind(field.type).filter(lambda value, empty=field.type.empty: value != empty)
        else:
            optional[key] = values(field.type)
    return needed, optional


def parts(cls: type[I]) -> st.SearchStrategy[I]:
    """Return list entries that can be saved, with all required values."""
    needed, optional = _fields(cls)
    return st.fixed_dictionaries(needed, optional=optional).map(lambda found: cls(**_in_order(cls, found)))


def _in_order(cls: type[Item], found: dict[str, Any]) -> dict[str, Any]:
    """Move each date up to the date that it must not precede, and drop lists out of order."""
    for rule in cls.RULES:
        if not isinstance(rule, InOrder):
            if rule.fault(found.get):
                del found[rule.last]
            continue
        first, last = found.get(rule.first), found.get(rule.last)
        if first and last:
            first = first.date() if isinstance(first, datetime) else first
            found[rule.last] = max(first, last)
    return found


json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**9), 10**9) | lines,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(lines, inner, max_size=2),
    max_leaves=4,
)


def records(cls: type[Record]) -> st.SearchStrategy[Any]:
    """Return records that can be saved, with imported columns in `extra` and keys of a newer version in `rest`."""
    needed, optional = _fields(cls)
    optional["extra"] = st.dictionaries(lines.filter(bool), lines, max_size=2)
    optional["rest"] = st.dictionaries(st.sampled_from(["later", "unknown_1"]), json_values, max_size=2)
    made = st.fixed_dictionaries({"uid": uids, **needed}, optional=optional)
    return made.map(lambda found: cls(**_in_order(cls, found)))
