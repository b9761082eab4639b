"""Test the archive's working hours and holidays. It is Saturday, 21 November 2026, 15:20 in Berlin."""

from datetime import date, datetime

import pytest

from archive.model.archive_settings import ArchiveSettings, Holiday
from archive.model.contact_details import Window
from archive.model.contact_times import reach, say_reach
from archive.model.field_types.base import Context
from archive.model.records.customer import Customer
from archive.model.working_time import ALWAYS, WorkingTime

NOW = datetime.fromisoformat("2026-11-21T15:20")
CTX = Context(NOW, zone="Europe/Berlin")
CHRISTMAS = {date(2026, 12, 25): "Christmas Day", date(2026, 12, 26): ""}


def hours(line: str):
    return Window.all_from_line(line, CTX)


def working(line: str, holidays=()):
    return ArchiveSettings(working_hours=hours(line), holidays=tuple(holidays)).working_time


WEEK = working("Mon-Fri 9-12; 13-17", (Holiday(on=day, name=name) for day, name in CHRISTMAS.items()))
NIGHTS = working("Fri 22-6")


@pytest.mark.parametrize(
    ("week", "moment", "why"),
    [
        (ALWAYS, "2026-11-21T03:00", ""),
        (WEEK, "2026-11-20T09:00", ""),
        (WEEK, "2026-11-20T12:00", "outside our working hours"),
        (WEEK, "2026-11-20T16:59", ""),
        (WEEK, "2026-11-20T17:00", "outside our working hours"),
        (WEEK, "2026-11-21T10:00", "outside our working hours"),  # a Saturday
        (WEEK, "2026-12-25T10:00", "our holiday: Christmas Day"),
        (WEEK, "2026-12-26T10:00", "our holiday"),
        (NIGHTS, "2026-11-21T05:59", ""),  # the night from Friday
        (NIGHTS, "2026-11-21T06:00", "outside our working hours"),
    ],
)
def test_the_reason_for_not_working_is_shown(week, moment, why):
    assert week.closed(datetime.fromisoformat(moment)) == why


@pytest.mark.parametrize(
    ("week", "day", "found"),
    [
        (ALWAYS, "2026-11-21", "2026-11-21"),
        (WEEK, "2026-11-21", "2026-11-23"),
        (WEEK, "2026-12-24", "2026-12-24"),
        (WEEK, "2026-12-25", "2026-12-28"),  # two holidays and a Sunday
        (WorkingTime((), CHRISTMAS), "2026-12-25", "2026-12-27"),
        (WEEK, "9999-12-31", "9999-12-31"),  # the last possible day
    ],
)
def test_the_next_working_day_skips_days_off_and_holidays(week, day, found):
    assert week.working_day(date.fromisoformat(day)) == date.fromisoformat(found)


def test_without_working_days_the_day_is_unchanged():
    every = {date.fromordinal(NOW.toordinal() + n): "" for n in range(400)}
    assert WorkingTime((), every).working_day(NOW.date()) == NOW.date()


@pytest.mark.parametrize(
    ("start", "end", "opens"),
    [
        ("2026-11-20T16:00", "2026-11-20T20:00", "2026-11-20T16:00"),
        ("2026-11-20T18:00", "2026-11-23T20:00", "2026-11-23T09:00"),
        ("2026-11-20T12:30", "2026-11-20T20:00", "2026-11-20T13:00"),
        ("2026-11-21T09:00", "2026-11-21T17:00", None),
        ("2026-12-25T09:00", "2026-12-25T17:00", None),
    ],
)
def test_the_first_working_moment_is_found(start, end, opens):
    found = WEEK.first_open(datetime.fromisoformat(start), datetime.fromisoformat(end))
    assert found == (datetime.fromisoformat(opens) if opens else None)


def said(line: str, week: WorkingTime, now: datetime = NOW, **values) -> str:
    ctx = CTX._replace(working=week, now=now)
    customer = Customer(kind="person", full_name="Marta", windows=hours(line), **values)
    return say_reach(reach(customer, ctx), ctx)


def test_contact_hours_outside_our_working_time_are_flagged():
    assert said("Sat 9-17 phone", ALWAYS) == "reachable until 17:00 by phone"
    assert said("Sat 9-17 phone", WEEK) == "reachable until 17:00 by phone · outside our working hours"
    christmas = datetime.fromisoformat("2026-12-25T10:00")
    assert said("daily 9-17", WEEK, christmas) == "reachable until 17:00 · our holiday: Christmas Day"


@pytest.mark.parametrize(
    ("line", "week", "now", "when"),
    [
        ("Fri 9-17 shop", WorkingTime((), CHRISTMAS), "2026-12-24T10:00", "next 2027-01-01 Fri 09:00 · shop"),
        ("Mon 8-10", WEEK, "2026-11-21T10:00", "next Mon 09:00"),
        ("Mon 18-20", WEEK, "2026-11-21T10:00", ""),  # never within our working hours
        ("Sat 9-17; Mon 10-12", WEEK, "2026-11-21T08:00", "next Mon 10:00"),
    ],
)
def test_the_next_call_time_lies_within_our_working_hours(line, week, now, when):
    assert said(line, week, datetime.fromisoformat(now)) == when


def test_our_working_hours_are_in_our_time_zone():
    """9:00 to 12:00 in Berlin is 16:00 to 19:00 in Shanghai, where the customer is in the office until 17:00."""
    morning = datetime.fromisoformat("2026-11-23T01:30")
    asked = {"line": "Mon-Fri 9-17", "week": WEEK, "time_zone": "Asia/Shanghai"}
    assert said(now=morning, **asked) == "08:30 there · from 16:00"
    assert said(now=datetime.fromisoformat("2026-11-23T03:00"), **asked) == (
        "10:00 there · reachable until 17:00 · outside our working hours"
    )


def test_a_day_is_named_only_if_it_is_a_holiday():
    assert [WEEK.holiday(date(2026, 12, day)) for day in (24, 25)] == ["", "our holiday: Christmas Day"]
