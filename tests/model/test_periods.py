"""Test the periods before and after a given period."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.model.periods import following, previous

days = st.dates(date(1900, 1, 1), date(2100, 1, 1))


@given(days, st.integers(0, 800))
def test_consecutive_periods_are_adjacent(start, length):
    end = date.fromordinal(start.toordinal() + length)
    assert previous(start, end)[1].toordinal() + 1 == start.toordinal()
    assert following(start, end)[0].toordinal() - 1 == end.toordinal()


def test_periods_after_a_month_of_another_length_are_whole_months():
    assert following(date(2026, 1, 1), date(2026, 2, 28)) == (date(2026, 3, 1), date(2026, 4, 30))
    assert previous(date(2026, 3, 1), date(2026, 4, 30)) == (date(2026, 1, 1), date(2026, 2, 28))


def test_the_12_months_to_a_leap_day_precede_the_12_to_28_february():
    assert following(date(2023, 3, 2), date(2024, 3, 1)) == (date(2024, 3, 2), date(2025, 3, 1))
    assert following(date(2023, 2, 28), date(2024, 2, 27)) == (date(2024, 2, 28), date(2025, 2, 27))


@pytest.mark.parametrize("end", [date(1, 1, 1), date(1, 12, 31), date(900, 6, 1)])
def test_no_period_precedes_the_first_date(end):
    assert previous(date.min, end)[0] == date.min


@pytest.mark.parametrize(("year", "before"), [(2025, 2024), (2024, 2023), (2023, 2022)])
def test_years_from_march_are_whole_months_around_a_leap_day(year, before):
    # 1 March 2025 to 28 February 2026 follows 1 March 2024 to 28 February 2025: neither contains 29 February 2024
    start, end = date(year, 3, 1), date.fromordinal(date(year + 1, 3, 1).toordinal() - 1)
    assert previous(start, end) == (date(before, 3, 1), date.fromordinal(start.toordinal() - 1))
    assert following(*previous(start, end)) == (start, end)
