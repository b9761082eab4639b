"""Salvage a damaged archive: recover every readable record, and report the others by name.

A record of the snapshot is kept if its line is readable and no other record has its uid. Each change in the journal
contains the complete new record, so all readable changes are replayed in the order of their LSNs, and the newest
readable change of a record wins. If the old record in a change differs from the record here, a change between them was
lost, which is reported. Changes that were never acknowledged are left out.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from archive.errors import ArchiveError, Damaged
from archive.store import opening, snapshot
from archive.store.index_file import NOTHING
from archive.store.lineage import is_of_one_branch
from archive.store.migrations import SCHEMA, Tables, migrated
from archive.store.mmap_file import map_file
from archive.store.salvage import wal_scanner
from archive.store.salvage.references import repair_references
from archive.store.salvage.replay import Replay
from archive.store.salvage.report import SalvageReport
from archive.store.salvage.tables import sound_tables, tables_of
from archive.store.salvage.wal_scanner import Readable
from archive.store.snapshot import META
from archive.store.state import State
from archive.store.wal.log import Journal
from archive.text import _

FILE, JOURNAL = "file", "journal"


class Salvaged(NamedTuple):
    """The result of a salvage."""

    state: State
    lsn: int  # above the LSN of every former change
    report: SalvageReport


def salvage(path: Path, take: str = "", backups: Iterable[Path] = ()) -> Salvaged:
    """Salvage an archive without changing its files.

    Args:
        path: The archive's snapshot file.
        take: FILE or JOURNAL: which of the two to keep if snapshot and journal do not belong together.
        backups: Backups that the journal may continue from if the snapshot is missing or unreadable.

    Raises:
        Damaged: Nothing can be salvaged, or `take` must be given.
    """
    report = SalvageReport()
    journal = wal_scanner.segments_of(path)
    rescued = None if take == JOURNAL or not path.exists() else tables_of(path, report)
    tables = rescued.tables if rescued else None
    is_ahead = tables and _highest_lsn(tables, journal) > _lsn_of(tables)
    if not take and ((is_ahead and _is_foreign(path)) or _are_two_branches(path)):
        raise opening.two_stories(path)
    base = tables or _base_for(journal, path, backups)
    meta = base[META]["1"]
    if rescued and not rescued.is_meta_checked:  # trust the journal's headers, which have checksums
        meta["uuid"] = _uuid_of(journal) or meta["uuid"]
    uuid = meta["uuid"] = meta["uuid"] or _uuid_of(journal) or os.urandom(16).hex()
    if rescued and not rescued.is_meta_checked:
        meta["lsn"] = _lsn_before((segment for segment in journal if segment.archive in ("", uuid)), meta)
    state = State(opening.from_tables(migrated(base, path), path), NOTHING)
    if take != FILE:
        Replay(state, report, _lsn_of(base)).apply(journal, uuid)
    repair_references(state, report)
    return Salvaged(state, 1 + _highest_lsn(base, journal), report)


def _lsn_before(journal: Iterable[Readable], meta: Mapping[str, Any]) -> int:
    """Return the LSN from which to replay the journal if no checksum confirms the snapshot's LSN.

    Choose the lowest candidate: replaying a change twice does no harm, leaving a change out does.
    """
    lsns = [int(meta["lsn"])] if type(meta.get("lsn")) is int else []
    for segment in journal:
        first = [change.frame.lsn - 1 for change in segment.changes[:1]]
        lsns += first if segment.after is None else [segment.after]
    return min(lsns, default=0)


def _lsn_of(tables: Tables) -> int:
    return int(tables[META]["1"].get("lsn", 0))


def _highest_lsn(tables: Tables, journal: Iterable[Readable]) -> int:
    """Return the highest LSN mentioned anywhere in the snapshot or the journal."""
    return max(_lsn_of(tables), wal_scanner.last_of(journal))


def _is_foreign(path: Path) -> bool:
    """Return whether another program or an older version wrote the snapshot; a damaged snapshot counts as ours."""
    try:
        current = snapshot.read(map_file(path), path)
    except ArchiveError:
        return False
    return (current is None or current.meta.get("schema") != SCHEMA) and sound_tables(path) is not None


def _are_two_branches(path: Path) -> bool:
    """Return whether snapshot and journal are of different branches; False if damage prevents the comparison."""
    try:
        current = snapshot.read(map_file(path), path)
        return current is not None and not is_of_one_branch(
            current, Journal(path, opening.archive_of(current), write=False)
        )
    except (ArchiveError, OSError):
        return False


def _uuid_of(journal: Iterable[Readable]) -> str:
    """Return the archive uuid in most of the journal's headers, or "" if no header is readable."""
    counts = Counter(segment.archive for segment in journal if segment.archive)
    return counts.most_common(1)[0][0] if counts else ""


def _base_for(journal: list[Readable], path: Path, backups: Iterable[Path]) -> Tables:
    """Return the tables of the newest backup that the journal continues, or empty tables if it is complete.

    Raises:
        Damaged: The journal is unreadable, or continues from a change that no backup contains.
    """
    uuid = _uuid_of(journal)
    ours = [segment for segment in journal if segment.archive == uuid and segment.after is not None]
    after = min((segment.after or 0 for segment in ours), default=None)
    if after is None:
        raise Damaged(
            _("No part of {path} can be read.").format(path=path),
            _("Nothing was changed. Restore a backup: archive restore BACKUP"),
        )
    joined = [tables for tables in map(sound_tables, backups) if tables and _joins(tables, uuid, after)]
    if joined:
        return max(joined, key=_lsn_of)
    if after > 0:
        raise Damaged(
            _(
                "The journal of {path} continues from change {n}, but no snapshot or backup reaches it."
            ).format(path=path, n=after),
            _("Nothing was changed. Restore a backup: archive restore BACKUP"),
        )
    empty = migrated(None, path)
    empty[META]["1"]["uuid"] = uuid
    return empty


def _joins(tables: Tables, uuid: str, after: int) -> bool:
    return tables[META]["1"]["uuid"] == uuid and _lsn_of(tables) >= after
