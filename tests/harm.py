"""Create small archives that tests damage, and simulate failing system calls."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

from strategies import NOW

from archive.model.field_types.base import Ref
from archive.model.records.customer import Customer
from archive.model.records.interaction import Interaction
from archive.model.tables import STORED
from archive.service.archive import Archive
from archive.store.verify import verify_files
from archive.store.wal.segments import listed

Everything = dict[str, dict[str, dict]]


def person(uid: str, name: str, **values) -> Customer:
    return Customer(uid=uid, kind="person", full_name=name, **values)


def make(path: Path, *, many: int = 3) -> Path:
    """Create an archive as a single file. Each customer was referred by the previous customer."""
    archive = Archive.open(path, create=True, clock=lambda: NOW)
    people = [person(f"c{n}", f"Person {n}") for n in range(many)]
    linked = [one.with_values(referred_by=Ref(uid=f"c{n - 1}")) for n, one in enumerate(people) if n]
    archive.save(people[0], *linked)
    archive.save(
        Interaction(uid="i1", customer=Ref(uid="c1"), at=NOW, channel="phone", summary="prices"),
    )
    archive.close()
    return path


def make_long(path: Path, *, many: int = 3) -> Path:
    """Create the same archive with four more changes in its journal, as if it was not closed."""
    make(path, many=many)
    archive = Archive.open(path, clock=lambda: NOW)
    archive.save(person("c-new", "Newcomer"))
    archive.edit("customers", "c0", full_name="Person Zero")
    archive.edit("customers", "c0", full_name="Person Nought")
    archive.edit("customers", "c-new", tags=("vip",))
    kept = path.parent / "kept"
    kept.mkdir()
    for file in [path, *listed(path)]:
        shutil.copy2(file, kept / file.name)
    archive.close()
    for file in (path, *listed(path), *path.parent.glob("*.lock")):
        file.unlink(missing_ok=True)
    for file in kept.iterdir():
        file.rename(path.parent / file.name)
    kept.rmdir()
    return path


def held(path: Path) -> Everything:
    """Return all records, and the history."""
    archive = Archive.open(path, write=False, clock=lambda: NOW)
    tables = {name: archive._db.table(name) for name in STORED}
    found = {name: {uid: table.by_uid(uid) for uid in table.uids()} for name, table in tables.items()}
    found["history"] = {entry.number: [entry.label, entry.undone] for entry in archive.history()}
    archive.close()
    return found


def is_well(path: Path) -> bool:
    return all(one.harmless for one in verify_files(path))


def change_byte(path: Path, at: int, bits: int = 1) -> None:
    data = bytearray(path.read_bytes())
    data[at] ^= bits
    path.write_bytes(data)


def failing(number: int) -> Callable[..., NoReturn]:
    """Return a stand-in for a system call that raises an OSError with this number."""

    def fail(*_arguments, **_options) -> NoReturn:
        raise OSError(number, os.strerror(number))

    return fail
