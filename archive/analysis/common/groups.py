"""Grouping of customers by a field, as requested by `--by`."""

from __future__ import annotations

from collections.abc import Mapping

from archive.analysis.dataset import SalesData
from archive.errors import UsageError
from archive.model.field_types.standard import Choice, Path, Text
from archive.model.fields import Field
from archive.model.records.customer import Customer
from archive.text import _, nearest

# The group of customers whose field is empty.
NONE = ""


def groupable() -> dict[str, Field]:
    """Return the fields that customers can be grouped by, by key and alias: choices, paths and short texts."""
    fields = [
        field
        for field in Customer.FIELDS.values()
        if isinstance(field.type, Choice | Path | Text) and not field.private and not field.only
    ]
    return {name: field for field in fields for name in (field.key, *field.aliases)}


def grouped(data: SalesData, by: str) -> dict[str, str]:
    """Return the group of every customer.

    Args:
        data: The data.
        by: A field of the customers. "category.2" groups by two levels of a path instead of the first.

    Raises:
        UsageError: Customers cannot be grouped by this field; the hint suggests fields.
    """
    key, _dot, level = by.partition(".")
    fields = groupable()
    if key not in fields or (level and not level.isdecimal()):
        near = nearest(by, fields)
        raise UsageError(
            _("Customers cannot be grouped by {field}.").format(field=by),
            _("Did you mean {names}?").format(names=", ".join(near or ["category", "manager", "source"])),
        )
    field = fields[key]
    values: Mapping[str, str] = data.values("customers", field.key)
    if isinstance(field.type, Path):
        depth = int(level or 1)
        values = {uid: " / ".join(value.split(" / ")[:depth]) for uid, value in values.items()}
    return {uid: values.get(uid, NONE) for uid in data.customers}


def field_title(by: str) -> str:
    """Return the title of the field."""
    return groupable()[by.partition(".")[0]].title


def title(by: str, value: str) -> str:
    """Return the title of a group."""
    if value == NONE:
        return _("(none)")
    kind = groupable()[by.partition(".")[0]].type
    return _(kind.options.get(value, value)) if isinstance(kind, Choice) else value
