"""The sample archive, and a copy of it with dates moved up to today."""

from __future__ import annotations

import os
import uuid
from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from archive.files import write_whole
from archive.inputs import read_bytes
from archive.model.field_types.base import FieldType
from archive.model.field_types.lists import ListOf
from archive.model.field_types.standard import Day, Moment
from archive.model.fields import Item
from archive.model.tables import STORED
from archive.store.json_import import Tables, decode
from archive.store.lock import WriterLock
from archive.store.snapshot import encoded

SAMPLE_DAY = date(2026, 11, 20)  # "today" in the sample archive


def sample_path() -> Path:
    """Return the path of the sample archive in the installed package, else in the checkout."""
    package = Path(__file__).parents[1]
    packaged = package / "sample.archive.json"
    return packaged if packaged.exists() else package.parent / "sample_data" / "sample.archive.json"


def make_demo(target: Path, today: date, *, fresh: bool = False) -> Path:
    """Copy the sample to `target`, with dates moved by whole weeks so that its "today" is at most six days ago.

    Args:
        target: The path of the copy.
        today: The current date.
        fresh: Whether to replace an existing copy.

    Returns:
        `target`.

    Raises:
        InUse: Another program has the copy open.
    """
    if fresh or not os.access(target, os.F_OK):  # Path.exists raises if the name is too long
        lock = WriterLock(target)
        lock.acquire(today.isoformat())
        try:
            write_whole(target, encoded(_copy(sample_path(), today)), force=True)
        finally:
            lock.release()
    return target


def _copy(sample: Path, today: date) -> Tables:
    weeks = (today - SAMPLE_DAY).days // 7
    tables = shifted(decode(read_bytes(sample), sample), weeks * 7)
    tables["_meta"]["1"]["uuid"] = uuid.uuid4().hex  # the copy is a different archive
    return tables


def shifted(tables: Mapping[str, Mapping[str, Mapping[str, Any]]], days: int) -> Tables:
    """Return the tables of a file with all dates and times moved by `days`, except birthdays."""
    return {
        table: {
            number: _moved(STORED[table], row, timedelta(days=days)) if table in STORED else dict(row)
            for number, row in rows.items()
        }
        for table, rows in tables.items()
    }


def _moved(cls: type[Item], raw: Mapping[str, Any], step: timedelta) -> dict[str, Any]:
    fields = cls.FIELDS
    return {
        key: _moved_value(fields[key].type, value, step) if key in fields else value
        for key, value in raw.items()
    }


def _moved_value(kind: FieldType[Any], value: Any, step: timedelta) -> Any:
    if isinstance(kind, ListOf):
        return [_moved(kind.part, part, step) for part in value]
    if isinstance(kind, Day | Moment):
        day: Any = kind.load(value)
        return kind.dump(day + step)
    return value
