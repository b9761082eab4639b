"""Extra fields: imported columns without a field in the program, which can be shown and edited like fields."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from archive.model.field_types.standard import TEXT
from archive.model.fields import Field, Group, Record
from archive.text import N_

PREFIX = "extra."
EXTRA = Group("extra", N_("Additional fields"))


def extra_fields(record: Record) -> list[Field]:
    """Return a field for each extra column of a record."""
    return [Field(name, TEXT, EXTRA, key=PREFIX + name) for name in record.extra]


def field_of(record: Record, key: str) -> Field | None:
    """Return the field or the extra column with this key; None if the record has neither."""
    if key.startswith(PREFIX):
        return next((field for field in extra_fields(record) if field.key == key), None)
    return record.FIELDS.get(key)


def value_of(record: Record, key: str) -> Any:
    """Return a record's value for the key of a field or an extra column."""
    return record.extra.get(key.removeprefix(PREFIX), "") if key.startswith(PREFIX) else getattr(record, key)


def record_values(record: Record, values: Mapping[str, Any]) -> dict[str, Any]:
    """Convert values by key to the arguments of `Archive.edit`, and drop extra columns that are now empty."""
    extra = {key.removeprefix(PREFIX): text for key, text in values.items() if key.startswith(PREFIX)}
    own = {key: value for key, value in values.items() if not key.startswith(PREFIX)}
    if not extra:
        return own
    return {**own, "extra": {name: text for name, text in {**record.extra, **extra}.items() if text}}
