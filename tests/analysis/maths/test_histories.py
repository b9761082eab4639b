"""Test the purchase histories that the models are fitted to."""

from collections import Counter
from math import log

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.analysis.maths.histories import History, history, log_gaps, sample

days = st.lists(st.integers(0, 400), max_size=20).map(sorted)


def test_a_history_counts_days_and_weeks():
    assert history([7, 14, 14, 35], 49) == (2, 4, 6)
    assert history([7], 7) == (0, 0, 0)


def test_later_purchases_are_ignored():
    assert history([7, 14, 35], 21) == (1, 1, 2)
    assert history([7], 6) is None
    assert history([], 6) is None
    assert log_gaps([7, 14, 35], 21) == 0


def test_gaps_are_summed_as_logarithms_of_weeks():
    assert log_gaps([0, 14, 14, 35], 99) == pytest.approx(log(2) + log(3))
    assert log_gaps([3], 99) == 0


def test_equal_histories_are_grouped():
    one, two = History(2, 4, 6), History(2, 3, 6)
    found = sample([one, two, one, History(0, 0, 6)], 1.5)
    assert (found.n, found.repeats, found.size, found.weeks, found.log_gaps) == (4, 6, 3, 24, 1.5)
    assert found.times == [0, 3, 4, 6]
    assert found.groups == [(0, 1, [(0, 3, 1)]), (2, 3, [(1, 3, 1), (2, 3, 2)])]
    assert sample(Counter([one, two, one, History(0, 0, 6)]), 1.5) == found


def test_an_empty_sample_is_valid():
    found = sample([])
    assert (found.n, found.size, found.weeks, found.log_gaps) == (0, 0, 0, None)


@pytest.mark.parametrize("wrong", [(-1, 0, 1), (1, 2, 1), (1, 0, 1), (0, 1, 2), (0, 0, -1)])
def test_impossible_histories_are_refused(wrong):
    with pytest.raises(ValueError, match="no history"):
        sample([History(*wrong)])


def test_a_thinned_sample_keeps_every_other_history():
    whole = sample([History(x, x, age) for x in range(1, 11) for age in range(20, 30)] * 3)
    assert whole.thinned(100) is whole
    half = whole.thinned(50)
    assert (half.size, half.n) == (50, 150)
    assert whole.thinned(99).size == 50


@given(days, st.integers(0, 400))
def test_histories_built_from_days_are_valid(bought, as_of):
    found = history(bought, as_of)
    assert (found is None) == all(day > as_of for day in bought)
    if found:
        assert sample([found]).n == 1
        assert found.repeats == len({day for day in bought if day <= as_of}) - 1
