"""Repair links to lost records: replace them with names, and recreate lost customers that still have records."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set
from typing import Any

from archive.model.field_types.links import Links
from archive.model.field_types.lists import ListOf
from archive.model.field_types.standard import Link
from archive.model.fields import Item
from archive.model.references import relinked
from archive.model.tables import OF_A_CUSTOMER, STORED
from archive.store.salvage.records import called, titled
from archive.store.salvage.report import SalvageReport
from archive.store.state import State
from archive.store.wal.records import LogRecord
from archive.text import _


def repair_references(state: State, report: SalvageReport) -> None:
    """Remove every link to a record that does not exist, and report each changed record."""
    existing = {table: {row["uid"] for _slot, row in state.tables[table].rows()} for table in STORED}
    recreated: dict[str, list[Any]] = {}
    changes: list[list[Any]] = []
    for table, cls in STORED.items():
        records = state.tables[table]
        for slot, row in records.rows():
            owner = row.get("customer", "") if table in OF_A_CUSTOMER else ""
            if owner and owner not in existing["customers"] and owner not in recreated:
                recreated[owner] = _made_anew(state, owner, len(recreated), report)
            if (repaired := _mended(existing, cls, row, report)) != row:
                changes.append([table, str(records.number(slot)), repaired, row])
                text = _("{record} referred to a record that is lost.")
                report.doubt(text.format(record=titled(table, records.number(slot), called(table, row))))
    state.apply(LogRecord(0, 0, "", [*recreated.values(), *changes], {}))


def _made_anew(state: State, uid: str, before: int, report: SalvageReport) -> list[Any]:
    """Return a change that recreates a lost customer whose other records still exist.

    Args:
        before: The number of customers recreated so far.
    """
    name = report.names.get(uid) or _("Lost customer {uid}").format(uid=uid)
    row = {"uid": uid, "kind": "person", "full_name": name, "background": _("Recreated by a repair.")}
    report.doubt(_("customers: {name} was recreated, because other records belong to it.").format(name=name))
    return ["customers", str(state.tables["customers"].next_number() + before), row, None]


def _mended(
    uids_by_table: Mapping[str, Set[str]], cls: type[Item], row: Mapping[str, Any], report: SalvageReport
) -> Mapping[str, Any]:
    for table, uid in set(_links(cls, row)):
        if uid not in uids_by_table[table]:
            row = relinked(cls, row, table, uid, report.names.get(uid, uid)) or row
    return row


def _links(cls: type[Item], row: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for key, field in cls.FIELDS.items():
        value, kind = row.get(key), field.type
        if isinstance(kind, ListOf):
            for part in value or ():
                yield from _links(kind.part, part)
        elif isinstance(kind, Links):
            yield from ((kind.table, uid) for uid in value or () if type(uid) is str)
        elif isinstance(kind, Link) and type(value) is str:
            yield kind.table, value
