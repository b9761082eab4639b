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
from archive.model.field_types.base import Context, FieldType, Json
from archive.model.field_types.links import Links
from archive.model.field_types.lists import ListOf
from archive.model.field_types.standard import Currency, Link
from archive.model.fields import Field, Record

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
    usage = _Seen(cls)
    for raw in records:
        usage.add(raw)
    places = [Place(ID)]
    for field in cls.FIELDS.values():
        places += usage.of_list(field) if isinstance(field.type, ListOf) else _of_field(field)
    places += [Place(EXTRA, name=name) for name in sorted(usage.extra)]
    places += [Place(EXTRA)] if usage.odd_extra else []
    return [column_of(cls, place, ctx) for place in places]


def _of_field(field: Field, number: int = 0, part: str = "") -> list[Place]:
    kind = field.type if not part else field.type.part.FIELDS[part].type  # type: ignore[attr-defined]
    sides = (CODE, NAME) if isinstance(kind, Link) else ("",)
    return [Place(field.key, number, part, side) for side in sides]


class _Seen:
    """Collects which list columns and extra columns the records of a table need."""

    def __init__(self, cls: type[Record]) -> None:
        self.lists = {key: field.type for key, field in cls.FIELDS.items() if isinstance(field.type, ListOf)}
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

    def of_list(self, field: Field) -> list[Place]:
        parts = [part for part in self.lists[field.key].part.FIELDS if part in self.used[field.key]]
        numbers = range(1, self.longest[field.key] + 1)
        places = [place for number in numbers for part in parts for place in _of_field(field, number, part)]
        return [*places, *([Place(field.key)] if self.odd[field.key] else [])]


def _is_odd(kind: ListOf[Any], parts: Sequence[Raw]) -> bool:
    """Return whether columns cannot represent the list without loss."""
    fields = kind.part.FIELDS
    needed = {key for key, field in fields.items() if field.required}
    is_complete = (part and part.keys() <= fields.keys() and part.keys() >= needed for part in parts)
    return len(parts) > MOST_PARTS or not all(is_complete)


def _is_odd_extra(name: str, text: str) -> bool:
    """Return whether a separate column cannot represent the name or text without loss."""
    return not name or name != name.strip() or not text.strip()


def column_of(cls: type[Record], place: Place, ctx: Context) -> Column:
    """Return the column for a place, whatever the records contain."""
    if place.key == ID:
        return Column(place, lambda raw: str(raw["uid"]))
    if place.key == EXTRA:
        return Column(place, _extra(place.name))
    field = place.field(cls)
    assert field
    cell = _cell(field.type, place.side, ctx)
    if place.part:
        return Column(place, _of_part(cls.FIELDS[place.key].type, place, cell))
    if isinstance(field.type, ListOf):
        return Column(place, _odd_list(field))
    return Column(place, lambda raw: cell(raw[place.key]) if place.key in raw else "")


def _extra(name: str) -> Get:
    def cell(raw: Raw) -> str:
        text = raw.get(EXTRA, {}).get(name, "")
        return "" if _is_odd_extra(name, text) else str(text)

    def json_cell(raw: Raw) -> str:
        texts = {key: text for key, text in raw.get(EXTRA, {}).items() if _is_odd_extra(key, text)}
        return _json(texts) if texts else ""

    return cell if name else json_cell


def _of_part(kind: FieldType[Any], place: Place, cell: Callable[[Json], str]) -> Get:
    assert isinstance(kind, ListOf)

    def get(raw: Raw) -> str:
        parts = raw.get(place.key, ())
        if len(parts) < place.number or _is_odd(kind, parts):
            return ""
        part = parts[place.number - 1]
        return cell(part[place.part]) if place.part in part else ""

    return get


def _odd_list(field: Field) -> Get:
    kind = field.type
    assert isinstance(kind, ListOf)

    def get(raw: Raw) -> str:
        parts = raw.get(field.key)
        return _json(parts) if parts and _is_odd(kind, parts) else ""

    return get


def _json(value: Json) -> str:
    return json.dumps(value, ensure_ascii=False)


def _cell(kind: FieldType[Any], side: str, ctx: Context) -> Callable[[Json], str]:
    """Return a function that formats stored values; numbers in their shortest form."""
    if isinstance(kind, Link):
        return _code_cell(kind.table, ctx) if side == CODE else _name_cell(kind.table, ctx)
    if isinstance(kind, Links):
        links = kind
        return lambda value: links.codes(links.load(value), ctx)
    if isinstance(kind, ListOf):
        return _json  # nested list
    if (
        kind.family in ("text", "choice")
        and type(kind).cell is FieldType.cell
        and not isinstance(kind, Currency)
    ):
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
