"""What there is in a database, in its journal, and in what a crash would leave of it."""

import shutil
import time
from pathlib import Path

from tinydb import TinyDB

from archive.store.frames import lsn_of, scan
from archive.store.segments import listed
from archive.store.tiny import ArchiveDB


class GivenUp(Exception):
    """What a caller raises to give a transaction up."""


def held_by(db) -> dict[str, dict[int, dict]]:
    return {name: {document.doc_id: dict(document) for document in db.table(name)} for name in db.tables()}


def frames(path: Path) -> int:
    """How many changes the journal holds."""
    found = [payload for segment in listed(path) for _at, payload in scan(segment.read_bytes()).payloads]
    return sum(lsn_of(payload) is not None for payload in found)


def left_by_a_crash(path: Path, folder: Path) -> Path:
    """The files as they are on the disk, elsewhere."""
    folder.mkdir()
    for name in [path, *listed(path)]:
        shutil.copy(name, folder)
    return folder / path.name


def read_by_tinydb(path: Path) -> dict[str, dict[int, dict]]:
    with TinyDB(path, access_mode="r") as db:
        return {name: rows for name, rows in held_by(db).items() if name not in ("_meta", "_sum")}


def read_after_crash(path: Path) -> dict:
    with ArchiveDB(left_by_a_crash(path, path.parent / f"crash-{time.monotonic_ns()}")) as db:
        return held_by(db)
