"""Indexes and summaries follow every change, with work proportional to the change."""

from datetime import timedelta

from saved import add, person
from strategies import TODAY

from archive.model.field_types.base import Ref
from archive.model.records.customer import Customer
from archive.model.records.transaction import Transaction
from archive.service.archive import Archive
from archive.store import indexed_records, summaries


def derived(archive: Archive) -> dict:
    """Return the indexes of every table."""
    found = {}
    for name, kept in archive._db.storage.database.state.tables.items():
        uids = [kept.uid(slot) for slot in kept.slots()]
        found[name] = (
            {kept.uid(slot): kept.words[slot] for slot in kept.slots()},
            [kept.uid(slot) for slot in kept.order],
            {uid: archive.children(name, uid) for uid in archive.uids("customers")},
            {code: archive.codes(name)[code] for code in archive.codes(name)},
            {text: archive.named(name, text) for text in archive.names(name)},
            kept.columns(["uid", "code", "customer"]),
            [archive.has(name, uid) for uid in uids],
        )
    return found


def test_indexes_follow_every_change(archive, reopened):
    """Indexes updated by a change equal indexes rebuilt after it."""
    one, two, three = add(archive, person("One", code="X"), person("Two"), person("Old"))
    add(archive, Transaction(customer=Ref(one), on=TODAY, note="rice"))
    archive = reopened()
    derived(archive)
    add(archive, person("Ann", code="A"), Transaction(customer=Ref(one), on=TODAY - timedelta(days=3)))
    archive.edit("customers", one, code="Y", full_name="Two")
    archive.save(
        archive.get(Customer, one).with_values(code="Z"),
        archive.get(Customer, two).with_values(full_name="T"),
    )
    archive.delete("customers", [two, three])
    archive.undo()
    archive.redo()
    follows = derived(archive)
    assert follows == derived(reopened())


def test_two_records_can_exchange_their_codes_in_a_single_change(archive, reopened):
    one, two = add(archive, person("One", code="1"), person("Two", code="2"))
    archive = reopened()
    assert dict(archive.codes("customers")) == {"1": one, "2": two}
    changes = [
        archive.get(Customer, one).with_values(code="2"),
        archive.get(Customer, two).with_values(code="1"),
    ]
    archive.apply("exchange", [archive._change(record) for record in changes])
    assert dict(archive.codes("customers")) == {"1": two, "2": one}
    assert len(archive.codes("customers")) == 2


def test_a_new_order_updates_only_its_customer(archive, monkeypatch):
    uids = add(archive, *(person(f"N{n}") for n in range(20)))
    for uid in uids:
        archive.summary(uid)
    worked_out = []
    summarise = summaries.summarise
    monkeypatch.setattr(
        summaries, "summarise", lambda *rows, **more: worked_out.append(1) or summarise(*rows, **more)
    )
    words = []
    words_of = indexed_records.words_of
    archive.select("customers", "n")
    monkeypatch.setattr(indexed_records, "words_of", lambda *args: words.append(1) or words_of(*args))
    add(archive, Transaction(customer=Ref(uids[3]), on=TODAY, quantity=2, unit_price=5))
    assert [archive.summary(uid).orders for uid in uids] == [0] * 3 + [1] + [0] * 16
    archive.select("customers", "n1")
    assert len(worked_out) == 1
    archive.edit("customers", uids[0], grade="A")
    archive.select("customers", "n1")
    assert len(words) == 1
