"""The initial values of a form, the order of its fields, and saving."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from archive.model.archive_settings import ArchiveSettings
from archive.model.field_types.base import Context, Ref
from archive.model.fields import Field, Group, Record
from archive.model.records.customer import Customer
from archive.model.records.interaction import Interaction
from archive.model.records.transaction import Transaction
from archive.service.archive import Archive
from archive.service.extra import extra_fields, record_values
from archive.service.profile import EXTRA


def new_values(cls: type[Record], values: Mapping[str, Any], archive: Archive) -> Record:
    """Return a new record with default values; for the archive settings, the current ones."""
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
    begin |= {key: value for key, value in values.items() if key != "customer"}
    if values.get("customer"):
        begin["customer"] = Ref(uid=values["customer"])
    return cls(**begin)


def blocks(record: Record, uid: str, group: Group | None) -> Iterator[tuple[Group, list[Field]]]:
    """List the fields in the order of the form: key fields first, then by group, extra columns of imports last.

    Args:
        record: The record to edit.
        uid: The uid of the record, or "" if it is new.
        group: The only group to show, or None for all.
    """
    cls, extra = type(record), extra_fields(record)
    fields = list(cls.FIELDS.values())
    if group:
        with_extra = extra if group == cls.GROUPS[0] else []
        yield Group("", ""), [field for field in fields if field.group == group] + with_extra
        return
    first = [] if uid else sorted((field for field in fields if field.first), key=lambda field: field.first)
    yield Group("", ""), first
    for section in cls.GROUPS:
        yield section, [field for field in fields if field.group == section and field not in first]
    if extra:
        yield EXTRA, extra


def initial_texts(record: Record, keys: Iterable[str], ctx: Context) -> dict[str, str]:
    """Return the texts of the values that a form was opened with, such as the customer of a profile."""
    texts = {key: record.FIELDS[key].type.edit(getattr(record, key), ctx) for key in keys}
    return {key: text for key, text in texts.items() if text}


def first_key(record: Record, uid: str, group: Group | None) -> str:
    """Return the key of the field to focus first: the first required field that is empty, or else the first field."""
    fields = [field for _group, fields in blocks(record, uid, group) for field in fields]
    return next(
        (field for field in fields if field.required and not getattr(record, field.key)), fields[0]
    ).key


def save_values(
    archive: Archive, cls: type[Record], uid: str, begin: Record, values: Mapping[str, Any]
) -> str:
    """Save the values and return the uid. An existing record is read again, because it may have changed."""
    if uid:
        archive.edit(cls.TABLE, uid, **record_values(archive.get(cls, uid), values))
        return uid
    record = archive.completed([begin.with_values(**values)])[0]
    archive.save(record)
    return record.uid
