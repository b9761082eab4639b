"""Every change in the history can be undone and redone completely, even after a restart."""

import json
from datetime import timedelta

from saved import add, memory_of, person, tables_of
from strategies import NOW, TODAY

from archive.model.field_types.base import Ref
from archive.model.records.customer import Customer
from archive.model.records.interaction import Interaction
from archive.model.records.product import Product
from archive.model.records.transaction import Transaction
from archive.model.tables import TABLES
from archive.store import changes


def test_changes_are_undone_and_redone_in_order_and_after_a_restart(archive, path, reopened):
    states = [tables_of_memory := memory_of(archive)]
    (uid,) = add(archive, person("North"))
    states.append(memory_of(archive))
    for grade in "ABC":
        archive.edit("customers", uid, grade=grade)
        states.append(memory_of(archive))
    archive.delete("customers", [uid])
    states.append(memory_of(archive))
    for state in reversed(states[:-1]):
        archive = reopened()
        assert archive.undo()
        assert memory_of(archive) == state == tables_of(path)
    assert archive.undo() is None
    assert archive.undo_label() == ""
    for state in states[1:]:
        archive = reopened()
        assert archive.redo()
        assert memory_of(archive) == state == tables_of(path)
    assert archive.redo() is None
    assert tables_of_memory == {table: {} for table in TABLES}


def test_a_new_change_ends_redo(archive):
    (uid,) = add(archive, person("North"))
    archive.edit("customers", uid, grade="A")
    archive.undo()
    archive.edit("customers", uid, grade="B")
    assert archive.redo() is None
    assert archive.undo().label == "Changed grade of North"
    assert archive.undo().label == "New customer: North"
    assert archive.undo() is None


def test_undo_does_not_restore_a_redo_that_a_new_change_ended(archive):
    for name in ("One", "Two"):
        add(archive, person(name))
        archive.undo()
    assert archive.redo().label == "New customer: Two"
    assert archive.redo() is None


def test_deleting_a_customer_deletes_all_their_records_and_undo_restores_them(archive, path):
    mill, buyer = add(archive, person("North Mill"), person("Buyer"))
    (rice,) = add(archive, Product(code="R", name="Rice"))
    archive.save(archive.get(Customer, buyer).with_values(referred_by=Ref(mill), parent=Ref(mill)))
    add(
        archive,
        Transaction(customer=Ref(mill), on=TODAY, product=Ref(rice)),
        Interaction(customer=Ref(mill), at=NOW),
        Transaction(customer=Ref(buyer), on=TODAY, product=Ref(rice)),
    )
    before = tables_of(path)
    entry = archive.delete("customers", [mill])
    assert entry.label == "Deleted North Mill and 2 related records"
    assert archive.count("transactions") == 1
    assert archive.count("interactions") == 0
    assert archive.get(Customer, buyer).referred_by == Ref(name="North Mill")
    archive.delete("products", [rice])
    (left,) = archive.of_customer(Transaction, buyer)
    assert left.product == Ref(name="Rice")
    archive.undo()
    archive.undo()
    assert tables_of(path) == before == memory_of(archive)


def test_customers_that_refer_to_each_other_can_be_deleted_and_restored_together(archive, path):
    one, two = add(archive, person("One"), person("Two"))
    archive.save(
        archive.get(Customer, one).with_values(referred_by=Ref(two)),
        archive.get(Customer, two).with_values(referred_by=Ref(one)),
    )
    before = tables_of(path)
    assert archive.delete("customers", [one, two]).label == "Deleted 2 customers"
    assert archive.count("customers") == 0
    archive.undo()
    assert tables_of(path) == before


def test_one_deletion_replaces_several_links_in_a_record_by_names(archive):
    one, two, three = add(archive, person("One"), person("Two"), person("Three"))
    archive.edit("customers", three, referred_by=Ref(one), parent=Ref(two))
    archive.delete("customers", [one, two])
    left = archive.get(Customer, three)
    assert (left.referred_by, left.parent) == (Ref(name="One"), Ref(name="Two"))


def test_history_is_dropped_only_beyond_both_the_last_thousand_entries_and_ninety_days(monkeypatch):
    monkeypatch.setattr(changes, "KEPT_ENTRIES", 3)
    old = (NOW - timedelta(days=91)).isoformat()
    history = {n: changes.Head("x", old if n < 5 else NOW.isoformat()) for n in range(1, 9)}
    assert changes.outdated(history, NOW) == [1, 2, 3, 4]
    assert changes.outdated({n: changes.Head("x", old) for n in range(1, 4)}, NOW) == []


def test_the_next_change_removes_outdated_entries_from_the_file(archive, path, monkeypatch):
    monkeypatch.setattr(changes, "KEPT_ENTRIES", 1)
    monkeypatch.setattr(changes, "KEPT_DAYS", -1)
    for name in ("One", "Two", "Three"):
        add(archive, person(name))
    assert [entry.number for entry in archive.history()] == [3]
    archive.close()
    assert set(json.loads(path.read_bytes())["_history"]) == {"3"}
