"""Cells of list fields: spread over several columns, or a whole list in a single cell."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from archive.errors import BadValue
from archive.exchange.cells import Bad, Cells
from archive.exchange.link_cells import Resolve, link_text
from archive.model.field_types.base import Context, Json
from archive.model.field_types.lists import ListOf, one_preferred
from archive.model.field_types.standard import Link
from archive.model.fields import Field
from archive.text import _

SEVERAL = ":::"  # separator of several values in a cell, used by Google
# NUL in its JSON notation. Lone surrogates are already rejected when JSON is read.
_NUL = re.compile(r"(?<!\\)(?:\\\\)*\\u0000")
_SAY_NOTHING_ALONE = {"label", "preferred", "service"}


class PartColumn(NamedTuple):
    """A column for a field of a list part; `cells` is None for a reference."""

    column: int
    part: str
    side: str
    cells: Cells | None
    header: str


class RowParts(NamedTuple):
    """The parts in a row, cells that cannot be read, and texts without the fields that their part requires."""

    parts: list[dict[str, Json]]
    bad: list[tuple[str, str, Bad]]
    left: dict[str, str]


class PartReader:
    """Reads a list part, such as `phones.2`, from its columns."""

    def __init__(self, key: str, kind: ListOf[Any], exact: bool) -> None:
        self.key = key
        self._fields: Mapping[str, Field] = kind.part.FIELDS
        self._order = {name: number for number, name in enumerate(self._fields)}
        self._needed = {name for name, field in self._fields.items() if field.required}
        self._exact = exact
        self._columns: list[PartColumn] = []
        self._links: dict[str, dict[str, int]] = {}
        self._label: tuple[str, str] = ("", "")
        self._plain: list[tuple[int, str, Cells | None]] = []
        self._stars = False  # whether labels may start with an asterisk

    def add(self, column: PartColumn, label: str) -> None:
        """Add a column; `label` is the label that its header implies."""
        if column.cells is None:
            self._links.setdefault(column.part, {})[column.side] = column.column
        self._columns.append(column)
        self._columns.sort(key=lambda other: self._order[other.part])
        self._plain = [(c.column, c.part, c.cells) for c in self._columns]
        self._stars = self._stars or (column.part == "label" and not self._exact)
        if label:
            self._label = (next(name for name in ("label", "service") if name in self._fields), label)

    def read(self, cells: Sequence[str], resolve: Resolve) -> RowParts | None:
        """Return the parts in a row: several if a cell contains several values; None if the cells are empty."""
        if (part := self.read_plain(cells, resolve)) is not None:
            return RowParts([part], [], {}) if part else None
        filled = [column for column in self._columns if cells[column.column]]
        texts = {column.column: cells[column.column] for column in filled}
        if not self._exact and any(_has_several(c.cells, cells[c.column]) for c in filled):
            return self._read_several(cells, filled, resolve)
        return self._read_part(texts, filled, cells, resolve)

    def read_plain(self, cells: Sequence[str], resolve: Resolve) -> dict[str, Json] | None:
        """Fast path for a single valid part; {} if the cells are empty, None if `read` is needed."""
        part: dict[str, Json] = {}
        for column, name, values in self._plain:
            if text := cells[column]:
                if not self._exact and _has_several(values, text):
                    return None
                value = self._linked(name, cells, resolve) if values is None else values[text]
                if value.__class__ is Bad:
                    return None
                if value is not None:
                    part[name] = value
        if part and not self._is_complete(part):
            return None
        return self._labelled(part) if part else part

    def _read_several(self, cells: Sequence[str], filled: Sequence[PartColumn], resolve: Resolve) -> RowParts:
        all_parts = RowParts([], [], {})
        split = {column.column: _split(column.cells, cells[column.column]) for column in filled}
        for number in range(max(map(len, split.values()))):
            texts = {
                column: (
                    parts[number] if number < len(parts) else parts[0] if len(parts) == 1 else ""
                ).strip()
                for column, parts in split.items()
            }
            one_part = self._read_part(texts, filled, cells, resolve)
            all_parts.parts.extend(one_part.parts)
            all_parts.bad.extend(one_part.bad)
            all_parts.left.update(one_part.left)
        return all_parts

    def _read_part(
        self, texts: Mapping[int, str], filled: Sequence[PartColumn], cells: Sequence[str], resolve: Resolve
    ) -> RowParts:
        part: dict[str, Json] = {}
        bad: list[tuple[str, str, Bad]] = []
        for column in filled:
            number, name, _side, values, header = column
            value = self._linked(name, cells, resolve) if values is None else values[texts[number]]
            if value.__class__ is Bad:
                bad.append((header, texts[number], value))
            elif value is not None:
                part[name] = value
        if not self._is_complete(part):
            meaningful = [column for column in filled if column.part in part.keys() - _SAY_NOTHING_ALONE]
            return RowParts([], bad, {column.header: texts[column.column] for column in meaningful})
        return RowParts([self._labelled(part)], bad, {})

    def _is_complete(self, part: Mapping[str, Json]) -> bool:
        if self._needed:
            return self._needed <= part.keys()
        return bool(part) and (self._exact or not part.keys() <= _SAY_NOTHING_ALONE)

    def _linked(self, part: str, cells: Sequence[str], resolve: Resolve) -> Json:
        kind = self._fields[part].type
        assert isinstance(kind, Link)
        text = link_text(kind, self._links[part], cells)
        return resolve(text) if text.code or text.name else None

    def _labelled(self, part: dict[str, Json]) -> dict[str, Json]:
        """Add the label from the header. "* Work" marks the preferred part, with the label Work."""
        key, header_label = self._label
        if key and key not in part:
            first = self._order[key] < self._order[next(iter(part))]
            part = {key: header_label, **part} if first else {**part, key: header_label}
        if self._stars and (text := part.get("label", "")).startswith("*") and "preferred" in self._fields:
            part |= {"label": text.removeprefix("*").strip(), "preferred": True}
            part = {name: part[name] for name in self._fields if part.get(name)}
        return part


def _has_several(cells: Cells | None, text: str) -> bool:
    return len(_split(cells, text)) > 1


def _split(cells: Cells | None, text: str) -> list[str]:
    """Return the values in a cell. E-mail addresses and phone numbers may be separated by other characters too."""
    if SEVERAL in text:
        return text.split(SEVERAL)
    return cells.split(text) if cells is not None and cells.split else [text]


def list_reader(field: Field, ctx: Context) -> Cells:
    """Return a converter for whole lists in a cell: JSON, one-line parts, or the main text of a part."""
    kind = field.type
    assert isinstance(kind, ListOf)
    return Cells(lambda text: _whole_list(kind, field.key, text, ctx))


def _whole_list(kind: ListOf[Any], key: str, text: str, ctx: Context) -> Json:
    bare = " ".join(text.split())
    if key == "addresses" and not bare.startswith("["):
        return [{"street": bare}] if bare else None
    if key == "positions" and not bare.startswith("["):
        return [{"organisation": {"name": bare}}] if bare else None
    value = kind.parse(text, ctx)
    if fault := kind.fault(value):
        raise BadValue(fault)
    dumped = one_preferred(kind.dump(value))
    if _NUL.search(json.dumps(dumped)):
        raise BadValue(
            _("The text contains a NUL character or half of a surrogate pair."), _("Remove it and try again.")
        )
    return dumped or None
