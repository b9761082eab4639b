"""Read a foreign or older TinyDB file completely into memory, in any layout that TinyDB reads."""

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
_FIRST_LINE = b'{"_meta":{\n'  # of every file that this program writes
_HEAD = 4096  # bytes
_RECORD = re.compile(rb'\n"[0-9]+":')
_NUMBER = re.compile(r"[1-9][0-9]{0,17}")  # no leading zeros: "07" and "7" would be the same number


def refuse_what_is_no_object(data: Data, path: Path) -> None:
    """Raise Damaged if a large file does not begin with a JSON object.

    This is checked before the file is loaded, since a large file of another kind may not fit into memory.
    """
    if len(data) > SMALL and data[:_HEAD].strip()[:1] not in (b"", b"{"):
        raise damaged(path, _("it does not begin like an archive"))


def decode(data: bytes, path: Path) -> Tables:
    """Parse the tables of a file.

    Raises:
        Damaged: It is not valid JSON, or is not a TinyDB file; the message names the line or the reason.
    """
    try:
        with at_rest():
            tables = _parsed(data) if data.strip() else None
    except json.JSONDecodeError as error:
        raise damaged(path, _("line {line} is not valid JSON").format(line=error.lineno)) from None
    except UnicodeDecodeError as error:
        raise damaged(path, _("byte {n} is not UTF-8 text").format(n=error.start)) from None
    except (ValueError, RecursionError):
        raise damaged(path, _("it contains values that are not allowed in an archive")) from None
    if tables is None:
        raise damaged(path, _("it is empty"))
    if UNSTORABLE.search(data) and not is_storable(tables):
        raise damaged(path, _("it contains a NUL character or half of a surrogate pair"))
    if not isinstance(tables, dict) or not all(_is_table(table) for table in tables.values()):
        raise damaged(path, _("it does not contain tables"))
    if len(_RECORD.findall(data)) > sum(map(len, tables.values())):
        raise damaged(path, _("two records have the same number, or two tables the same name"))
    return tables


def _parsed(data: bytes) -> Any:
    """Parse JSON, rejecting duplicate keys, of which `json` would silently drop all but the last.

    Files that this program wrote skip that slow check, since `decode` counts their lines instead.
    """
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
    result = dict(pairs)
    if len(result) < len(pairs):
        raise ValueError
    return result


def _is_table(table: Any) -> bool:
    return isinstance(table, dict) and all(
        _NUMBER.fullmatch(key) and isinstance(row, dict) for key, row in table.items()
    )


def damaged(path: Path, why: str) -> Damaged:
    """Return the error for a file that cannot be read as an archive."""
    return Damaged(
        _("{path} cannot be read as an archive: {why}.").format(path=path, why=why),
        _("It was not changed. `archive repair` copies it and recovers what can be read."),
    )


def missing(path: Path) -> NotFound:
    """Return the error for an archive that does not exist."""
    return NotFound(
        _("There is no archive at {path}.").format(path=path),
        _("`archive {path}` creates one, `archive demo` shows an example.").format(path=path),
    )
