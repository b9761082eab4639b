"""Test transactions as deliveries on a contract's terms."""

from datetime import date
from decimal import Decimal

import pytest

from archive.model.contract_status import Delivered
from archive.model.field_types.base import Ref
from archive.model.records.contract import Contract, Term
from archive.model.records.transaction import Transaction
from archive.model.tied_deliveries import AMOUNT, CURRENCY, TERM, UNIT, say_uncounted, tied
from archive.model.units import in_unit

N = Decimal
DAY = date(2026, 3, 1)


def agreed(*terms, currency="EUR"):
    return Contract(uid="c", currency=currency, terms=terms)


def term(quantity=None, unit="", amount=None, key="1"):
    values = (None if value is None else N(value) for value in (quantity, amount))
    return Term(
        key=key,
        requirement=f"rice {key}",
        unit=unit,
        **dict(zip(("quantity", "amount"), values, strict=True)),
    )


def transaction(kind="delivery", named="1", **values):
    values = {key: N(value) if key in ("quantity", "amount") else value for key, value in values.items()}
    return Transaction(type=kind, on=DAY, contract=Ref("c"), term=named, **values)


def reasons(found):
    return [(one.reason, one.given, one.wanted) for one in found.uncounted]


@pytest.mark.parametrize(
    ("quantity", "unit", "wanted", "found"),
    [
        ("1000", "kg", "t", "1"),
        ("1000", "kilos", "tonnes", "1"),
        ("3", "t", "kg", "3000"),
        ("500", "g", "kg", "0.5"),
        ("10", "lb", "kg", "4.5359237"),  # exact since 1959
        ("2", "斤", "公斤", "1"),
        ("750", "ml", "litres", "0.75"),
        ("5", "bags", "bag", "5"),
        ("5", "crates", "crate", "5"),
        ("5", "bag", "kg", None),
        ("5", "kg", "l", None),
        ("5", "kg", "crate", None),
    ],
)
def test_quantities_are_converted_if_the_factor_is_known(quantity, unit, wanted, found):
    assert in_unit(N(quantity), unit, wanted) == (None if found is None else N(found))


def test_a_delivery_in_another_unit_counts_in_the_unit_of_the_term():
    found = tied(agreed(term("1", "t")), [transaction(quantity="1000", unit="kg")])
    assert found.deliveries == {"1": [Delivered(DAY, N(1), None)]}
    assert found.uncounted == []


def test_a_unit_without_a_factor_is_reported():
    found = tied(agreed(term("100", "bag")), [transaction(quantity="1000", unit="kg")])
    assert reasons(found) == [(UNIT, "kg", "bag")]


def test_another_currency_is_converted_or_reported():
    sold = [transaction(amount="50", currency="USD")]
    rated = tied(agreed(term(amount="100")), sold, lambda amount, own, wanted, day: amount * 2)
    assert rated.deliveries == {"1": [Delivered(DAY, None, N(100))]}
    assert reasons(rated) == []
    assert reasons(tied(agreed(term(amount="100")), sold)) == [(CURRENCY, "USD", "EUR")]


def test_missing_units_and_currencies_are_the_contracts():
    found = tied(
        agreed(term("9", "bag"), term(amount="9", key="2")),
        [
            transaction(quantity="5"),
            transaction(named="2", amount="5"),
        ],
    )
    assert found.uncounted == []
    assert found.deliveries == {"1": [Delivered(DAY, N(5), None)], "2": [Delivered(DAY, None, N(5))]}


def test_a_transaction_without_the_terms_unit_is_reported():
    assert reasons(tied(agreed(term("9")), [transaction(amount="5")])) == [(AMOUNT, "", "")]
    assert reasons(tied(agreed(term(amount="9")), [transaction(quantity="5")])) == [(AMOUNT, "", "")]


def test_a_delivery_without_a_matching_term_is_reported():
    found = tied(agreed(term("9")), [transaction(named="7"), transaction("order", "")])
    assert reasons(found) == [(TERM, "", "")]
    assert tied(agreed(), [transaction(named="7")]).uncounted == [], "without terms there is none to name"


def test_orders_replaced_by_deliveries_are_not_reported():
    found = tied(
        agreed(term("9", "kg")),
        [transaction("order", quantity="5", unit="bag"), transaction(quantity="5", unit="kg")],
    )
    assert found.uncounted == []
    assert found.deliveries == {"1": [Delivered(DAY, N(5), None)]}


def test_a_return_reduces_the_term_whatever_its_sign():
    for quantity in ("4", "-4"):
        found = tied(
            agreed(term("9")), [transaction("order", quantity="9"), transaction("return", quantity=quantity)]
        )
        assert [one.quantity for one in found.deliveries["1"]] == [9, -4]


def test_a_negative_order_is_a_return():
    found = tied(
        agreed(term(amount="100")), [transaction("order", amount="60"), transaction("order", amount="-20")]
    )
    assert [one.amount for one in found.deliveries["1"]] == [N(60), N(-20)]


def test_a_term_without_a_quantity_cannot_be_returned():
    found = tied(agreed(term()), [transaction("return", quantity="4")])
    assert found.deliveries == {"1": []}


def test_omissions_are_listed_with_unit_or_currency():
    found = tied(
        agreed(term("10", "bag"), term(amount="50", key="2")),
        [
            transaction(quantity="3", unit="kg"),
            transaction(quantity="4", unit="kg"),
            transaction(amount="5", currency="USD", named="2"),
            transaction(named="9"),
        ],
    )
    assert say_uncounted(found.uncounted) == (
        "1 delivery in USD left out: no exchange rate; 1 delivery left out: no such term; "
        "2 deliveries in kg left out: unit cannot be converted"
    )
    assert say_uncounted([]) == ""
