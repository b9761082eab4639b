"""The file of an archive: ordinary TinyDB JSON, one record a line, written whole or not at all."""

from __future__ import annotations

import gc
import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from math import isfinite
from pathlib import Path
from typing import Any

from tinydb.storages import Storage

from archive.errors import BadValue, CannotWrite, Damaged, NotConfirmed, NotFound
from archive.files import exists, read_bytes, write_whole
from archive.model.fields import keepable
from archive.text import _

Tables = dict[str, dict[str, dict[str, Any]]]
_UNKEEPABLE = re.compile(rb"\\u(?:0000|[dD][89a-fA-F])")  # only an escape can bring such a character
_FIRST_LINE = b'{"_meta":{\n'  # of a file as it is written here
_RECORD = re.compile(rb'\n"[0-9]+":')
_LONGEST = 19  # digits of a record's number
_dumps = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode


class WholeFile(Storage):
    """Reads the file once and keeps its tables; `write` replaces the file and then what is kept.

    A record's line is encoded when it changes, so that a save costs the change and one pass over ready bytes.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._tables: Tables | None = None
        self._lines: dict[str, dict[str, str]] = {}
        self._seen: tuple[int, ...] = ()

    def read(self) -> Tables | None:
        """The tables of the file, None where there is no file yet."""
        if self._tables is None and exists(self.path):
            self._seen = self._stamp()
            self._tables = decode(read_bytes(self.path), self.path)
        return self._tables

    def write(self, data: Tables) -> None:
        """Make the file hold exactly `data`; the old file stays whole until the new one is on the disk."""
        self._refuse_foreign_change()
        try:
            write_whole(self.path, self._encode(data), force=True)
        except NotConfirmed:  # the file is ours nevertheless, and what is saved next replaces it
            self._seen = self._stamp()
            raise
        self._tables = data
        self._seen = self._stamp()

    def forget_line(self, table: str, number: str) -> None:
        """A record was changed: its line has to be encoded anew."""
        self._lines.get(table, {}).pop(number, None)

    def _encode(self, data: Tables) -> bytes:
        blocks = []
        for table, rows in data.items():
            known = self._lines.setdefault(table, {})
            lines = [
                known.get(number) or known.setdefault(number, _line(number, row))
                for number, row in rows.items()
            ]
            blocks.append(f"{_dumps(table)}:{{\n" + ",\n".join(lines) + "\n}")
        return ("{" + "\n,".join(blocks) + "\n}\n").encode()

    def _stamp(self) -> tuple[int, ...]:
        stat = self.path.stat()
        return (stat.st_ino, stat.st_size, stat.st_mtime_ns)

    def _refuse_foreign_change(self) -> None:
        if not self._seen:
            if self.path.exists():
                raise CannotWrite(
                    _("{path} was made by another program meanwhile.").format(path=self.path),
                    _("Nothing was written. Open the archive again."),
                )
            return
        if not self.path.exists() or self._stamp() != self._seen:
            raise CannotWrite(
                _("{path} was changed by another program since it was opened.").format(path=self.path),
                _("Nothing was written over it. Open the archive again; what you typed stays in the form."),
            )


def _line(number: str, row: dict[str, Any]) -> str:
    """A record's line, or BadValue: what `decode` would refuse is never written."""
    try:
        line = f"{_dumps(number)}:{_dumps(row)}"
        kept = not _UNKEEPABLE.search(line.encode()) or _all_keepable(row)
    except (ValueError, TypeError, RecursionError):
        kept = False
    if not kept:
        raise BadValue(
            _("A record holds a value that no file can keep."),
            _("A NUL, half of a character or what is no text; nothing was written."),
        )
    return line


def decode(data: bytes, path: Path) -> Tables:
    """The tables that a file's bytes hold; Damaged with the line where they are not an archive's."""
    try:
        with _collector_at_rest():
            tables = _parsed(data) if data.strip() else None
    except json.JSONDecodeError as error:
        raise damaged(path, _("line {line} is not valid JSON").format(line=error.lineno)) from None
    except UnicodeDecodeError as error:
        raise damaged(path, _("byte {n} is not UTF-8 text").format(n=error.start)) from None
    except (ValueError, RecursionError):
        raise damaged(path, _("it holds what no archive has")) from None
    if tables is None:
        raise damaged(path, _("it is empty"))
    if _UNKEEPABLE.search(data) and not _all_keepable(tables):
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


@contextmanager
def _collector_at_rest() -> Iterator[None]:
    """Millions of new objects and no garbage among them: looking for it would take a third of the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _all_keepable(value: Any) -> bool:
    if isinstance(value, str):
        return keepable(value)
    if isinstance(value, dict):
        return all(keepable(key) and _all_keepable(inner) for key, inner in value.items())
    return all(map(_all_keepable, value)) if isinstance(value, list) else True


def _is_table(table: Any) -> bool:
    return isinstance(table, dict) and all(
        key.isdecimal() and len(key) < _LONGEST and isinstance(row, dict) for key, row in table.items()
    )


def damaged(path: Path, why: str) -> Damaged:
    """The error for a file that is not, or no longer, an archive."""
    return Damaged(
        _("{path} cannot be read as an archive: {why}.").format(path=path, why=why),
        _("It was left as it is. Take a copy of it, or open a backup."),
    )


def missing(path: Path) -> NotFound:
    """The error for reading an archive that is not there."""
    return NotFound(
        _("There is no archive at {path}.").format(path=path),
        _("`archive {path}` makes one, `archive demo` shows one.").format(path=path),
    )
