"""The tables of a snapshot that was harmed, line by line."""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path

from archive.errors import ArchiveError, Damaged
from archive.model.tables import TABLES
from archive.store import loose, opening
from archive.store.changes import Raw, is_entry
from archive.store.derived import name_of
from archive.store.history import HISTORY
from archive.store.lines import line_of
from archive.store.loose import Line
from archive.store.mapping import Data, mapped
from archive.store.migrations import FORMAT, SCHEMA, Tables, migrated
from archive.store.said import Said
from archive.store.snapshot import META
from archive.store.whole import decode
from archive.text import _

_NUMBER = re.compile(rb'"([0-9]{1,18})":')
_UID = re.compile(rb'"uid":"([^"\\]{1,64})"')
_NAMES = [
    re.compile(rb'"(?:%b)":"([^"\\]{1,80})' % keys) for keys in (b"full_name|name|title", b"code|label")
]


def sound_tables(path: Path) -> Tables | None:
    """The tables of a file that is sound as a whole, whoever wrote it; None where it is not."""
    try:
        data = mapped(path)
        if _has_bad_parts(data):
            return None
        tables = migrated(decode(bytes(data), path), path)
        opening.check_tables(tables, path)
    except (ArchiveError, OSError, ValueError):
        return None
    return tables


def tables_of(path: Path, said: Said) -> Tables | None:
    """The tables as far as they can be read; None where not even one record can."""
    if whole := sound_tables(path):
        return whole
    try:
        data = mapped(path)
    except (OSError, ValueError):
        return None
    if not loose.is_ours(data):
        return None
    tables = _read(data, said)
    return _brought_up(tables, path, said) if any(tables.get(name) for name in TABLES) else None


def called(table: str, row: Raw) -> str:
    """What a person knows a record by."""
    name = name_of(TABLES[table], row) if table in TABLES else row.get("label", "")
    return str(name or row.get("code") or row.get("uid", ""))


def _has_bad_parts(data: Data) -> bool:
    """Whether there are checksums, and one of them does not fit."""
    return (
        loose.is_ours(data)
        and loose.has_sums(data)
        and any(p.state != loose.SOUND for p in loose.parts(data))
    )


def _read(data: Data, said: Said) -> Tables:
    tables: Tables = {}
    table = ""
    for part in loose.parts(data):
        for line in loose.lines(data, part, table):
            table = line.table
            if table == META and part.state == loose.HARMED:
                continue  # a number in it that is wrong would do more harm than one that is missing
            row = _row_of(line)
            if row is None or row[0] in tables.setdefault(table, {}):
                _lose(line, said)
                continue
            tables[table][row[0]] = row[1]
            if part.state == loose.HARMED:
                text = _("{table} {key}: {name} stands in a damaged block, look at it.")
                said.doubtful.append(text.format(table=table, key=row[0], name=called(table, row[1])))
    if _is_cut_off(data, tables):
        text = _("What stood behind byte {n}: the file ends there.")
        said.lost.append(text.format(n=len(data)))
    return tables


def _is_cut_off(data: Data, tables: Tables) -> bool:
    """Whether the end is missing: what this version writes has checksums there, and every file closes its tables."""
    if loose.has_sums(data):
        return False
    has_had_sums = "snapshot" in tables.get(META, {}).get("1", {})
    return has_had_sums or not bytes(data[-8:]).rstrip().endswith(b"\n}\n}")


def _row_of(line: Line) -> tuple[str, Raw] | None:
    """Number and record of a line, None where it is not one."""
    number = _NUMBER.match(line.text)
    if not (number and line.table):
        return None
    try:
        row = json.loads(line.text[number.end() :])
        if type(row) is not dict:
            return None
        line_of(0, row)
    except (ValueError, RecursionError, ArchiveError):
        return None
    return str(int(number[1])), row


def _lose(line: Line, said: Said) -> None:
    number, uid = _NUMBER.match(line.text), _UID.search(line.text)
    name = next(filter(None, (names.search(line.text) for names in _NAMES)), None)
    text = str(name[1], "utf-8", "replace") if name else _("no name can be read")
    if uid and name:
        said.names[str(uid[1], "utf-8", "replace")] = text
    said.lost.append(
        _("{table} {key}: {name}. Its line, from byte {n}, cannot be read.").format(
            table=line.table or "?", key=str(number[1], "ascii") if number else "?", name=text, n=line.start
        )
    )


def _brought_up(tables: Tables, path: Path, said: Said) -> Tables:
    """The tables in today's form, without what could not be opened again."""
    if _is_newer(tables):
        migrated(tables, path)  # says so
    try:
        if META not in tables:
            raise Damaged("")
        found = migrated(tables, path)
    except ArchiveError:
        said.lost.append(_("The archive's description of itself. It was made anew."))
        entries = max(map(int, tables.get(HISTORY, {})), default=0)
        # Each migration leaves alone what is in its form already, so that the oldest form may be supposed.
        tables[META] = {"1": {"format": FORMAT, "schema": 1, "uuid": "", "entries": entries}}
        found = migrated(tables, path)
    for table in TABLES:
        _drop_misfits(found, table, said)
    for number, row in list(found[HISTORY].items()):
        if not is_entry(row):
            said.lost.append(_("Change {n} of the history.").format(n=number))
            del found[HISTORY][number]
    return found


def _is_newer(tables: Tables) -> bool:
    meta = tables.get(META, {}).get("1", {})
    return meta.get("format") == FORMAT and type(meta.get("schema")) is int and meta["schema"] > SCHEMA


def _drop_misfits(tables: Tables, table: str, said: Said) -> None:
    cls, uids = TABLES[table], Counter[str]()
    for number, row in list(tables[table].items()):
        key = cls.misfit(row)
        if not key:
            uids[row["uid"]] += 1
        if key or uids[row["uid"]] > 1:
            text = _("{table} {key}: {name}. Its {field} is not what this program writes.")
            said.lost.append(
                text.format(table=table, key=number, name=called(table, row), field=key or "uid")
            )
            del tables[table][number]
