"""Cascading deletes: the records deleted with a customer, and the links to deleted records."""

from __future__ import annotations

from collections.abc import Sequence

from archive.model.field_types.base import Json
from archive.model.references import relinked
from archive.model.tables import OF_A_CUSTOMER, TABLES
from archive.store import ArchiveDB, Change

After = dict[tuple[str, str], dict[str, Json] | None]  # by table and uid; None if deleted


def deletion(db: ArchiveDB, table: str, uids: Sequence[str]) -> list[Change]:
    """Return the changes that delete records and, with a customer, all their records. Links become plain names."""
    existing = [uid for uid in uids if db.table(table).by_uid(uid) is not None]
    after: After = {}
    for uid in existing:
        after[table, uid] = None
        after.update(dict.fromkeys(_owned(db, table, uid)))
    for owner, uid in list(after):
        _relink(db, owner, uid, after)
    return [Change(other, uid, new, db.table(other).by_uid(uid)) for (other, uid), new in after.items()]


def _owned(db: ArchiveDB, table: str, uid: str) -> list[tuple[str, str]]:
    if table != "customers":
        return []
    return [(owned, child) for owned in OF_A_CUSTOMER for child in db.table(owned).of_customer(uid)]


def _relink(db: ArchiveDB, table: str, uid: str, after: After) -> None:
    name = db.name_of(table, uid)
    for other, row in db.rows_linking_to(table, uid):
        current = after.get((other, row["uid"]), row)
        if current is not None:
            after[other, row["uid"]] = relinked(TABLES[other], current, table, uid, name)
