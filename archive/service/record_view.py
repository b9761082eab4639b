"""The read view of a record: what its type has to say first, then its filled-in fields by section."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import Protocol, cast

from archive.model.field_types.standard import Link
from archive.model.fields import Record
from archive.model.tables import TABLES
from archive.service import panels
from archive.service.archive import Archive
from archive.service.panels.base import Item, Panel
from archive.service.profile import sections
from archive.text import _


class Panels(Protocol):
    """A module of `service.panels`: `panels` returns the parts of a read view that its type has to say."""

    SHOWN: frozenset[str]
    """Keys of the fields that the panels show, which are not listed again below."""

    def panels(self, archive: Archive, uid: str) -> list[Panel]:
        """Return the parts, the most important first."""


def read_view(archive: Archive, table: str, uid: str) -> list[Panel]:
    """Return the parts of the read view of a record, the most important first."""
    record = archive.get(TABLES[table], uid)
    own = _panels().get(table)
    shown = own.panels(archive, uid) if own else []
    fields = _fields(archive, record, own.SHOWN if own else frozenset())
    return [panel for panel in [*shown, *fields] if panel.items]


def heading(archive: Archive, table: str, uid: str) -> str:
    """Return the title of the read view: what the record is, and of which customer."""
    record = archive.get(TABLES[table], uid)
    noun = _(record.NOUN).capitalize()
    customer = getattr(record, "customer", None)
    names = [getattr(record, "number", ""), archive.name("customers", customer.uid)] if customer else []
    return " · ".join(filter(None, [noun, *(names or [archive.name(table, uid)])]))


@cache
def _panels() -> dict[str, Panels]:
    """Return the panels of the record types that have any, by table."""
    names = [module.name for module in iter_modules(panels.__path__) if module.name != "base"]
    modules = [import_module(f"{panels.__name__}.{name}") for name in names]
    return {module.TABLE: cast(Panels, module) for module in modules}


def _fields(archive: Archive, record: Record, shown: frozenset[str]) -> list[Panel]:
    return [
        Panel(
            _(section.group.label) if section.group.label else _("Details"),
            [
                Item(label, text, opens=_link(record, key), field=key)
                for key, label, text in section.rows
                if key not in shown
            ],
        )
        for section in sections(archive, record)
    ]


def _link(record: Record, key: str) -> tuple[str, str]:
    """Return the record that a field links to."""
    field = record.FIELDS.get(key)
    if field is None or not isinstance(field.type, Link):
        return "", ""
    uid = getattr(record, key).uid
    return (field.type.table, uid) if uid else ("", "")
