"""Links from one record to another, and what becomes of them when the other goes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from archive.model.fields import Item
from archive.model.kind_links import Links
from archive.model.kinds import Link
from archive.model.lists import ListOf


def links_between(cls: type[Item], table: str) -> bool:
    """Whether records of a class can name a record of `table` freely (and outlive it)."""
    for fact in cls.FACTS.values():
        kind = fact.kind
        if isinstance(kind, Link) and kind.table == table and kind.free:
            return True
        if isinstance(kind, Links) and kind.table == table:
            return True
        if isinstance(kind, ListOf) and links_between(kind.part, table):
            return True
    return False


def relinked(
    cls: type[Item], raw: Mapping[str, Any], table: str, uid: str, name: str
) -> dict[str, Any] | None:
    """The kept record with every free link to `uid` replaced by a mere name; None where it has no such link."""
    changed: dict[str, Any] = {}
    for key, fact in cls.FACTS.items():
        kind = fact.kind
        if key not in raw:
            continue
        if isinstance(kind, Link) and kind.free and kind.table == table and raw[key] == uid:
            changed[key] = {"name": name}
        elif isinstance(kind, Links) and kind.table == table and uid in raw[key]:
            changed[key] = [{"name": name} if one == uid else one for one in raw[key]]
        elif isinstance(kind, ListOf):
            parts = [relinked(kind.part, part, table, uid, name) for part in raw[key]]
            if any(parts):
                changed[key] = [new or old for new, old in zip(parts, raw[key], strict=True)]
    return {**raw, **changed} if changed else None
