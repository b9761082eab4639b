"""Test field types, fields and records individually, from typed to displayed text."""

from datetime import date, datetime, time
from decimal import Decimal

import pytest
from strategies import COMMA, PLAIN, TODAY

from archive.errors import BadValue
from archive.model.contact_details import Address, Phone, Position
from archive.model.field_types import standard as kinds
from archive.model.field_types.base import Context, FieldType, Ref
from archive.model.field_types.lists import LIST_CAP, ListOf
from archive.model.fields import Record, field, problems, record, refuse_problems
from archive.model.records.customer import KIND, Customer
from archive.model.records.interaction import Interaction
from archive.model.records.product import Product
from archive.model.records.transaction import TYPE, Transaction, worked_out_amount
from archive.model.tables import OF_A_CUSTOMER, TABLES
from archive.text import N_

UID = "a" * 16
CHOICES = {
    f"{table}.{key}": declared.type
    for table, cls in TABLES.items()
    for key, declared in cls.FIELDS.items()
    if isinstance(declared.type, kinds.Choice)
}


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        (kinds.TEXT, "  a\tb\r\nc ", "a b  c"),
        (kinds.LONG_TEXT, " a\r\nb\rc\n", "a\nb\nc"),
        (kinds.PHONE, "+86 10 5555 0147", "+86 10 5555 0147"),
        (kinds.EMAIL, "Li.Wei@north.example", "Li.Wei@north.example"),
        (kinds.EMAIL, "", ""),
        (kinds.ZONE, "berlin", "Europe/Berlin"),
        (kinds.ZONE, "New York", "America/New_York"),
        (kinds.ZONE, "", ""),
        (kinds.CURRENCY, "eur", "EUR"),
        (KIND, "org", "organisation"),
        (KIND, " ", ""),
        (TYPE, "return", "return"),
        (kinds.FLAG, "是", True),
        (kinds.FLAG, "", False),
        (kinds.FLAG, "No", False),
        (kinds.DATE, "3 Apr 2026", date(2026, 4, 3)),
        (kinds.TIME, "2pm", time(14)),
        (kinds.DATE_TIME, "2026-04-03 9:30", datetime(2026, 4, 3, 9, 30)),  # noqa: DTZ001
        (kinds.INTEGER, "1,000", 1000),
        (kinds.PERCENT, "8折", Decimal("0.2")),
        (kinds.TAGS, "vip； bakery、  vip ,", ("vip", "bakery")),
        (kinds.PATH, " Wholesale>East //Restaurants/", "Wholesale / East / Restaurants"),
        (kinds.Link("customers"), UID, Ref(UID)),
        (kinds.Link("customers", free=True), " North  Mill ", Ref(name="North Mill")),
        (ListOf(Phone, "phone"), "030 123 work; 040 5 *；", (Phone(value="030 123", label="work"),
                                                             Phone(value="040 5", preferred=True))),
        (ListOf(Address, "address"), '[{"city": "Bonn"}]', (Address(city="Bonn"),)),
    ],
)  # fmt: skip
def test_typed_values_are_parsed(kind, text, value):
    assert kind.parse(text, PLAIN) == value


@pytest.mark.parametrize(
    ("kind", "text", "said"),
    [
        (kinds.TEXT, "a\0b", "NUL"),
        (kinds.TEXT, "a\ud800", "half"),
        (kinds.TEXT, "x" * 1001, "1,001 characters; at most 1,000 are allowed"),
        (kinds.LONG_TEXT, "x" * 100_001, "at most 100,000 are allowed"),
        (kinds.PHONE, "call me", "digits: call me"),
        (kinds.EMAIL, "north.example", "needs an @"),
        (kinds.EMAIL, "li@north", "domain"),
        (kinds.EMAIL, "@north.example", "is not allowed before the @"),
        (kinds.EMAIL, "li wei@north.example", "li wei is not allowed before the @"),
        (kinds.ZONE, "Atlantis", "There is no time zone Atlantis"),
        (kinds.CURRENCY, "crowns", "three letters"),
        (kinds.CURRENCY, "12€", "three letters"),
        (KIND, "robot", "robot is not one of"),
        (kinds.FLAG, "perhaps", "neither yes nor no. Write yes or no."),
        (kinds.INTEGER, "1.5", "not a whole number"),
        (kinds.INTEGER, "-1", r"from 0 to 1000000000\. Write for example 0\."),
        (kinds.TAGS, "x" * 61, "at most 60 are allowed"),
        (kinds.Link("customers"), "Nobody", "code or name Nobody"),
        (ListOf(Address, "address"), "Bonn", "address cannot be read from one cell: Bonn"),
        (ListOf(Phone, "phone"), "[{", "looks like JSON"),
        (ListOf(Phone, "phone"), "[1]", r"This JSON contains a value that cannot be read: \[1\]\. Correct"),
        (
            ListOf(Phone, "phone"),
            '[{"value": 1}]',
            "This JSON contains a value that cannot be read: 1. Correct",
        ),
        (
            ListOf(Phone, "phone"),
            '{"value": 1}',
            "This JSON contains a value that cannot be read: 1. Correct",
        ),
        (ListOf(Phone, "phone"), '[{"value": "1", "x": 1e999}]', "looks like JSON"),
        (ListOf(Phone, "phone"), "[" * 100_000, "looks like JSON"),
        (ListOf(Phone, "phone"), "work", "digits"),
    ],
)
def test_invalid_values_get_an_error(kind, text, said):
    with pytest.raises(BadValue, match=said):
        kind.parse(text, PLAIN)


@pytest.mark.parametrize(
    ("kind", "value", "shown"),
    [
        (KIND, "organisation", "organisation"),
        (TYPE, "from tomorrow", "from tomorrow"),
        (kinds.FLAG, False, "no"),
        (kinds.DATE, TODAY, "2026-11-21 Sat"),
        (kinds.DATE, None, ""),
        (kinds.DATE_TIME, datetime(2026, 4, 3, 9, 30), "2026-04-03 09:30"),  # noqa: DTZ001
        (kinds.DATE_TIME, None, ""),
        (kinds.MONEY, Decimal("1234.5"), "1,234.50"),
        (kinds.MONEY, None, ""),
        (kinds.QUANTITY, Decimal("1234.5"), "1,234.5"),
        (kinds.PERCENT, Decimal("0.125"), "12.5 %"),
        (kinds.PERCENT, None, ""),
        (kinds.TAGS, ("a", "b"), "a, b"),
        (kinds.Link("customers"), Ref(name="North"), "North"),
        (
            ListOf(Phone, ""),
            (Phone(value="1", label="home"), Phone(value="2", preferred=True)),
            "1 home; 2 *",
        ),
        (ListOf(Address, ""), (Address(city="Bonn", country="DE"),), "Bonn · DE"),
    ],
)
def test_values_are_formatted_for_display(kind, value, shown):
    assert kind.show(value, PLAIN) == shown


@pytest.mark.parametrize("kind", CHOICES.values(), ids=CHOICES)
def test_every_choice_can_be_entered_by_key_or_label(kind):
    for key, label in kind.options.items():
        assert kind.parse(key, PLAIN) == key
        assert kind.parse(label.upper(), PLAIN) == key
    assert [kind.rank(key) for key in kind.options] == list(range(len(kind.options)))
    assert kind.rank("no such key") == len(kind.options)


def test_records_of_the_same_name_are_distinguished_by_code_in_an_input():
    one, other = Ref("a" * 16), Ref("b" * 16)
    by_code = {"C-1": one, "C-2": other}
    ctx = PLAIN._replace(
        resolve=lambda table, text: by_code.get(text),
        name_of=lambda table, uid: "Li Wei",
        code_of=lambda table, uid: "C-1" if uid == one.uid else "C-2",
    )
    link = kinds.Link("customers", free=True)
    assert link.show(other, ctx) == "Li Wei"
    assert link.edit(other, ctx) == "C-2"
    assert link.parse(link.edit(other, ctx), ctx) == other


@pytest.mark.parametrize(
    ("kind", "value", "shown"),
    [
        (kinds.MONEY, "1234.5", "1.234,50"),
        (kinds.QUANTITY, "1234.5", "1.234,5"),
        (kinds.QUANTITY, "1000000", "1.000.000"),
        (kinds.PERCENT, "0.125", "12,5 %"),
    ],
)
def test_numbers_are_shown_with_the_readers_decimal_sign(kind, value, shown):
    assert kind.show(Decimal(value), COMMA) == shown
    assert kind.parse(shown, COMMA) == Decimal(value)


def test_numbers_are_edited_with_the_readers_decimal_sign():
    assert kinds.MONEY.edit(Decimal("1234.5"), COMMA) == "1234,5"
    assert kinds.PERCENT.edit(Decimal("0.125"), COMMA) == "12,5 %"


def test_stored_timestamps_of_other_programs_lose_only_their_zone():
    assert kinds.DATE_TIME.load("2026-04-03T09:30+08:00") == datetime(2026, 4, 3, 9, 30)  # noqa: DTZ001
    assert kinds.TIME.load("09:30+08:00") == time(9, 30)


@pytest.mark.parametrize("raw", ["Infinity", "1E9", "1_0", "", "x", 5, 1.5, None, True, "9" * 100])
def test_a_stored_number_is_a_plain_decimal_string(raw):
    assert not kinds.MONEY.fits(raw)
    with pytest.raises(BadValue):
        kinds.MONEY.load(raw)


def test_the_default_field_type_stores_text():
    class Bare(FieldType[str]):
        empty = ""

    assert list(Bare().words("x")) == []
    assert Bare().rank("x") == "x"
    assert Bare().load("x") == "x"
    assert Bare().show("x", PLAIN) == "x"
    with pytest.raises(AssertionError):
        Bare().parse("x", PLAIN)


def test_a_missing_required_field_is_named():
    assert problems(Customer(kind="person")) == {"full_name": "Full name is required."}
    with pytest.raises(BadValue, match="Customer is required") as caught:
        refuse_problems(Transaction(on=TODAY))
    assert caught.value.field == "customer"
    refuse_problems(Transaction(customer=Ref(UID), on=TODAY))


def test_zero_is_a_value():
    @record
    class Thing(Record):
        price: Decimal | None = field(kinds.MONEY, "Price", required=True)

    assert problems(Thing(price=Decimal(0))) == {}
    assert problems(Thing()) == {"price": "Price is required."}


def test_list_entries_are_checked_for_required_fields_too():
    whole = Customer(kind="person", full_name="N")
    assert problems(whole.with_values(phones=(Phone(label="work"),))) == {
        "phones": "Phone: Number is required."
    }
    assert problems(whole.with_values(phones=(Phone(value="1"),))) == {}
    many = (Phone(value="1"),) * (LIST_CAP + 1)
    said = "The list has 201 entries; at most 200 are allowed. Delete some of them."
    assert said in problems(whole.with_values(phones=many))["phones"]
    nameless = Transaction(customer=Ref(name="Nobody"), on=TODAY)
    assert problems(nameless) == {
        "customer": "Customer: There is no record named Nobody. Enter the code or the full name of an existing record."
    }
    assert problems(Transaction(customer=Ref(UID), on=TODAY, product=Ref(name="Rice"))) == {}


def test_values_written_by_a_newer_version_are_preserved():
    raw = {"uid": UID, "name": "Rice", "code": "R", "colour": {"r": 1}, "extra": {"a": "b"}}
    product = Product.load(raw)
    assert product.rest == {"colour": {"r": 1}}
    assert product.with_values(name="Tea").dump() == {**raw, "name": "Tea"}
    position = {"organisation": {"name": "North"}, "desk": 5}
    assert Position.load(position).dump() == position


@pytest.mark.parametrize(
    ("raw", "key"),
    [
        ({}, "uid"),
        ({"uid": ""}, "uid"),
        ({"uid": 5}, "uid"),
        ({"uid": UID, "extra": []}, "extra"),
        ({"uid": UID, "extra": {"a": 1}}, "extra"),
        ({"uid": UID, "full_name": 5}, "full_name"),
        ({"uid": UID, "size": "5"}, "size"),
        ({"uid": UID, "annual_revenue": "much"}, "annual_revenue"),
        ({"uid": UID, "tags": "a"}, "tags"),
        ({"uid": UID, "phones": [{"value": None}]}, "phones"),
        ({"uid": UID, "windows": [{"days": [7]}]}, "windows"),
        ({"uid": UID, "referred_by": {"name": 5}}, "referred_by"),
        ({"uid": UID, "full_name": "N", "unknown": None, "phones": [{"value": "1", "x": None}]}, ""),
    ],
)
def test_a_stored_value_of_the_wrong_type_is_named(raw, key):
    assert Customer.misfit(raw) == key


def test_a_record_is_always_true_and_an_empty_part_is_false():
    assert Customer()
    assert not Phone()
    assert Phone(preferred=True)
    assert not Ref()
    assert Ref(name="x")


def test_fields_know_their_key_and_title():
    assert Customer.FIELDS["tags"].title == "Tags"
    assert all(field.key == key for cls in TABLES.values() for key, field in cls.FIELDS.items())
    assert {group.key for group in Customer.GROUPS} >= {f.group.key for f in Customer.FIELDS.values()}
    assert OF_A_CUSTOMER == ("contracts", "transactions", "interactions", "wallets", "plans")
    assert N_("Activities") == Interaction.LABEL


def test_aliases_name_one_field_only():
    for cls in TABLES.values():
        names = [name for key, field in cls.FIELDS.items() for name in (key, *field.aliases)]
        assert len(names) == len(set(names))


def test_a_context_without_an_archive_resolves_no_records():
    bare = Context(PLAIN.now)
    assert bare.resolve("customers", UID) is None
    assert kinds.Link("customers").show(Ref(UID), bare) == UID


def test_today_is_the_day_of_now():
    assert Context(datetime(2026, 1, 2, 23, 59)).today == date(2026, 1, 2)  # noqa: DTZ001


@pytest.mark.parametrize(
    ("quantity", "price", "discount", "amount"),
    [
        ("20", "35.50", None, "710"),
        ("3", "0.335", None, "1.01"),
        ("1", "0.125", None, "0.13"),
        ("10", "9.99", "0.2", "79.92"),
        ("0", "5", None, "0"),
        (None, "5", None, None),
        ("5", None, None, None),
        ("9" * 28, "9" * 28, None, None),
    ],
)
def test_an_amount_is_calculated_to_the_cent(quantity, price, discount, amount):
    def number(text):
        return None if text is None else Decimal(text)

    dealing = Transaction(quantity=number(quantity), unit_price=number(price), discount=number(discount))
    if quantity == "9" * 28:
        assert worked_out_amount(dealing) == (10**28 - 1) ** 2
    else:
        assert worked_out_amount(dealing) == number(amount)
