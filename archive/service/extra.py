"""The columns of an import that have no field here: each is shown and edited like a field of its record."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from archive.model.fields import Fact, Record
from archive.model.kinds import TEXT

PREFIX = "extra."


def extra_facts(record: Record) -> list[Fact]:
    """A fact for each extra column that a record has."""
    return [Fact(name, TEXT, key=PREFIX + name) for name in record.extra]


def fact_of(record: Record, key: str) -> Fact | None:
    """The field or the extra column of this key."""
    if key.startswith(PREFIX):
        return next((fact for fact in extra_facts(record) if fact.key == key), None)
    return record.FACTS.get(key)


def value_of(record: Record, key: str) -> Any:
    """What a record has for a key."""
    return record.extra.get(key.removeprefix(PREFIX), "") if key.startswith(PREFIX) else getattr(record, key)


def record_values(record: Record, values: Mapping[str, Any]) -> dict[str, Any]:
    """Values by key as `Archive.edit` takes them; an extra column that was emptied goes."""
    extra = {key.removeprefix(PREFIX): text for key, text in values.items() if key.startswith(PREFIX)}
    own = {key: value for key, value in values.items() if not key.startswith(PREFIX)}
    if not extra:
        return own
    return {**own, "extra": {name: text for name, text in {**record.extra, **extra}.items() if text}}
