"""A record of ours and what a file says of it, as one."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Any, NamedTuple

from archive.model.fields import Json, Kind, Record
from archive.model.kind_links import Links
from archive.model.kinds import LongText, Tags
from archive.model.lists import ListOf, one_preferred
from archive.model.tables import STORED

Raw = Mapping[str, Any]


class Merged(NamedTuple):
    """The record as it will be, the keys that change, and those that differ and stay."""

    raw: dict[str, Any]
    changed: list[str]
    kept: list[str]


def merged(cls: type[Record], old: Raw, values: Raw, extra: Mapping[str, str], mode: str) -> Merged:
    """`old` with `values` and `extra` of a row, as `mode` says; a key of `extra` is called extra.KEY."""
    new, changed, kept = dict(old), [], []
    for key, offered in values.items():
        kind = cls.FACTS[key].kind
        if key in old and says_nothing_new(kind, old[key], offered):
            continue
        value = _value(kind, old.get(key), offered, mode)
        if value is None:
            kept.append(key)
        else:
            new[key] = value
            changed.append(key)
    texts = dict(old.get("extra", {}))
    for name, text in extra.items():
        if texts.get(name) == text:
            continue
        if mode == "keep" or (name in texts and mode != "overwrite"):
            kept.append(f"extra.{name}")
        else:
            texts[name] = text
            changed.append(f"extra.{name}")
    if texts:
        new["extra"] = texts
    return Merged(in_order(cls, new) if changed else dict(old), changed, kept)


def says_nothing_new(kind: Kind[Any], old: Json, offered: Json) -> bool:
    """Whether what a file offers stands in a kept value already."""
    if old == offered:
        return True
    if isinstance(kind, ListOf):
        return all(any(part.items() <= known.items() for known in old) for part in offered)
    if isinstance(kind, Tags | Links):
        return all(one in old for one in offered)
    return kind.family == "number" and _number(old) == _number(offered)


def _number(raw: Json) -> Decimal | None:
    try:
        return Decimal(raw)
    except (InvalidOperation, TypeError, ValueError):
        return None


def _value(kind: Kind[Any], old: Json, offered: Json, mode: str) -> Json:
    """What is kept of the two; None where ours stays."""
    if mode == "keep":
        return None
    if old is None or mode == "overwrite":
        return offered
    return _appended(kind, old, offered) if mode == "append" else None


def _appended(kind: Kind[Any], old: Json, offered: Json) -> Json:
    if isinstance(kind, ListOf):
        more = (part for part in offered if not any(part.items() <= known.items() for known in old))
        return one_preferred([*old, *more])
    if isinstance(kind, Tags | Links):
        return [*old, *(one for one in offered if one not in old)]
    if isinstance(kind, LongText):
        return None if offered in old or len(old) + len(offered) >= kind.cap else f"{old}\n{offered}"
    return None


def in_order(cls: type[Record], raw: Raw) -> dict[str, Any]:
    """The kept form with its keys in the order in which a record writes them."""
    ordered = {key: raw[key] for key in _ordered(cls.TABLE, tuple(raw))}
    if raw.get("extra"):
        ordered["extra"] = raw["extra"]
    return ordered


@lru_cache(1_000)  # the rows of a file have few sets of keys
def _ordered(table: str, keys: tuple[str, ...]) -> tuple[str, ...]:
    known = [key for key in ("uid", *STORED[table].FACTS) if key in keys]
    return (*known, *(key for key in keys if key not in known and key != "extra"))
