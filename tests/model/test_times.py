"""Test parsing times of day, with and without a date."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typed import NOW, moment

from archive.errors import BadValue
from archive.model.dates import parse_datetime


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
def test_a_time_is_read_as_local_time(text, expected):
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
def test_an_invalid_time_is_refused(text):
    with pytest.raises(BadValue):
        parse_datetime(text, NOW)


def test_now_has_no_zone():
    assert parse_datetime("now", NOW.replace(tzinfo=UTC)) == NOW.replace(second=0, microsecond=0)


@given(st.datetimes(min_value=datetime(1000, 1, 1)))  # noqa: DTZ001
def test_an_iso_time_is_read_to_the_minute(moment):
    assert parse_datetime(moment.isoformat(), NOW) == moment.replace(second=0, microsecond=0)
