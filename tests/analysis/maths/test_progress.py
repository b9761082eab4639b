"""Test a contract's progress."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.analysis.maths.progress import duration, progress

START, END, SEEN = date(2015, 1, 1), date(2015, 12, 31), date(2015, 5, 1)


def percent(fractions):
    return [None if fraction is None else round(100 * fraction) for fraction in fractions]


def test_over_delivery_is_overflow_not_deviation():
    assert percent(progress(START, END, SEEN, 300, 500)) == [33, 100, 67, 0]


def test_delivery_behind_the_elapsed_time_is_a_deviation():
    assert percent(progress(START, END, SEEN, 300, 50)) == [33, 17, 0, 16]


def test_a_term_includes_its_first_and_last_day():
    assert duration(START, END, date(2014, 12, 31)) == 0
    assert duration(START, END, START) == pytest.approx(1 / 365)
    assert duration(START, END, END) == 1
    assert duration(START, END, date(2020, 1, 1)) == 1
    assert duration(SEEN, SEEN, SEEN) == 1


@pytest.mark.parametrize(("start", "end"), [(None, END), (START, None), (END, START)])
def test_without_a_term_there_is_no_duration(start, end):
    assert percent(progress(start, end, SEEN, 300, 150)) == [None, 50, 0, None]


@pytest.mark.parametrize("agreed", [None, 0, -5])
def test_without_a_commitment_usage_is_undefined(agreed):
    assert percent(progress(START, END, SEEN, agreed, 150)) == [33, None, None, None]


def test_usage_is_never_negative():
    assert percent(progress(START, END, SEEN, 300, -10)) == [33, 0, 0, 33]


@given(st.dates(), st.floats(0.01, 1e6), st.floats(-1e6, 1e6))
def test_fractions_stay_within_their_ranges(as_of, agreed, delivered):
    over, used, beyond, behind = progress(START, END, as_of, agreed, delivered)
    assert 0 <= over <= 1
    assert 0 <= used <= 1
    assert 0 <= behind <= over
    assert beyond >= 0
    assert beyond == 0 or used == 1
