"""Test parsing birthdays: a birthday is never after today."""

from datetime import date, datetime

import pytest

from archive.errors import BadValue
from archive.model.dates import parse_birthday
from archive.model.derived import Row
from archive.model.field_types.base import Context
from archive.model.filters import compile_query
from archive.model.query import parse
from archive.model.records.customer import Customer

TODAY = date(2026, 11, 21)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("03.04.46", "1946-04-03"),  # any other date would be in 2046
        ("03.04.27", "1927-04-03"),
        ("03.04.26", "2026-04-03"),
        ("22.11.26", "1926-11-22"),  # tomorrow, so a hundred years ago
        ("21.11.26", "2026-11-21"),
        ("3 Apr '44", "1944-04-03"),
        ("44年4月3日", "1944-04-03"),
        ("03.04.44 00:00", "1944-04-03"),
        ("29.2.28", "1928-02-29"),
        ("--0414", "--04-14"),  # RFC 6350, section 4.3.1
        ("--04", "--04"),
        ("3 Dec", "--12-03"),
        ("Fri 3 Apr 1987", "1987-04-03"),
    ],
)
def test_a_birthday_is_in_the_past(text: str, meant: str) -> None:
    assert str(parse_birthday(text, TODAY)) == meant


@pytest.mark.parametrize("text", ["2026-11-22", "tomorrow", "2027", "Dec 2026", "03.04.2097"])
def test_a_future_birthday_is_refused(text: str) -> None:
    with pytest.raises(BadValue, match=r"The birthday .* is after today, 2026-11-21\.") as error:
        Customer.FIELDS["birthday"].type.parse(text, Context(datetime.combine(TODAY, datetime.min.time())))
    assert error.value.hint


def test_an_impossible_day_is_refused() -> None:
    with pytest.raises(BadValue, match="does not exist"):
        parse_birthday("29.2.27", TODAY)


PEOPLE = ["1970-03-05", "1975", "1980-12-31", "1981-03", "--03-20", "--11-27", "--12", "1990-01-15"]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("birthday:March", ["1970-03-05", "1981-03", "--03-20"]),
        ("birthday:1970..1980", ["1970-03-05", "1975", "1980-12-31"]),
        ("birthday:1980..1970", ["1970-03-05", "1975", "1980-12-31"]),
        ("birthday:1970-03..1975-06", ["1970-03-05"]),  # a birthday in 1975 may be after June
        ('birthday:"20 March"', ["--03-20"]),
        ("birthday:1981", ["1981-03"]),
        ('birthday:"next fri"', ["--11-27"]),  # the anniversary, as of Saturday 21 November
        ("birthday:三月", ["1970-03-05", "1981-03", "--03-20"]),
        ("birthday:today..+60d", ["1980-12-31", "--11-27", "--12", "1990-01-15"]),
        ("birthday:today..eoy", ["1980-12-31", "--11-27", "--12"]),
        ("birthday:1981-03", ["1981-03"]),
        ("birthday:05.03.70", ["1970-03-05"]),
        ("birthday:198", ["1980-12-31", "1981-03"]),
        ("birthday:12-31", ["1980-12-31"]),
        ("birthday:February..March", ["1970-03-05", "1981-03", "--03-20"]),
        ("birthday:December..January", ["1980-12-31", "--12", "1990-01-15"]),
        ('birthday:"1 Mar".."10 Mar"', ["1970-03-05"]),
        ("birthday:>1980", ["1981-03", "1990-01-15"]),
        ("birthday:>=1980", ["1980-12-31", "1981-03", "1990-01-15"]),
        ("birthday:<1980", ["1970-03-05", "1975"]),
        ("birthday:<=1975", ["1970-03-05", "1975"]),
        ("birthday:>March", ["1980-12-31", "--11-27", "--12"]),
        ("birthday:>=March", ["1970-03-05", "1980-12-31", "1981-03", "--03-20", "--11-27", "--12"]),
        ("birthday:<March", ["1990-01-15"]),
        ("birthday:<=March", ["1970-03-05", "1981-03", "--03-20", "1990-01-15"]),
        ("has:birthday", PEOPLE),
    ],
)
def test_birthdays_are_found_by_year_month_and_day(query: str, found: list[str]) -> None:
    ctx = Context(datetime(2026, 11, 21))  # noqa: DTZ001
    test = compile_query(parse(query), Customer, ctx)
    assert [raw for raw in PEOPLE if test(Row({"birthday": raw}))] == found


@pytest.mark.parametrize(
    "query",
    [
        *(
            "birthday:1970..March",
            "birthday:>soon",
            "birthday:soon..later",
            "birthday:Marhc",
            "birthday:1970-1980",
        ),
        *("birthday:1970s", "birthday:2w", "birthday:29 Feb", "birthday:5"),  # a blank ends the value
    ],
)
def test_an_empty_birthday_filter_is_refused(query: str) -> None:
    with pytest.raises(BadValue):
        compile_query(parse(query), Customer, Context(datetime(2026, 11, 21)))  # noqa: DTZ001
