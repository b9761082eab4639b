"""The values a form starts with, the order of its fields, and saving them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from archive.model.archive_settings import ArchiveSettings
from archive.model.customer import Customer
from archive.model.fields import Fact, Group, Record, Ref
from archive.model.interaction import Interaction
from archive.model.transaction import Transaction
from archive.service.archive import Archive
from archive.service.extra import extra_facts, record_values
from archive.service.profile import EXTRA


def new_values(cls: type[Record], values: Mapping[str, Any], archive: Archive) -> Record:
    """Return an empty record with what can be known beforehand; the archive's settings as they are."""
    if cls is ArchiveSettings:
        return archive.own
    ctx = archive.ctx
    begin: dict[str, Any] = {}
    if cls is Customer:
        begin = {"kind": "person", "account_manager": archive.settings.me}
    elif cls is Transaction:
        begin = {"on": ctx.today, "type": "order"}
    elif cls is Interaction:
        begin = {"at": ctx.now.replace(second=0, microsecond=0), "by": archive.settings.me}
    if values.get("customer"):
        begin["customer"] = Ref(uid=values["customer"])
    return cls(**begin)


def blocks(record: Record, uid: str, group: Group | None) -> Iterator[tuple[Group, list[Fact]]]:
    """List the facts in the order of the form: those needed first, then group by group, columns of imports last.

    Args:
        record: What the form shows.
        uid: The record's uid, "" if it is new.
        group: The only group to show, None for all.
    """
    cls, extra = type(record), extra_facts(record)
    facts = list(cls.FACTS.values())
    if group:
        with_extra = extra if group == cls.GROUPS[0] else []
        yield Group("", ""), [fact for fact in facts if fact.group == group] + with_extra
        return
    first = [] if uid else sorted((fact for fact in facts if fact.first), key=lambda fact: fact.first)
    yield Group("", ""), first
    for shown in cls.GROUPS:
        yield shown, [fact for fact in facts if fact.group == shown and fact not in first]
    if extra:
        yield EXTRA, extra


def save_values(
    archive: Archive, cls: type[Record], uid: str, begin: Record, values: Mapping[str, Any]
) -> str:
    """Save the typed values and return the uid. An existing record is read again before the change."""
    if uid:
        archive.edit(cls.TABLE, uid, **record_values(archive.get(cls, uid), values))
        return uid
    record = archive.completed([begin.with_values(**values)])[0]
    archive.save(record)
    return record.uid
