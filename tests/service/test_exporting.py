"""Test exporting tables, wide rows and views."""

import csv
import io

import pytest

from archive.errors import UsageError
from archive.exchange.format import WriteOptions
from archive.exchange.formats import format_for
from archive.model.contact_details import Phone, Position
from archive.model.field_types.base import Ref
from archive.model.records.customer import Customer
from archive.model.records.interaction import Interaction
from archive.model.records.product import Product
from archive.model.records.transaction import Transaction
from archive.service.exporting import export_table


@pytest.fixture
def filled(archive):
    rice = archive.completed([Product(code="R1", name="Rice")])[0]
    north = archive.completed([Customer(kind="organisation", full_name="North", uid="b" * 16)])[0]
    archive.save(rice, north)
    ann = Customer(
        kind="person",
        full_name="=Ann",
        uid="a" * 16,
        phones=(Phone(value="0171 1", label="work"), Phone(value="0171 2", preferred=True)),
        positions=(Position(organisation=Ref(uid=north.uid), title="Buyer"),),
        referred_by=Ref(name="a friend"),
        extra={"Route": "7"},
    )
    archive.save(ann)
    for day in ("2026-11-01", "2026-11-02"):
        values = {
            "customer": Ref(uid=ann.uid),
            "on": day,
            "product": Ref(uid=rice.uid),
            "quantity": "2",
            "unit_price": "3",
        }
        kinds = {key: Transaction.FIELDS[key].type for key in values}
        parsed = {
            key: value if key in ("customer", "product") else kinds[key].parse(value, archive.ctx)
            for key, value in values.items()
        }
        archive.save(Transaction(**parsed))
    archive.save(Interaction(customer=Ref(uid=ann.uid), at=archive.ctx.now, channel="phone", summary="hello"))
    return archive


def rows(exported):
    return [dict(zip(exported.header, row, strict=True)) for row in exported.rows]


def test_a_table_is_sorted_by_id_with_names_beside_links(filled):
    ann, north = rows(export_table(filled, "customers"))
    assert (ann["id"], north["full_name"]) == ("a" * 16, "North")
    assert (ann["phones.2.value"], ann["phones.2.preferred"], ann["phones.1.preferred"]) == (
        "0171 2",
        "true",
        "",
    )
    assert (ann["positions.1.organisation.code"], ann["positions.1.organisation.name"]) == (
        north["code"],
        "North",
    )
    assert (ann["referred_by.code"], ann["referred_by.name"]) == ("", "a friend")
    assert ann["extra.Route"] == "7"
    assert export_table(filled, "customers").header[:4] == ["id", "code", "kind", "full_name"]
    assert "emails.1.value" not in ann
    assert "grade" in ann
    transaction = rows(export_table(filled, "transactions"))[0]
    assert (transaction["customer.name"], transaction["product.code"], transaction["amount"]) == (
        "=Ann",
        "R1",
        "6",
    )


def test_rows_are_filtered_by_a_query_and_columns_selected_by_name(filled):
    found = export_table(
        filled,
        "customers",
        query="kind:person",
        columns=["id", "phones", "name", "value", "phones.1.label", "referred_by"],
    )
    assert found.header == [
        *("id", "phones.1.value", "phones.1.label", "phones.1.preferred"),
        *("phones.2.value", "phones.2.label", "phones.2.preferred"),
        *("name", "value", "phones.1.label", "referred_by.code", "referred_by.name"),
    ]
    (row,) = found.rows
    assert "=Ann" in row
    assert "12" in row


@pytest.mark.parametrize(
    "options", [{"query": "((("}, {"columns": ["nope"]}, {"layout": "wide", "table": "products"}]
)
def test_an_invalid_export_is_a_usage_error(filled, options):
    with pytest.raises(UsageError):
        export_table(filled, **{"table": "customers", **options})


def test_a_wide_row_has_totals_and_the_latest_records(filled):
    ann, north = rows(export_table(filled, "customers", layout="wide"))
    assert (ann["orders"], ann["value"], ann["value_currency"], ann["bought"]) == (
        "2",
        "12",
        "EUR",
        "2026-11-02",
    )
    assert (ann["transactions.1.on"], ann["transactions.2.on"], ann["transactions.3.on"]) == (
        "2026-11-02",
        "2026-11-01",
        "",
    )
    assert (ann["transactions.1.product.name"], ann["interactions.1.summary"]) == ("Rice", "hello")
    assert (north["orders"], north["value"]) == ("0", "")


def test_formulas_are_guarded_in_the_file(filled):
    text = b"".join(export_table(filled, "customers").pieces(WriteOptions())).decode("utf-8-sig")
    assert "'=Ann" in text
    assert next(csv.reader(io.StringIO(text)))[0] == "id"


def test_exporting_a_whole_table_reports_fields_of_a_newer_version(archive):
    archive.save(Customer.load({"uid": "a" * 16, "kind": "person", "full_name": "Ann", "aura": "blue"}))
    found = export_table(archive, "customers")
    assert "aura" not in found.header
    assert found.unknown == {"aura"}
    assert "added: aura." in format_for("x.csv").loses(found.table)[0]
    assert export_table(archive, "customers", columns=["full_name"]).unknown == set()
