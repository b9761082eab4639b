"""Records are found, sorted and read by word, name, code and column."""

from datetime import timedelta

import pytest
from saved import add, person
from strategies import NOW, PLAIN, TODAY

from archive.errors import BadValue, NotFound
from archive.model.contact_details import Phone
from archive.model.field_types.base import Ref
from archive.model.query import EVERYTHING, parse
from archive.model.records.customer import Customer
from archive.model.records.transaction import Transaction
from archive.store import ArchiveDB, Change, Sort, select


def test_names_sort_by_their_first_letter_or_digit_ignoring_punctuation(archive):
    names = ["Quiet Inn", "„Quick“ Rice", "¿Qué?", "[Alpha]", "Beta", "(2) Rooms", "?", "《秋》"]
    for name in names:
        archive.save(person(name))
    found = [customer.full_name for customer in archive.page("customers", "", Sort(), 0, 10)]
    assert found == ["(2) Rooms", "?", "[Alpha]", "Beta", "¿Qué?", "„Quick“ Rice", "Quiet Inn", "《秋》"]


def test_records_are_found_while_words_are_typed(archive):
    north, south, west = add(
        archive,
        person("North Mill", background="tea 030 123456"),
        person("South Mill", grade="A"),
        person("王建国", grade="B"),
    )
    typed = {
        "": 3,
        "m": 2,
        "mi": 2,
        "mill": 2,
        "mill n": 1,
        "mill nx": 0,
        "mill ": 2,
        "030-1": 1,
        "030-12": 1,
        "建": 1,
    }
    for text, n in typed.items():
        assert len(archive.select("customers", text)) == n, text
    assert archive.select("customers", "mill | 建", Sort("grade")) == [south, west, north]
    assert archive.select("customers", "", Sort("grade", reverse=True)) == [west, south, north]
    assert archive.select("customers", "grade:a | grade:b", Sort("name")) == [south, west]
    assert [c.full_name for c in archive.page("customers", "mill", Sort(), 1, 5)] == ["South Mill"]
    assert archive.count("customers", "mill") == 2
    archive.edit("customers", south, full_name="South Bakery")
    assert archive.select("customers", "mill") == [north]


def test_names_that_begin_with_the_text_come_first_then_other_matches_in_names(archive, monkeypatch):
    names = ["Baker", "House of Tea", "Instead", "Tea House", "Tea Inn"]
    baker, word, inside, first, second = add(
        archive, *(person(name, background="drinks tea") for name in names)
    )
    for text in ("te", "tea"):
        assert archive.select("customers", text) == [first, second, word, inside, baker]
    assert archive.select("customers", "tea inn") == [second]
    assert archive.select("customers", "tea drinks") == [word, inside, first, second, baker]
    assert archive.select("customers", "te kind:person") == [first, second, word, inside, baker]
    assert archive.select("customers", "te kind:person", Sort("name")) == [baker, word, inside, first, second]
    assert archive.select("customers", "tea", Sort("name")) == [baker, word, inside, first, second]
    monkeypatch.setattr(select, "MOST_RANKED", 1)
    assert archive.select("customers", "te") == [first, second, baker, word, inside]
    assert archive.select("customers", "drinks") == [baker, word, inside, first, second]
    rooms, hotel = add(archive, person("7 Rooms"), person("Hotel 7"))
    assert archive.select("customers", "7") == [rooms, hotel]


def test_names_codes_and_numbers_are_found_without_other_text(archive):
    ann, anna, joanne = add(
        archive,
        person("Ann", phones=(Phone(value="030 5550"),)),
        person("Anna", background="joan"),
        person("Joanne"),
    )
    assert archive.by_name("customers", "ann") == [ann, anna, joanne]
    assert archive.by_name("customers", "joan") == [joanne]
    assert archive.by_name("customers", "5550") == archive.by_name("customers", "ann 030") == [ann]
    assert archive.by_name("customers", "") == [ann, anna, joanne]


def test_a_cancelled_search_is_empty_and_not_cached(archive):
    add(archive, person("North"), person("South"))
    assert archive.select("customers", "kind:person", cancelled=lambda: True) == []
    assert archive.select("customers", "north", cancelled=lambda: True) == []
    assert len(archive.select("customers", "kind:person")) == 2


def test_records_without_names_are_listed_newest_first_and_sort_by_linked_names(archive):
    zoe, adam = add(archive, person("Zoe"), person("Adam"))
    old, new, named = add(
        archive,
        Transaction(customer=Ref(zoe), on=TODAY - timedelta(days=5), product=Ref(name="Rice")),
        Transaction(customer=Ref(adam), on=TODAY),
        Transaction(customer=Ref(adam), on=TODAY - timedelta(days=9), product=Ref(name="Bread")),
    )
    assert archive.select("transactions") == [new, old, named]
    assert archive.select("transactions", EVERYTHING, Sort("product")) == [named, old, new]
    assert archive.select("transactions", "", Sort("customer", reverse=True))[0] == old
    assert [t.uid for t in archive.of_customer(Transaction, adam)] == [new, named]
    archive.edit("customers", adam, full_name="Zz")
    assert archive.select("transactions", "", Sort("customer"))[0] == old


def test_customers_sort_by_values_of_their_transactions(archive):
    one, two, three = add(archive, person("One"), person("Two"), person("Three"))
    add(archive, Transaction(customer=Ref(two), on=TODAY, quantity=1, unit_price=5))
    assert archive.select("customers", "", Sort("value")) == [two, one, three]
    add(archive, Transaction(customer=Ref(one), on=TODAY - timedelta(days=1), quantity=1, unit_price=9))
    assert archive.select("customers", "", Sort("value")) == [two, one, three]
    assert archive.select("customers", "value:>1", Sort("bought")) == [one, two]


def test_a_record_is_found_by_code_or_by_its_only_name(archive):
    add(archive, person("North", code="n-1"), person("Li Wei"), person("LI  WEI"), person("Empty"))
    for text in ("n-1", "North", "ＮＯＲＴＨ", " north "):
        assert archive.find(Customer, text).full_name == "North"
    assert archive.find(Customer, "c-00001").full_name == "Li Wei"
    with pytest.raises(BadValue, match="2 records named li wei") as caught:
        archive.find(Customer, "li wei")
    assert caught.value.code == 65
    for text in ("Nobody", "", " "):
        with pytest.raises(NotFound, match="has no record with the code or name"):
            archive.find(Customer, text)
    assert archive.find_or_none(Customer, "li wei") is None


def test_columns_of_a_table_are_read_in_parallel(archive):
    one, _two = add(archive, person("One", grade="A"), person("Two"))
    assert archive.columns("customers", ["full_name", "grade"]) == {
        "full_name": ["One", "Two"],
        "grade": ["A", None],
    }
    assert archive.raw("customers", one)["grade"] == "A"
    assert archive.name("customers", one) == "One"
    assert archive.name("customers", "gone") == archive.name("contracts", "gone") == "gone"
    assert archive.ctx.code_of("customers", one) == "C-00001"
    assert archive.ctx.code_of("contracts", "gone") == archive.ctx.code_of("customers", "gone") == "gone"


def test_typing_another_letter_searches_only_the_previous_matches(archive, monkeypatch):
    add(archive, *(person(f"North {n}") for n in range(10)), person("South"))
    sorted_again = []
    selector = archive._db.storage.database.state.selectors["customers"]
    sort = selector._sorted
    monkeypatch.setattr(selector, "_sorted", lambda *args: sorted_again.append(1) or sort(*args))
    looked = []
    worded = selector._worded
    monkeypatch.setattr(
        selector, "_worded", lambda found, words: looked.append(len(found)) or worded(found, words)
    )
    for text in ("s", "so", "sou", "sou x", "nor"):
        archive.select("customers", text)
    assert len(sorted_again) == 1
    assert looked == [11, 1, 1, 1, 11]


def test_the_store_takes_parsed_queries(path):
    with ArchiveDB(path, clock=lambda: NOW) as db:
        assert db.table("customers").select(parse("a"), Sort(), PLAIN) == []
        assert db.storage.commit("x", [Change("customers", "u", None, None)], NOW) is None
        assert db.table("customers").by_uid("u") is None
        assert db.storage.recall("anything") == 0


def test_several_sort_keys_order_as_a_sort_by_their_values_in_turn(archive):
    grades, cities, names = "ABA-BA", "XYXXY-", "fedcba"
    for name, grade, city in zip(names, grades, cities, strict=True):
        archive.save(person(name, grade=grade.strip("-"), category=city.strip("-")))

    def found(*keys: Sort) -> str:
        return "".join(c.full_name for c in archive.page("customers", "", Sort.of(keys), 0, 10))

    assert found(Sort("grade"), Sort("category"), Sort("name")) == "dfabec"
    assert found(Sort("grade"), Sort("category", True), Sort("name", True)) == "fdaebc"
    assert found(Sort("category"), Sort("grade", True)) == "dfcbea"
    assert found() == "abcdef"
