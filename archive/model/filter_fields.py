"""The fields that a filter can name: fields of records, parts of lists, and values derived from other records."""

from __future__ import annotations

from datetime import datetime

from archive.errors import BadValue
from archive.model.derived import FilterField, Getter, as_tuple, derived_fields, earlier_values
from archive.model.field_types.base import Context
from archive.model.field_types.lists import ListOf
from archive.model.fields import Field, Record
from archive.text import _, nearest

_ANY_DAY = Context(datetime.fromisoformat("2000-01-01"))
# Short names for fields inside a customer's lists.
_PARTS = {
    "city": "addresses.city",
    "country": "addresses.country",
    "postcode": "addresses.postcode",
    "organisation": "positions.organisation",
    "title": "positions.title",
}


def find_field(name: str, cls: type[Record], ctx: Context) -> FilterField:
    """Return the field with this name in the filter language; the BadValue for unknown names suggests similar ones."""
    name = name.lower()
    derived = derived_fields(cls, ctx)
    if name in derived:
        return derived[name]
    if cls.TABLE == "customers":
        if name == "product":
            return FilterField(
                "product", "link", lambda row: row.summary.products or row.summary.linked_products
            )
        name = _PARTS.get(name, name)
    for key, field in cls.FIELDS.items():
        if name == key or name in field.aliases:
            earlier = earlier_values(cls, key)
            return FilterField(
                key, field.type.family, _getter(key, field), field, field.ahead, earlier=earlier
            )
    return _part_field(name, cls)


def _getter(key: str, field: Field) -> Getter:
    if field.type.family == "flag":
        return lambda row: (row.raw.get(key, False),)
    return lambda row: as_tuple(row.raw.get(key))


def _part_field(name: str, cls: type[Record]) -> FilterField:
    """Return a field inside a list, such as addresses.city."""
    listed, _dot, part = name.partition(".")
    kind = cls.FIELDS[listed].type if listed in cls.FIELDS else None
    if isinstance(kind, ListOf) and part in kind.part.FIELDS:
        inner = kind.part.FIELDS[part]
        return FilterField(
            name,
            inner.type.family,
            lambda row: [p[part] for p in row.raw.get(listed, ()) if part in p],
            inner,
        )
    near = nearest(name, field_names(cls))
    raise BadValue(
        _("There is no field {name}.").format(name=name),
        _("Did you mean {names}?").format(names=", ".join(near))
        if near
        else _("`archive fields` lists them."),
    )


def field_names(cls: type[Record]) -> list[str]:
    """Return all names that can precede a colon in a filter for this table."""
    names = [name for key, field in cls.FIELDS.items() for name in (key, *field.aliases, *_part_names(field))]
    if cls.TABLE == "customers":
        names += [*_PARTS, "product"]
    return [*names, *derived_fields(cls, _ANY_DAY)]


def _part_names(field: Field) -> list[str]:
    return (
        [f"{field.key}.{part}" for part in field.type.part.FIELDS] if isinstance(field.type, ListOf) else []
    )
