"""Helpers for the tests of the store: save records, and read them from the disk and from memory."""

import json
from pathlib import Path

from strategies import NOW

from archive.model.records.customer import Customer
from archive.model.tables import TABLES
from archive.service.archive import Archive


def person(name: str, **values) -> Customer:
    return Customer(kind="person", full_name=name, **values)


def add(archive: Archive, *records) -> list[str]:
    return [change.uid for change in archive.save(*records).changes]


def tables_of(path: Path) -> dict:
    """Return every record by table and uid, as another process reads them."""
    reader = Archive.open(path, write=False, clock=lambda: NOW)
    return memory_of(reader)


def files_of(path: Path) -> dict[str, bytes]:
    """Return the content of the archive's files by name, without the lock."""
    return {
        file.name: file.read_bytes() for file in path.parent.glob(f"*{path.name}*") if file.suffix != ".lock"
    }


def memory_of(archive: Archive) -> dict:
    return {
        table: {uid: archive.get(cls, uid).dump() for uid in archive.select(table)}
        for table, cls in TABLES.items()
    }


def file_with(tables: dict) -> bytes:
    meta = {"_meta": {"1": {"format": "customer-archive", "schema": 1, "uuid": "u"}}}
    return json.dumps({**meta, **tables}).encode()


GOOD = {"uid": "a" * 16, "code": "C-00001", "kind": "person", "full_name": "N"}
