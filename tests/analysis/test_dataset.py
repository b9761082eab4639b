"""Test the data set of the reports: columns, each customer's sales, money in one currency."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.analysis.dataset import NO_HISTORY, Omission
from archive.analysis.money import converted, digits, half_up, ordinal, rate_on, to_decimal, to_minor
from archive.model.records.product import Product
from tests.analysis.builders import customers, sale, sales_data


def day(text):
    return date.fromisoformat(text).toordinal()


def test_orders_count_up_and_returns_down():
    made = sales_data(
        transactions=[sale("a", "2026-01-01", "10.00"), sale("a", "2026-01-02", "2.50", type="return")]
    )
    assert made.history("a").value(day("2026-01-01"), day("2026-01-02")) == 750
    assert made.money(750) == Decimal("7.50")


def test_a_period_is_inclusive_on_both_ends():
    made = sales_data(transactions=[sale("a", f"2026-01-0{n}", "1.00") for n in range(1, 6)])
    assert made.history("a").value(day("2026-01-02"), day("2026-01-04")) == 300
    assert len(made.history("a").sale_uids(day("2026-01-02"), day("2026-01-04"))) == 3


def test_orders_of_a_day_are_one_purchase_and_returns_are_none():
    rows = [sale("a", "2026-01-01"), sale("a", "2026-01-01", "3.00"), sale("a", "2026-01-05", type="return")]
    assert sales_data(transactions=rows).history("a").purchases(day("2026-02-01")) == (day("2026-01-01"),)


def test_orders_with_zero_or_no_amount_are_purchases():
    rows = [sale("a", "2026-01-01", "0.00"), sale("a", "2026-01-02", None)]
    history = sales_data(transactions=rows).history("a")
    assert len(history.events) == 2
    assert history.value(0, day("2027-01-01")) == 0


def test_deliveries_payments_and_enquiries_are_not_sales():
    rows = [
        sale("a", "2026-01-01", type=kind)
        for kind in ("delivery", "payment", "enquiry", "quotation", "invoice")
    ]
    assert sales_data(transactions=rows).history("a") is NO_HISTORY


def test_a_record_without_a_type_is_an_order():
    row = {"uid": "1", "customer": "a", "on": "2026-01-01", "amount": "5.00", "currency": "EUR"}
    assert sales_data(transactions=[row]).history("a").value(0, day("2027-01-01")) == 500


@pytest.mark.parametrize(("kind", "amount"), [("return", "4.00"), ("return", "-4.00"), ("order", "-4.00")])
def test_a_return_reduces_sales_whatever_its_sign_and_is_no_purchase(kind, amount):
    made = sales_data(transactions=[sale("a", "2026-01-01"), sale("a", "2026-01-02", amount, type=kind)])
    assert made.history("a").value(0, day("2027-01-01")) == 600
    assert made.history("a").events == (day("2026-01-01"),)
    assert made.transactions.type == ["order", "return"]


def test_currency_xxx_of_older_archives_is_the_home_currency():
    made = sales_data(transactions=[sale("a", "2026-01-01", currency="XXX")])
    assert made.transactions.currency == ["EUR"]
    assert made.amount(Decimal(1), "XXX", date(2026, 1, 1)) == 100


def test_sales_are_sorted_by_day_not_by_entry():
    rows = [sale("a", "2026-03-01"), sale("a", "2025-03-01"), sale("a", "2026-01-01")]
    days = sales_data(transactions=rows).history("a").days
    assert list(days) == sorted(days)


@pytest.mark.parametrize(
    ("home", "rates", "used", "expected"),
    [
        ("EUR", None, ("EUR", "USD", "USD"), "EUR"),
        ("EUR", None, ("USD", "USD", "CNY"), "USD"),
        ("XXX", None, ("USD", "CNY", "CNY"), "CNY"),
        ("EUR", None, (), "EUR"),
        ("EUR", {"USD": [(1, Decimal("0.9"))]}, ("USD",), "EUR"),
    ],
)
def test_sums_use_the_home_currency_or_else_the_most_frequent(home, rates, used, expected):
    rows = [sale("a", f"2026-01-0{n}", currency=currency) for n, currency in enumerate(used, 1)]
    assert sales_data(home=home, rates=rates, transactions=rows).currency == expected


def test_different_currencies_are_never_added_and_omissions_are_counted():
    rows = [
        sale("a", "2026-01-01", "10.00"),
        sale("a", "2026-01-02", "99.00", currency="USD"),
        sale("a", "2026-01-03", "9.00", currency="USD", type="return"),
        sale("a", "2026-01-03", None),
    ]
    made = sales_data(transactions=rows)
    assert made.history("a").value(0, day("2027-01-01")) == 1000
    assert made.left_out(day("2026-01-01"), day("2026-12-31")) == {"USD": Omission(2, Decimal("90.00"))}
    assert made.left_out(day("2026-01-03"), day("2026-12-31")) == {"USD": Omission(1, Decimal("-9.00"))}


def test_another_currency_is_converted_at_the_rate_of_the_day():
    rates = {"USD": [(day("2026-01-01"), Decimal("0.90")), (day("2026-02-01"), Decimal("0.80"))]}
    rows = [
        sale("a", "2026-01-15", "10.00", currency="USD"),
        sale("a", "2026-03-01", "10.00", currency="USD"),
        sale("a", "2020-01-01", "10.00", currency="USD"),
    ]
    made = sales_data(rates=rates, transactions=rows)
    assert made.history("a").amounts == (0, 900, 800), "before the first rate nothing is converted"
    assert made.left_out(0, day("2027-01-01")) == {"USD": Omission(1, Decimal(10))}
    assert made.first_rate("USD") == day("2026-01-01")
    assert made.first_rate("JPY") is None


def test_an_amount_without_a_currency_is_in_the_home_currency():
    made = sales_data(transactions=[sale("a", "2026-01-01")])
    assert made.amount(Decimal("1.5"), "", date(2026, 1, 1)) == 150
    assert made.amount(Decimal("1.5"), "USD", date(2026, 1, 1)) is None
    assert made.amount(None, "EUR", date(2026, 1, 1)) is None


def test_a_new_order_updates_a_single_customer():
    rows = [sale("a", "2026-01-01"), sale("b", "2026-01-01")]
    made = sales_data(transactions=rows)
    before = made.history("b")
    made.follow("a", [*rows[:1], sale("a", "2026-02-01", "7.00")])
    assert made.history("a").amounts == (1000, 700)
    assert made.history("b") is before
    made.follow("a", [])
    assert made.history("a") is NO_HISTORY


def test_changed_tables_are_read_again():
    rows = {"customers": customers("a"), "products": [{"uid": "p", "name": "Rice"}]}
    made = sales_data(**rows)
    assert made.names == {"a": "a"}
    assert [product.name for product in made.records(Product)] == ["Rice"]
    rows["customers"][0]["full_name"] = "b"
    rows["products"][0]["name"] = "Tea"
    assert made.names == {"a": "a"}
    made.forget({"customers", "products"})
    assert made.names == {"a": "b"}
    assert [product.name for product in made.records(Product)] == ["Tea"]


def test_values_come_from_records_that_have_one():
    made = sales_data(customers=[{"uid": "a", "grade": "A"}, {"uid": "b"}])
    assert made.values("customers", "grade") == {"a": "A"}
    assert list(made.customers) == ["a", "b"]


@pytest.mark.parametrize(
    ("amount", "currency", "minor"),
    [
        ("12.50", "EUR", 1250),
        ("12", "EUR", 1200),
        ("12.5", "EUR", 1250),
        ("-0.05", "EUR", -5),
        ("0.005", "EUR", 1),
        ("100", "JPY", 100),
        ("100.5", "JPY", 101),
        ("1.234", "KWD", 1234),
        ("1.2", "KWD", 1200),
    ],
)
def test_money_is_counted_in_the_minor_units_of_its_currency(amount, currency, minor):
    assert to_minor(amount, currency) == minor


@given(st.integers(-(10**12), 10**12), st.sampled_from(["EUR", "JPY", "KWD"]))
def test_minor_units_and_amounts_are_the_same_money(minor, currency):
    assert to_minor(f"{to_decimal(minor, currency):f}", currency) == minor
    assert -to_decimal(minor, currency).as_tuple().exponent == digits(currency)


def test_conversion_respects_the_minor_units_of_both_currencies():
    assert converted(1000, "JPY", "EUR", Decimal("0.006")) == 600
    assert converted(600, "EUR", "JPY", Decimal("166")) == 996


def test_half_a_minor_unit_is_rounded_up():
    assert [half_up(Decimal(text)) for text in ("2.5", "3.5", "-2.5", "2.4")] == [3, 4, -3, 2]


def test_a_rate_applies_from_its_date():
    rates = {"USD": [(100, Decimal(1)), (200, Decimal(2))]}
    assert [rate_on(rates, "USD", at) for at in (50, 100, 199, 200)] == [None, 1, 1, 2]
    assert rate_on(rates, "CNY", 100) is None


def test_a_timestamp_falls_on_its_day():
    assert ordinal("2026-01-01T10:30") == ordinal("2026-01-01") == day("2026-01-01")
    assert ordinal("") == 0
