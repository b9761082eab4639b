"""Test cohorts by the month of the first purchase."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from archive.analysis.maths.cohorts import last_full_month, month_of, retention, triangle

JANUARY = month_of(date(2026, 1, 1))
MAY = JANUARY + 4


def test_a_month_is_complete_on_its_last_day():
    assert last_full_month(date(2026, 4, 30)) == month_of(date(2026, 4, 1))
    assert last_full_month(date(2026, 4, 29)) == month_of(date(2026, 3, 1))
    assert last_full_month(date(2026, 1, 1)) == month_of(date(2025, 12, 31))
    assert last_full_month(date(2024, 2, 29)) == month_of(date(2024, 2, 1))


def test_incomplete_months_are_blank_in_the_triangle():
    customers = [[JANUARY, JANUARY + 2], [JANUARY, JANUARY], [MAY - 1, MAY], [JANUARY + 2, JANUARY + 3]]
    january, march, april = triangle(customers, date(2026, 5, 15))
    assert january == (JANUARY, 2, True, [2, 0, 1, 0, None])
    assert march == (JANUARY + 2, 1, False, [1, 1, None])
    assert april == (JANUARY + 3, 1, False, [1, None])
    assert january.shares == [1, 0, 0.5, 0, None]


def test_a_month_that_ends_today_is_observed():
    (cohort,) = triangle([[MAY]], date(2026, 5, 31))
    assert cohort.cells == [1]


def test_later_purchases_are_ignored():
    assert triangle([[MAY + 1], []], date(2026, 5, 15)) == []
    (cohort,) = triangle([[MAY, MAY + 1]], date(2026, 5, 15))
    assert cohort == (MAY, 1, True, [None])


def test_data_that_start_before_the_first_customer_truncate_nobody():
    (cohort,) = triangle([[MAY]], date(2026, 5, 31), since=JANUARY)
    assert not cohort.is_truncated


def test_retention_excludes_the_truncated_cohort_and_blank_cells():
    customers = [[JANUARY], [JANUARY + 1, JANUARY + 2], [JANUARY + 1], [JANUARY + 2]]
    assert retention(triangle(customers, date(2026, 4, 15))) == [(0, 3, 3), (1, 1, 2)]
    assert retention([]) == []


@given(st.lists(st.lists(st.integers(MAY - 9, MAY + 3), max_size=9), max_size=30))
def test_every_customer_is_in_exactly_one_cohort(customers):
    cohorts = triangle(customers, date(2026, 5, 15))
    assert sum(cohort.size for cohort in cohorts) == sum(
        min(own, default=MAY + 9) <= MAY for own in customers
    )
    for cohort in cohorts:
        assert len(cohort.cells) == MAY - cohort.month + 1
        assert cohort.cells[-1] is None
        assert all(cell <= cohort.size for cell in cohort.cells if cell is not None)
        assert cohort.cells[0] in (cohort.size, None)
