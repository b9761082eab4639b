"""Export of records as rows of text: a column per value, code and name for references, several columns for lists.

A list that columns cannot represent (too long, or with keys of a newer version) is written as JSON in a single cell.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from archive.errors import BadValue
from archive.exchange.paths import CODE, EXTRA, ID, NAME, Place
from archive.model.field_type import Context, Json, Kind
from archive.model.fields import Fact, Record
from archive.model.kind_references import Links
from archive.model.kinds import Currency, Link
from archive.model.lists import ListOf

Raw = Mapping[str, Any]
Get = Callable[[Raw], str]
MOST_PARTS = 12  # list parts with separate columns


@dataclass(frozen=True)
class Column:
    """A column of a file: its place in a record, and a function that returns its cell for a stored record."""

    place: Place
    cell: Get


def flat_columns(cls: type[Record], records: Iterable[Raw], ctx: Context) -> list[Column]:
    """Return the columns needed for the records of a table: `id`, the fields in declared order, then extra values.

    Simple fields always have a column; lists have as many as the records need. `ctx` provides codes and names of
    linked records.
    """
    seen = _Seen(cls)
    for raw in records:
        seen.add(raw)
    places = [Place(ID)]
    for fact in cls.FACTS.values():
        places += seen.of_list(fact) if isinstance(fact.kind, ListOf) else _of_fact(fact)
    places += [Place(EXTRA, name=name) for name in sorted(seen.extra)]
    places += [Place(EXTRA)] if seen.odd_extra else []
    return [column_of(cls, place, ctx) for place in places]


def _of_fact(fact: Fact, number: int = 0, part: str = "") -> list[Place]:
    kind = fact.kind if not part else fact.kind.part.FACTS[part].kind  # type: ignore[attr-defined]
    sides = (CODE, NAME) if isinstance(kind, Link) else ("",)
    return [Place(fact.key, number, part, side) for side in sides]


class _Seen:
    """Collects which list columns and extra columns the records of a table need."""

    def __init__(self, cls: type[Record]) -> None:
        self.lists = {key: fact.kind for key, fact in cls.FACTS.items() if isinstance(fact.kind, ListOf)}
        self.longest = dict.fromkeys(self.lists, 0)
        self.used: dict[str, set[str]] = {key: set() for key in self.lists}
        self.odd = dict.fromkeys(self.lists, False)
        self.extra: set[str] = set()
        self.odd_extra = False

    def add(self, raw: Raw) -> None:
        for key, kind in self.lists.items():
            if parts := raw.get(key):
                self._add_list(key, kind, parts)
        for name, text in raw.get(EXTRA, {}).items():
            if _is_odd_extra(name, text):
                self.odd_extra = True
            else:
                self.extra.add(name)

    def _add_list(self, key: str, kind: ListOf[Any], parts: Sequence[Raw]) -> None:
        if _is_odd(kind, parts):
            self.odd[key] = True
            return
        self.longest[key] = max(self.longest[key], len(parts))
        for part in parts:
            self.used[key].update(part)

    def of_list(self, fact: Fact) -> list[Place]:
        parts = [part for part in self.lists[fact.key].part.FACTS if part in self.used[fact.key]]
        numbers = range(1, self.longest[fact.key] + 1)
        places = [place for number in numbers for part in parts for place in _of_fact(fact, number, part)]
        return [*places, *([Place(fact.key)] if self.odd[fact.key] else [])]


def _is_odd(kind: ListOf[Any], parts: Sequence[Raw]) -> bool:
    """Return whether columns cannot represent the list without loss."""
    facts = kind.part.FACTS
    needed = {key for key, fact in facts.items() if fact.required}
    whole = (part and part.keys() <= facts.keys() and part.keys() >= needed for part in parts)
    return len(parts) > MOST_PARTS or not all(whole)


def _is_odd_extra(name: str, text: str) -> bool:
    """Return whether a separate column cannot represent the name or text without loss."""
    return not name or name != name.strip() or not text.strip()


def column_of(cls: type[Record], place: Place, ctx: Context) -> Column:
    """Return the column for a place, whatever the records contain."""
    if place.key == ID:
        return Column(place, lambda raw: str(raw["uid"]))
    if place.key == EXTRA:
        return Column(place, _extra(place.name))
    fact = place.fact(cls)
    assert fact
    cell = _cell(fact.kind, place.side, ctx)
    if place.part:
        return Column(place, _of_part(cls.FACTS[place.key].kind, place, cell))
    if isinstance(fact.kind, ListOf):
        return Column(place, _odd_list(fact))
    return Column(place, lambda raw: cell(raw[place.key]) if place.key in raw else "")


def _extra(name: str) -> Get:
    def one(raw: Raw) -> str:
        text = raw.get(EXTRA, {}).get(name, "")
        return "" if _is_odd_extra(name, text) else str(text)

    def odd(raw: Raw) -> str:
        left = {key: text for key, text in raw.get(EXTRA, {}).items() if _is_odd_extra(key, text)}
        return _json(left) if left else ""

    return one if name else odd


def _of_part(kind: Kind[Any], place: Place, cell: Callable[[Json], str]) -> Get:
    assert isinstance(kind, ListOf)

    def get(raw: Raw) -> str:
        parts = raw.get(place.key, ())
        if len(parts) < place.number or _is_odd(kind, parts):
            return ""
        part = parts[place.number - 1]
        return cell(part[place.part]) if place.part in part else ""

    return get


def _odd_list(fact: Fact) -> Get:
    kind = fact.kind
    assert isinstance(kind, ListOf)

    def get(raw: Raw) -> str:
        parts = raw.get(fact.key)
        return _json(parts) if parts and _is_odd(kind, parts) else ""

    return get


def _json(value: Json) -> str:
    return json.dumps(value, ensure_ascii=False)


def _cell(kind: Kind[Any], side: str, ctx: Context) -> Callable[[Json], str]:
    """Return a function that formats stored values; numbers in their shortest form, whichever program wrote them."""
    if isinstance(kind, Link):
        return _code_cell(kind.table, ctx) if side == CODE else _name_cell(kind.table, ctx)
    if isinstance(kind, Links):
        links = kind
        return lambda value: links.codes(links.load(value), ctx)
    if isinstance(kind, ListOf):
        return _json  # nested list
    if kind.family in ("text", "choice") and type(kind).cell is Kind.cell and not isinstance(kind, Currency):
        return str

    def cell(value: Json) -> str:
        try:
            return kind.cell(kind.load(value))
        except BadValue:  # not written by this program; `archive check` reports it
            return value if isinstance(value, str) else _json(value)

    return cell


def _code_cell(table: str, ctx: Context) -> Callable[[Json], str]:
    """Return a function for the code of a linked record, or the imported code if the record was not found."""
    return lambda value: ctx.code_of(table, value) if isinstance(value, str) else str(value.get("code", ""))


def _name_cell(table: str, ctx: Context) -> Callable[[Json], str]:
    return lambda value: ctx.name_of(table, value) if isinstance(value, str) else str(value["name"])
