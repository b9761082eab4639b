"""Revert a single change of the history without losing later edits."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from archive.model.field_types.base import Context
from archive.model.tables import OF_A_CUSTOMER, STORED
from archive.service.change_labels import changed_keys, fields_of, subject
from archive.store import ArchiveDB, Change, Entry
from archive.text import _


def reverted(entry: Entry, db: ArchiveDB, ctx: Context) -> tuple[list[Change], list[str]]:
    """Return the changes that revert `entry`, and a sentence for each value that keeps its later edit."""
    if entry.undone:
        return [], []
    changes: list[Change] = []
    skipped: list[str] = []
    for change in reversed(entry.changes):
        now = db.table(change.table).by_uid(change.uid)
        restored, edited = _restored(change, now)
        if restored != now:
            changes.append(Change(change.table, change.uid, restored, now))
        skipped.extend(_sentence(change, key, ctx) for key in edited)
    return _without_harm(changes, skipped, db, ctx), skipped


def _restored(change: Change, now: dict[str, Any] | None) -> tuple[dict[str, Any] | None, list[str]]:
    if now in (change.new, change.old):
        return change.old, []
    if now is None or change.old is None or change.new is None:
        return now, [""]
    keys = [key for key in changed_keys(change) if now.get(key) != change.old.get(key)]
    ours = [key for key in keys if now.get(key) == change.new.get(key)]
    restored = {key: value for key, value in now.items() if key not in ours}
    restored.update({key: change.old[key] for key in ours if key in change.old})
    return _in_order(restored, change.old, now), [key for key in keys if key not in ours]


def _in_order(restored: dict[str, Any], *examples: dict[str, Any]) -> dict[str, Any]:
    keys = dict.fromkeys(key for example in examples for key in example if key in restored)
    return {key: restored[key] for key in keys}


def _sentence(change: Change, key: str, ctx: Context) -> str:
    name = subject(change.table, change.new or change.old or {}, ctx)
    if not key:
        return _("{name} has been edited since and was not reverted.").format(name=name)
    fields = fields_of(change.table)
    field = fields[key].title if key in fields else key
    return _("{field} of {name} has been edited since and was not reverted.").format(field=field, name=name)


def _without_harm(changes: list[Change], skipped: list[str], db: ArchiveDB, ctx: Context) -> list[Change]:
    """Drop the changes that would leave a record without its customer, break a link, or duplicate a code."""
    for change in changes:
        sentence = _harm(change, changes, db)
        if sentence:
            name = subject(change.table, change.new or change.old or {}, ctx)
            skipped.append(sentence.format(name=name))
            return _without_harm([other for other in changes if other is not change], skipped, db, ctx)
    return changes


def _harm(change: Change, changes: list[Change], db: ArchiveDB) -> str:
    if change.table not in STORED:
        return ""
    after = {(other.table, other.uid): other.new for other in changes}
    if change.new is None:
        used = any(key not in after for key in _users(change, db))
        return _("{name} is now used by other records and was not deleted.") if used else ""
    customer = change.new.get("customer", "")
    if customer and not after.get(("customers", customer), db.table("customers").by_uid(customer)):
        return _("{name} cannot be restored because its customer was deleted.")
    holder = db.table(change.table).codes.get(change.new.get("code", ""), change.uid)
    if holder != change.uid and (change.table, holder) not in after:
        return _("{name} was not reverted: its former code is now in use.")
    return ""


def _users(change: Change, db: ArchiveDB) -> Iterable[tuple[str, str]]:
    """Yield table and uid of every record that refers to the changed record."""
    yield from ((table, row["uid"]) for table, row in db.rows_linking_to(change.table, change.uid))
    if change.table == "customers":
        for table in OF_A_CUSTOMER:
            yield from ((table, uid) for uid in db.table(table).of_customer(change.uid))
