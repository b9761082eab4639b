"""Merge the values of an imported row into a stored record."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Any, NamedTuple

from archive.model.field_types.base import FieldType, Json
from archive.model.field_types.links import Links
from archive.model.field_types.lists import ListOf, one_preferred
from archive.model.field_types.standard import LongText, Tags
from archive.model.fields import Record
from archive.model.tables import STORED

Raw = Mapping[str, Any]


class Merged(NamedTuple):
    """The merged record, the keys that changed, and the keys that differ but keep the stored value."""

    raw: dict[str, Any]
    changed: list[str]
    kept: list[str]


def merged(cls: type[Record], old: Raw, values: Raw, extra: Mapping[str, str], mode: str) -> Merged:
    """Merge a row into a stored record.

    Args:
        cls: The record class.
        old: The stored record.
        values: The values of the row.
        extra: Its extra columns; their keys in the result are extra.KEY.
        mode: One of MERGES, see `ImportOptions`.
    """
    new, changed, unchanged = dict(old), [], []
    for key, incoming in values.items():
        kind = cls.FIELDS[key].type
        if key in old and says_nothing_new(kind, old[key], incoming):
            continue
        value = _value(kind, old.get(key), incoming, mode)
        if value is None:
            unchanged.append(key)
        else:
            new[key] = value
            changed.append(key)
    texts = dict(old.get("extra", {}))
    for name, text in extra.items():
        if texts.get(name) == text:
            continue
        if mode == "keep" or (name in texts and mode != "overwrite"):
            unchanged.append(f"extra.{name}")
        else:
            texts[name] = text
            changed.append(f"extra.{name}")
    if texts:
        new["extra"] = texts
    return Merged(in_order(cls, new) if changed else dict(old), changed, unchanged)


def says_nothing_new(kind: FieldType[Any], old: Json, incoming: Json) -> bool:
    """Return whether the stored value already contains the value in the file."""
    if old == incoming:
        return True
    if isinstance(kind, ListOf):
        return all(any(part.items() <= stored.items() for stored in old) for part in incoming)
    if isinstance(kind, Tags | Links):
        return all(link in old for link in incoming)
    return kind.family == "number" and _number(old) == _number(incoming)


def _number(raw: Json) -> Decimal | None:
    try:
        return Decimal(raw)
    except (InvalidOperation, TypeError, ValueError):
        return None


def _value(kind: FieldType[Any], old: Json, incoming: Json, mode: str) -> Json:
    """Return the merged value; None if the stored value is not changed."""
    if mode == "keep":
        return None
    if old is None or mode == "overwrite":
        return incoming
    return _appended(kind, old, incoming) if mode == "append" else None


def _appended(kind: FieldType[Any], old: Json, incoming: Json) -> Json:
    if isinstance(kind, ListOf):
        more = (part for part in incoming if not any(part.items() <= stored.items() for stored in old))
        return one_preferred([*old, *more])
    if isinstance(kind, Tags | Links):
        return [*old, *(link for link in incoming if link not in old)]
    if isinstance(kind, LongText):
        return None if incoming in old or len(old) + len(incoming) >= kind.cap else f"{old}\n{incoming}"
    return None


def in_order(cls: type[Record], raw: Raw) -> dict[str, Any]:
    """Return a stored record with its keys in the order in which `dump` writes them."""
    ordered = {key: raw[key] for key in _ordered(cls.TABLE, tuple(raw))}
    if raw.get("extra"):
        ordered["extra"] = raw["extra"]
    return ordered


@lru_cache(1_000)  # few different sets of keys occur in a file
def _ordered(table: str, keys: tuple[str, ...]) -> tuple[str, ...]:
    field_keys = [key for key in ("uid", *STORED[table].FIELDS) if key in keys]
    return (*field_keys, *(key for key in keys if key not in field_keys and key != "extra"))
