"""A link field names the record to create."""

import pytest

from archive.model.contact_details import Position, ProductUse
from archive.model.records.customer import Customer
from archive.model.records.transaction import Transaction
from archive.service.link_creation import can_create, named_record


@pytest.mark.parametrize(
    ("field", "expected"),
    [
        (Position.FIELDS["organisation"], {"kind": "organisation", "full_name": "Initech"}),
        (Customer.FIELDS["parent"], {"kind": "organisation", "full_name": "Initech"}),
        (Customer.FIELDS["referred_by"], {"kind": "person", "full_name": "Initech"}),
        (ProductUse.FIELDS["product"], {"name": "Initech"}),
    ],
)
def test_a_link_names_a_record_of_its_table(field, expected) -> None:
    assert can_create(field)
    record = named_record(field, " Initech ")
    assert {key: getattr(record, key) for key in expected} == expected


@pytest.mark.parametrize("key", ["on", "campaign"])
def test_other_fields_create_nothing(key) -> None:
    assert not can_create(Transaction.FIELDS[key])
