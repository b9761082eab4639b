"""A record as a line of an archive's file: what is written can be read again, whoever reads it."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from archive.errors import BadValue
from archive.model.fields import keepable
from archive.text import _

NUMBER = re.compile("0|[1-9][0-9]{0,17}")  # of a document, in the one way it is written
UNSTORABLE = re.compile(rb"\\u(?:0000|[dD][89a-fA-F])")  # only an escape can bring such a character
dumps = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode


def encode_record(number: int, row: Mapping[str, Any]) -> bytes:
    """A record's line, or BadValue where it holds what could not be read again."""
    try:
        line = f'"{number}":{dumps(row)}'.encode()
        kept = not UNSTORABLE.search(line) or is_storable(row)
    except (ValueError, TypeError, RecursionError):
        kept = False
    if not kept:
        raise not_storable()
    return line


def not_storable() -> BadValue:
    """The error for a value that could not be read again."""
    return BadValue(
        _("A record holds a value that no file can keep."),
        _("A NUL, half of a character or what is no text; nothing was written."),
    )


def is_storable(value: Any) -> bool:
    """Whether every text in a JSON value can be kept by every file."""
    if isinstance(value, str):
        return keepable(value)
    if isinstance(value, dict):
        return all(keepable(key) and is_storable(inner) for key, inner in value.items())
    return all(map(is_storable, value)) if isinstance(value, list) else True
