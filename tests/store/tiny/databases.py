"""Helpers that read a database, its journal, and the files that a crash would leave."""

import shutil
import time
from pathlib import Path

from tinydb import TinyDB

from archive.store import ArchiveDB
from archive.store.wal.records import lsn_of, scan
from archive.store.wal.segments import listed


class Aborted(Exception):
    """Raised by a test to abort a transaction."""


OURS = ("_meta", "_history", "_sum")  # internal tables, visible only to stock TinyDB


def held_by(db) -> dict[str, dict[int, dict]]:
    """Return every document by table and number, without empty tables."""
    tables = {name: {document.doc_id: dict(document) for document in db.table(name)} for name in db.tables()}
    return {name: documents for name, documents in tables.items() if documents and name not in OURS}


def frames(path: Path) -> int:
    """Count the changes in the journal."""
    found = [payload for segment in listed(path) for _at, payload in scan(segment.read_bytes()).payloads]
    return sum(lsn_of(payload) is not None for payload in found)


def left_by_a_crash(path: Path, folder: Path) -> Path:
    """Copy the files of the open database to `folder`, as a crash would leave them."""
    folder.mkdir()
    for name in [path, *listed(path)]:
        shutil.copy(name, folder)
    return folder / path.name


def read_by_tinydb(path: Path) -> dict[str, dict[int, dict]]:
    with TinyDB(path, access_mode="r") as db:
        return held_by(db)


def read_after_crash(path: Path) -> dict:
    with ArchiveDB(left_by_a_crash(path, path.parent / f"crash-{time.monotonic_ns()}")) as db:
        return held_by(db)
