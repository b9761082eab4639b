"""An archive is a TinyDB database: queries are answered from its indexes, and changes can be undone."""

from decimal import Decimal

import pytest
from saved import person
from strategies import NOW
from tinydb import TinyDB, where
from tinydb.table import Document

from archive.errors import BadValue
from archive.model.field_types.base import Ref
from archive.model.records.customer import Customer
from archive.model.records.transaction import Transaction
from archive.service.archive import Archive
from archive.service.history import Value, details
from archive.service.repairing import repair
from archive.store import ArchiveDB
from archive.store.documents import StoredDocuments
from archive.store.query_plan import slots_for


@pytest.fixture
def archive(path):
    """An archive with a dormant customer (Ann) and three active ones (Bob, Bo Ek, Cy); Bob bought something."""
    archive = Archive.open(path, create=True, clock=lambda: NOW)
    archive.save(*(person(name) for name in ("Ann", "Bob", "Bo Ek", "Cy")))
    ann, bob = archive.find(Customer, "Ann"), archive.find(Customer, "Bob")
    archive.save(ann.with_values(status="dormant"))
    archive.save(Transaction(customer=Ref(uid=bob.uid), on=NOW.date(), amount=Decimal(5)))
    yield archive
    archive.close()


@pytest.fixture
def customers(archive):
    return archive._db.table("customers")


def names(documents) -> list[str]:
    return [document["full_name"] for document in documents]


ANSWERED = [
    (where("status") == "dormant", ["Ann"]),
    (where("code") == "C-00002", ["Bob"]),
    (where("code").one_of(["C-00001", "C-00004", "none"]), ["Ann", "Cy"]),
    (
        (where("kind") == "person") & where("full_name").test(lambda name: name.startswith("B")),
        ["Bob", "Bo Ek"],
    ),
    ((where("code") == "C-00004") | (where("status") == "dormant"), ["Ann", "Cy"]),
    ((where("code") == "C-00004") & (where("status") == "dormant"), []),
    (where("status") == "nothing", []),
]
SCANNED = [
    (where("full_name").search("^B"), ["Bob", "Bo Ek"]),
    ((where("code") == "C-00001") | where("full_name").search("^C"), ["Ann", "Cy"]),
    (~(where("kind") == "person"), []),
    (where("no such key") == "x", []),
    (where("code").one_of([1, 2]), []),
    (where("emails")[0]["address"] == "x", []),
    (lambda row: row["full_name"] == "Cy", ["Cy"]),
]


@pytest.mark.parametrize(("query", "wanted"), ANSWERED + SCANNED)
def test_a_query_finds_the_same_as_a_scan_before_and_after_compaction(archive, customers, query, wanted):
    for _fresh_and_compacted in range(2):
        assert names(customers.search(query)) == wanted
        assert names(filter(query, customers.all())) == wanted
        assert customers.get(query) == (customers.search(query) or [None])[0]
        assert customers.count(query) == len(wanted)
        archive.compact()


@pytest.mark.parametrize("query", [query for query, _wanted in ANSWERED])
def test_an_indexed_query_decodes_only_its_matches(archive, customers, query, monkeypatch):
    archive.compact()
    slots = slots_for(query, customers.records)
    decoded = []
    snapshot = StoredDocuments.snapshot
    monkeypatch.setattr(
        StoredDocuments, "snapshot", lambda table, asked: decoded.append(asked) or snapshot(table, asked)
    )
    customers.search(query)
    assert decoded == [slots]
    assert slots is not None


def test_changing_a_returned_document_does_not_change_the_archive(archive, customers):
    customers.get(where("code") == "C-00002")["full_name"] = "changed"
    assert archive.find(Customer, "Bob").full_name == "Bob"


def test_a_change_through_tinydb_is_a_change_of_the_archive(archive, customers):
    assert customers.update({"status": "active"}, where("status") == "dormant") == [1]
    assert archive.select("customers", "status:dormant") == []
    assert archive.undo_label() == "change through TinyDB"
    assert archive.undo()
    assert len(archive.select("customers", "status:dormant")) == 1
    assert archive.redo()
    assert customers.get(doc_id=1)["status"] == "active"


def test_a_transaction_is_undone_in_one_step(archive, customers):
    with archive._db.storage.transaction("Clear out"):
        customers.remove(where("code") == "C-00004")
        archive._db.table("transactions").truncate()
    assert (len(customers), archive.count("transactions")) == (3, 0)
    assert archive.undo().label == "Clear out"
    assert (len(customers), archive.count("transactions")) == (4, 1)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (lambda table: table.insert({"full_name": "No uid"}), "uid of a record in customers"),
        (lambda table: table.update({"full_name": 7}, doc_ids=[1]), "full_name of a record in customers"),
        (lambda table: table.insert({**table.get(doc_id=1), "code": "X"}), "belongs to another record"),
        (lambda table: table.update({"uid": "other"}, doc_ids=[1]), "belongs to another record"),
    ],
)
def test_an_invalid_record_refuses_the_whole_transaction(archive, customers, change, why):
    before = (customers.all(), archive.undo_label())

    def several():
        with archive._db.storage.transaction():
            customers.update({"background": "none"})
            change(customers)

    with pytest.raises(BadValue, match=why):
        several()
    assert (customers.all(), archive.undo_label()) == before


# Tables that the program does not know


@pytest.fixture
def noted(archive):
    """An unknown table in the archive, with a changed document."""
    notes = archive._db.table("notes")
    notes.insert_multiple([{"text": "one"}, {"text": "two", "customer": "c", "code": "C-00001"}])
    notes.update({"text": "three"}, doc_ids=[2])
    return notes


def test_unknown_tables_are_kept_and_their_changes_are_in_the_history(archive, noted, path):
    newest, made = archive.history()[:2]
    assert details(newest.changes, archive).records[0].values == [Value("text", "two", "three")]
    assert Value("text", "", "one") in details(made.changes, archive).records[0].values
    archive.save(person("Dan"))
    archive.compact()
    assert archive.undo()
    assert archive.take_back(newest) == (archive.history()[0], [])
    assert noted.all() == [{"text": "one"}, {"text": "two", "customer": "c", "code": "C-00001"}]
    archive.close()
    with TinyDB(path, access_mode="r") as stock:
        assert stock.table("notes").get(doc_id=2)["text"] == "two"


def test_reverting_a_change_keeps_documents_that_were_edited_since(archive, noted):
    made = archive.history()[1]
    _entry, kept = archive.take_back(made)
    assert noted.all() == [{"text": "three", "customer": "c", "code": "C-00001"}]
    assert kept == ["notes has been edited since and was not reverted."]


def test_unknown_tables_survive_a_repair(archive, noted, path):
    archive.compact()
    archive.close()
    repair(path, NOW)
    with ArchiveDB(path, access_mode="r") as db:
        assert len(db.table("notes")) == 2
        assert names(db.table("customers")) == ["Ann", "Bob", "Bo Ek", "Cy"]


def test_a_document_with_a_number_keeps_it(archive):
    notes = archive._db.table("notes")
    notes.insert(Document({"text": "seven"}, 7))
    assert notes.insert({"text": "next"}) == 8
    assert archive.undo()
    assert notes.by_uid("8") is None
    assert notes.by_uid("7") == {"text": "seven"}
