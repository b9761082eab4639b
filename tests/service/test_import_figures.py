"""Test dates, numbers and amounts: their format is detected from the whole column or specified, never guessed."""

import pytest
from imported import bring, codes_of, new_records, one, plan_of

from archive.exchange.cells import Ambiguous


def test_formats_of_dates_and_numbers_are_detected_from_the_whole_column(archive):
    bring(archive, "Name", "Ann")
    plan = plan_of(archive, "Date;Customer;Price;Qty", "13.04.2026;Ann;1.234,50;1", "01.02.2026;Ann;3,00;2")
    found = sorted(change.new["on"] for change in plan.changes)
    assert found == ["2026-02-01", "2026-04-13"]
    assert {change.new["unit_price"] for change in plan.changes} == {"1234.5", "3"}


@pytest.mark.parametrize(
    ("lines", "option", "column", "choices"),
    [
        (("Date,Customer,Qty", "01/02/2026,Ann,1"), "date_order", "Date", ("dmy", "mdy", "ymd")),
        (
            ("Date,Customer,Qty", "13/02/2026,Ann,1", "02/13/2026,Ann,1"),
            "date_order",
            "Date",
            ("dmy", "mdy", "ymd"),
        ),
        (("Date,Customer,Qty", '2026-01-01,Ann,"1,234"'), "decimal", "Qty", (".", ",")),
        (("on,customer,amount", "01/02/2026,Ann,1"), "date_order", "on", ("dmy", "mdy", "ymd")),
        (("on,customer,amount", '2026-01-01,Ann,"1,234"'), "decimal", "amount", (".", ",")),
        (("on,customer,amount,cost", '2026-01-01,Ann,1.234,"1,50"'), "decimal", "amount", (".", ",")),
        (("Date,Customer,Qty", "2026-01-01,Ann,1.5", '2026-01-01,Ann,"1,5"'), "decimal", "Qty", (".", ",")),
    ],
)
def test_an_ambiguous_column_needs_an_option(archive, lines, option, column, choices):
    with pytest.raises(Ambiguous) as asked:
        plan_of(archive, *lines)
    error = asked.value
    assert (error.code, error.option, error.column, error.choices) == (65, option, column, choices)
    assert error.samples
    bring(archive, "Name", "Ann")
    assert plan_of(archive, *lines, **{option: choices[0]}).rows == len(lines) - 1


def test_numbers_of_our_own_exports_are_not_ambiguous(archive):
    bring(archive, "Name", "Ann")
    plan = plan_of(archive, "on,customer,amount", "2026-01-02,Ann,1.234")
    assert [raw["amount"] for raw in new_records(plan)] == ["1.234"]


def test_a_date_that_reads_the_same_either_way_is_not_ambiguous(archive):
    assert one(archive, "Name,Birthday,since", "Ann,5/5/1990,0/0/0000")["birthday"] == "1990-05-05"


def test_an_excel_serial_date_is_parsed(archive):
    assert one(archive, "Name,Customer since", "Ann,45000")["customer_since"] == "2023-03-15"


def test_a_date_without_a_year_is_not_completed(archive):
    raw = one(archive, "Name,Customer since", "Ann,Apr 3")
    assert "customer_since" not in raw
    assert raw["extra"] == {"Customer since": "Apr 3"}


def test_the_currency_comes_from_the_amount_or_from_the_settings(archive):
    bring(archive, "Name", "Ann")
    plan = bring(
        archive,
        "Date,Customer,Total,Cost",
        "2026-01-01,Ann,$12.50,",
        "2026-01-02,Ann,7,",
        "2026-01-03,Ann,$1,€2",
    )
    kept_ones = sorted((raw["on"], raw["amount"], raw["currency"]) for raw in new_records(plan))
    assert kept_ones == [("2026-01-01", "12.5", "USD"), ("2026-01-02", "7", "EUR")]
    assert codes_of(reject.error for reject in plan.rejects) == ["two-currencies"]
    assert plan.rejects[0].error.sentence.endswith(" Use one currency in the row.")
    assert plan.notes == ["1 row has no currency: EUR is used."]


def test_a_missing_amount_is_calculated(archive):
    bring(archive, "Name", "Ann")
    plan = plan_of(archive, "Date,Customer,Qty,Price,Discount", "2026-01-01,Ann,3,2.50,10%")
    assert [raw["amount"] for raw in new_records(plan)] == ["6.75"]
    assert [raw["type"] for raw in new_records(plan)] == ["order"]


def test_a_transaction_whose_calculated_amount_is_too_long_is_rejected(archive):
    bring(archive, "Name", "Ann")
    plan = plan_of(archive, "Date,Customer,Qty,Price", f"2026-01-01,Ann,{'9' * 20},{'9' * 20}")
    assert codes_of(reject.error for reject in plan.rejects) == ["odd-value"]
    assert "28 digits" in plan.rejects[0].error.sentence


def test_a_transaction_with_invalid_numbers_or_dates_is_rejected(archive):
    bring(archive, "Name", "Ann")
    plan = plan_of(
        archive, "Date,Customer,Qty", "2026-01-01,Ann,lots", "never,Ann,1", ",Ann,1", "2026-01-01,,1"
    )
    assert codes_of(reject.error for reject in plan.rejects) == ["odd-value", "odd-value", "needed", "needed"]
