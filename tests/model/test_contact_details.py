"""Test entries of a customer's lists, parsed from and formatted as one line."""

from datetime import date, time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import COMMA, NAUGHTY, PLAIN, parts

from archive.errors import BadValue
from archive.model.contact_details import (
    Absence,
    Address,
    Email,
    Messenger,
    Phone,
    Position,
    ProductUse,
    Window,
)
from archive.model.field_types.lists import ListOf, OneLine
from archive.model.records.product import Product
from archive.model.records.transaction import Transaction
from archive.model.references import links_between, relinked
from archive.model.weekdays import WEEKDAYS, day_range

ONE_LINE = [Phone, Email, Messenger, Window, Absence]
any_line = pytest.mark.parametrize("cls", ONE_LINE, ids=lambda cls: cls.__name__)


@any_line
@pytest.mark.parametrize("ctx", [PLAIN, COMMA], ids=["ymd", "dmy"])
@given(data=st.data())
def test_parts_round_trip_through_their_line(cls, ctx, data):
    part = data.draw(parts(cls))
    assert cls.from_line(part.line(ctx), ctx) == part


@any_line
@given(text=st.text(max_size=40) | st.text('0 9:-周一到 Monphe*.{}"', max_size=25))
def test_any_line_is_a_part_or_an_error(cls, text):
    try:
        part = cls.from_line(text, PLAIN)
    except BadValue:
        return
    assert cls.from_line(part.line(PLAIN), PLAIN) == part


@any_line
def test_naughty_strings_are_parts_or_errors(cls):
    for text in NAUGHTY:
        try:
            part = cls.from_line(text, PLAIN)
        except BadValue:
            continue
        assert cls.load(part.dump()) == part


@any_line
def test_a_long_line_of_blanks_is_refused_quickly(cls):
    with pytest.raises(BadValue):
        cls.from_line("a" + " " * 500_000 + "b", PLAIN)


DAYS = (0, 1, 2, 3, 4)
WORK = Window(days=DAYS, start=time(9), end=time(17))
HOLIDAYS = Absence(first=date(2026, 12, 24), last=date(2027, 1, 2), reason="holidays")


@pytest.mark.parametrize(
    ("cls", "text", "part"),
    [
        (Phone, "+86 10 5555 0147 mobile *", Phone(value="+86 10 5555 0147", label="mobile", preferred=True)),
        (Phone, "030/123-45 ext 7 work", Phone(value="030/123-45 ext 7", label="work")),
        (Phone, "０３０ １２３（公司）", Phone(value="０３０ １２３", label="公司")),
        (Phone, "(030) 555 - (work)", Phone(value="(030) 555", label="work")),
        (Phone, "tel. 5", Phone(value="5", label="tel")),
        (Email, "li@north.example work (preferred)", Email(value="li@north.example", label="work", preferred=True)),
        (Messenger, "WeChat wang 88*", Messenger(service="WeChat", value="wang 88", preferred=True)),
        (Window, "Mon-Fri 9-17 phone office", WORK.with_values(channel="phone", place="office")),
        (Window, "周一至周五 ９：００－１７：００ 办公室", WORK.with_values(place="办公室")),
        (Window, "18:30 to 24", Window(days=(0, 1, 2, 3, 4, 5, 6), start=time(18, 30), end=time())),
        (Absence, "2026-12-24..2027-01-02 holidays", HOLIDAYS),
        (Absence, "2026-12-24 shut", Absence(first=date(2026, 12, 24), last=date(2026, 12, 24), reason="shut")),
        (Phone, '{"value": "1", "label": "9 to 5"}', Phone(value="1", label="9 to 5")),
    ],
)  # fmt: skip
def test_lines_are_parsed(cls, text, part):
    assert cls.from_line(text, PLAIN) == part


@pytest.mark.parametrize(
    ("part", "line"),
    [
        (Phone(value="+49 30 1", label="work", preferred=True), "+49 30 1 work *"),
        (Phone(value="1", label="2nd office"), '{"value": "1", "label": "2nd office"}'),
        (Window(days=DAYS, start=time(9), end=time(17), channel="visit"), "Mon-Fri 09:00-17:00 visit"),
        (Window(days=(5,), start=time(20)), '{"days": [5], "start": "20:00"}'),
        (Absence(first=date(2026, 12, 24), last=date(2026, 12, 24)), "2026-12-24"),
        (Absence(first=date(2026, 12, 24), last=date(2026, 12, 25)), "2026-12-24..2026-12-25"),
        (Messenger(service="QQ Mail", value="5"), '{"service": "QQ Mail", "value": "5"}'),
        (Phone(label="{"), '{"label": "{"}'),
    ],
)
def test_a_part_is_edited_in_plain_words_if_lossless(part, line):
    assert part.line(PLAIN) == line


@pytest.mark.parametrize(
    ("cls", "text", "said"),
    [
        (Phone, "office", "digits"),
        (Email, "li", "@"),
        (Messenger, "WeChat", "service and a user name"),
        (Window, "mornings", "No weekdays and hours"),
        (Window, "Mon 9-25", "25 is not a time"),
        (Window, "Mon 9-24:30", "24:30 is not a time"),
        (Window, "Mon 9:75-10", "9:75 is not a time"),
        (Window, "Moonday 9-10", "moonday is not a weekday"),
        (Absence, "soon", "date"),
        (Absence, "2026-12-24..soon", "date"),
        (Phone, '{"value"', "JSON"),
    ],
)
def test_an_incomplete_line_gets_an_error(cls, text, said):
    with pytest.raises(BadValue, match=said):
        cls.from_line(text, PLAIN)


def test_a_list_type_knows_whether_its_parts_fit_one_line():
    assert ListOf(Phone, "phone").one_line
    assert not ListOf(Address, "address").one_line
    for method in (lambda: OneLine.understood("", PLAIN), lambda: OneLine().display(PLAIN)):
        with pytest.raises(AssertionError):
            method()


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("Mon-Fri", DAYS),
        ("mon, wed , Fridays", (0, 2, 4)),
        ("Monday to Wednesday", (0, 1, 2)),
        ("Sat-Mon", (0, 5, 6)),
        ("weekends", (5, 6)),
        ("每天", tuple(range(7))),
        ("周一至周五", DAYS),
        ("周一、三", (0, 2)),
        ("星期天", (6,)),
        ("thurs tues", (1, 3)),
        ("", ()),
    ],
)
def test_weekdays_are_parsed(text, days):
    assert WEEKDAYS.parse(text, PLAIN) == days
    assert WEEKDAYS.parse(day_range(days), PLAIN) == days


@pytest.mark.parametrize("text", ["monkey", "mon-wed-fri", "-", "m", "x", "周八"])
def test_other_words_are_not_weekdays(text):
    with pytest.raises(BadValue, match="weekday"):
        WEEKDAYS.parse(text, PLAIN)


def test_stored_weekdays_are_sorted():
    assert WEEKDAYS.load([5, 1, 1]) == (1, 5)
    assert WEEKDAYS.rank([1, 5]) == [1, 5]


UID = "a" * 16


def test_links_are_found_anywhere_in_a_record():
    assert links_between(Transaction, "products")
    assert not links_between(Transaction, "customers")  # a customer's records are deleted with the customer
    assert not links_between(Product, "products")
    assert links_between(ProductUse, "products")
    assert links_between(type("Holder", (), {"FIELDS": _fields_of_a_list()}), "customers")


def _fields_of_a_list():
    from archive.model.records.customer import Customer

    return {key: Customer.FIELDS[key] for key in ("full_name", "phones", "positions")}


def test_a_link_to_a_deleted_record_becomes_its_name():
    raw = {"uid": "b" * 16, "product": UID, "customer": UID}
    assert relinked(Transaction, raw, "products", UID, "Rice") == {**raw, "product": {"name": "Rice"}}
    assert relinked(Transaction, {"product": "c" * 16}, "products", UID, "Rice") is None
    assert relinked(Transaction, {}, "products", UID, "Rice") is None


def test_a_deleted_link_in_a_list_leaves_its_neighbours_unchanged():
    from archive.model.records.customer import Customer

    north = Position.load({"organisation": UID, "title": "Buyer"}).dump()
    south = {"organisation": {"name": "South"}}
    raw = {"positions": [south, north], "phones": [{"value": "1"}]}
    assert relinked(Customer, raw, "customers", UID, "North") == {
        "positions": [south, {"organisation": {"name": "North"}, "title": "Buyer"}],
        "phones": [{"value": "1"}],
    }


def test_a_channel_is_read_in_the_displayed_language():
    window = Window(days=DAYS, start=time(9), end=time(10), channel="email", place="lab")
    assert Window.from_line(window.line(PLAIN), PLAIN._replace(order="mdy")) == window
