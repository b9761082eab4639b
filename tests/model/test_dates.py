"""Dates as people type them. Today is Saturday, 21 November 2026."""

import subprocess
import sys
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.errors import BadValue
from archive.model.dates import (
    PartialDate,
    Span,
    age,
    date_bounds,
    parse_date,
    parse_datetime,
    parse_partial,
    parse_span,
    show_date,
    trailing_date,
)
from archive.model.widths import narrow

TODAY = date(2026, 11, 21)
NOW = datetime(2026, 11, 21, 15, 30, 12, 345)  # noqa: DTZ001
ORDERS = ("dmy", "mdy", "ymd")

days = st.dates(min_value=date(1000, 1, 1))
partial_dates = st.one_of(
    days.map(PartialDate.of),
    st.builds(PartialDate, st.integers(1000, 9999), st.none() | st.integers(1, 12)),
    st.builds(PartialDate, st.none(), st.integers(1, 12), st.none() | st.integers(1, 28)),
)
# Words of dates in every order find more than random letters do.
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


def reads(text: str, order: str = "dmy") -> str:
    return parse_date(text, TODAY, order).isoformat()


def moment(text: str) -> str:
    return parse_datetime(text, NOW).isoformat(sep=" ", timespec="minutes")


# Partial dates


@pytest.mark.parametrize("text", ["2026-04-03", "2026-04", "2026", "--03-05", "--03", "--02-29"])
def test_a_partial_date_is_written_as_it_is_loaded(text):
    assert str(PartialDate.load(text)) == text


@pytest.mark.parametrize(
    "text",
    ["", "-", "--", "26", "2026-4", "2026-02-31", "2025-02-29", "0999", "2026-13", "--00", "2026-04-03x"],
)
def test_what_is_not_a_stored_date_is_a_bad_value(text):
    with pytest.raises(BadValue):
        PartialDate.load(text)


@pytest.mark.parametrize(
    "parts", [(None, None, None), (2026, None, 3), (None, None, 3), (2026, 4, 0), (10000, 1)]
)
def test_an_impossible_partial_date_cannot_be_made(parts):
    with pytest.raises(BadValue, match="no such date"):
        PartialDate(*parts)


def test_partial_dates_sort_by_time_with_the_unknown_first():
    texts = ["2026-04-03", "2026", "--05", "2026-04", "2025-12-31", "--05-01"]
    ordered = sorted(map(PartialDate.load, texts), key=lambda partial: partial.sort_key)
    assert list(map(str, ordered)) == ["--05", "--05-01", "2025-12-31", "2026", "2026-04", "2026-04-03"]


@given(partial_dates)
def test_every_partial_date_comes_back_from_its_text(partial):
    assert PartialDate.load(str(partial)) == partial


def test_a_partial_date_knows_whether_it_is_whole():
    assert PartialDate.load("2026-04-03").whole == date(2026, 4, 3)
    assert PartialDate.load("2026-04").whole is None


# One day


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
def test_the_order_of_the_settings_decides_only_what_figures_leave_open(order, text, expected):
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
def test_what_has_happened_was_on_the_latest_such_day_and_what_is_to_come_is_on_the_next(text, past, coming):
    assert parse_date(text, TODAY, lean="past").isoformat() == past
    assert parse_date(text, TODAY, lean="coming").isoformat() == coming


@pytest.mark.parametrize(
    "text",
    ["2027-04-03", "3 Apr 2027", "next fri", "last fri", "下周五", "tomorrow", "yesterday", "+2w", "-3d"],
)
def test_a_day_that_is_said_in_full_is_that_day_whatever_it_is_for(text):
    assert {parse_date(text, TODAY, lean=lean) for lean in ("past", "nearest", "coming")} == {
        parse_date(text, TODAY)
    }


def test_a_weekday_beside_a_day_without_a_year_belongs_to_the_day_that_is_meant():
    assert parse_date("Fri 3 Apr", TODAY, lean="past") == date(2026, 4, 3)
    assert parse_date("Sat 3 Apr", TODAY, lean="coming") == date(2027, 4, 3)
    with pytest.raises(BadValue, match="weekday does not fit"):
        parse_date("Sat 3 Apr", TODAY, lean="past")


def test_a_leap_day_is_looked_for_within_a_year():
    assert parse_date("29 Feb", date(2025, 1, 31), lean="past") == date(2024, 2, 29)
    assert parse_date("29 Feb", date(2027, 11, 21), lean="coming") == date(2028, 2, 29)
    for lean in ("past", "nearest", "coming"):
        with pytest.raises(BadValue, match="names no single day"):
            parse_date("29 Feb", TODAY, lean=lean)


@given(st.dates(date(1001, 1, 1), date(9998, 12, 31)), st.integers(1, 12), st.integers(1, 28))
def test_a_past_day_is_never_ahead_and_a_coming_one_never_behind(today, month, day):
    text = f"{month:02d}-{day:02d}"
    past, coming = (parse_date(text, today, "ymd", lean) for lean in ("past", "coming"))
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
def test_words_are_read_as_seen_from_today(text, expected):
    assert reads(text) == expected


def test_months_are_counted_by_the_calendar_and_clip_at_the_end():
    assert parse_date("+1m", date(2027, 1, 31)) == date(2027, 2, 28)
    assert parse_date("+1y", date(2028, 2, 29)) == date(2029, 2, 28)


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
            "٣/٤/٢٠٢٦",
            "\ud800",
        ),
    ],
)
def test_what_names_no_day_is_a_bad_value_with_a_hint(text):
    with pytest.raises(BadValue) as caught:
        parse_date(text, TODAY)
    assert caught.value.hint


def test_the_sentence_names_what_was_read_and_what_would_do():
    with pytest.raises(BadValue) as caught:
        parse_date("soonish " * 20, TODAY)
    assert "soonish soonish" in caught.value.message
    assert len(caught.value.message) < 90
    assert caught.value.hint == "Write for example 2026-04-03, 3 Apr, next fri or +2w."


@pytest.mark.parametrize("text", ["2026-04-03 Mon", "Mon Apr 3 10:00:00 2026", "周一 2026年4月3日"])
def test_a_weekday_that_does_not_fit_the_date_is_said(text):
    with pytest.raises(BadValue, match="weekday does not fit") as caught:
        parse_date(text, TODAY)
    assert caught.value.hint == "That day is 2026-04-03 Fri."


def test_dateutil_reads_the_rest():
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
def test_dateutil_fills_nothing_in_and_drops_nothing(text):
    with pytest.raises(BadValue):
        parse_date(text, TODAY)


def test_the_edge_of_the_calendar_is_no_trap():
    last = date(9999, 12, 31)
    assert parse_date("31-12", last) == last
    assert parse_date("1 Jan", date(9999, 2, 1)) == date(9999, 1, 1)
    for text in ("tomorrow", "+1m", "next fri", "下周五"):
        with pytest.raises(BadValue, match="outside the calendar"):
            parse_date(text, last)


def test_a_plain_date_never_waits_for_dateutil():
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


@given(days)
def test_a_shown_date_is_read_back(day):
    assert parse_date(show_date(day), TODAY) == day


@given(texts, st.sampled_from(ORDERS), days)
def test_no_text_raises_anything_but_a_bad_value(text, order, today):
    for read in (parse_date, parse_partial, date_bounds):
        with suppress(BadValue):
            read(text, today, order)
    with suppress(BadValue):
        parse_datetime(text, datetime.combine(today, NOW.time()), order)
    with suppress(BadValue):
        parse_span(text)
    trailing_date(text, today, order)


# Parts of dates and whole ranges


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
def test_a_partial_date_keeps_just_what_was_said(text, expected):
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


def test_a_month_of_no_year_has_no_bounds():
    with pytest.raises(BadValue, match="no single day"):
        date_bounds("April", TODAY)


# Times


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        *(("now", "2026-11-21 15:30"), ("现在", "2026-11-21 15:30"), ("14:30", "2026-11-21 14:30")),
        *(("2pm", "2026-11-21 14:00"), ("12am", "2026-11-21 00:00"), ("12:15 pm", "2026-11-21 12:15")),
        *(("9 am", "2026-11-21 09:00"), ("14h30", "2026-11-21 14:30"), ("14h", "2026-11-21 14:00")),
        *(
            ("today 9:00", "2026-11-21 09:00"),
            ("yesterday 14.30", "2026-11-20 14:30"),
            ("１４：３０", "2026-11-21 14:30"),
        ),
        *(("2026-04-03 14:00", "2026-04-03 14:00"), ("2026-04-03T14:00", "2026-04-03 14:00")),
        *(("2026-04-03T14:00:59.9+08:00", "2026-04-03 14:00"), ("2026-04-03T14:00Z", "2026-04-03 14:00")),
        *(
            ("3 apr at 2pm", "2027-04-03 14:00"),
            ("next fri, 9:15", "2026-11-27 09:15"),
            ("+2w 14:00", "2026-12-05 14:00"),
        ),
        *(
            ("明天下午2点半", "2026-11-22 14:30"),
            ("4月3日14点05分", "2027-04-03 14:05"),
            ("上午9点", "2026-11-21 09:00"),
        ),
        *(
            ("后天 下午2:30", "2026-11-23 14:30"),
            ("上午12点", "2026-11-21 00:00"),
            ("下午14点", "2026-11-21 14:00"),
        ),
        *(
            ("2026-04-03", "2026-04-03 00:00"),
            ("3/4/2026", "2026-04-03 00:00"),
            ("Fri 3 Apr 2026", "2026-04-03 00:00"),
        ),
        *(("Fri Apr 3 10:05:30 2026", "2026-04-03 10:05"), ("3rd of April, 2026 10:05", "2026-04-03 10:05")),
    ],
)
def test_a_time_is_read_as_the_local_wall_time_that_is_written(text, expected):
    assert moment(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "14",
        "14.30",
        "25:00",
        "14:60",
        "13pm",
        "0am",
        "14:",
        "x 14:00",
        "2026 14:00",
        "today 14:30" + " " * 60,
    ],
)
def test_what_is_no_time_is_a_bad_value(text):
    with pytest.raises(BadValue):
        parse_datetime(text, NOW)


def test_now_loses_its_zone():
    assert parse_datetime("now", NOW.replace(tzinfo=UTC)) == NOW.replace(second=0, microsecond=0)


@given(st.datetimes(min_value=datetime(1000, 1, 1)))  # noqa: DTZ001
def test_an_iso_time_is_read_to_the_minute(moment):
    assert parse_datetime(moment.isoformat(), NOW) == moment.replace(second=0, microsecond=0)


# Shown


def test_a_date_is_shown_with_its_weekday():
    assert show_date(TODAY) == "2026-11-21 Sat"


@pytest.mark.parametrize(
    ("days_back", "expected"),
    [
        *((0, "today"), (1, "yesterday"), (2, "2d ago"), (99, "99d ago"), (100, "3m ago"), (426, "14m ago")),
        *((1095, "35m ago"), (1096, "3y ago"), (3700, "10y ago")),
        *(
            (-1, "tomorrow"),
            (-3, "in 3d"),
            (-99, "in 99d"),
            (-100, "in 3m"),
            (-400, "in 13m"),
            (-4000, "in 10y"),
        ),
    ],
)
def test_an_age_is_in_days_then_months_then_years(days_back, expected):
    assert age(TODAY - timedelta(days=days_back), TODAY) == expected


# Spans


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
def test_a_span_is_days_and_calendar_months(text, expected):
    assert parse_span(text) == expected


@pytest.mark.parametrize(
    "text", ["", "90", "d", "-3d", "1.5y", "999999w", "999999y", "1000000d", "1d2d3d4d5d"]
)
def test_what_is_no_span_is_a_bad_value(text):
    with pytest.raises(BadValue, match="length of time"):
        parse_span(text)


def test_a_span_goes_both_ways():
    assert parse_span("8w").before(TODAY) == date(2026, 9, 26)
    assert parse_span("3m").before(date(2027, 5, 31)) == date(2027, 2, 28)
    assert parse_span("1m1d").after(date(2027, 1, 31)) == date(2027, 3, 1)
    with pytest.raises(BadValue, match="outside"):
        parse_span("9000y").before(TODAY)


def test_a_date_in_a_traceback_reads_as_it_is_kept():
    assert repr(PartialDate(None, 4, 3)) == "<PartialDate --04-03>"


@pytest.mark.parametrize(
    ("months", "days", "text"), [(6, 10, "6m10d"), (3, 0, "3m"), (0, 8, "8d"), (0, 0, "0d")]
)
def test_a_span_is_said_as_it_may_be_typed(months, days, text):
    assert str(Span(days=days, months=months)) == text
    assert parse_span(text) == Span(days=days, months=months)


@given(st.builds(Span, st.integers(0, 999_999), st.integers(0, 999_999)))
def test_every_span_comes_back_from_its_text(span):
    assert parse_span(str(span)) == span


# A date at the end of a sentence


@pytest.mark.parametrize(
    ("text", "rest", "expected"),
    [
        ("price talk, send quote +2w", "price talk, send quote", "2026-12-05"),
        ("called next fri", "called", "2026-11-27"),
        ("x 2026-04-03", "x", "2026-04-03"),
        ("due 03/04/26.", "due", "2026-04-03"),
        ("call back, Tomorrow", "call back", "2026-11-22"),
        ("meet in 3 days", "meet", "2026-11-24"),
        ("send quote friday", "send quote", "2026-11-27"),
        ("visit 3 apr", "visit", "2027-04-03"),
        ("visit April 3, 2026", "visit", "2026-04-03"),
        ("谈价格，下周五", "谈价格", "2026-11-27"),
        ("回电明天。", "回电", "2026-11-22"),
        ("送样品 3天后", "送样品", "2026-11-24"),
        ("see 2026年4月3日", "see", "2026-04-03"),
        ("tomorrow", "", "2026-11-22"),
        ("word " * 500 + "+2w", ("word " * 500).rstrip(), "2026-12-05"),
    ],
)
def test_a_date_at_the_end_of_a_sentence_is_split_off(text, rest, expected):
    assert trailing_date(text, TODAY) == (rest, date.fromisoformat(expected))


@pytest.mark.parametrize(
    "text",
    [
        *(
            "",
            "wants 20",
            "she may",
            "on mon",
            "in march",
            "they sat",
            "sun",
            "sold 3.5",
            "call 3-4",
            "v1.2.3",
            "ip 1.2.3.04",
        ),
        *(
            "ref12-2026-04-03",
            "x 31.02.2026",
            "3天后回电",
            "(2 weeks ago)",
            "tomorrow we call",
            "they march 3",
            "2026",
            "blahtoday",
        ),
    ],
)
def test_a_sentence_without_an_evident_date_stays_whole(text):
    assert trailing_date(text, TODAY) == (text, None)


@given(st.text(max_size=100), days)
def test_a_date_behind_any_sentence_is_found_and_the_sentence_kept(sentence, day):
    rest, found = trailing_date(f"{sentence} {day}", TODAY)
    assert found == day
    assert sentence.startswith(rest)


@given(st.text(max_size=200))
def test_narrowing_keeps_every_position(text):
    assert len(narrow(text)) == len(text)
