"""Test the archive as screens and commands use it."""

from decimal import Decimal

import pytest
from strategies import NOW, TODAY

from archive.errors import BadValue, NotFound
from archive.model.contact_details import Position
from archive.model.field_types.base import Ref
from archive.model.records.customer import Customer
from archive.model.records.interaction import Interaction
from archive.model.records.product import Product
from archive.model.records.transaction import Transaction
from archive.service.archive import Archive, local_now
from archive.service.change_labels import save_label
from archive.store import Change


def person(name: str, **values) -> Customer:
    return Customer(kind="person", full_name=name, **values)


def add(archive: Archive, *records) -> list[str]:
    return [change.uid for change in archive.save(*records).changes]


def code_of(archive: Archive, name: str) -> str:
    return archive.find(Customer, name).code


def test_listeners_are_notified_of_every_change(archive):
    told = []
    archive.on_change.append(told.append)
    (uid,) = add(archive, person("North"))
    archive.edit("customers", uid, grade="A")
    archive.edit("customers", uid, grade="A")
    archive.undo()
    archive.redo()
    archive.redo()
    assert told == [1, 2, 3, 4] == list(range(1, archive.revision + 1))


def test_the_context_has_the_formats_of_the_settings(archive, settings):
    (uid,) = add(archive, person("North"))
    ctx = archive.ctx
    assert (ctx.now, ctx.order, ctx.decimal, ctx.currency) == (NOW, "ymd", ".", "EUR")
    assert (ctx.region, ctx.zone) == (settings.region, settings.time_zone)
    assert ctx.resolve("customers", "north") == Ref(uid)
    assert ctx.resolve("customers", "south") is None
    assert ctx.name_of("customers", uid) == "North"


def test_getting_a_deleted_record_raises_not_found(archive, path):
    assert archive.path == path
    assert not archive.has("customers", "gone")
    with pytest.raises(NotFound, match="has been deleted"):
        archive.get(Customer, "gone")


def test_the_clock_returns_local_time():
    assert local_now().tzinfo is None


def test_people_of_an_organisation_are_listed_by_name(archive):
    (mill,) = add(archive, Customer(kind="organisation", full_name="North Mill"))
    zoe, adam, _other = add(
        archive,
        person("Zoe", positions=(Position(organisation=Ref(mill), title="Buyer"),)),
        person("Adam", positions=(Position(organisation=Ref(mill)),)),
        person("Other", parent=Ref(mill)),
    )
    assert archive.people_of(mill) == [adam, zoe]
    assert archive.names("customers") == ["North Mill", "Zoe", "Adam", "Other"]
    assert archive.children("transactions", mill) == []


# Defaults filled in by a save


def test_a_transaction_defaults_to_an_order_with_calculated_amount_in_the_home_currency(archive):
    (north,) = add(archive, person("North"))
    (uid,) = add(
        archive, Transaction(customer=Ref(north), on=TODAY, quantity=Decimal(20), unit_price=Decimal("35.5"))
    )
    order = archive.get(Transaction, uid)
    assert (order.type, order.amount, order.currency) == ("order", 710, "EUR")
    (uid,) = add(archive, Transaction(customer=Ref(north), on=TODAY, type="enquiry"))
    assert archive.get(Transaction, uid).currency == ""
    (uid,) = add(archive, Transaction(customer=Ref(north), on=TODAY, amount=Decimal(5), currency="CNY"))
    assert archive.get(Transaction, uid).currency == "CNY"


def test_an_incomplete_record_is_refused_by_the_name_of_its_field(archive):
    with pytest.raises(BadValue, match="Full name is required") as caught:
        archive.save(person("North"), Customer(kind="person"))
    assert caught.value.field == "full_name"
    assert archive.count("customers") == 0


def test_completing_a_record_uses_up_no_code(archive):
    for _time in range(3):
        (shown,) = archive.completed([person("North")])
        assert shown.code == "C-00001"
        assert shown.uid
    add(archive, person("North"))
    assert code_of(archive, "North") == "C-00001"


# Codes


def test_codes_are_assigned_in_order_and_never_reused(archive, path, settings):
    add(archive, person("One"), person("Two"), person("Three", code="C-00007"), person("Four", code="X-9"))
    add(archive, person("Five"))
    codes = [code_of(archive, name) for name in ("One", "Two", "Five")]
    assert codes == ["C-00001", "C-00002", "C-00008"]
    archive.delete("customers", [archive.find(Customer, "Five").uid])
    archive.close()
    again = Archive.open(path, settings, clock=lambda: NOW)
    add(again, person("Six"))
    again.undo()
    add(again, person("Seven"))
    assert code_of(again, "Seven") == "C-00010"
    again.close()


def test_a_code_entered_in_the_same_save_is_not_assigned_to_another_record(archive):
    add(archive, person("Auto"), person("Typed", code="C-00001"))
    assert code_of(archive, "Auto") == "C-00002"


def test_an_overlong_number_is_ignored_when_codes_are_assigned(archive):
    add(archive, person("One", code="C-99999999999999999999"), person("Two", code="C-x"))
    add(archive, person("Three"))
    assert code_of(archive, "Three") == "C-00001"


def test_a_code_belongs_to_one_record(archive):
    one, _two = add(archive, person("One", code="A"), person("Two", code="B"))
    with pytest.raises(BadValue, match="code A is already used by One") as caught:
        archive.save(person("Three", code="A"))
    assert caught.value.field == "code"
    with pytest.raises(BadValue, match="code C is already used by another record"):
        archive.save(person("Three", code="C"), person("Four", code="C"))
    with pytest.raises(BadValue, match="code B is already used by Two"):
        archive.edit("customers", one, code="B")
    archive.edit("customers", one, grade="A")
    add(archive, Product(code="A", name="Another table"))


# Labels of changes


def test_changes_are_labelled_by_what_the_user_did(archive):
    (uid,) = add(archive, person("North"))
    archive.edit("customers", uid, grade="A")
    archive.edit("customers", uid, grade="B", status="active")
    archive.edit("customers", uid, grade="C", status="", language="de", rest={"later": 1})
    archive.edit("customers", uid, rest={"later": 2})
    add(archive, person("One"), person("Two"))
    add(archive, Transaction(customer=Ref(uid), on=TODAY))
    add(archive, Interaction(customer=Ref(uid), at=NOW))
    archive.save(person("Own"), label="my words")
    archive.delete("customers", [uid])
    archive.delete("customers", list(archive.select("customers", "one | two")))
    labels = [entry.label for entry in reversed(archive.history())]
    assert labels[1:6] == [
        "Changed grade of North",
        "Changed status and grade of North",
        "Changed 4 fields of North",
        "Changed later of North",
        "Added 2 customers",
    ]
    assert labels[8:] == ["my words", "Deleted North and 2 related records", "Deleted 2 customers"]
    assert "North 2026-11-21" in labels[6]
    assert "North 2026-11-21" in labels[7]
    assert archive.undo_label() == "Deleted 2 customers"


def test_a_label_names_the_record_that_is_no_customer(archive):
    (uid,) = add(archive, person("North"))
    (order,) = add(archive, Transaction(customer=Ref(uid), on=TODAY))
    assert archive.edit("transactions", order, note="late").label.startswith("Changed note of transaction ")
    assert archive.delete("transactions", [order]).label.startswith("Deleted transaction ")


def test_a_label_of_several_records_counts_them_by_kind(archive):
    customers = [Change("customers", uid, {"grade": "A"}, {"grade": "B"}) for uid in "ab"]
    assert save_label(customers, archive.ctx) == "Changed 2 customers"
    assert save_label([*customers, Change("products", "p", {}, {"x": 1})], archive.ctx) == "Changed 3 records"


def test_a_record_without_a_name_is_labelled_by_its_code_or_uid(archive):
    raw = {"uid": "u", "code": "K"}
    assert (
        save_label([Change("customers", "u", {**raw, "grade": "A"}, raw)], archive.ctx)
        == "Changed grade of K"
    )
    assert (
        save_label([Change("customers", "u", {"uid": "u", "grade": "A"}, {"uid": "u"})], archive.ctx)
        == "Changed grade of u"
    )


# Reverting earlier changes


def entry_of(archive: Archive, label: str):
    return next(entry for entry in archive.history() if entry.label == label)


def test_reverting_a_change_keeps_and_reports_later_edits(archive):
    (uid,) = add(archive, person("North", grade="A", language="de"))
    archive.edit("customers", uid, grade="B", language="fr", status="active")
    archive.edit("customers", uid, grade="C", interests="tea")
    entry, kept = archive.take_back(entry_of(archive, "Changed 3 fields of North"))
    now = archive.get(Customer, uid)
    assert (now.grade, now.language, now.status, now.interests) == ("C", "de", "", "tea")
    assert kept == ["Grade of North has been edited since and was not reverted."]
    assert entry.label == "Reverted: Changed 3 fields of North"
    archive.undo()
    assert archive.get(Customer, uid).language == "fr"


def test_a_change_that_has_no_effect_any_more_is_not_reverted(archive):
    (uid,) = add(archive, person("North", grade="A"))
    archive.edit("customers", uid, grade="B")
    archive.edit("customers", uid, grade="A", interests="tea")
    assert archive.take_back(entry_of(archive, "Changed grade of North")) == (None, [])
    archive.edit("customers", uid, rest={"later": 1})
    archive.edit("customers", uid, rest={"later": 2})
    first = [entry for entry in archive.history() if entry.label == "Changed later of North"][-1]
    assert archive.take_back(first) == (None, ["later of North has been edited since and was not reverted."])


def test_an_undone_change_is_not_reverted_again(archive):
    (uid,) = add(archive, person("North"))
    archive.edit("customers", uid, grade="B")
    archive.undo()
    assert archive.take_back(archive.history()[0]) == (None, [])


def test_reverting_the_creation_of_records_keeps_those_edited_or_used_since(archive):
    edited, used, alone = add(archive, person("Edited"), person("Used"), person("Alone"))
    (first,) = [entry for entry in archive.history()]
    archive.edit("customers", edited, grade="A")
    add(archive, Transaction(customer=Ref(used), on=TODAY))
    _entry, kept = archive.take_back(first)
    assert kept == [
        "Edited has been edited since and was not reverted.",
        "Used is now used by other records and was not deleted.",
    ]
    assert not archive.has("customers", alone)
    assert archive.has("customers", used)


def test_reverting_the_creation_of_a_product_keeps_it_if_it_was_sold(archive):
    (rice,) = add(archive, Product(code="R", name="Rice"))
    (north,) = add(archive, person("North"))
    made = archive.history()[1]
    add(archive, Transaction(customer=Ref(north), on=TODAY, product=Ref(rice)))
    assert archive.take_back(made) == (None, ["Rice is now used by other records and was not deleted."])


def test_a_customer_and_orders_created_together_are_reverted_together(archive):
    north = person("North", uid="a" * 16)
    archive.save(north, Transaction(customer=Ref(north.uid), on=TODAY))
    (made,) = archive.history()
    add(archive, person("South"))
    _entry, kept = archive.take_back(made)
    assert kept == []
    assert archive.count("transactions") == 0
    assert not archive.has("customers", north.uid)


def test_reverting_a_deletion_restores_related_records(archive):
    (north,) = add(archive, person("North"))
    (order,) = add(archive, Transaction(customer=Ref(north), on=TODAY))
    gone = archive.delete("customers", [north])
    add(archive, person("South"))
    archive.take_back(gone)
    assert archive.get(Transaction, order).customer == Ref(north)
    assert archive.take_back(gone) == (None, [])


def test_an_order_is_not_restored_without_its_customer(archive):
    (north,) = add(archive, person("North"))
    (order,) = add(archive, Transaction(customer=Ref(north), on=TODAY))
    gone = archive.delete("transactions", [order])
    archive.delete("customers", [north])
    entry, kept = archive.take_back(gone)
    assert entry is None
    assert kept == [f"{north} 2026-11-21 cannot be restored because its customer was deleted."]


def test_a_code_reassigned_since_is_not_restored(archive):
    (north,) = add(archive, person("North", code="N"))
    archive.edit("customers", north, code="M")
    moved = archive.history()[0]
    (south,) = add(archive, person("South", code="N"))
    assert archive.take_back(moved) == (
        None,
        ["North was not reverted: its former code is now in use."],
    )
    archive.delete("customers", [south])
    archive.take_back(moved)
    assert archive.find(Customer, "N").uid == north


def test_several_changes_are_applied_as_one_entry(archive):
    (north,) = add(archive, person("North"))
    raw = archive.get(Customer, north).dump()
    entry = archive.apply("import", [Change("customers", north, {**raw, "grade": "A"}, raw)])
    assert entry.label == "import"
    assert archive.get(Customer, north).grade == "A"
