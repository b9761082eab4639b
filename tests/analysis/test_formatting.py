"""Test formatting values: units, both decimal signs, and no misleading rounding."""

from datetime import date
from decimal import Decimal

import pytest
from strategies import COMMA, PLAIN

from archive.analysis.formatting import (
    Form,
    cases,
    cell,
    change,
    column_places,
    form_of,
    header,
    interval,
    is_number,
    rests_on_few,
    short,
    unit_sign,
    with_unit,
    without_unit,
)
from archive.analysis.report import COUNT, DATE, DAYS, MONEY, NUMBER, SHARE, TEXT, Column, Figure, Report

EURO = Form(".", "EUR")
GERMAN = Form(",", "EUR")
YEN = Form(".", "JPY")


@pytest.mark.parametrize(
    ("value", "unit", "text", "with_comma"),
    [
        (0, COUNT, "0", "0"),
        (1_234, COUNT, "1,234", "1.234"),
        (1_234.0, COUNT, "1,234", "1.234"),
        (12.25, COUNT, "12.25", "12,25"),
        (10**400, COUNT, "1.00e+400", "1,00e+400"),
        (0.71, SHARE, "71 %", "71 %"),
        (0.075, SHARE, "7.5 %", "7,5 %"),
        (1.0, SHARE, "100 %", "100 %"),
        (1.34, SHARE, "134 %", "134 %"),
        (0.0, SHARE, "0 %", "0 %"),
        (0.0004, SHARE, "<0.1 %", "<0,1 %"),
        (-0.0004, SHARE, ">-0.1 %", ">-0,1 %"),
        (0.996, SHARE, "99.6 %", "99,6 %"),
        (0.9997, SHARE, ">99.9 %", ">99,9 %"),
        (-0.9997, SHARE, "<-99.9 %", "<-99,9 %"),
        (Decimal("18200.5"), MONEY, "18,201 EUR", "18.201 EUR"),
        (Decimal("12.5"), MONEY, "12.50 EUR", "12,50 EUR"),
        (Decimal("-12.5"), MONEY, "-12.50 EUR", "-12,50 EUR"),
        (Decimal(12), MONEY, "12 EUR", "12 EUR"),
        (0, MONEY, "0 EUR", "0 EUR"),
        (Decimal(10) ** 30, MONEY, "1.00e+30 EUR", "1,00e+30 EUR"),
        (float("inf"), MONEY, "∞", "∞"),
        (21, DAYS, "21 d", "21 d"),
        (4.5, DAYS, "4.5 d", "4,5 d"),
        (0.2426, NUMBER, "0.2426", "0,2426"),
        (-9582.43, NUMBER, "-9,582", "-9.582"),
        (4.41361, NUMBER, "4.414", "4,414"),
        (1e-9, NUMBER, "<0.0001", "<0,0001"),
        (-1e-9, NUMBER, ">-0.0001", ">-0,0001"),
        (7, NUMBER, "7", "7"),
        (float("-inf"), NUMBER, "-∞", "-∞"),
        (float("nan"), NUMBER, "-", "-"),
        (None, SHARE, "-", "-"),
        (date(2026, 11, 21), DATE, "2026-11-21 Sat", "2026-11-21 Sat"),
        ("王\x1b[2J", TEXT, "王␛[2J", "王␛[2J"),
        ("A", COUNT, "A", "A"),
    ],
)
def test_a_value_is_formatted_with_its_unit(value, unit, text, with_comma):
    assert with_unit(value, unit, EURO) == text
    assert with_unit(value, unit, GERMAN) == with_comma


def test_money_without_a_currency_has_no_sign():
    assert with_unit(Decimal("12.5"), MONEY, Form()) == "12.50"
    assert unit_sign(MONEY, Form()) == ""


def test_yen_have_no_cents():
    assert without_unit(Decimal("12.5"), MONEY, YEN) == "13"


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (0, COUNT, "0"),
        (999, COUNT, "999"),
        (999.7, COUNT, "1k"),
        (12_400, MONEY, "12.4k"),
        (123_456, MONEY, "123k"),
        (-12_345, COUNT, "-12.3k"),
        (1.5e6, COUNT, "1.5M"),
        (2e9, COUNT, "2bn"),
        (3e12, COUNT, "3tn"),
        (1e17, COUNT, "1e+17"),
        (0.71, SHARE, "71"),
        (0.075, SHARE, "7.5"),
        (0.0995, SHARE, "10"),
        (1 / 3, NUMBER, "0.33"),
        (7.25, DAYS, "7.25"),
        (float("inf"), COUNT, "∞"),
        (float("-inf"), COUNT, "-∞"),
        (float("nan"), COUNT, "-"),
    ],
)
def test_an_axis_has_short_numbers(value, unit, text):
    assert short(value, unit, EURO) == text


def test_an_axis_uses_the_readers_decimal_sign():
    assert short(1.5e6, COUNT, GERMAN) == "1,5M"


def figure(value, **more):
    return Figure(key="f", label="F", value=value, **{"unit": SHARE, **more})


def test_only_the_value_shows_the_unit_not_its_interval():
    assert interval(figure(0.71, low=0.58, high=0.81), EURO) == "58 to 81"
    assert interval(figure(0.71, low=0.58), EURO) == ""
    assert interval(figure(0.71, high=0.81), EURO) == ""


@pytest.mark.parametrize(
    ("now", "before", "text"),
    [
        (0.71, 0.83, "▼ from 83 %"),
        (0.83, 0.71, "▲ from 71 %"),
        (0.711, 0.712, "= unchanged"),
        (0.71, None, ""),
        (None, 0.71, ""),
        ("A", "B", ""),
    ],
)
def test_a_figure_is_compared_with_the_period_before(now, before, text):
    assert change(figure(now, before=before), EURO) == text


def test_n_is_shown_if_counted():
    assert cases(1_234, EURO) == "n = 1,234"
    assert cases(None, EURO) == ""


@pytest.mark.parametrize(
    ("more", "few"), [({"n": 4}, True), ({"n": 5}, False), ({}, False), ({"n": 4, "unit": COUNT}, False)]
)
def test_a_rate_with_few_cases_is_flagged(more, few):
    assert rests_on_few(figure(0.5, **more)) is few


def test_a_money_column_shows_its_currency_once():
    value = Column("value", "Value", MONEY)
    assert header(value, EURO) == "Value EUR"
    assert header(value, Form()) == "Value"
    assert header(Column("n", "Orders", COUNT), EURO) == "Orders"
    assert cell(Decimal("18200.5"), value, EURO) == "18,201"
    assert cell(0.5, Column("s", "Share", SHARE), EURO) == "50 %"


@pytest.mark.parametrize(
    ("values", "unit", "places"),
    [
        ([Decimal("0.4"), Decimal("1200.5")], MONEY, 0),
        ([Decimal("0.4"), Decimal("-1200.5")], MONEY, 0),
        ([Decimal("0.4"), None], MONEY, 2),
        ([Decimal(4), 12], MONEY, 0),
        ([None, "x", float("nan"), float("inf")], MONEY, 0),
        ([], MONEY, 0),
        ([4.6, 41.73, 100], NUMBER, 2),
        ([4.63218, 41.73], NUMBER, 2),
        ([0.2426, 0.5], NUMBER, 4),
        ([3, 4], NUMBER, 0),
        ([45.5, 42], DAYS, 1),
        ([42, None], DAYS, 0),
        ([], DAYS, 0),
        ([1, 2], COUNT, None),
        ([0.5], SHARE, 0),
        ([0.43, 0.085], SHARE, 1),  # 43.0 % above 8.5 %
        ([0.5, 0.9999], SHARE, 1),  # >99.9
        (["a"], TEXT, None),
    ],
)
def test_the_cells_of_a_column_have_the_same_decimals(values, unit, places):
    assert column_places(values, unit, EURO) == places


@pytest.mark.parametrize(
    ("low", "high", "shown_as"),
    [(63.28, 112.7, "63 to 113"), (4.26, 12.5, "4.3 to 12.5"), (0.5, 3, "0.5 to 3.0"), (7, 9, "7 to 9")],
)
def test_intervals_have_no_false_precision(low, high, shown_as):
    assert interval(figure(80, unit=NUMBER, low=low, high=high), EURO) == shown_as


def test_numbers_in_a_column_align():
    gaps, days = Column("g", "Gaps", NUMBER), Column("d", "Silent", DAYS)
    assert [cell(value, gaps, EURO, 2) for value in (4.6, 41.73, 100, None, 1e-9)] == [
        "4.60",
        "41.73",
        "100.00",
        "-",
        "<0.0001",
    ]
    assert [cell(value, days, GERMAN, 1) for value in (45.5, 42, 0)] == ["45,5 d", "42,0 d", "0,0 d"]


def test_a_small_amount_in_a_column_without_decimals_is_not_zero():
    assert cell(Decimal("0.4"), Column("v", "V", MONEY), EURO, 0) == "0.40"


def test_numbers_are_right_aligned():
    assert is_number(MONEY)
    assert not is_number(DATE)


def test_a_report_uses_its_currency_and_the_readers_decimal_sign():
    day = date(2026, 11, 21)
    report = Report(name="r", title="R", as_of=day, start=day, end=day, currency="CHF", n=0)
    assert form_of(report, COMMA) == Form(",", "CHF")
    without = Report(name="r", title="R", as_of=day, start=day, end=day, currency="XXX", n=0)
    assert form_of(without, PLAIN) == Form(".", "")
