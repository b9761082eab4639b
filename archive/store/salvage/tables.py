"""Read the tables of a damaged snapshot, and migrate them to the current schema."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from archive.errors import ArchiveError, Damaged
from archive.model.tables import STORED
from archive.store import opening, snapshot
from archive.store.changes import Raw, is_entry
from archive.store.history import HISTORY
from archive.store.json_import import decode
from archive.store.migrations import FORMAT, SCHEMA, Tables, migrated
from archive.store.mmap_file import map_file
from archive.store.salvage import checksum_scanner, snapshot_scanner
from archive.store.salvage.records import LineReader, called, titled
from archive.store.salvage.report import SalvageReport
from archive.store.snapshot import META
from archive.text import _

_LONGEST_CODE = 9  # digits of an automatic code


class Rescued(NamedTuple):
    """The salvaged tables, and whether `_meta` matches its checksum."""

    tables: Tables
    is_meta_checked: bool


def sound_tables(path: Path) -> Tables | None:
    """Return the tables of an undamaged file, written by any program; None if it is damaged.

    If there are checksums, all of them must match, since bytes that were cut out leave no other trace.
    """
    try:
        data = bytes(map_file(path))
        if snapshot_scanner.is_ours(data) and checksum_scanner.sums_at(data) >= 0:
            current = snapshot.read(data, path)
            if current is None:
                return None
            current.check()
        tables = migrated(decode(bytes(data), path), path)
        opening.check_tables(tables, path)
    except (ArchiveError, OSError, ValueError):
        return None
    return tables


def tables_of(path: Path, report: SalvageReport) -> Rescued | None:
    """Return the readable parts of the tables; None if not a single record is readable."""
    if sound := sound_tables(path):
        return Rescued(sound, True)
    try:
        data = bytes(map_file(path))
    except (OSError, ValueError):
        return None
    if not snapshot_scanner.is_ours(data):
        return None
    reader = LineReader(data, report)
    tables = reader.read()
    if not reader.has_sums and _is_cut_off(data, tables):
        report.lose(_("Everything after byte {n}: the file ends there.").format(n=len(data)))
    if not any(tables.get(name) for name in STORED):
        return None
    return Rescued(_brought_up(tables, path, report), reader.is_meta_checked)


def _is_cut_off(data: bytes, tables: Tables) -> bool:
    """Return whether the end of a file without checksums is missing.

    This version writes checksums at the end, and every version closes its tables.
    """
    has_had_sums = "snapshot" in tables.get(META, {}).get("1", {})
    return has_had_sums or not bytes(data[-8:]).rstrip().endswith(b"\n}\n}")


def _brought_up(tables: Tables, path: Path, report: SalvageReport) -> Tables:
    """Migrate the tables, recreate damaged metadata, and drop records that could not be opened again."""
    if _is_newer(tables):
        migrated(tables, path)  # raises the error about a newer version
    try:
        if META not in tables:
            raise Damaged("")
        current = migrated(tables, path)
    except ArchiveError:
        report.lose(_("The archive's metadata. It was recreated."))
        # Assume the oldest schema: each migration skips rows that are migrated already.
        tables[META] = {"1": {"format": FORMAT, "schema": 1, "uuid": "", **_numbers(tables)}}
        current = migrated(tables, path)
    for table in STORED:
        _drop_misfits(current, table, report)
    return current


def _is_newer(tables: Tables) -> bool:
    meta = tables.get(META, {}).get("1", {})
    return meta.get("format") == FORMAT and type(meta.get("schema")) is int and meta["schema"] > SCHEMA


def _numbers(tables: Tables) -> dict[str, int]:
    """Return the counters in an archive's metadata, reconstructed from the highest values in its records."""
    entries = max(map(int, tables.get(HISTORY, {})), default=0)
    return {"entries": entries, "last_code": max(map(_automatic, _customers(tables)), default=0)}


def _customers(tables: Tables) -> Iterator[Raw]:
    """Yield every customer, including former versions in the history."""
    yield from tables.get("customers", {}).values()
    for entry in filter(is_entry, tables.get(HISTORY, {}).values()):
        for table, _uid, *rows in entry["changes"]:
            yield from (row for row in rows if row and table == "customers")


def _automatic(row: Raw) -> int:
    """Return the number in an automatic customer code, or 0 for a code that a user chose."""
    begin, _dash, digits = str(row.get("code", "")).partition("-")
    is_number = digits.isascii() and digits.isdecimal() and len(digits) <= _LONGEST_CODE
    return int(digits) if begin == "C" and is_number else 0


def _drop_misfits(tables: Tables, table: str, report: SalvageReport) -> None:
    uids: set[str] = set()
    for number, row in list(tables[table].items()):
        key = STORED[table].misfit(row)
        if not key and row["uid"] not in uids:
            uids.add(row["uid"])
            continue
        record = titled(table, number, called(table, row))
        why = _("Its {field} has an invalid value.") if key else _("Another record has its uid.")
        report.lose(f"{record}. {why.format(field=key)}", (table, int(number)))
        del tables[table][number]
