"""Create the record that a link field names, from its name alone."""

from __future__ import annotations

from archive.model.field_types.standard import Link
from archive.model.fields import Field, Record
from archive.model.records.customer import Customer
from archive.model.records.product import Product

_OF_ORGANISATIONS = ("organisation", "parent")  # link fields whose customer is an organisation


def can_create(field: Field) -> bool:
    """Return whether a name is enough to create the record that this field links to."""
    return isinstance(field.type, Link) and field.type.table in (Customer.TABLE, Product.TABLE)


def named_record(field: Field, name: str) -> Record:
    """Return a new record with this name, for a link field that `can_create` one."""
    assert isinstance(field.type, Link)
    if field.type.table == Product.TABLE:
        return Product(name=name.strip())
    kind = "organisation" if field.key in _OF_ORGANISATIONS else "person"
    return Customer(kind=kind, full_name=name.strip())
