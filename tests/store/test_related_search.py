"""A customer search also finds words in related records; customers that contain the words themselves come first."""

import pytest
from saved import add, person
from strategies import NOW, TODAY

from archive.model.field_types.base import Ref
from archive.model.query import parse
from archive.model.records.contract import Contract
from archive.model.records.interaction import Interaction
from archive.model.records.plan import Plan
from archive.model.records.transaction import Transaction
from archive.store import Sort, related_search, select
from archive.store.indexes import Texts, text_arrays


def call(customer: str, summary: str) -> Interaction:
    return Interaction(customer=Ref(customer), at=NOW, channel="phone", summary=summary)


@pytest.fixture
def three(archive):
    ann, bob, cleo = add(
        archive, person("Ann", background="asked for the harvest"), person("Bob"), person("Cleo")
    )
    add(
        archive,
        call(bob, "Talked about the Harvest"),
        Contract(customer=Ref(cleo), number="K-2026-17", start=TODAY),
        Transaction(customer=Ref(cleo), on=TODAY, number="INV 0815", product=Ref(name="Łódź tea")),
        Plan(step="Nobody's step: harvest"),
    )
    return ann, bob, cleo


@pytest.mark.parametrize("again", [False, True])
def test_words_in_activities_contracts_and_transactions_find_the_customer(archive, reopened, three, again):
    ann, bob, cleo = three
    archive = reopened() if again else archive
    typed = {
        "harvest": [ann, bob],
        "k-2026-17": [cleo],
        "inv 0815": [cleo],
        "lodz": [cleo],
        "bob harvest": [bob],
        "cleo harvest": [],
        "harvest kind:person": [ann, bob],
        "harvest -ann": [bob],
        "-harvest": [cleo],
        "ha": [ann],
        "zzz": [],
    }
    for text, uids in typed.items():
        assert list(archive.select("customers", text)) == uids, text
    assert list(archive.select("customers", "harvest", Sort("name", reverse=True))) == [bob, ann]


def test_the_search_follows_every_change(archive, reopened, three):
    ann, bob, cleo = three
    archive = reopened()
    assert list(archive.select("customers", "harvest")) == [ann, bob]
    (uid,) = add(archive, call(cleo, "harvest"))
    assert list(archive.select("customers", "harvest")) == [ann, bob, cleo]
    archive.edit("interactions", uid, summary="rain")
    assert list(archive.select("customers", "harvest")) == [ann, bob]
    archive.undo()
    assert list(archive.select("customers", "harvest")) == [ann, bob, cleo]
    archive.select("interactions", "harvest")
    archive.delete("interactions", [uid])
    assert list(archive.select("customers", "harvest")) == [ann, bob]


@pytest.mark.parametrize("again", [False, True])
def test_a_telephone_number_in_an_activity_finds_the_customer(archive, reopened, three, again):
    _ann, bob, cleo = three
    add(archive, call(bob, "call back on 0228 5550147"), call(cleo, "on 0228, then on 555 0199"))
    archive = reopened() if again else archive
    assert list(archive.select("customers", "0228 555 0147")) == [bob]
    assert list(archive.select("interactions", "harvest")) != []  # loads the search texts of all activities
    assert list(archive.select("customers", "0228 555 0147")) == [bob]
    add(archive, call(cleo, "0228-5550147"))
    assert list(archive.select("customers", "0228 555 0147")) == [bob, cleo]


def test_many_customers_are_found_in_the_order_of_the_list(archive, three, monkeypatch):
    ann, bob, _cleo = three
    monkeypatch.setattr(select, "_FEW", 0)
    assert list(archive.select("customers", "harvest")) == [ann, bob]


def test_a_cancelled_search_can_be_repeated(archive, three, monkeypatch):
    ann, bob, _cleo = three
    assert list(archive.select("customers", "harvest", cancelled=lambda: True)) == []
    assert list(archive.select("customers", "harvest")) == [ann, bob]


def test_the_cache_of_answers_is_limited(archive, three):
    ann, bob, _cleo = three
    for number in range(related_search._KEPT + 2):
        assert list(archive.select("customers", f"nothing{number}")) == []
    assert list(archive.select("customers", parse("harvest"))) == [ann, bob]


def test_texts_that_contain_another_are_found_without_decoding():
    arrays = text_arrays("t", ["ann bell", "", "bell bell", "ärger"])
    texts = Texts(arrays["t.text"], arrays["t.starts"])
    assert list(texts.containing("bell")) == [0, 2]
    assert list(texts.containing("ärger")) == [3]
    assert list(texts.containing("l\0b")) == []
