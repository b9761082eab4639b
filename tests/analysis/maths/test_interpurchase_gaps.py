"""Test the time between purchases."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.analysis.maths.interpurchase_gaps import expected_gap, gaps, overdue


def test_gaps_are_counted_in_days():
    assert gaps([]) == []
    assert gaps([5]) == []
    assert gaps([5, 5, 8, 18]) == [3, 10]


def test_a_customers_gap_is_shrunk_towards_the_typical_gap():
    assert expected_gap([], 30) == pytest.approx(30)
    assert expected_gap([10, 10], 40) == pytest.approx(20)
    assert expected_gap([8], None) == pytest.approx(8)
    assert expected_gap([], None) is None


def test_overdue_is_elapsed_over_expected():
    found = overdue([0, 10, 20], 60, 40)
    assert found is not None
    assert found == (40, pytest.approx(20), pytest.approx(2))


def test_later_purchases_are_ignored():
    assert overdue([0, 10, 20, 100], 60, 40) == overdue([0, 10, 20], 60, 40)
    assert overdue([100], 60, 40) is None


def test_without_any_gap_nothing_is_overdue():
    assert overdue([], 60, 40) is None
    assert overdue([3], 60, None) is None


@given(st.lists(st.floats(0.1, 5000), max_size=50), st.floats(0.1, 5000))
def test_the_expected_gap_lies_between_own_and_typical_gap(own, typical):
    expected = expected_gap(own, typical)
    assert min([*own, typical]) * (1 - 1e-9) <= expected <= max([*own, typical]) * (1 + 1e-9)
