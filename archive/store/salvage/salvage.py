"""Saving what can be read of an archive that was harmed, and saying by name what cannot.

The rules: a record of the snapshot is kept where its line reads as a record and no other has its uid. A change of the
journal holds each record as it became, so that all changes that can be read are applied in the order of their
numbers: a record is what its newest readable change made of it. Where such a change found a record other than it is
here, a change in between was lost, and that is said. What was never acknowledged is left out.
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
    """An archive as far as it could be saved."""

    state: State
    lsn: int  # above every change there was
    report: SalvageReport


def salvage(path: Path, take: str = "", backups: Iterable[Path] = ()) -> Salvaged:
    """What can be saved. `take` says what to go on with where another program wrote the snapshot: FILE or JOURNAL.

    Damaged where nothing can be saved.
    """
    report = SalvageReport()
    journal = wal_scanner.segments_of(path)
    rescued = None if take == JOURNAL or not path.exists() else tables_of(path, report)
    tables = rescued.tables if rescued else None
    is_ahead = tables and _reached(tables, journal) > _lsn_of(tables)
    if not take and ((is_ahead and _is_foreign(path)) or _are_two_branches(path)):
        raise opening.two_stories(path)
    base = tables or _base_for(journal, path, backups)
    meta = base[META]["1"]
    if rescued and not rescued.is_meta_checked:  # a journal's headers have checksums
        meta["uuid"] = _uuid_of(journal) or meta["uuid"]
    uuid = meta["uuid"] = meta["uuid"] or _uuid_of(journal) or os.urandom(16).hex()
    if rescued and not rescued.is_meta_checked:
        meta["lsn"] = _lsn_before((one for one in journal if one.archive in ("", uuid)), meta)
    state = State(opening.from_tables(migrated(base, path), path), NOTHING)
    if take != FILE:
        Replay(state, report, _lsn_of(base)).apply(journal, uuid)
    repair_references(state, report)
    return Salvaged(state, 1 + _reached(base, journal), report)


def _lsn_before(journal: Iterable[Readable], meta: Mapping[str, Any]) -> int:
    """The number of a change from which on all of the journal can be applied, though no checksum confirms that the
    snapshot says the right one: to apply a change again does no harm, to leave one out does."""
    known = [int(meta["lsn"])] if type(meta.get("lsn")) is int else []
    return min([*known, *(one.after for one in journal if one.after is not None)], default=0)


def _lsn_of(tables: Tables) -> int:
    return int(tables[META]["1"].get("lsn", 0))


def _reached(tables: Tables, journal: Iterable[Readable]) -> int:
    """The number of the last change there ever was, as far as anything tells of it."""
    return max(_lsn_of(tables), wal_scanner.last_of(journal))


def _is_foreign(path: Path) -> bool:
    """Whether another program, or an older version, wrote the snapshot; one that is harmed is ours."""
    try:
        found = snapshot.read(map_file(path), path)
    except ArchiveError:
        return False
    return (found is None or found.meta.get("schema") != SCHEMA) and sound_tables(path) is not None


def _are_two_branches(path: Path) -> bool:
    """Whether the file and the journal are sound and of two branches; of damaged ones nobody can tell."""
    try:
        found = snapshot.read(map_file(path), path)
        return found is not None and not is_of_one_branch(
            found, Journal(path, opening.archive_of(found), write=False)
        )
    except (ArchiveError, OSError):
        return False


def _uuid_of(journal: Iterable[Readable]) -> str:
    """Whose journal it is by most of its headers, "" where none tells."""
    counted = Counter(one.archive for one in journal if one.archive)
    return counted.most_common(1)[0][0] if counted else ""


def _base_for(journal: list[Readable], path: Path, backups: Iterable[Path]) -> Tables:
    """The tables that the journal goes on from: those of a backup that it joins on to, or none at all."""
    uuid = _uuid_of(journal)
    ours = [one for one in journal if one.archive == uuid and one.after is not None]
    after = min((one.after or 0 for one in ours), default=None)
    if after is None:
        raise Damaged(
            _("Nothing of {path} can be read.").format(path=path),
            _("Nothing was changed. Bring a backup back: archive restore BACKUP"),
        )
    joined = [tables for tables in map(sound_tables, backups) if tables and _joins(tables, uuid, after)]
    if joined:
        return max(joined, key=_lsn_of)
    if after > 0:
        raise Damaged(
            _("The journal of {path} goes on from change {n}, and no snapshot or backup reaches it.").format(
                path=path, n=after
            ),
            _("Nothing was changed. Bring a backup back: archive restore BACKUP"),
        )
    empty = migrated(None, path)
    empty[META]["1"]["uuid"] = uuid
    return empty


def _joins(tables: Tables, uuid: str, after: int) -> bool:
    return tables[META]["1"]["uuid"] == uuid and _lsn_of(tables) >= after
