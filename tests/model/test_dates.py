"""Test parsing and formatting dates. Today is Saturday, 21 November 2026."""

import subprocess
import sys
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import TODAY, days
from typed import ORDERS, reads

from archive.errors import BadValue
from archive.model.dates import parse_date, show_date


@pytest.mark.parametrize(
    "text",
    [
        *("2026-04-03", "20260403", "2026/4/3", "2026.4.3", "3/4/2026", "3.4.26", "3. 4. 2026", "03-04-2026"),
        *(
            "３／４／２０２６",
            "２０２６－０４－０３",
            "3 Apr 2026",
            "3apr26",
            "3-Apr-26",
            "April 3, 2026",
            "2026 Apr 3",
        ),
        *(
            "3 April '26",
            "3rd of April 2026",
            "Friday, 3rd of April, 2026",
            "Fri 3 Apr 2026",
            "2026-04-03 Fri",
        ),
        *(
            "2026年4月3日",
            "2026 年 4 月 3 日",
            "26年4月3号",
            "2026年4月3日 星期五",
            "2026-04-03 (周五)",
            "Apr/3-2026",
        ),
        *("2026-04-03T10:00:00Z", "2026-04-03 10:00:00 +0800", "3/4/2026 0:00", "Fri Apr 3 10:00:00 2026"),
        "2026-04-03\u00a0",
        *("٣/٤/٢٠٢٦", "2026—04—03", "3. Apr. 2026", "二〇二六年四月三日", "2026年四月3日"),
    ],
)
def test_a_date_is_read_in_any_of_its_usual_forms(text):
    assert reads(text) == "2026-04-03"


@pytest.mark.parametrize(
    ("order", "text", "expected"),
    [
        ("dmy", "3/4/2026", "2026-04-03"),
        ("mdy", "3/4/2026", "2026-03-04"),
        ("ymd", "3/4/2026", "2026-03-04"),
        ("ymd", "26/4/3", "2026-04-03"),
        ("dmy", "26/4/03", "2003-04-26"),
        ("mdy", "12-25", "2026-12-25"),
        ("ymd", "12-25", "2026-12-25"),
        ("dmy", "25-12", "2026-12-25"),
        ("mdy", "2026-04-03", "2026-04-03"),
        ("dmy", "2026/04/03", "2026-04-03"),
    ],
)
def test_the_configured_date_order_decides_only_ambiguous_dates(order, text, expected):
    assert reads(text, order) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1.1.46", "2046-01-01"),
        ("1.1.47", "1947-01-01"),
        ("1.1.00", "2000-01-01"),
        ("3 Apr '68", "1968-04-03"),
    ],
)
def test_a_year_of_two_digits_is_at_most_twenty_years_ahead(text, expected):
    assert reads(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("3-4", "2027-04-03"),
        ("3.4.", "2027-04-03"),
        ("1 Sept", "2026-09-01"),
        ("April 3", "2027-04-03"),
        ("4月3日", "2027-04-03"),
        ("Sat 3 Apr", "2027-04-03"),
        ("20 may", "2027-05-20"),
        ("25 may", "2026-05-25"),
    ],
)
def test_a_day_without_a_year_is_the_nearest_one(text, expected):
    assert reads(text) == expected


@pytest.mark.parametrize(
    ("text", "past", "coming"),
    [
        ("3 Apr", "2026-04-03", "2027-04-03"),
        ("3.4.", "2026-04-03", "2027-04-03"),
        ("4月3日", "2026-04-03", "2027-04-03"),
        ("20 Nov", "2026-11-20", "2027-11-20"),
        ("21 Nov", "2026-11-21", "2026-11-21"),
        ("22 Nov", "2025-11-22", "2026-11-22"),
        ("31 Dec", "2025-12-31", "2026-12-31"),
        ("1 Jan", "2026-01-01", "2027-01-01"),
        ("3 Apr 9:30", "2026-04-03", "2027-04-03"),
        ("fri", "2026-11-20", "2026-11-27"),
        ("saturday", "2026-11-14", "2026-11-28"),
        ("周五", "2026-11-20", "2026-11-27"),
        ("mon 9:30", "2026-11-16", "2026-11-23"),
    ],
)
def test_past_fields_take_the_latest_and_coming_fields_the_next_such_day(text, past, coming):
    assert parse_date(text, TODAY, prefer="past").isoformat() == past
    assert parse_date(text, TODAY, prefer="coming").isoformat() == coming


@pytest.mark.parametrize(
    "text",
    ["2027-04-03", "3 Apr 2027", "next fri", "last fri", "下周五", "tomorrow", "yesterday", "+2w", "-3d"],
)
def test_a_complete_date_is_taken_literally_in_any_field(text):
    assert {parse_date(text, TODAY, prefer=prefer) for prefer in ("past", "nearest", "coming")} == {
        parse_date(text, TODAY)
    }


def test_a_weekday_decides_the_year_of_a_day_without_one():
    assert parse_date("Fri 3 Apr", TODAY, prefer="past") == date(2026, 4, 3)
    assert parse_date("Sat 3 Apr", TODAY, prefer="coming") == date(2027, 4, 3)
    with pytest.raises(BadValue, match="weekday does not match"):
        parse_date("Sat 3 Apr", TODAY, prefer="past")


def test_a_leap_day_without_a_year_must_be_within_a_year():
    assert parse_date("29 Feb", date(2025, 1, 31), prefer="past") == date(2024, 2, 29)
    assert parse_date("29 Feb", date(2027, 11, 21), prefer="coming") == date(2028, 2, 29)
    for prefer in ("past", "nearest", "coming"):
        with pytest.raises(BadValue, match="not a single day"):
            parse_date("29 Feb", TODAY, prefer=prefer)


@given(st.dates(date(1001, 1, 1), date(9998, 12, 31)), st.integers(1, 12), st.integers(1, 28))
def test_past_dates_are_never_in_the_future_nor_coming_dates_in_the_past(today, month, day):
    text = f"{month:02d}-{day:02d}"
    past, coming = (parse_date(text, today, "ymd", prefer) for prefer in ("past", "coming"))
    assert past <= today <= coming
    assert (coming.year - past.year) == (past != coming)
    assert parse_date(text, today, "ymd") in (past, coming)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        *(("today", "2026-11-21"), ("Tomorrow", "2026-11-22"), ("yesterday", "2026-11-20")),
        *(("mon", "2026-11-23"), ("sunday", "2026-11-22"), ("sat", "2026-11-28"), ("next fri", "2026-11-27")),
        *(("last fri", "2026-11-20"), ("last saturday", "2026-11-14"), ("next week", "2026-11-28")),
        *(("next month", "2026-12-21"), ("last month", "2026-10-21"), ("next year", "2027-11-21")),
        *(("eow", "2026-11-22"), ("eom", "2026-11-30"), ("eoy", "2026-12-31"), ("月底", "2026-11-30")),
        *(("+2w", "2026-12-05"), ("+10d", "2026-12-01"), ("-3m", "2026-08-21"), ("+1y", "2027-11-21")),
        *(("＋２ｗ", "2026-12-05"), ("−1d", "2026-11-20"), ("+ 2 weeks", "2026-12-05")),
        *(("in 3 days", "2026-11-24"), ("in 2 weeks", "2026-12-05"), ("in a month", "2026-12-21")),
        *(("2 months ago", "2026-09-21"), ("3 days ago", "2026-11-18"), ("a year ago", "2025-11-21")),
        *(("今天", "2026-11-21"), ("明天", "2026-11-22"), ("昨天", "2026-11-20"), ("后天", "2026-11-23")),
        *(("前天", "2026-11-19"), ("大后天", "2026-11-24"), ("年底", "2026-12-31"), ("下个月", "2026-12-21")),
        *(
            ("周五", "2026-11-27"),
            ("下周五", "2026-11-27"),
            ("下星期五", "2026-11-27"),
            ("本周五", "2026-11-20"),
        ),
        *(
            ("上周一", "2026-11-09"),
            ("这周日", "2026-11-22"),
            ("下周天", "2026-11-29"),
            ("上周", "2026-11-14"),
        ),
        *(
            ("3天后", "2026-11-24"),
            ("2周前", "2026-11-07"),
            ("1个月后", "2026-12-21"),
            ("三天之后", "2026-11-24"),
        ),
        *(("两年前", "2024-11-21"), ("２个星期以后", "2026-12-05"), ("fri 14:30", "2026-11-27")),
    ],
)
def test_relative_words_count_from_today(text, expected):
    assert reads(text) == expected


def test_months_are_calendar_months_and_clip_at_month_ends():
    assert parse_date("+1m", date(2027, 1, 31)) == date(2027, 2, 28)
    assert parse_date("+1y", date(2028, 2, 29)) == date(2029, 2, 28)


def test_a_plain_date_does_not_import_dateutil():
    code = (
        "import sys; from datetime import date; from archive.model.dates import *; today = date(2026, 11, 21); "
        "[parse_date(text, today) for text in ('2026-04-03', '3/4/2026', '3 Apr', 'next fri', '+2w', '下周五')]; "
        "parse_span('90d').before(today); sys.exit('dateutil' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@given(days, st.sampled_from(ORDERS))
def test_an_iso_date_is_read_in_every_order(day, order):
    assert parse_date(day.isoformat(), TODAY, order) == day
    assert parse_date(day.strftime("%Y%m%d").zfill(8), TODAY, order) == day


# Showing


def test_a_date_is_shown_with_its_weekday():
    assert show_date(TODAY) == "2026-11-21 Sat"


@given(days)
def test_a_displayed_date_can_be_read_back(day):
    assert parse_date(show_date(day), TODAY) == day
