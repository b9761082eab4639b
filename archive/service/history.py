"""The details of a change in the history: field, old value and new value."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from archive.errors import ArchiveError
from archive.model.field_types.base import Context
from archive.service.archive import Archive
from archive.service.change_labels import changed_keys, fields_of, subject
from archive.store import Change, Entry
from archive.text import _, plural

MOST_RECORDS = 50


def describe(entry: Entry, archive: Archive) -> list[tuple[str, str, str]]:
    """Return field, old value and new value of each changed value.

    Of a change to more than MOST_RECORDS records, only the first are described; the last row counts the others.
    """
    ctx = archive.ctx
    alone = len(entry.changes) == 1
    rows = [
        row for change in entry.changes[:MOST_RECORDS] for row in _of_change(change, ctx, named=not alone)
    ]
    more = len(entry.changes) - MOST_RECORDS
    return (
        [*rows, (plural("and {n} more record", "and {n} more records", more), "", "")] if more > 0 else rows
    )


def customers_of(entry: Entry) -> list[str]:
    """Return the uids, without repetition, of the customers that a change affects, directly or in their records."""
    touched = []
    for change in entry.changes:
        for raw in (change.new, change.old):
            if raw:
                touched.append(change.uid if change.table == "customers" else str(raw.get("customer", "")))
    return [uid for uid in dict.fromkeys(touched) if uid]


def _of_change(change: Change, ctx: Context, *, named: bool) -> list[tuple[str, str, str]]:
    name = subject(change.table, change.new or change.old or {}, ctx) + " · " if named else ""
    old, new = change.old or {}, change.new or {}
    return [
        (
            name + _title(change, key),
            _display(change.table, old, key, ctx),
            _display(change.table, new, key, ctx),
        )
        for key in changed_keys(change)
        if key != "uid"
    ]


def _title(change: Change, key: str) -> str:
    fields = fields_of(change.table)
    return fields[key].title if key in fields else key


def _display(table: str, raw: Mapping[str, Any], key: str, ctx: Context) -> str:
    if key not in raw:
        return _("(empty)")
    field = fields_of(table).get(key)
    if field is None:
        return str(raw[key])
    try:
        return field.type.show(field.type.load(raw[key]), ctx.within(str(raw.get("currency", ""))))
    except ArchiveError:  # written by another version of the program
        return str(raw[key])
