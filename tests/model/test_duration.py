"""Test durations: parsing, formatting, and how long ago a day was."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import TODAY

from archive.errors import BadValue
from archive.model.dates import Span, age, parse_span


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        *(("90d", Span(90)), ("8w", Span(56)), ("6m", Span(0, 6)), ("2y", Span(0, 24)), ("８Ｗ", Span(56))),
        *(
            ("1y6m", Span(0, 18)),
            ("3 months", Span(0, 3)),
            ("3个月", Span(0, 3)),
            ("2周", Span(14)),
            ("0d", Span()),
        ),
    ],
)
def test_a_duration_has_days_and_calendar_months(text, expected):
    assert parse_span(text) == expected


@pytest.mark.parametrize(
    "text", ["", "90", "d", "-3d", "1.5y", "999999w", "999999y", "1000000d", "1d2d3d4d5d"]
)
def test_an_invalid_duration_is_refused(text):
    with pytest.raises(BadValue, match="duration"):
        parse_span(text)


def test_a_duration_can_be_added_and_subtracted():
    assert parse_span("8w").before(TODAY) == date(2026, 9, 26)
    assert parse_span("3m").before(date(2027, 5, 31)) == date(2027, 2, 28)
    assert parse_span("1m1d").after(date(2027, 1, 31)) == date(2027, 3, 1)
    with pytest.raises(BadValue, match="outside"):
        parse_span("9000y").before(TODAY)


@pytest.mark.parametrize(
    ("months", "days", "text"), [(6, 10, "6m10d"), (3, 0, "3m"), (0, 8, "8d"), (0, 0, "0d")]
)
def test_a_duration_is_shown_as_it_can_be_typed(months, days, text):
    assert str(Span(days=days, months=months)) == text
    assert parse_span(text) == Span(days=days, months=months)


@given(st.builds(Span, st.integers(0, 999_999), st.integers(0, 999_999)))
def test_durations_round_trip_through_text(span):
    assert parse_span(str(span)) == span


@pytest.mark.parametrize(
    ("days_back", "expected"),
    [
        *(
            (0, "today"),
            (1, "yesterday"),
            (2, "2 d ago"),
            (99, "99 d ago"),
            (100, "3 mo ago"),
            (426, "14 mo ago"),
        ),
        *((1095, "35 mo ago"), (1096, "3 y ago"), (3700, "10 y ago")),
        *(
            (-1, "tomorrow"),
            (-3, "in 3 d"),
            (-99, "in 99 d"),
            (-100, "in 3 mo"),
            (-400, "in 13 mo"),
            (-4000, "in 10 y"),
        ),
    ],
)
def test_an_age_is_shown_in_days_then_months_then_years(days_back, expected):
    assert age(TODAY - timedelta(days=days_back), TODAY) == expected
