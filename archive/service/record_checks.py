"""Faults in stored records, for example from older versions, that a save would refuse today."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date

from archive.errors import ArchiveError
from archive.model.dates import birthday_fault
from archive.model.field_types.lists import ListOf
from archive.model.field_types.standard import Link
from archive.model.fields import Item, Record, problems
from archive.model.losses import spells
from archive.model.records.customer import Customer
from archive.model.tables import public_name
from archive.service.archive import Archive
from archive.service.change_labels import subject
from archive.text import _, plural


def record_faults(archive: Archive, cls: type[Record]) -> Iterator[str]:
    """Yield a sentence for each fault in the records of a table, with the record's code or id and its name."""
    columns = archive.columns(cls.TABLE, ["uid", "code"])
    for uid, code in zip(columns["uid"], columns["code"], strict=True):
        for fault in _faults(archive, cls, uid):
            yield f"{public_name(cls.TABLE)} {code or _id_and_name(archive, cls, uid)}: {fault}"
    for code, times in Counter(columns["code"]).items():
        if code and times > 1:
            yield _("{table}: {n} records have the code {code}.").format(
                table=public_name(cls.TABLE), n=times, code=code
            )


def _id_and_name(archive: Archive, cls: type[Record], uid: str) -> str:
    name = subject(cls.TABLE, dict(archive.raw(cls.TABLE, uid) or {}), archive.ctx)
    return uid if name in ("", uid) else f"{uid} ({name})"


def _faults(archive: Archive, cls: type[Record], uid: str) -> Iterator[str]:
    try:
        record = archive.get(cls, uid)
    except ArchiveError as error:
        yield str(error)
        return
    yield from problems(record).values()
    if isinstance(record, Customer):
        yield from _dates_of_customer(record, archive.ctx.today)
    yield from _dangling(archive, record)


def _dates_of_customer(customer: Customer, today: date) -> Iterator[str]:
    """Yield faults that only older archives can have: a birthday in the future, overlapping losses."""
    if customer.birthday and (fault := birthday_fault(customer.birthday, today)):
        yield str(fault)
    raw = customer.dump()
    dates = (raw.get("lost_on", ""), raw.get("won_back_on", ""), raw.get("lost_reason", ""))
    if left_out := spells(raw.get("earlier_losses", ()), *dates).left_out:
        sentence = plural(
            "{n} loss begins when the customer was already lost, so reports ignore it.",
            "{n} losses begin when the customer was already lost, so reports ignore them.",
            left_out,
        )
        yield f"{sentence} " + _("Change the dates, or delete the loss from Earlier losses.")


def _dangling(archive: Archive, item: Item) -> Iterator[str]:
    """Yield a sentence for each link to a missing record."""
    for key, field in item.FIELDS.items():
        value = getattr(item, key)
        if isinstance(field.type, ListOf):
            for part in value:
                yield from _dangling(archive, part)
        elif isinstance(field.type, Link) and value.uid and not archive.has(field.type.table, value.uid):
            yield _("{field} refers to a record that does not exist.").format(field=field.title)
