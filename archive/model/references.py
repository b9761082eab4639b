"""References from one record to another, and their conversion to names when the other record is deleted."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from archive.model.field_types.base import FieldType
from archive.model.field_types.links import Links
from archive.model.field_types.lists import ListOf
from archive.model.field_types.standard import Link
from archive.model.fields import Item

Ways = list[tuple[str, FieldType[Any]]]
_WAYS: dict[tuple[type[Item], str], Ways] = {}  # cache, since a deletion checks every record


def _ways(cls: type[Item], table: str) -> Ways:
    """Return the fields of a class, including lists, that can hold free references to `table`."""
    fields = _WAYS.get((cls, table))
    if fields is None:
        fields = [(key, field.type) for key, field in cls.FIELDS.items() if _leads(field.type, table)]
        _WAYS[cls, table] = fields
    return fields


def _leads(kind: FieldType[Any], table: str) -> bool:
    if isinstance(kind, ListOf):
        return bool(_ways(kind.part, table))
    return (isinstance(kind, Links) or (isinstance(kind, Link) and kind.free)) and kind.table == table


def links_between(cls: type[Item], table: str) -> bool:
    """Return whether records of a class can have free references to `table`, which survive deletion as names."""
    return bool(_ways(cls, table))


def relinked(
    cls: type[Item], raw: Mapping[str, Any], table: str, uid: str, name: str
) -> dict[str, Any] | None:
    """Return the stored record with each free reference to `uid` replaced by a name; None if nothing changes."""
    changed = {
        key: new
        for key, kind in _ways(cls, table)
        if key in raw and (new := _relinked(kind, raw[key], table, uid, name)) is not None
    }
    return {**raw, **changed} if changed else None


def _relinked(kind: FieldType[Any], value: Any, table: str, uid: str, name: str) -> Any:
    if isinstance(kind, ListOf):
        parts = [relinked(kind.part, part, table, uid, name) for part in value]
        return [new or old for new, old in zip(parts, value, strict=True)] if any(parts) else None
    if isinstance(kind, Links):
        return [{"name": name} if ref == uid else ref for ref in value] if uid in value else None
    return {"name": name} if value == uid else None
