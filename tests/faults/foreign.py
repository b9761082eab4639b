"""Let another program change the files of an open archive: neither side loses an acknowledged change.

Each record must be in the archive or in a file beside it. If a record saved here is no longer in the archive, an error
or a notice must have reported it.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from functools import partial
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from archive.errors import ArchiveError
from archive.service.repairing import repair
from archive.store import Change
from archive.store.conflict import Conflicts
from archive.store.database_files import DatabaseFiles
from archive.store.lock import WriterLock
from archive.store.wal.log import Journal
from faults.children import Child
from faults.meddling import WAYS, Meddle, Past
from faults.rare import make_rare_frequent
from faults.results import Result
from faults.stores import NOW, Ours, Raw
from faults.work import Tell, customer

SECOND = ("no_lock", "other_lock")  # after these changes a second writer tries to open the archive
LATER = 4  # most saves after the change of the files
Rows = dict[str, Raw]


class Overwriting(Ours):
    """A store that does not check whether another program changed its files."""

    def __init__(self, path: Path, *, write: bool = True, checkpoints: bool = False) -> None:
        overwrite()
        super().__init__(path, write=write, checkpoints=checkpoints)


def overwrite() -> None:
    """Turn off the checks for foreign changes in this process."""
    for owner, name in ((DatabaseFiles, "_confirm_snapshot"), (Journal, "confirm"), (WriterLock, "confirm")):
        setattr(owner, name, lambda *_args: None)
    Conflicts.error = lambda *_args: None  # type: ignore[method-assign]


SUBJECTS = {"ours": Ours, "overwriting": Overwriting}


def run(store: type[Ours], count: int, rng: Random, folder: Path) -> Result:
    result = Result()
    for number in range(count):
        way = WAYS[number % len(WAYS)]
        place = folder / f"{number}"
        place.mkdir()
        child = Child(partial(_round, store, way, place, rng.randrange(1 << 30)))
        lines = child.finish()
        result.cycles += 1
        for line in lines:
            if line.startswith("X "):
                result.wrong(f"{way.__name__} ({number})", line[2:])
            elif line.startswith("C "):
                result.count(line[2:])
        if lines[-1:] != ["D"] and not any(line.startswith("X ") for line in lines):
            result.wrong(way.__name__, f"it ended with signal {child.signal}")
        if result.lost >= (1 if store is Overwriting else 40):
            break
        shutil.rmtree(place, ignore_errors=True)
    return result


class Side:
    """A program with the archive open, and the rows acknowledged to it."""

    def __init__(
        self, store: type[Ours], path: Path, rng: Random, tell: Tell, *, checkpoints: bool = False
    ) -> None:
        self._rng, self._tell = rng, tell
        self.opened = store(path, checkpoints=checkpoints)
        self.rows: Rows = dict(self.opened.tables()["customers"])
        self.errors: list[str] = []

    def save(self) -> None:
        """Save a new customer or an edit."""
        old = (
            self.rows[self._rng.choice(sorted(self.rows))] if self.rows and self._rng.random() < 0.4 else None
        )
        row = customer(self._rng, f"P{self._rng.getrandbits(32):08x}")
        row = {**old, "full_name": row["full_name"]} if old else row
        try:
            # Two machines never save at exactly the same time.
            moment = NOW + timedelta(seconds=self._rng.random() * 1000)
            self.opened.db.storage.commit("save", [Change("customers", row["uid"], row, old)], moment)
        except ArchiveError as error:
            self.errors.append(str(error))
            self._tell("C refused")
        else:
            self.rows[row["uid"]] = row
            self._tell("C acknowledged")

    def compact(self) -> None:
        self._or_say(self.opened.compact)

    def close(self) -> None:
        self._or_say(self.opened.close)

    def _or_say(self, act) -> None:
        try:
            act()
        except ArchiveError as error:
            self.errors.append(str(error))


def _round(store: type[Ours], way: Meddle, place: Path, seed: int, tell: Tell) -> None:
    rng = Random(seed)
    path = place / "here" / "archive.json"
    path.parent.mkdir()
    checkpoints = rng.random() < 0.3
    make_rare_frequent(checkpoints=checkpoints, index=False, parts=False)
    before = first_session(store, path, rng, tell)
    past = make_past(store, path, place, rng)
    ours = Side(store, path, rng, tell, checkpoints=checkpoints)
    for _number in range(rng.randrange(1, 4)):
        ours.save()
    if checkpoints:
        ours.opened.wait()
    sides = [before, ours]
    theirs = rows_brought_by(way, past, path)
    moved = way(path, past)
    if way.__name__ in SECOND:
        with suppress(ArchiveError):
            sides.append(Side(store, path, rng, tell))
    _go_on(sides[1:], rng)
    _judge(sides, theirs, path, moved, tell)
    tell("D")


def first_session(store: type[Ours], path: Path, rng: Random, tell: Tell) -> Side:
    side = Side(store, path, rng, tell)
    for _number in range(rng.randrange(1, 5)):
        side.save()
    side.close()
    return side


def make_past(store: type[Ours], path: Path, place: Path, rng: Random) -> Past:
    folders = [place / name for name in ("older", "newer", "midway", "other")]
    for folder in folders[:3]:
        shutil.copytree(path.parent, folder)
    folders[3].mkdir()
    for folder, closes in zip(folders[1:], (True, False, rng.random() < 0.5), strict=True):
        side = Side(store, folder / path.name, rng, lambda text: None)
        side.save()
        side.save()
        (side.close if closes else side.opened.drop)()
    return Past(*folders, rng)


def rows_brought_by(way: Meddle, past: Past, path: Path) -> Rows:
    """Return the rows of the files that the other program copies here, if they are a complete archive."""
    brought = {
        "newer_snapshot": past.newer,
        "newer_files": past.newer,
        "files_midway": past.midway,
        "another_archive": past.other,
        "another_with_journal": past.other,
    }.get(way.__name__)
    if brought is None or (way.__name__ == "another_archive" and len(list(brought.glob("*.j*"))) > 1):
        return {}
    return rows_in(brought / path.name)


def _go_on(sides: list[Side], rng: Random) -> None:
    """Save, compact and close in random order."""
    for _number in range(rng.randrange(LATER)):
        rng.choice(sides).save()
    if rng.random() < 0.3:
        rng.choice(sides).compact()
    rng.shuffle(closing := list(sides))
    for side in closing:
        side.close()


# Judging


def _judge(sides: list[Side], theirs: Rows, path: Path, moved: Path | None, tell: Tell) -> None:
    archive = _opened(path, tell) if path.exists() else {}
    everywhere = list(all_rows(path.parent))
    if moved:
        everywhere += all_rows(moved.parent)
    found = {_key(row) for rows in everywhere for row in rows.values()}
    for side in sides:
        lost = [row["full_name"] for row in side.rows.values() if _key(row) not in found]
        if lost and not _changed_by_another(side, sides, lost):
            tell(f"X {len(lost)} records are lost: {lost[:4]}; errors: {side.errors[-2:]}")
    if gone := [row["full_name"] for row in theirs.values() if _key(row) not in found]:
        tell(f"X {len(gone)} records of the other program are lost: {gone[:4]}")
    for side in sides[1:]:
        silent = [row for row in side.rows.values() if row["uid"] not in archive and _key(row) in found]
        if silent and not side.errors and moved is None:
            tell("X saved records are no longer in the archive, without an error or a notice")


def _changed_by_another(side: Side, sides: list[Side], lost: list[str]) -> bool:
    """Return whether another side had read the lost rows and changed them."""
    later = {row["uid"] for other in sides if other is not side for row in other.rows.values()}
    return all(row["uid"] in later for row in side.rows.values() if row["full_name"] in lost)


def _key(row: Raw) -> tuple[str, str]:
    return row.get("uid", "no uid: the archive is inconsistent"), row.get("full_name", "")


def _opened(path: Path, tell: Tell) -> Rows:
    try:
        return rows_in(path)
    except ArchiveError as error:
        tell(f"C cannot be opened: {type(error).__name__}")
    except Exception as error:
        tell(f"X opening it ends with {type(error).__name__}: {error}")
    return {}


def rows_in(path: Path) -> Rows:
    opened = Ours(path, write=False)
    try:
        return opened.tables()["customers"]
    finally:
        opened.drop()


def all_rows(folder: Path) -> Iterator[Rows]:
    """Read the archive and each copy beside it. A file that cannot be opened is copied and repaired first."""
    for path in [*folder.rglob("*.json")]:
        try:
            yield rows_in(path)
        except ArchiveError:
            yield from _saved(path)


def _saved(path: Path) -> Iterator[Rows]:
    for take in ("", "file", "journal"):
        with TemporaryDirectory() as place:
            for file in path.parent.glob(f"{path.name}*"):
                if file.is_file():
                    shutil.copy(file, place)
            copy = Path(place) / path.name
            with suppress(ArchiveError):
                repair(copy, NOW, take)
                yield rows_in(copy)
