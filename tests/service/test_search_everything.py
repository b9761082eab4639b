"""The search in all tables finds records by their words, and shows the field that contains them."""

from datetime import datetime

import pytest
from test_today import TODAY, add_customer

from archive.errors import Damaged
from archive.model.field_types.base import Ref
from archive.model.records.contract import Contract, Term
from archive.model.records.customer import Customer
from archive.model.records.interaction import Interaction
from archive.model.records.product import Product
from archive.model.records.transaction import Transaction
from archive.service.archive import Archive
from archive.service.search_everything import MOST, is_enough, search_everything


@pytest.fixture
def marta(archive: Archive) -> str:
    return add_customer(archive)


@pytest.fixture
def filled(archive: Archive, marta: str) -> Archive:
    customer, noon = Ref(marta), datetime.combine(TODAY, datetime.min.time())
    archive.save(
        Customer(uid="c-2", kind="person", full_name="Honey Farm", code="H-1", extra={"Old note": "harvest"}),
        Interaction(uid="i-1", customer=customer, at=noon, summary="about the harvest\\nand honey"),
        Contract(
            uid="k-1",
            customer=customer,
            number="K-17",
            start=TODAY,
            terms=(Term(requirement="2 t of honey"),),
        ),
        Transaction(uid="t-1", customer=customer, on=TODAY, note="Honey for Lübeck"),
        Product(uid="p-1", code="HON", name="Honey jar"),
    )
    return archive


def found(archive: Archive, text: str) -> dict[str, list[str]]:
    """Return the uids found, by table."""
    return {hits.table: [hit.uid for hit in hits.hits] for hits in search_everything(archive, text)}


def test_the_records_of_every_table_are_found_customers_first(filled):
    assert found(filled, "honey") == {
        "customers": ["c-2"],
        "interactions": ["i-1"],
        "contracts": ["k-1"],
        "transactions": ["t-1"],
        "products": ["p-1"],
    }
    assert found(filled, "nowhere") == {}


def test_all_words_are_in_the_record_or_some_in_the_name_of_its_customer(filled):
    assert found(filled, "harvest honey") == {"customers": ["c-2"], "interactions": ["i-1"]}
    assert found(filled, "marta honey") == {
        "interactions": ["i-1"],
        "contracts": ["k-1"],
        "transactions": ["t-1"],
    }
    assert found(filled, "marta nowhere") == {}


@pytest.mark.parametrize(
    ("text", "table", "key", "label", "words"),
    [
        ("lubeck", "transactions", "note", "Note", "Lübeck"),
        ("honey", "contracts", "terms", "Term", "honey"),
        ("harvest", "customers", "extra.Old note", "Old note", "harvest"),
        ("honey farm", "customers", "full_name", "Full name", "Honey"),
    ],
)
def test_a_hit_shows_the_field_that_contains_the_words(filled, marta, text, table, key, label, words):
    hits = next(hits for hits in search_everything(filled, text) if hits.table == table)
    (hit,) = hits.hits
    start, end = hit.spans[0]
    assert (hit.key, hit.label, hit.text[start:end]) == (key, label, words)
    assert hit.customer == ("c-2" if table == "customers" else marta)
    assert hit.name == filled.name("customers", hit.customer)


def test_only_the_newest_hits_are_shown_with_their_number(archive, marta):
    notes = [Transaction(customer=Ref(marta), on=TODAY.replace(day=1 + n), note="rice") for n in range(25)]
    archive.save(*notes)
    (hits,) = search_everything(archive, "rice")
    assert (hits.total, len(hits.hits)) == (25, MOST)
    assert hits.hits[0].day == TODAY.replace(day=25).isoformat()


def test_a_cancelled_search_ends_and_a_damaged_record_is_left_out(filled, monkeypatch):
    assert list(search_everything(filled, "honey", lambda: True)) == []
    raw = filled.raw

    def damaged(table, uid):
        if table == "contracts":
            raise Damaged("damaged")
        return None if table == "products" else raw(table, uid)

    monkeypatch.setattr(filled, "raw", damaged)
    assert set(found(filled, "honey")) == {"customers", "interactions", "transactions"}


@pytest.mark.parametrize(
    ("text", "enough"), [("", False), (" ", False), ("a", False), ("ab", True), ("王", True), ("ab c", False)]
)
def test_a_single_letter_is_not_searched_for(text, enough):
    assert is_enough(text) is enough
