"""A small archive with records of every table in its snapshot and in two journal segments, and its known content."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Any, NamedTuple

from archive.store import ArchiveDB, Change, opening, snapshot
from archive.store.history import HISTORY
from archive.store.snapshot import META
from archive.store.state import State
from archive.store.wal import records, segments
from faults.stores import NOW, Raw

Key = tuple[str, str]  # a table and the uid of a record, the number of a change, or a key of `_meta`
ARCHIVE = "archive.json"
BLOCK = 2  # records per checksum here, so that a table of three records has two blocks
# Keys of `_meta` that describe the file, not the content of the archive.
VOLATILE = {"lsn", "snapshot", "schema", "tail", "superseded"}

ROWS: dict[str, list[Raw]] = {
    "customers": [
        {"uid": "cann", "code": "C-00001", "kind": "person", "full_name": "Ann Bell"},
        {"uid": "cfarm", "code": "C-00002", "kind": "organisation", "full_name": "Farm Ltd"},
        {"uid": "czoe", "code": "C-00003", "kind": "person", "full_name": "Zoe Tan", "referred_by": "cann"},
    ],
    "products": [{"uid": "price", "code": "P-1", "name": "Rice"}],
    "contracts": [{"uid": "ksup", "number": "K-7", "customer": "cfarm", "start": "2026-01-01"}],
    "campaigns": [{"uid": "mfair", "name": "Fair", "start": "2026-05-01", "audience": ["cann"]}],
    "transactions": [
        {"uid": "tone", "customer": "cann", "on": "2026-11-20", "amount": "20"},
        {"uid": "ttwo", "customer": "cfarm", "on": "2026-11-21", "amount": "75"},
    ],
    "interactions": [{"uid": "icall", "customer": "cann", "at": "2026-11-21T09:00", "summary": "prices"}],
    "wallets": [
        {
            "uid": "wtea",
            "customer": "cfarm",
            "category": "Tea",
            "period_from": "2026-01-01",
            "period_to": "2026-12-31",
        }
    ],
    "plans": [{"uid": "ncall", "customer": "cann", "step": "Call back"}],
}


class Record(NamedTuple):
    """A record, history entry or `_meta` value of the archive."""

    number: int
    row: Any
    start: int = -1  # offset of its line in the snapshot, -1 if it is only in the journal
    end: int = -1


World = dict[Key, Record]


class Specimen(NamedTuple):
    """The archive's files, its content, and the records that each change in the journal touched."""

    files: dict[str, bytes]
    world: World
    touched: dict[int, set[Key]]  # LSN: records
    frames: dict[str, dict[int, tuple[int, int]]]  # segment: LSN: (start, end) of its frame
    ends: dict[str, set[int]]  # segment: offsets at which a line ends


def made(folder: Path) -> Specimen:
    """Make the archive in `folder`."""
    whole, snapshot.BLOCK = snapshot.BLOCK, BLOCK
    path = folder / ARCHIVE
    try:
        db = ArchiveDB(path, clock=lambda: NOW)
        _fill(db)
        db.storage.database._files.close()
        return _looked_at(path)
    finally:
        snapshot.BLOCK = whole


def _fill(db: ArchiveDB) -> None:
    rows = [(table, row) for table, rows in ROWS.items() for row in rows]
    db.storage.commit("set up", [_new(*one) for one in rows[:6]], NOW, {"last_code": 3})
    db.storage.commit("more", [_new(*one) for one in rows[6:]], NOW)
    db.storage.undo()
    db.storage.redo()
    db.storage.compact()
    _change(db, "visit", "interactions", {"uid": "ivis", "customer": "czoe", "at": "2026-11-21T10:00"})
    _change(db, "rename", "customers", {**ROWS["customers"][0], "full_name": "Ann Field"})
    db.storage.database._files.journal.rotate()
    eve = {"uid": "ceve", "code": "C-00004", "kind": "person", "full_name": "Eve Lin"}
    buys = {"uid": "tnew", "customer": "ceve", "on": "2026-11-21", "amount": "12"}
    db.storage.commit(
        "first order", [_new("customers", eve), _new("transactions", buys)], NOW, {"last_code": 4}
    )
    _change(db, "drop wallet", "wallets", None, "wtea")
    _change(db, "price", "transactions", {**buys, "amount": "14"})
    db.storage.undo()
    _change(db, "plan", "plans", {"uid": "nvis", "customer": "ceve", "step": "Visit"})


def _new(table: str, row: Raw) -> Change:
    return Change(table, row["uid"], row, None)


def _change(db: ArchiveDB, label: str, table: str, row: Raw | None, uid: str = "") -> None:
    uid = row["uid"] if row else uid
    db.storage.commit(label, [Change(table, uid, row, db.table(table).by_uid(uid))], NOW)


def _looked_at(path: Path) -> Specimen:
    loaded = opening.load(path, write=False)
    state = State(loaded.snapshot, loaded.arrays)
    lines = _places(loaded.snapshot)
    world = world_of(state)
    touched = {}
    for frame in loaded.frames:
        before = world
        state.apply(frame)
        world = world_of(state)
        touched[frame.lsn] = {
            key for key in before.keys() | world.keys() if before.get(key) != world.get(key)
        }
    for key, (start, end) in lines.items():
        if key in world:
            world[key] = world[key]._replace(start=start, end=end)
    files = {found.name: found.read_bytes() for found in [path, *segments.listed(path)]}
    journal = {name: data for name, data in files.items() if name != ARCHIVE}
    places = {name: _frames(data) for name, data in journal.items()}
    ends = {name: _ends(data) for name, data in journal.items()}
    return Specimen(files, world, touched, places, ends)


def _frames(data: bytes) -> dict[int, tuple[int, int]]:
    found = records.scan(data).payloads[1:]
    return {
        lsn: (offset, offset + records.size_of(payload))
        for offset, payload in found
        if (lsn := records.lsn_of(payload)) is not None
    }


def _ends(data: bytes) -> set[int]:
    return {at for at, byte in enumerate(data, 1) if byte == ord("\n")}


def _places(found: snapshot.Snapshot) -> dict[Key, tuple[int, int]]:
    places = {}
    for table in found.extents:
        lines = found.lines(table)
        for slot, number in enumerate(lines.numbers):
            key = (table, str(number) if table in (HISTORY, META) else lines.row(slot)["uid"])
            places[key] = (lines.starts[slot], lines.starts[slot + 1])
    return places


def world_at(path: Path) -> World:
    """Read the content of an archive."""
    loaded = opening.load(path, write=False)
    state = State(loaded.snapshot, loaded.arrays)
    for frame in loaded.frames:
        state.apply(frame)
    return world_of(state)


def world_of(state: State) -> World:
    return dict(chain(_records(state), _history(state), _meta(state)))


def _records(state: State) -> Iterator[tuple[Key, Record]]:
    for name, table in state.tables.items():
        for slot, row in table.rows():
            yield (name, row["uid"]), Record(table.number(slot), row)


def _history(state: State) -> Iterator[tuple[Key, Record]]:
    entries = state.history.table
    for slot, row in entries.rows():
        yield (HISTORY, str(entries.number(slot))), Record(entries.number(slot), row)


def _meta(state: State) -> Iterator[tuple[Key, Record]]:
    for key, value in state.meta.items():
        if key not in VOLATILE:
            yield (META, key), Record(1, value)
