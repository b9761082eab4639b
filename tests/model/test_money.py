"""Test rounding amounts to minor units, and exchange rates by day."""

from datetime import date
from decimal import Decimal

import pytest

from archive.model.field_types.base import Context
from archive.model.field_types.standard import MONEY
from archive.model.money import (
    converter,
    dated_rates,
    digits,
    in_minor_units,
    rate_on,
    show_amount,
    show_money,
)
from archive.model.records.transaction import Transaction, worked_out_amount


@pytest.mark.parametrize(
    ("currency", "places"),
    [("EUR", 2), ("JPY", 0), ("KRW", 0), ("ISK", 0), ("KWD", 3), ("TND", 3), ("CLF", 4)],
)
def test_a_currency_has_the_minor_unit_of_iso_4217(currency, places):
    assert digits(currency) == places


@pytest.mark.parametrize(
    ("amount", "currency", "rounded"),
    [
        ("5.025", "EUR", "5.03"),  # half to even would give 5.02
        ("-5.025", "EUR", "-5.03"),  # a refund mirrors the sale
        ("100.5", "JPY", "101"),
        ("0.0005", "KWD", "0.001"),
        ("12", "EUR", "12.00"),
    ],
)
def test_amounts_are_rounded_half_up_to_the_minor_unit(amount, currency, rounded):
    assert str(in_minor_units(Decimal(amount), currency)) == rounded


@pytest.mark.parametrize(
    ("quantity", "price", "currency", "amount"),
    [
        ("3", "0.125", "KWD", "0.375"),
        ("3", "33.5", "JPY", "101"),  # 100.5
        ("3", "0.335", "EUR", "1.01"),  # 1.005
        ("3", "0.335", "", "1.01"),
    ],
)
def test_a_transactions_amount_is_rounded_to_its_currencys_minor_unit(quantity, price, currency, amount):
    made = Transaction(quantity=Decimal(quantity), unit_price=Decimal(price), currency=currency)
    assert worked_out_amount(made) == Decimal(amount)


@pytest.mark.parametrize(
    ("amount", "currency", "shown"),
    [
        ("1001", "JPY", "1,001"),
        ("0.125", "KWD", "0.125"),
        ("12.5", "EUR", "12.50"),
        ("0.0035", "EUR", "0.0035"),  # unit prices are not rounded to minor units
        ("0", "EUR", "0.00"),
    ],
)
def test_an_amount_has_its_currencys_decimals_and_is_never_cut(amount, currency, shown):
    assert show_amount(Decimal(amount), currency) == shown
    ctx = Context(date(2026, 1, 1)).within(currency)  # type: ignore[arg-type]
    assert MONEY.show(Decimal(amount), ctx) == shown


def test_money_without_a_currency_is_shown_without_one():
    assert show_money(Decimal(5), "XXX") == "5.00"
    assert show_money(Decimal(5), "EUR", ",") == "5,00 EUR"
    assert show_money(None, "EUR") == show_amount(None, "EUR") == ""


def test_a_rate_applies_from_its_date():
    rates = dated_rates(
        [("USD", date(2026, 2, 1), Decimal("0.9")), ("USD", date(2025, 2, 1), Decimal("0.8"))]
    )
    days = [date(2025, 1, 31), date(2025, 2, 1), date(2026, 1, 31), date(2026, 2, 1)]
    found = [rate_on(rates, "USD", day.toordinal()) for day in days]
    assert found == [None, Decimal("0.8"), Decimal("0.8"), Decimal("0.9")]
    assert rate_on(rates, "CNY", 1) is None


def test_the_second_of_two_rates_for_a_day_counts():
    day = date(2026, 1, 1)
    assert dated_rates([("USD", day, Decimal(1)), ("USD", day, Decimal(2))]) == {
        "USD": [(day.toordinal(), Decimal(2))]
    }


def test_amounts_are_converted_through_the_home_currency_and_rounded_once():
    """1 USD is 0.9 EUR and 1 JPY 0.006 EUR: 1.01 USD are 0.909 EUR or 151.5 JPY, so 152."""
    since = date(2026, 1, 1)
    convert = converter(
        "EUR", dated_rates([("USD", since, Decimal("0.9")), ("JPY", since, Decimal("0.006"))])
    )
    dollars = Decimal("1.01")
    assert str(convert(dollars, "USD", "EUR", since)) == "0.91"
    assert str(convert(dollars, "USD", "JPY", since)) == "152"
    assert convert(dollars, "USD", "EUR", date(2025, 12, 31)) is None
    assert convert(dollars, "USD", "GBP", since) is None
