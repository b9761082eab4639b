"""A file that is read whole: one of an older version, or that another program wrote, in any layout TinyDB reads."""

from __future__ import annotations

import json
import re
from math import isfinite
from pathlib import Path
from typing import Any

from archive.collector import at_rest
from archive.errors import Damaged, NotFound
from archive.store.mmap_file import SMALL, Data
from archive.store.record_codec import UNSTORABLE, is_storable
from archive.text import _

Tables = dict[str, dict[str, dict[str, Any]]]
_FIRST_LINE = b'{"_meta":{\n'  # of a file as it is written here
_HEAD = 4096  # bytes
_RECORD = re.compile(rb'\n"[0-9]+":')
_NUMBER = re.compile(r"[1-9][0-9]{0,17}")  # one way to write it: "07" would become a second 7


def refuse_what_is_no_object(data: Data, path: Path) -> None:
    """Damaged if a large file shows by its beginning that it is no archive of any kind; it may not fit into memory."""
    if len(data) > SMALL and data[:_HEAD].strip()[:1] not in (b"", b"{"):
        raise damaged(path, _("it does not begin as one"))


def decode(data: bytes, path: Path) -> Tables:
    """The tables that a file's bytes hold; Damaged with the line where they are not an archive's."""
    try:
        with at_rest():
            tables = _parsed(data) if data.strip() else None
    except json.JSONDecodeError as error:
        raise damaged(path, _("line {line} is not valid JSON").format(line=error.lineno)) from None
    except UnicodeDecodeError as error:
        raise damaged(path, _("byte {n} is not UTF-8 text").format(n=error.start)) from None
    except (ValueError, RecursionError):
        raise damaged(path, _("it holds what no archive has")) from None
    if tables is None:
        raise damaged(path, _("it is empty"))
    if UNSTORABLE.search(data) and not is_storable(tables):
        raise damaged(path, _("it holds a NUL or half of a character"))
    if not isinstance(tables, dict) or not all(_is_table(table) for table in tables.values()):
        raise damaged(path, _("it does not hold tables"))
    if len(_RECORD.findall(data)) > sum(map(len, tables.values())):
        raise damaged(path, _("two records have one number, or two tables one name"))
    return tables


def _parsed(data: bytes) -> Any:
    """The JSON value. Of two equal keys `json` would drop one; in lines of ours, which are counted, it may."""
    ours = data.startswith(_FIRST_LINE)
    return json.loads(
        data.decode("utf-8"),
        parse_constant=_refuse,
        parse_float=_finite,
        object_pairs_hook=None if ours else _distinct,
    )


def _refuse(constant: str) -> None:
    raise ValueError(constant)


def _finite(text: str) -> float:
    number = float(text)
    if not isfinite(number):
        raise ValueError(text)
    return number


def _distinct(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError
    return found


def _is_table(table: Any) -> bool:
    return isinstance(table, dict) and all(
        _NUMBER.fullmatch(key) and isinstance(row, dict) for key, row in table.items()
    )


def damaged(path: Path, why: str) -> Damaged:
    """The error for a file that is not, or no longer, an archive."""
    return Damaged(
        _("{path} cannot be read as an archive: {why}.").format(path=path, why=why),
        _("It was left as it is. `archive repair` copies it and saves what can be read of an archive."),
    )


def missing(path: Path) -> NotFound:
    """The error for reading an archive that is not there."""
    return NotFound(
        _("There is no archive at {path}.").format(path=path),
        _("`archive {path}` makes one, `archive demo` shows one.").format(path=path),
    )
