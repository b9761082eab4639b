"""Test the fields of contracts, wallets and campaigns, and their field types."""

from datetime import date
from decimal import Decimal

import pytest
from strategies import COMMA, PLAIN, TODAY

from archive.errors import BadValue
from archive.model.field_types.base import Context, Ref
from archive.model.field_types.duration import LENGTH, Span
from archive.model.field_types.links import Links
from archive.model.records.contract import Delivery, Term, numbered, term_named
from archive.model.records.wallet import Supplier
from archive.model.references import links_between
from archive.model.tables import TABLES

D, N = date.fromisoformat, Decimal
LINKS = Links("customers")
ANN, BO = Ref("a" * 16), Ref("b" * 16)
NAMES = {ANN.uid: "Ann Bell", BO.uid: "North; Sons"}
BY_NAME = {"Ann Bell": ANN, "C-1": ANN, "C;2": BO, **{ref.uid: ref for ref in (ANN, BO)}}
KNOWN = Context(
    PLAIN.now,
    resolve=lambda table, text: BY_NAME.get(text),
    name_of=lambda table, uid: NAMES.get(uid, uid),
    code_of=lambda table, uid: {ANN.uid: "C-1", BO.uid: "C;2"}.get(uid, uid),
)


@pytest.mark.parametrize(
    ("text", "span", "shown"),
    [
        ("3 months", Span(months=3), "3 months"),
        ("1 month", Span(months=1), "1 month"),
        ("30 days", Span(days=30), "30 days"),
        ("6 weeks", Span(days=42), "6 weeks"),
        ("42d", Span(days=42), "6 weeks"),
        ("1 week", Span(days=7), "1 week"),
        ("1y", Span(months=12), "12 months"),
        ("1m10d", Span(10, 1), "1 month 10 days"),
        ("3个月", Span(months=3), "3 months"),
        ("0 days", Span(), "0 days"),
    ],
)
def test_a_notice_period_is_read_shown_and_stored_in_the_same_words(text, span, shown):
    assert LENGTH.parse(text, PLAIN) == span
    assert LENGTH.show(span, PLAIN) == LENGTH.edit(span, PLAIN) == LENGTH.dump(span) == shown
    assert LENGTH.load(shown) == span


def test_an_invalid_duration_is_explained():
    assert LENGTH.parse(" ", PLAIN) is None
    assert (LENGTH.show(None, PLAIN), LENGTH.cell(None), LENGTH.dump(None)) == ("", "", None)
    with pytest.raises(BadValue, match="not a duration") as caught:
        LENGTH.parse("a while", PLAIN)
    assert caught.value.hint == "Write for example 3 months, 30 days or 6 weeks."
    for raw in ("3m", "3  months", "", 3, None, "12345678 days"):
        assert not LENGTH.fits(raw)
        with pytest.raises(BadValue):
            LENGTH.load(raw)
    assert LENGTH.rank("30 days") < LENGTH.rank("1 month") < LENGTH.rank("5 weeks")


@pytest.mark.parametrize(
    ("line", "delivery"),
    [
        ("2026-03-04", Delivery(on=D("2026-03-04"))),
        ("2026-03-04 20", Delivery(on=D("2026-03-04"), quantity=N(20))),
        ("2026-03-04 20 in two vans", Delivery(on=D("2026-03-04"), quantity=N(20), note="in two vans")),
        ("2026-03-04 @50.5", Delivery(on=D("2026-03-04"), amount=N("50.5"))),
        ("2026-03-04 20 @50 cash", Delivery(on=D("2026-03-04"), quantity=N(20), amount=N(50), note="cash")),
        ("2026-03-04 2nd van", Delivery(on=D("2026-03-04"), note="2nd van")),
        ("", Delivery()),
    ],
)
def test_a_delivery_can_be_typed_in_one_line(line, delivery):
    assert Delivery.from_line(line, PLAIN) == delivery
    assert delivery.display(PLAIN) == line


def test_a_line_without_a_day_is_explained():
    with pytest.raises(BadValue, match="is not a date"):
        Delivery.from_line("20 bags", PLAIN)


@pytest.mark.parametrize(
    ("line", "supplier"),
    [
        ("North Trade", Supplier(name="North Trade")),
        ("North Trade 12000", Supplier(name="North Trade", amount=N(12000))),
        ("North Trade #2", Supplier(name="North Trade", rank=2)),
        ("N 9.5 #1, at night", Supplier(name="N", amount=N("9.50"), rank=1, why="at night")),
        ("North, cheaper, nearer", Supplier(name="North", why="cheaper, nearer")),
    ],
)
def test_a_supplier_can_be_typed_in_one_line(line, supplier):
    assert Supplier.from_line(line, PLAIN) == supplier
    assert supplier.display(PLAIN) == line
    assert Supplier.from_line(supplier.line(COMMA), COMMA) == supplier


def test_a_supplier_that_does_not_fit_one_line_is_written_as_json():
    supplier = Supplier(name="Store 24", since=TODAY)
    assert supplier.line(PLAIN).startswith("{")
    assert Supplier.from_line(supplier.line(PLAIN), PLAIN) == supplier


def test_terms_are_numbered_and_named():
    terms = numbered(
        [Term(requirement="rice"), Term(key="07", requirement="tea"), Term(requirement="tea")],
        ["9", "x", "1" * 12],
    )
    assert [term.key for term in terms] == ["10", "07", "11"]
    assert term_named(terms, "10") == terms[0]
    assert term_named(terms, " RICE ") == terms[0]
    assert term_named(terms, "tea") is None
    assert term_named(terms, "") is None
    assert term_named([Term(requirement="")], "") is None
    assert numbered([]) == ()


# Lists of links


@pytest.mark.parametrize(
    ("text", "refs"),
    [
        ("", ()),
        ("Ann Bell", (ANN,)),
        ("C-1; Cy Dorn；C-1\nC-1", (ANN, Ref(name="Cy Dorn"))),
        (f'["{ANN.uid}", {{"name": "x;y"}}, {{"name": ""}}]', (ANN, Ref(name="x;y"))),
    ],
)
def test_an_audience_can_be_codes_names_or_json(text, refs):
    assert LINKS.parse(text, KNOWN) == refs
    assert LINKS.parse(LINKS.edit(refs, KNOWN), KNOWN) == refs
    assert LINKS.parse(LINKS.codes(refs, KNOWN), KNOWN) == refs


def test_an_audience_round_trips_with_any_names():
    assert LINKS.codes((ANN, Ref(name="Cy")), KNOWN) == "C-1; Cy"
    assert LINKS.edit((ANN, Ref(name="Cy")), KNOWN) == "Ann Bell; Cy"
    assert LINKS.codes((ANN, BO), KNOWN) == f'["{ANN.uid}", "{BO.uid}"]'  # Bo's code contains a semicolon
    odd = (Ref(name="[x"), Ref(name="C-1"), Ref("c" * 16))
    assert LINKS.parse(LINKS.codes(odd, KNOWN), KNOWN) == odd
    assert LINKS.codes((), KNOWN) == LINKS.cell(()) == ""


def test_a_long_audience_is_shown_as_a_count():
    names = tuple(Ref(name=f"N{n}") for n in range(10))
    assert LINKS.show(names[:2], KNOWN) == "N0; N1"
    assert LINKS.show((ANN, *names), KNOWN) == "Ann Bell; N0; N1; N2; N3; N4; N5; N6; 3 more"


@pytest.mark.parametrize("text", ["[", "[1]", '{"a": 1', '["\\ud800"]', "[" * 5000, '[["a"]]'])
def test_json_that_is_not_an_audience_is_explained(text):
    if text.startswith("["):
        with pytest.raises(BadValue, match="looks like JSON"):
            LINKS.parse(text, KNOWN)
    else:
        assert LINKS.parse(text, KNOWN) == (Ref(name=text),)


def test_an_invalid_audience_is_refused():
    assert LINKS.fits([ANN.uid, {"name": "x"}])
    assert not LINKS.fits([1])
    assert not LINKS.fits("x")
    for raw in ("x", [1]):
        with pytest.raises(BadValue):
            LINKS.load(raw)
    assert LINKS.fault((ANN, Ref(name="x"))) == ""
    assert LINKS.fault((Ref(name="x" * 9999),)).startswith(
        "A name has 9,999 characters; at most 1,000 are allowed: xxx"
    )
    assert LINKS.rank([ANN.uid]) < LINKS.rank([ANN.uid, {"name": "x"}])


def test_only_tables_with_links_need_names_for_deleted_records():
    naming = {table for table, cls in TABLES.items() if links_between(cls, "customers")}
    assert naming == {"customers", "campaigns"}
    assert {table for table, cls in TABLES.items() if links_between(cls, "contracts")} == {"transactions"}
