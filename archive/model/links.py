"""Links from one record to another, and what becomes of them when the other goes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from archive.model.fields import Item, Kind
from archive.model.kind_links import Links
from archive.model.kinds import Link
from archive.model.lists import ListOf

Ways = list[tuple[str, Kind[Any]]]
_WAYS: dict[tuple[type[Item], str], Ways] = {}  # asked of every record when one is deleted


def _ways(cls: type[Item], table: str) -> Ways:
    """The facts of a class, lists included, that can name a record of `table` freely."""
    found = _WAYS.get((cls, table))
    if found is None:
        found = [(key, fact.kind) for key, fact in cls.FACTS.items() if _leads(fact.kind, table)]
        _WAYS[cls, table] = found
    return found


def _leads(kind: Kind[Any], table: str) -> bool:
    if isinstance(kind, ListOf):
        return bool(_ways(kind.part, table))
    return (isinstance(kind, Links) or (isinstance(kind, Link) and kind.free)) and kind.table == table


def links_between(cls: type[Item], table: str) -> bool:
    """Whether records of a class can name a record of `table` freely (and outlive it)."""
    return bool(_ways(cls, table))


def relinked(
    cls: type[Item], raw: Mapping[str, Any], table: str, uid: str, name: str
) -> dict[str, Any] | None:
    """The kept record with every free link to `uid` replaced by a mere name; None where it has no such link."""
    changed = {
        key: new
        for key, kind in _ways(cls, table)
        if key in raw and (new := _relinked(kind, raw[key], table, uid, name)) is not None
    }
    return {**raw, **changed} if changed else None


def _relinked(kind: Kind[Any], value: Any, table: str, uid: str, name: str) -> Any:
    if isinstance(kind, ListOf):
        parts = [relinked(kind.part, part, table, uid, name) for part in value]
        return [new or old for new, old in zip(parts, value, strict=True)] if any(parts) else None
    if isinstance(kind, Links):
        return [{"name": name} if one == uid else one for one in value] if uid in value else None
    return {"name": name} if value == uid else None
