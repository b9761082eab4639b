"""Test the summary of a customer's transactions and activities."""

from datetime import date
from decimal import Decimal

import pytest

from archive.model.summary import NOTHING, Sale, Summary, summarise

TODAY = date(2026, 11, 21)


def order(on: str, amount: str = "", **more: object) -> dict[str, object]:
    return {"on": on, **({"amount": amount, "currency": "EUR"} if amount else {}), **more}


def test_orders_add_to_and_returns_reduce_revenue():
    summary = summarise(
        [
            order("2026-01-01", "100", type="order"),
            order("2026-02-01", "30", type="return"),
            order("2026-03-01", "500", type="invoice"),
            order("2026-03-02", "500", type="payment"),
            order("2026-03-03", "500", type="delivery"),
            order("2025-12-31", type="enquiry"),
            order("2026-04-01"),
        ],
        [],
    )
    assert summary.value(TODAY) == (70, "EUR", {})
    assert summary.total() == {"EUR": Decimal(70)}
    assert (summary.orders, summary.transactions) == (2, 7)
    assert (summary.first_order, summary.last_order) == ("2026-01-01", "2026-04-01")
    assert summary.first_enquiry == "2025-12-31"


def test_revenue_covers_the_12_months_up_to_today():
    sales = tuple(
        Sale(on, Decimal(1), "EUR") for on in ("2025-11-21", "2025-11-22", "2026-11-21", "2026-11-22")
    )
    assert Summary(sales=sales).value(TODAY).amount == 2
    assert Summary(sales=(Sale("2024-02-29", Decimal(1), "EUR"),)).value(date(2025, 2, 28)).amount == 1


def test_a_leap_year_has_twelve_months_too():
    sales = (Sale("2023-03-01", Decimal(1), "EUR"), Sale("2023-03-02", Decimal(2), "EUR"))
    assert Summary(sales=sales).value(date(2024, 3, 1)).amount == 2


def test_different_currencies_are_never_added():
    sales = (
        Sale("2026-01-01", Decimal(5), "CNY"),
        Sale("2026-01-02", Decimal(7), "EUR"),
        Sale("2026-01-03", Decimal(9), ""),
    )
    summary = Summary(sales=sales)
    assert summary.usual_currency(TODAY) == "EUR"
    assert summary.value(TODAY) == (7, "EUR", {"CNY": 5, "": 9})
    assert summary.total() == {"CNY": 5, "EUR": 7, "": 9}


def test_without_sales_revenue_is_unknown():
    assert NOTHING.value(TODAY) is None
    assert NOTHING.usual_currency(TODAY) == ""
    assert NOTHING.total() == {}
    assert summarise([], []) == NOTHING


def test_activities_give_the_last_contact_and_the_next_follow_up():
    contacts = [
        {"at": "2026-05-01T10:00", "follow_up_on": "2026-06-01", "follow_up_done_on": "2026-06-02"},
        {"at": "2026-04-01T10:00", "follow_up_on": "2026-08-01"},
        {"at": "2026-03-01T10:00", "follow_up_on": "2026-07-01"},
        {},
    ]
    summary = summarise([], contacts)
    assert (summary.last_contact, summary.follow_up_on, summary.interactions) == (
        "2026-05-01",
        "2026-07-01",
        4,
    )


@pytest.mark.parametrize("product", [{"name": "Jasmin RICE"}, "b" * 16])
def test_products_are_stored_by_name_or_link(product):
    summary = summarise([order("2026-01-01", product=product)], [])
    assert summary.products | summary.linked_products == (
        {"jasmin rice"} if isinstance(product, dict) else {product}
    )


def test_future_records_do_not_count():
    dealings = [
        order("2026-02-01", "300", product={"name": "Rice"}),
        order("2026-11-22", "50", currency="USD", product={"name": "Tea"}),
        order("2026-12-01", "20", type="return"),
        order("2026-12-02", type="enquiry"),
    ]
    contacts = [
        {"at": "2026-11-21T18:00"},
        {"at": "2026-11-22T09:00", "follow_up_on": "2026-11-29"},
    ]
    summary = summarise(dealings, contacts, "2026-11-21")
    assert summary.value(TODAY) == (300, "EUR", {})
    assert summary.total() == {"EUR": 300}
    assert summary.usual_currency(TODAY) == "EUR"
    assert (summary.orders, summary.first_order, summary.last_order) == (1, "2026-02-01", "2026-02-01")
    assert (summary.last_contact, summary.first_enquiry) == ("2026-11-21", "")
    assert summary.products == {"rice"}
    assert summary.follow_up_on == "2026-11-29"  # not done yet
    assert (summary.planned_orders, summary.planned_contacts, summary.newest) == (1, 1, "2026-12-02")
    assert (summary.transactions, summary.interactions) == (4, 2)


@pytest.mark.parametrize(
    "row",
    [
        order("2026-02-01", "30", type="return"),
        order("2026-02-01", "-30", type="return"),
        order("2026-02-01", "-30", type="order"),
        order("2026-02-01", "-30"),
    ],
)
def test_returns_of_any_sign_and_negative_orders_reduce_revenue(row):
    summary = summarise([order("2026-01-01", "100", type="order"), row], [])
    assert summary.value(TODAY).amount == 70
    assert (summary.orders, summary.last_order) == (1, "2026-01-01")


RATES = {"USD": [(date(2026, 1, 1).toordinal(), Decimal("0.9"))]}


def test_amounts_are_converted_at_the_days_rate_and_omissions_named():
    sales = (
        Sale("2026-01-01", Decimal(100000), "EUR"),
        Sale("2026-01-02", Decimal(5), "USD"),  # EUR 4.50
        Sale("2025-12-31", Decimal(7), "USD"),  # before its first rate
        Sale("2026-01-03", Decimal(900), "JPY"),
        Sale("2026-01-04", Decimal(1), ""),  # without a code: home currency
    )
    value = Summary(sales=sales).value(TODAY, "EUR", RATES)
    assert value == (Decimal("100005.50"), "EUR", {"USD": 7, "JPY": 900})
    assert value.parts == [(Decimal("100005.50"), "EUR"), (900, "JPY"), (7, "USD")]


def test_unconverted_revenue_is_unknown_not_zero():
    value = Summary(sales=(Sale("2026-01-01", Decimal(5), "JPY"),)).value(TODAY, "EUR")
    assert value == (None, "EUR", {"JPY": 5})
    assert value.parts == [(5, "JPY")]


def test_zero_or_earlier_sales_give_zero_revenue():
    assert Summary(sales=(Sale("2026-01-01", Decimal(0), "EUR"),)).value(TODAY, "EUR").amount == 0
    assert Summary(sales=(Sale("2020-01-01", Decimal(9), "JPY"),)).value(TODAY, "EUR").amount == 0


def test_the_usual_currency_is_the_most_frequent_then_latest_then_home():
    def usual(*sales, home=""):
        return Summary(sales=tuple(Sale(on, Decimal(1), c) for on, c in sales)).usual_currency(TODAY, home)

    assert usual(("2026-01-01", "EUR"), ("2026-01-02", "EUR"), ("2026-01-03", "USD")) == "EUR"
    assert usual(("2026-01-01", "EUR"), ("2026-01-02", "CNY")) == "CNY"
    assert usual(("2026-01-01", "EUR"), ("2026-01-01", "USD"), home="EUR") == "EUR"
    assert usual(("2026-01-01", "EUR"), ("2027-01-01", "USD"), ("2027-01-02", "USD")) == "EUR"  # future sales


def test_currency_xxx_of_older_archives_is_no_currency():
    row = {"on": "2026-01-01", "amount": "5", "currency": "XXX"}
    assert summarise([row], []).sales == (Sale("2026-01-01", Decimal(5), ""),)
