"""Quick entry of a delivery on a contract's term."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from archive.errors import BadValue
from archive.model.field_types.base import Context
from archive.model.quick_entry.delivery import delivered_more, read_delivery
from archive.model.records.contract import Delivery, Term

CTX = Context(now=datetime(2026, 11, 21, 9, tzinfo=UTC), order="ymd")
BAGS = Term(key="1", requirement="Rice", quantity=Decimal(100), unit="bag")
MONEY = Term(key="2", requirement="Payment", amount=Decimal(500))


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("20 bags yesterday", Delivery(on=date(2026, 11, 20), quantity=Decimal(20))),
        ("20", Delivery(on=date(2026, 11, 21), quantity=Decimal(20))),
        (
            "200 2026-11-03 in two vans",
            Delivery(on=date(2026, 11, 3), quantity=Decimal(200), note="in two vans"),
        ),
        ("20 in two vans", Delivery(on=date(2026, 11, 21), quantity=Decimal(20), note="in two vans")),
    ],
)
def test_a_line_is_quantity_unit_date_and_note_in_any_order(text, wanted):
    assert read_delivery(text, BAGS, CTX) == wanted


def test_the_number_is_an_amount_on_a_term_about_money():
    assert read_delivery("250", MONEY, CTX).amount == Decimal(250)


@pytest.mark.parametrize("text", ["yesterday", "20 kg yesterday", ""])
def test_a_line_without_a_quantity_or_in_another_unit_is_refused(text):
    with pytest.raises(BadValue):
        read_delivery(text, BAGS, CTX)


def test_more_than_agreed_is_measured_against_quantity_or_amount():
    assert delivered_more(BAGS, Decimal(90), Decimal(20)) == Decimal(10)
    assert delivered_more(MONEY, Decimal(0), Decimal(500)) is None
    assert delivered_more(Term(key="3", requirement="Visit"), Decimal(0), Decimal(1)) is None
