"""Test the completions that the archive offers for a field."""

from typing import Any

import pytest

from archive.model.contact_details import Position
from archive.model.field_types.base import Ref
from archive.model.records.customer import Customer
from archive.model.records.product import Product
from archive.service.archive import Archive
from archive.service.completion import completions


def customer(name: str, **values: Any) -> Customer:
    return Customer.load({"kind": "person", "full_name": name}).with_values(**values)


def position(organisation: Ref) -> tuple[Position, ...]:
    return (Position.load({}).with_values(organisation=organisation),)


@pytest.fixture
def known(archive: Archive) -> Archive:
    globex = archive.completed([customer("Globex Foods", code="G-1")])[0]
    archive.save(
        globex,
        customer(
            "Marta Smith", tags=("vip", "East"), source="trade fair", positions=position(Ref(globex.uid))
        ),
        customer(
            "王建国", tags=("east side", "vip"), source="Trade fair", positions=position(Ref(name="北方贸易"))
        ),
        customer("José Rossi", tags=("vip",), source="trade fair", positions=position(Ref(globex.uid))),
        customer("Anna Weber", category="Wholesale / East", background="trade fair in Lyon"),
        Product.load({"code": "R-JAS", "name": "Rice Jasmine", "unit": "bag"}),
    )
    return archive


@pytest.mark.parametrize(
    ("table", "key", "begin", "found"),
    [
        ("customers", "source", "tr", ["trade fair", "Trade fair"]),
        ("customers", "source", "FAIR", ["trade fair", "Trade fair"]),
        ("customers", "source", "air", []),
        ("customers", "category", "east", ["Wholesale / East"]),
        ("customers", "full_name", "jose", []),
        ("customers", "full_name", "建", []),
        ("customers", "given_name", "", []),
        ("products", "name", "rice", []),
        ("transactions", "customer", "jose", ["José Rossi"]),
        ("transactions", "customer", "建", ["王建国"]),
        ("customers", "tags", "", ["vip", "East", "east side"]),
        ("customers", "tags", "si", ["east side"]),
        ("customers", "status", "lo", ["lost"]),
        ("customers", "positions.organisation", "", ["Globex Foods", "北方贸易", "Anna Weber"]),
        ("customers", "positions.organisation", "贸易", ["北方贸易"]),
        ("customers", "positions.organisation", "g-", ["G-1"]),
        ("customers", "positions.title", "", []),
        ("customers", "positions", "", []),
        ("customers", "referred_by", "glob", ["Globex Foods"]),
        ("customers", "background", "tr", []),
        ("customers", "birthday", "", []),
        ("transactions", "product", "jas", ["Rice Jasmine"]),
        ("transactions", "product", "r-", ["R-JAS"]),
        ("transactions", "unit", "", []),
    ],
)
def test_values_of_the_archive_are_offered(
    known: Archive, table: str, key: str, begin: str, found: list[str]
) -> None:
    assert completions(known, table, key, begin, limit=3) == found


def test_completions_are_limited(known: Archive) -> None:
    assert completions(known, "customers", "tags", "", limit=1) == ["vip"]


def test_changes_are_offered_at_once(known: Archive) -> None:
    assert completions(known, "customers", "industry", "") == []
    known.edit("customers", known.find(Customer, "G-1").uid, industry="Food")
    assert completions(known, "customers", "industry", "f") == ["Food"]
    assert completions(known, "customers", "industry", "f") == ["Food"]
