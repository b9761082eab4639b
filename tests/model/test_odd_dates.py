"""Test that invalid and ambiguous dates are refused with a message, without guessing or dropping any part."""

from contextlib import suppress
from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import TODAY, days
from typed import NOW, ORDERS, moment, reads

from archive.errors import BadValue
from archive.model.dates import (
    date_bounds,
    parse_date,
    parse_datetime,
    parse_partial,
    parse_span,
    trailing_date,
)

# Random sequences of date words find more bugs than random letters.
date_words = st.lists(
    st.sampled_from(
        "next last fri sat 周五 下 in 3 31 2026 12 may apr - / . + 天 后 年 月 日 ago w m y of and at t z a pm : 14:30 "
        "10 2pm 99999 00 ' ( ) eom today 明天 点 半".split(" ")
    ),
    max_size=9,
)
texts = st.one_of(
    st.text(max_size=200), date_words.map(" ".join), date_words.map("".join), st.text("0123456789-/.+ :年月")
)


@pytest.mark.parametrize(
    "text",
    [
        *(
            "",
            "  ",
            "14",
            "1.2.3",
            "12.50",
            "2026",
            "2026-04",
            "Apr 2026",
            "may",
            "2026年4月",
            "29-2",
            "--04",
            "--04-31",
        ),
        *(
            "31.02.2026",
            "32/1/2026",
            "2026-13-01",
            "2025-02-29",
            "0999-01-01",
            "99/99/9999",
            "1/2/345",
            "2026-0x-03",
        ),
        *(
            "1/345/2026",
            "345/1/2026",
            "Tuesday blah",
            "Tue 2026",
            "Tuesday 2026-04",
            "next",
            "next foo",
            "3 foo 2026",
        ),
        *(
            "+999999y",
            "-999999w",
            "in 999999 years",
            "2026-04-03x",
            "13 apr 10 2026 11 2027",
            "1 may 0026 x",
            "a may 2026",
        ),
        *(
            "x 2026 may 3",
            "2026 4.30",
            "25:99",
            "2026-04-03" + " " * 60,
            "apr 3 2026 " * 8,
            "\ud800",
        ),
    ],
)
def test_a_text_without_a_day_is_refused_with_a_hint(text):
    with pytest.raises(BadValue) as caught:
        parse_date(text, TODAY)
    assert caught.value.hint


def test_the_error_names_the_input_and_a_remedy():
    with pytest.raises(BadValue) as caught:
        parse_date("soonish " * 20, TODAY)
    assert "soonish soonish" in caught.value.message
    assert len(caught.value.message) < 90
    assert caught.value.hint == "Write for example 2026-04-03, 3 Apr, next fri or +2w."


@pytest.mark.parametrize("text", ["2026-04-03 Mon", "Mon Apr 3 10:00:00 2026", "周一 2026年4月3日"])
def test_a_weekday_contradicting_the_date_is_refused(text):
    with pytest.raises(BadValue, match="weekday does not match") as caught:
        parse_date(text, TODAY)
    assert caught.value.hint == "Correct one of them: that day is 2026-04-03 Fri."


def test_other_formats_are_read_by_dateutil():
    assert reads("Apr 3, at 10:15:00, 2026") == "2026-04-03"
    assert moment("Fri, Apr 3 10:15:00 +0800 2026") == "2026-04-03 10:15"


@pytest.mark.parametrize(
    "text",
    [
        *("Apr 10:15:00 2026", "at 3 Apr 10:15:00", "Apr 3 Mon 10:15:00 2026", "apr 3 10:15:00 99999999999"),
        *("10 - 12 Apr 2026", "apr 10 of 12 2026", "apr 06 at 0000", "0300 at may 12", "apr 3 at 3:00 0026"),
        *("may 4.5 at 2026", "2026 apr at 2026", "3 blah apr 2026", "apr 3 at 31:15:00, 2026"),
    ],
)
def test_dateutil_neither_fills_in_nor_drops_parts(text):
    with pytest.raises(BadValue):
        parse_date(text, TODAY)


def test_dates_at_the_calendars_limits_are_handled():
    last = date(9999, 12, 31)
    assert parse_date("31-12", last) == last
    assert parse_date("1 Jan", date(9999, 2, 1)) == date(9999, 1, 1)
    for text in ("tomorrow", "+1m", "next fri", "下周五"):
        with pytest.raises(BadValue, match="outside the calendar"):
            parse_date(text, last)


@given(texts, st.sampled_from(ORDERS), days)
def test_any_text_is_parsed_or_refused(text, order, today):
    for read in (parse_date, parse_partial, date_bounds):
        with suppress(BadValue):
            read(text, today, order)
    with suppress(BadValue):
        parse_datetime(text, datetime.combine(today, NOW.time()), order)
    with suppress(BadValue):
        parse_span(text)
    trailing_date(text, today, order)
