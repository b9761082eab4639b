"""Test parsing numbers, amounts and percentages, typed and from files."""

from contextlib import suppress
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import NOW

from archive.errors import BadValue
from archive.model.currencies import NO_CURRENCY
from archive.model.field_types.base import Context
from archive.model.numbers import parse_amount, parse_number, parse_share, plain_number, show_number
from archive.settings import Settings

numbers = st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**14), max_value=10**14, places=8)
texts = st.one_of(
    st.text(max_size=200),
    st.text("0123456789., '-+()%折万亿百千¥$€EURUSD元eE１，．\u00a0", max_size=40),
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        *(
            ("1", "1"),
            ("+5", "5"),
            (" 12.50 ", "12.50"),
            ("00012", "12"),
            (".5", "0.5"),
            (",5", "0.5"),
            ("-0", "0"),
        ),
        *(
            ("1,234", "1234"),
            ("1.234", "1.234"),
            ("1,234.5", "1234.5"),
            ("1.234,5", "1234.5"),
            ("1234,50", "1234.50"),
        ),
        *(
            ("1,234,567", "1234567"),
            ("1.234.567", "1234567"),
            ("1 234 567,8", "1234567.8"),
            ("1 234.567", "1234.567"),
        ),
        *(
            ("1'234.50", "1234.50"),
            ("1’234", "1234"),
            ("1\u00a0234", "1234"),
            ("٢٠", "20"),
            ("١٬٢٣٤٫٥", "1234.5"),
            ("२०.५", "20.5"),
            ("1\u2009234", "1234"),
            ("1\u202f234", "1234"),
        ),
        *(
            ("0,125", "0.125"),
            ("0,12", "0.12"),
            ("１，２３４．５", "1234.5"),
            ("3。5", "3.5"),
            ("1,2345", "1.2345"),
        ),
        *(
            ("-1", "-1"),
            ("−1", "-1"),
            ("－１", "-1"),
            ("1-", "-1"),
            ("(1,234.50)", "-1234.50"),
            ("（5）", "-5"),
        ),
        *(
            ("3万", "30000"),
            ("1.5亿", "150000000"),
            ("3百万", "3000000"),
            ("12 万", "120000"),
            ("-2千", "-2000"),
        ),
        ("1234567890123456789012345678", "1234567890123456789012345678"),
    ],
)
def test_numbers_are_read_with_either_decimal_sign_and_any_grouping(text, expected):
    assert parse_number(text) == Decimal(expected)


@pytest.mark.parametrize(
    ("text", "point", "comma"),
    [
        ("1,234", "1234", "1.234"),
        ("1.234", "1.234", "1234"),
        ("0.125", "0.125", "0.125"),
        ("1.23", "1.23", "1.23"),
    ],
)
def test_the_configured_decimal_sign_decides_ambiguous_numbers(text, point, comma):
    assert parse_number(text, ".") == Decimal(point)
    assert parse_number(text, ",") == Decimal(comma)


@pytest.mark.parametrize(
    "text",
    [
        *(
            "",
            " ",
            "-",
            ".",
            "5.",
            "1,,2",
            "1.2.3",
            "12,34,567",
            "1234,567",
            "1 23",
            "1,234,56",
            "1,234'567",
            "1.5,234,567",
        ),
        *(
            "1e5",
            "NaN",
            "inf",
            "0x1F",
            "²",
            "€5",
            "5%",
            "(1",
            "1)",
            "(-1)",
            "-1-",
            "--1",
            "(1-)",
            "1,234.5.6",
            "三",
        ),
        *(
            "12345678901234567890123456789",
            "9999999999999999999999999999亿",
            "1" + " " * 100_000 + "x",
            "1" * 100_000,
        ),
    ],
)
def test_an_invalid_number_is_refused_with_a_hint(text):
    with pytest.raises(BadValue) as caught:
        parse_number(text)
    assert caught.value.hint == "Write for example 1234.50."
    assert len(caught.value.message) < 90


def test_the_hint_uses_the_configured_decimal_sign():
    with pytest.raises(BadValue, match="1234,50"):
        parse_number("x", ",")


def test_xxx_means_no_currency_but_is_written_to_files():
    assert {NO_CURRENCY, Context(NOW).currency} == {"XXX"}
    assert Settings().currency == ""
    assert parse_amount(f"12 {NO_CURRENCY}") == (Decimal(12), NO_CURRENCY)


def test_numbers_are_written_without_exponent():
    assert str(parse_number("3万")) == "30000"


@given(numbers)
def test_numbers_round_trip_through_plain_text(number):
    assert parse_number(plain_number(number)) == number


@given(numbers, st.integers(0, 6), st.sampled_from(".,"))
def test_numbers_round_trip_through_the_screen_except_for_rounding(number, places, decimal):
    shown = parse_number(show_number(number, places, decimal), decimal)
    assert abs(shown - number) <= Decimal(5).scaleb(-places - 1)
    assert parse_number(show_number(number, decimal=decimal), decimal) == number


@given(texts, st.sampled_from(".,"))
def test_any_text_is_parsed_or_refused(text, decimal):
    for read in (parse_number, parse_amount, parse_share):
        with suppress(BadValue):
            read(text, decimal)


@pytest.mark.parametrize(
    ("text", "number", "currency"),
    [
        *(
            ("12", "12", ""),
            ("12.50 EUR", "12.50", "EUR"),
            ("eur 12,5", "12.5", "EUR"),
            ("12.50EUR", "12.50", "EUR"),
        ),
        *(
            ("€12.50", "12.50", "EUR"),
            ("12,50 €", "12.50", "EUR"),
            ("$1,200", "1200", "USD"),
            ("£3", "3", "GBP"),
        ),
        *(
            ("¥300", "300", "CNY"),
            ("￥３００", "300", "CNY"),
            ("300元", "300", "CNY"),
            ("3万元", "30000", "CNY"),
        ),
        *(("RMB 5", "5", "CNY"), ("HK$5", "5", "HKD"), ("¥300元", "300", "CNY"), ("12 XXX", "12", "XXX")),
        *(("-€5", "-5", "EUR"), ("€-5", "-5", "EUR"), ("(€5)", "-5", "EUR"), ("5€-", "-5", "EUR")),
        *(
            ("$12 CAD", "12", "CAD"),
            ("¥300 JPY", "300", "JPY"),
            ("¥300jpy", "300", "JPY"),
            ("$5 USD", "5", "USD"),
        ),
    ],
)
def test_an_amount_has_a_number_and_an_optional_currency(text, number, currency):
    assert parse_amount(text) == (Decimal(number), currency)


@pytest.mark.parametrize("text", ["12 ABC", "€5 USD", "$5 EUR", "¥5 KRW"])
def test_an_unknown_or_contradictory_currency_is_refused(text):
    with pytest.raises(BadValue, match="currency is not known"):
        parse_amount(text)


@pytest.mark.parametrize("text", ["", "USD", "5 KG", "5 EUR EUR", "€1 2€", "EUR" * 100, "€" + " " * 100_000])
def test_an_invalid_amount_is_refused(text):
    with pytest.raises(BadValue, match="is not a number"):
        parse_amount(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        *(
            ("20%", "0.2"),
            ("２０％", "0.2"),
            ("12.5 %", "0.125"),
            ("12,5%", "0.125"),
            ("0.2", "0.2"),
            ("0", "0"),
            ("1", "1"),
        ),
        *(
            ("8折", "0.2"),
            ("85折", "0.15"),
            ("8.5折", "0.15"),
            ("八折", "0.2"),
            ("八五折", "0.15"),
            ("九折", "0.1"),
        ),
    ],
)
def test_a_percentage_is_stored_as_a_fraction(text, expected):
    assert parse_share(text) == Decimal(expected)


@pytest.mark.parametrize("text", ["20", "-5%", "150%", "1.01", "10折", "100折", "0折", "85.5折"])
def test_a_percentage_out_of_range_is_refused_with_the_range(text):
    with pytest.raises(BadValue, match="not a percentage") as caught:
        parse_share(text)
    assert caught.value.hint == "Write for example 20% or 0.2."


@pytest.mark.parametrize("text", ["", "%", "折", "5%%", "x%"])
def test_a_percentage_without_a_number_is_refused(text):
    with pytest.raises(BadValue, match="is not a number"):
        parse_share(text)


@pytest.mark.parametrize(
    ("number", "places", "expected"),
    [
        *(
            ("1234567.5", None, "1,234,567.5"),
            ("12.50", None, "12.50"),
            ("3E+4", None, "30,000"),
            ("1E-7", None, "0.0000001"),
        ),
        *(("-1234.5", 2, "-1,234.50"), ("2.345", 2, "2.35"), ("-2.345", 2, "-2.35"), ("1234.5", 0, "1,235")),
        *(
            ("-0.004", 2, "0.00"),
            ("0", 2, "0.00"),
            ("-0", None, "0"),
            ("9.999", 2, "10.00"),
            ("1e15", 1, "1,000,000,000,000,000.0"),
        ),
    ],
)
def test_a_number_is_shown_grouped_and_rounded_half_up(number, places, expected):
    assert show_number(Decimal(number), places) == expected


@pytest.mark.parametrize(
    ("number", "places", "expected"),
    [
        ("1234567.5", None, "1.234.567,5"),
        ("-1234.5", 2, "-1.234,50"),
        ("1234.5", 0, "1.235"),
        ("0.125", None, "0,125"),
        ("12", None, "12"),
    ],
)
def test_with_a_decimal_comma_points_separate_thousands(number, places, expected):
    assert show_number(Decimal(number), places, ",") == expected


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        *(
            ("12.50", "12.5"),
            ("0", "0"),
            ("-0.0", "0"),
            ("0.00", "0"),
            ("3E+4", "30000"),
            ("1E-7", "0.0000001"),
        ),
        *(("100", "100"), ("1200.0", "1200"), ("-5.10", "-5.1")),
    ],
)
def test_numbers_in_files_are_as_short_as_possible(number, expected):
    assert plain_number(Decimal(number)) == expected
