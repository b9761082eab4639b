"""The history as people read it: labels and values, never stored keys, uids or Python values."""

from decimal import Decimal

import pytest
from strategies import NOW, TODAY

from archive.model.contact_details import Phone, Position
from archive.model.field_types.base import Ref
from archive.model.records.customer import Customer
from archive.model.records.transaction import Transaction
from archive.service.history import MOST_RECORDS, Value, customers_of, details, past
from archive.store import Change
from archive.store.changes import Entry

NORTH = Customer(uid="c-north", kind="person", full_name="North", extra={"Old no.": "7"})


@pytest.fixture
def north(archive):
    archive.save(NORTH)
    return archive


def values(archive, entry):
    (record,) = details(entry.changes, archive).records
    return list(record.values)


def test_a_changed_value_has_its_label_and_its_display(north):
    entry = north.edit("customers", "c-north", kind="organisation", next_contact_on=TODAY)
    assert values(north, entry) == [
        Value("Kind", "person", "organisation"),
        Value("Next contact", "", "2026-11-21 Sat"),
    ]


def test_a_list_is_compared_item_by_item(north):
    one, two, three = (
        Phone(value="+49 228 5550 1"),
        Phone(value="+49 228 5550 2"),
        Phone(value="+49 228 5550 3"),
    )
    north.edit("customers", "c-north", tags=("vip", "tea"), phones=(one, two))
    entry = north.edit("customers", "c-north", tags=("tea", "new", "more"), phones=(one, three))
    assert values(north, entry) == [
        Value("Tags", "vip", "new"),
        Value("", "", "more"),
        Value("Phone", "+49 228 5550 2", "+49 228 5550 3"),
    ]
    entry = north.edit("customers", "c-north", phones=(three, one))
    assert values(north, entry) == [
        Value("Phone", "+49 228 5550 1; +49 228 5550 3", "+49 228 5550 3; +49 228 5550 1")
    ]


def test_an_imported_column_is_a_value_of_its_own(north):
    entry = north.edit("customers", "c-north", extra={"Old no.": "8", "Colour": "red"})
    assert values(north, entry) == [Value("Old no.", "7", "8"), Value("Colour", "", "red")]


def test_an_amount_has_the_currency_of_its_record_and_a_link_has_a_name(north):
    order = Transaction(customer=Ref("c-north"), on=TODAY, type="order", amount=Decimal(70), currency="USD")
    entry = north.save(order)
    shown = values(north, entry)
    assert Value("Customer", "", "North") in shown
    assert Value("Amount", "", "70.00 USD") in shown
    assert not any(value.title == "uid" for value in shown)
    assert details(entry.changes, north).records[0].name == "transaction North 2026-11-21"


def test_the_links_of_deleted_records_are_still_names(north):
    north.save(Customer(uid="c-firm", kind="organisation", full_name="Firm"))
    north.edit("customers", "c-north", positions=(Position(organisation=Ref(uid="c-firm")),))
    entry = north.delete("customers", ["c-firm", "c-north"])
    text = str(details(entry.changes, north))
    assert "Firm" in text
    assert "c-firm" not in text


def test_a_link_to_a_record_that_nothing_names_says_so(north):
    change = Change("transactions", "t", {"uid": "t", "customer": "gone", "on": "2026-11-21"}, None)
    (record,) = details([change], north).records
    assert record.name == "transaction (deleted) 2026-11-21"


def test_values_that_another_version_wrote_are_not_shown_as_code(north):
    new = {"uid": "u", "later": {"a": 1}, "some_word": "x", "tags": 5, "extra": "odd"}
    (record,) = details([Change("customers", "u", new, {"uid": "u"})], north).records
    assert record.values == [
        Value("Tags", "", "5"),
        Value("later", "", "a value of another version"),
        Value("some word", "", "x"),
    ]


def test_a_large_change_is_counted_and_begins_with_examples(north):
    entry = north.save(*(Customer(kind="person", full_name=f"P{n}") for n in range(MOST_RECORDS + 3)))
    found = details(entry.changes, north)
    assert (found.counts, len(found.records), found.more) == ("23 records added", MOST_RECORDS, 3)
    assert details(north.delete("customers", ["c-north"]).changes, north).counts == "1 record deleted"
    assert details([], north).counts == ""


def test_the_list_of_changes_reads_no_values(north, monkeypatch):
    north.edit("customers", "c-north", grade="A")
    north.undo()
    monkeypatch.setattr(Entry, "load", None)
    lines = list(past(north))
    assert [(line.label, line.undone, line.is_first) for line in lines] == [
        ("Changed grade of North", True, True),
        ("New customer: North", False, False),
    ]
    assert lines[0].at == NOW


def test_an_entry_that_the_history_no_longer_has_is_none(north):
    assert north.entry(999) is None
    assert north.entry(1).label == "New customer: North"


def test_the_customers_of_a_change_are_those_of_its_records_too(north):
    entry = north.save(Transaction(customer=Ref("c-north"), on=TODAY))
    assert customers_of(entry.changes) == ["c-north"]
    assert customers_of([Change("products", "p", {"uid": "p"}, None)]) == []
