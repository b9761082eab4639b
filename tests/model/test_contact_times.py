"""Test contact hours. It is Saturday, 21 November 2026, 15:20 in Berlin."""

from datetime import UTC, date, datetime, time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.model.contact_details import Absence, Window
from archive.model.contact_times import Cell, Slot, exact, grid_of, reach, say_reach, windows_of
from archive.model.field_types.base import Context
from archive.model.records.customer import Customer

NOW = datetime(2026, 11, 21, 15, 20, 30)  # noqa: DTZ001
CTX = Context(NOW, zone="Europe/Berlin")
OFFICE = "Mon-Fri 9-17 phone office"
WEEKEND = "weekend 9-17 phone"


def customer(*windows: str, **values: Any) -> Customer:
    read = tuple(Window.from_line(line, CTX) for line in windows)
    return Customer.load({"kind": "person", "full_name": "Marta Smith"}).with_values(windows=read, **values)


def away(line: str) -> tuple[Absence, ...]:
    return (Absence.from_line(line, CTX),)


def said(who: Customer, ctx: Context = CTX) -> str:
    return say_reach(reach(who, ctx), ctx)


def at(hour: int, minute: int = 0, day: int = 21) -> Context:
    return Context(datetime(2026, 11, day, hour, minute), zone="Europe/Berlin")  # noqa: DTZ001


# Now


def test_without_hours_and_time_zone_nothing_is_shown() -> None:
    found = reach(customer(), CTX)
    assert said(customer()) == ""
    assert (found.now_there, found.has_zone, found.reachable) == (NOW, False, False)


def test_the_local_time_of_the_zone_is_shown() -> None:
    assert said(customer(time_zone="Asia/Shanghai")) == "22:20 there"


@pytest.mark.parametrize("zone", ["Nowhere/Land", "../etc/passwd", "Europe", "a" * 300])
def test_an_unknown_zone_falls_back_to_ours(zone: str) -> None:
    assert reach(customer(time_zone=zone), CTX).now_there == NOW


def test_without_a_configured_zone_the_systems_applies() -> None:
    found = reach(customer(time_zone="UTC"), Context(NOW))
    assert found.now_there == NOW.astimezone(UTC).replace(tzinfo=None)


def test_within_contact_hours_their_end_and_channel_are_shown() -> None:
    found = reach(customer(WEEKEND, time_zone="Europe/Lisbon"), CTX)
    assert (found.reachable, found.until, found.channel) == (True, time(17), "phone")
    assert say_reach(found, CTX) == "14:20 there · reachable until 17:00 by phone"


@pytest.mark.parametrize(
    ("window", "line"),
    [
        ("Sat 9-17", "reachable until 17:00"),
        ("Sat 9-17 shop", "reachable until 17:00 · shop"),
        ("daily 0-24 message", "reachable by message"),
        ("daily 0-24", "reachable"),
        ("Sat 15:20-15:30", "reachable until 15:30"),
        ("Sat 16-17", "from 16:00"),
        ("Sat 9-15:20", "next 2026-11-28 Sat 09:00"),
        (OFFICE, "next Mon 09:00 · office"),
    ],
)
def test_contact_hours_are_described_in_words(window: str, line: str) -> None:
    assert said(customer(window)) == line


def test_adjacent_windows_are_merged() -> None:
    assert said(customer("Sat 9-16 phone", "Sat 16-18 phone")) == "reachable until 18:00 by phone"
    assert said(customer("Sat 9-16 phone", "Sat 16-18 email")) == "reachable until 16:00 by phone"
    assert said(customer("Sat 9-18 phone", "Sat 10-16 phone")) == "reachable until 18:00 by phone"


def test_the_preferred_or_else_the_longer_window_names_the_channel() -> None:
    ways = ("Sat 9-16 phone", "Sat 9-18 email")
    assert said(customer(*ways)) == "reachable until 18:00 by e-mail"
    assert said(customer(*ways, preferred_channel="phone")) == "reachable until 16:00 by phone"


def test_hours_without_a_channel_show_the_preferred_channel() -> None:
    assert said(customer("Sat 9-18", preferred_channel="video")) == "reachable until 18:00 by video"


def test_a_night_window_ends_the_next_day() -> None:
    night = customer("Fri 22-2 phone")
    assert said(night, at(1, 59)) == "reachable until 02:00 by phone"
    assert said(night, at(23, 30, day=20)) == "reachable until 02:00 by phone"
    assert said(night, at(2)) == "next Fri 22:00"


def test_a_window_can_end_at_midnight() -> None:
    assert said(customer("Sat 20-0"), at(23, 59)) == "reachable until 00:00"


def test_the_next_window_is_shown_after_the_current_one() -> None:
    found = reach(customer("daily 9-17"), CTX)
    assert (found.reachable, found.next_from) == (True, datetime(2026, 11, 22, 9))  # noqa: DTZ001


def test_hours_without_a_start_begin_at_midnight() -> None:
    open_window = Window(days=(5,), start=None, end=time(16), channel="", place="")
    assert said(customer().with_values(windows=(open_window,))) == "reachable until 16:00"


# Exceptions


def test_days_off_are_skipped_and_their_reason_is_shown() -> None:
    who = customer("daily 9-17", exceptions=away("2026-11-21..2026-11-23 fair in Lyon"))
    assert said(who) == "fair in Lyon · next Tue 09:00"


def test_a_day_off_needs_no_reason() -> None:
    assert said(customer("daily 9-17", exceptions=away("2026-11-21"))) == "away · next Sun 09:00"


@pytest.mark.parametrize(
    "absence",
    [
        Absence(first=date(2026, 11, 21), last=None, reason="ill"),
        Absence(first=None, last=date(2026, 11, 21), reason="ill"),
    ],
)
def test_a_day_off_with_one_date_is_that_day(absence: Absence) -> None:
    assert said(customer("daily 9-17", exceptions=(absence,))) == "ill · next Sun 09:00"


def test_a_day_off_without_dates_never_applies() -> None:
    nothing = Absence(first=None, last=None, reason="ill")
    assert said(customer("Sat 9-17", exceptions=(nothing,))) == "reachable until 17:00"


def test_if_the_days_off_exceed_two_weeks_no_window_is_shown() -> None:
    who = customer("daily 9-17", exceptions=away("2026-11-21..2026-12-31 long journey"))
    assert (reach(who, CTX).next_from, said(who)) == (None, "long journey")


def test_a_night_window_belongs_to_the_day_it_starts_on() -> None:
    who = customer("Fri 22-2 phone", exceptions=away("2026-11-21 holiday"))
    assert said(who, at(1)) == "reachable until 02:00 by phone"


@pytest.mark.parametrize(
    ("values", "line"),
    [({"do_not_contact": True}, "do not contact"), ({"may_contact": "no"}, "no contact consent")],
)
def test_a_customer_marked_do_not_contact_has_no_hours(values: dict[str, Any], line: str) -> None:
    found = reach(customer(WEEKEND, time_zone="UTC", **values), CTX)
    assert (found.forbidden, found.reachable, found.next_from) == (True, False, None)
    assert say_reach(found, CTX) == line


# The grid


slots = st.tuples(st.integers(0, 6), st.integers(0, 47))
cells = st.sampled_from([("", ""), ("phone", ""), ("phone", "office"), ("visit", "北京")])
blocks = st.tuples(slots, st.integers(1, 60), cells)


def painted(strokes: list[tuple[Slot, int, Cell]]) -> dict[Slot, Cell]:
    """Return consecutive half hours as painted in the grid; they may cross midnight."""
    grid = {}
    for (day, half_hour), length, cell in strokes:
        for place in range(day * 48 + half_hour, day * 48 + half_hour + length):
            grid[place // 48 % 7, place % 48] = cell
    return grid


grids = st.dictionaries(slots, cells, max_size=60) | st.lists(blocks, max_size=12).map(painted)


@given(grids)
def test_a_grid_survives_conversion_to_windows_and_back(grid: dict[Slot, Cell]) -> None:
    windows = windows_of(grid)
    assert grid_of(windows) == grid
    assert windows_of(grid_of(windows)) == windows
    assert exact(windows)


@pytest.mark.parametrize(
    "lines",
    [
        ["Mon-Fri 09:00-17:00 phone office"],
        ["Mon-Fri 09:00-12:00 phone", "Mon-Fri 12:00-17:30 visit shop"],
        ["Mon-Sun 00:00-00:00"],
        ["Mon, Wed 22:00-02:00 phone"],
        ["Mon-Sun 22:00-02:00 phone"],
        ["Sun 23:30-00:30"],
        ["Fri 20:00-00:00", "Sat 10:00-11:00"],
        ["Fri 20:00-00:00 phone", "Sat 00:00-01:00 e-mail"],
    ],
)
def test_half_hour_windows_survive_conversion_to_a_grid_and_back(lines: list[str]) -> None:
    windows = tuple(Window.from_line(line, CTX) for line in lines)
    assert exact(windows)
    assert [window.line(CTX) for window in windows_of(grid_of(windows))] == lines


def test_windows_longer_than_a_day_are_split_by_day() -> None:
    windows = tuple(Window.from_line(line, CTX) for line in ("Mon 9-0", "Tue 0-12"))
    assert [window.line(CTX) for window in windows_of(grid_of(windows))] == [
        "Mon 09:00-00:00",
        "Tue 00:00-12:00",
    ]


def test_every_touched_half_hour_is_in_the_grid() -> None:
    windows = (Window.from_line("Mon 9:10-9:40", CTX),)
    assert set(grid_of(windows)) == {(0, 18), (0, 19)}
    assert not exact(windows)


def test_the_first_of_overlapping_windows_counts() -> None:
    windows = tuple(Window.from_line(line, CTX) for line in ("Mon 9-10 phone", "Mon 9-11 visit"))
    assert grid_of(windows)[0, 18] == ("phone", "")
    assert grid_of(windows)[0, 20] == ("visit", "")
    assert not exact(windows)
