"""Encode a record as a line of the archive's file, refusing values that not every JSON reader accepts."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from archive.errors import BadValue
from archive.model.field_types.base import keepable
from archive.text import _

NUMBER = re.compile("0|[1-9][0-9]{0,17}")  # a document number in its only spelling, without leading zeros
# In UTF-8 JSON, a NUL or a surrogate can only be written as an escape.
UNSTORABLE = re.compile(rb"\\u(?:0000|[dD][89a-fA-F])")
dumps = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode


def encode_record(number: int, row: Mapping[str, Any]) -> bytes:
    """Return the line of a record.

    Raises:
        BadValue: The record contains a value that could not be read back.
    """
    try:
        line = f'"{number}":{dumps(row)}'.encode()
        storable = not UNSTORABLE.search(line) or is_storable(row)
    except (ValueError, TypeError, RecursionError):
        storable = False
    if not storable:
        raise not_storable()
    return line


def not_storable() -> BadValue:
    """Return the error for a value that could not be read back."""
    return BadValue(
        _("A record contains a value that cannot be stored."),
        _(
            "It contains a NUL character, half of a surrogate pair or a value that is not JSON. Nothing was written."
        ),
    )


def is_storable(value: Any) -> bool:
    """Return whether every text in a JSON value can be stored in every file format."""
    if isinstance(value, str):
        return keepable(value)
    if isinstance(value, dict):
        return all(keepable(key) and is_storable(inner) for key, inner in value.items())
    return all(map(is_storable, value)) if isinstance(value, list) else True
