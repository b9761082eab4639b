"""Test partial dates: stored form, parsing and bounds."""

from datetime import date

import pytest
from hypothesis import given
from strategies import TODAY, partial_dates

from archive.errors import BadValue
from archive.model.dates import PartialDate, date_bounds, parse_partial


@pytest.mark.parametrize("text", ["2026-04-03", "2026-04", "2026", "--03-05", "--03", "--02-29"])
def test_partial_dates_round_trip_through_storage(text):
    assert str(PartialDate.load(text)) == text


@pytest.mark.parametrize(
    "text",
    ["", "-", "--", "26", "2026-4", "2026-02-31", "2025-02-29", "0999", "2026-13", "--00", "2026-04-03x"],
)
def test_an_invalid_stored_date_is_refused(text):
    with pytest.raises(BadValue):
        PartialDate.load(text)


@pytest.mark.parametrize(
    "parts", [(None, None, None), (2026, None, 3), (None, None, 3), (2026, 4, 0), (10000, 1)]
)
def test_an_impossible_partial_date_cannot_be_made(parts):
    with pytest.raises(BadValue, match="does not exist"):
        PartialDate(*parts)


def test_partial_dates_sort_with_unknown_parts_first():
    texts = ["2026-04-03", "2026", "--05", "2026-04", "2025-12-31", "--05-01"]
    ordered = sorted(map(PartialDate.load, texts), key=lambda partial: partial.sort_key)
    assert list(map(str, ordered)) == ["--05", "--05-01", "2025-12-31", "2026", "2026-04", "2026-04-03"]


@given(partial_dates)
def test_partial_dates_round_trip_through_text(partial):
    assert PartialDate.load(str(partial)) == partial


def test_a_partial_date_knows_whether_it_is_complete():
    assert PartialDate.load("2026-04-03").full_date == date(2026, 4, 3)
    assert PartialDate.load("2026-04").full_date is None


def test_the_repr_of_a_partial_date_is_its_stored_form():
    assert repr(PartialDate(None, 4, 3)) == "<PartialDate --04-03>"


# Parsing


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        *(
            ("2026", "2026"),
            ("2026-04", "2026-04"),
            ("4/2026", "2026-04"),
            ("Apr 2026", "2026-04"),
            ("Apr '26", "2026-04"),
        ),
        *(
            ("2026 Apr", "2026-04"),
            ("2026年", "2026"),
            ("2026年4月", "2026-04"),
            ("4月", "--04"),
            ("April", "--04"),
        ),
        *(
            ("3 Apr", "--04-03"),
            ("3/4", "--04-03"),
            ("4月3日", "--04-03"),
            ("--04-03", "--04-03"),
            ("29.2.", "--02-29"),
        ),
        *(
            ("2026-04-03", "2026-04-03"),
            ("today", "2026-11-21"),
            ("3/4/26", "2026-04-03"),
            ("2026年4月份", "2026-04"),
        ),
    ],
)
def test_a_partial_date_stores_only_known_parts(text, expected):
    assert str(parse_partial(text, TODAY)) == expected


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2024", "2024-01-01", "2024-12-31"),
        ("2024-02", "2024-02-01", "2024-02-29"),
        ("2025年2月", "2025-02-01", "2025-02-28"),
        ("2024-03-05", "2024-03-05", "2024-03-05"),
        ("today", "2026-11-21", "2026-11-21"),
        ("3 Apr", "2027-04-03", "2027-04-03"),
    ],
)
def test_the_bounds_of_a_date_are_its_first_and_last_day(text, first, last):
    assert date_bounds(text, TODAY) == (date.fromisoformat(first), date.fromisoformat(last))


def test_a_month_without_a_year_has_no_bounds():
    with pytest.raises(BadValue, match="not a single day"):
        date_bounds("April", TODAY)


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("四月三日", "--04-03"),
        ("十二月二十五日", "--12-25"),
        ("十月十日", "--10-10"),
        ("三月", "--03"),
        ("3. Apr.", "--04-03"),
    ],
)
def test_months_are_read_in_chinese_numerals_and_with_a_full_stop(text, kept):
    assert str(parse_partial(text, TODAY)) == kept


@pytest.mark.parametrize("text", ["十三月一日", "二月三十日", "--1301", "--0230", "--0001", "--0400"])
def test_an_impossible_day_is_refused(text):
    with pytest.raises(BadValue, match="This date does not exist"):
        parse_partial(text, TODAY)
