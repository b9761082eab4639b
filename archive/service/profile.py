"""The profile of a customer: key facts, timeline, and filled-in fields by section."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from archive.model.field_types.base import Context
from archive.model.field_types.lists import ListOf
from archive.model.fields import Field, Group, Record
from archive.service.archive import Archive
from archive.service.extra import EXTRA
from archive.service.key_facts import KeyFacts, key_facts
from archive.service.timeline import Event, timeline

__all__ = ["EXTRA", "Event", "KeyFacts", "Section", "key_facts", "sections", "timeline"]

Row = tuple[str, str, str]  # key, label, shown text


class Section(NamedTuple):
    """The filled-in fields of a section. A list has a row for each entry, with the label on the first."""

    group: Group
    rows: list[Row]


def sections(archive: Archive, record: Record) -> list[Section]:
    """Return the sections of a record with its filled-in fields, and last the extra columns of an import."""
    ctx = archive.ctx.within(getattr(record, "currency", ""))
    filled = [
        Section(
            group,
            [
                row
                for field in record.FIELDS.values()
                if field.group == group
                for row in _rows(record, field, ctx)
            ],
        )
        for group in record.GROUPS
    ]
    filled.append(Section(EXTRA, [(f"extra.{name}", name, value) for name, value in record.extra.items()]))
    return [section for section in filled if section.rows]


def _rows(record: Record, field: Field, ctx: Context) -> Iterator[Row]:
    value = getattr(record, field.key)
    if value == field.type.empty:
        return
    if not isinstance(field.type, ListOf):
        yield field.key, field.title, field.type.show(value, ctx)
        return
    for number, part in enumerate(value):
        yield field.key, "" if number else field.title, field.type.line(part, ctx)
