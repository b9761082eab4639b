"""Test records and parts as values: only declared keys, immutable, compared by content."""

import copy
import pickle
from decimal import Decimal

import pytest
from strategies import TODAY

from archive.errors import BadValue
from archive.model.contact_details import Address, Email, Phone
from archive.model.field_types import standard as kinds
from archive.model.field_types.base import Ref
from archive.model.fields import NOTHING, Item, Record, field, record
from archive.model.records.customer import Customer
from archive.model.records.product import Product
from archive.model.records.transaction import Transaction
from archive.model.tables import TABLES

UID = "a" * 16
ANN = {
    "uid": UID,
    "kind": "person",
    "full_name": "Ann",
    "tags": ("vip",),
    "phones": (Phone(value="1"),),
    "extra": {"Route": "7"},
    "rest": {"later": [1]},
}
any_table = pytest.mark.parametrize("cls", TABLES.values(), ids=TABLES)


# Keys


@pytest.mark.parametrize(
    ("cls", "values", "unknown"),
    [
        (Customer, {"shoe_size": 38}, "Customer has no shoe_size"),
        (Customer, {"zeal": 1, "full_name": "Ann", "awe": 2}, "Customer has no awe, zeal"),
        (Phone, {"uid": UID}, "Phone has no uid"),
        (Phone, {"extra": {}}, "Phone has no extra"),
        (Item, {"value": "1"}, "Item has no value"),
        (Customer, {"FIELDS": {}}, "Customer has no FIELDS"),
        (Customer, {"dump": None}, "Customer has no dump"),
    ],
)
def test_an_unknown_key_is_refused_by_name(cls, values, unknown):
    with pytest.raises(TypeError, match=f"^{unknown}$"):
        cls(**values)


def test_a_copy_with_an_unknown_key_is_refused():
    with pytest.raises(TypeError, match="Product has no colour"):
        Product(name="Rice").with_values(colour="white")


def test_values_are_passed_by_keyword_only():
    with pytest.raises(TypeError):
        Phone("0171 1")  # type: ignore[misc]


def test_an_unknown_key_in_a_file_is_preserved_but_is_no_attribute():
    ann = Customer.load({"uid": UID, "shoe_size": 38})
    assert ann.rest == {"shoe_size": 38}
    assert not hasattr(ann, "shoe_size")


@any_table
def test_missing_values_are_empty(cls):
    made = cls()
    assert {key: getattr(made, key) for key in cls.FIELDS} == {
        key: declared.type.empty for key, declared in cls.FIELDS.items()
    }
    assert (made.uid, made.extra, made.rest) == ("", NOTHING, NOTHING)


def test_a_record_inherits_fields():
    @record
    class Thing(Record):
        name: str = field(kinds.TEXT, "Name")

    @record
    class Tool(Thing):
        price: Decimal | None = field(kinds.MONEY, "Price")

    assert list(Tool.FIELDS) == ["name", "price"]
    assert list(Thing.FIELDS) == ["name"]
    assert Tool(name="Saw", price=Decimal(9)).dump() == {"uid": "", "name": "Saw", "price": "9"}
    with pytest.raises(TypeError, match="Thing has no price"):
        Thing(price=Decimal(9))


# Immutable


@pytest.mark.parametrize("key", ["full_name", "uid", "extra", "rest", "shoe_size"])
def test_records_are_immutable(key):
    ann = Customer(**ANN)
    before = ann.dump()
    with pytest.raises(AttributeError, match=f"{key}: items are immutable"):
        setattr(ann, key, "x")
    assert ann.dump() == before


def test_parts_are_immutable():
    phone = Phone(value="1")
    with pytest.raises(AttributeError, match="items are immutable"):
        phone.value = "2"  # type: ignore[misc]
    assert phone.value == "1"


@pytest.mark.parametrize("key", ["full_name", "grade"])
def test_values_cannot_be_deleted(key):
    ann = Customer(**ANN)
    with pytest.raises(AttributeError, match=f"{key}: items are immutable"):
        delattr(ann, key)
    assert ann == Customer(**ANN)


def test_shared_empty_values_are_immutable():
    for shared in (Customer().extra, Customer().rest):
        with pytest.raises(TypeError):
            shared["a"] = "b"  # type: ignore[index]
    assert Customer().dump() == {"uid": ""}


def test_a_modified_copy_leaves_the_original_unchanged():
    ann = Customer(**ANN)
    bea = ann.with_values(full_name="Bea", grade="A")
    assert (ann.full_name, ann.grade) == ("Ann", "")
    assert bea.dump() == {**ann.dump(), "full_name": "Bea", "grade": "A"}
    assert type(bea) is Customer
    assert ann.with_values() == ann
    assert ann.with_values(tags=()).dump() == {k: v for k, v in ann.dump().items() if k != "tags"}


# Equality


def test_equal_records_have_equal_hashes():
    one, other = Customer(**ANN), Customer(**{key: ANN[key] for key in reversed(ANN)})
    assert one == other
    assert hash(one) == hash(other)
    assert {one: 1}[other] == 1
    assert len({Phone(value="1"), Phone(value="1"), Phone(value="2")}) == 2


@any_table
def test_explicit_empty_values_equal_missing_values(cls):
    empty = {key: declared.type.empty for key, declared in cls.FIELDS.items()}
    given = cls(uid=UID, extra={}, rest={}, **empty)
    bare = cls(uid=UID)
    assert given == bare
    assert bare == given
    assert hash(given) == hash(bare)
    assert given.dump() == bare.dump() == {"uid": UID}


@pytest.mark.parametrize(
    "other",
    [
        {"full_name": "Bea"},
        {"uid": "b" * 16},
        {"extra": {"Route": "8"}},
        {"rest": {"later": [2]}},
        {"grade": "A"},
        {"tags": ()},
        {"phones": (Phone(value="1", label="work"),)},
    ],
)
def test_records_with_different_values_differ(other):
    assert Customer(**ANN) != Customer(**ANN).with_values(**other)
    assert Customer(**ANN).with_values(**other) != Customer(**ANN)


def test_records_of_different_types_are_never_equal():
    assert Product(uid=UID) != Customer(uid=UID)
    assert Address() != Email()
    assert Phone(value="1") != "1"
    assert Customer() != {}


def test_records_without_a_name_are_distinguished_by_uid():
    assert hash(Product(uid="a" * 16)) != hash(Product(uid="b" * 16))


# Copying and pickling


@pytest.mark.parametrize(
    "item",
    [
        Customer(**ANN),
        Customer(),
        Phone(value="1", preferred=True),
        Transaction(uid=UID, on=TODAY, customer=Ref(uid=UID), amount=Decimal("1.50")),
    ],
    ids=lambda item: type(item).__name__,
)
def test_copies_and_pickles_are_equal_and_immutable(item):
    for made in (copy.copy(item), copy.deepcopy(item), pickle.loads(pickle.dumps(item))):
        assert made == item
        assert made.dump() == item.dump()
        assert hash(made) == hash(item)
        with pytest.raises(AttributeError, match="items are immutable"):
            made.rest = {}


def test_an_invalid_stored_value_is_named_on_loading():
    with pytest.raises(
        BadValue,
        match=r"The archive contains a value that cannot be read: 5\. `archive check` names the record\.",
    ):
        Phone.load({"value": 5})
