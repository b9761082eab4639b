"""Test proportions, their differences, and their intervals."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.analysis.maths.proportions import newcombe, wilson

trials = st.integers(1, 100_000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


@pytest.mark.parametrize(
    ("k", "n", "low", "high"), [(81, 263, 0.2553, 0.3662), (0, 20, 0, 0.1611), (20, 20, 0.8389, 1)]
)
def test_wilson_intervals_match_published_values(k, n, low, high):
    assert wilson(k, n) == pytest.approx((low, high), abs=0.00005)


def test_without_cases_a_proportion_is_undefined():
    assert wilson(0, 0) is None
    assert newcombe(0, 0, 1, 2) is None
    assert newcombe(1, 2, 0, 0) is None


@pytest.mark.parametrize(("k", "n"), [(-1, 5), (6, 5), (1, 0), (0, -1)])
def test_an_impossible_proportion_is_refused(k, n):
    with pytest.raises(ValueError, match="no proportion"):
        wilson(k, n)


def test_newcombe_intervals_match_published_values():
    found = newcombe(56, 70, 48, 80)
    assert found is not None
    assert found == pytest.approx((0.2, 0.0524, 0.3339), abs=0.00005)


@given(trials)
def test_a_proportion_lies_within_its_interval(trial):
    k, n = trial
    interval = wilson(k, n)
    assert interval is not None
    assert 0 <= interval.low <= k / n <= interval.high <= 1


@given(trials)
def test_the_interval_of_the_complement_is_mirrored(trial):
    k, n = trial
    one, other = wilson(k, n), wilson(n - k, n)
    assert one is not None
    assert other is not None
    assert (1 - other.high, 1 - other.low) == pytest.approx(one, abs=1e-12)


@given(trials, trials)
def test_swapping_the_groups_negates_the_difference(first, second):
    there, back = newcombe(*first, *second), newcombe(*second, *first)
    assert there is not None
    assert back is not None
    assert -1 <= there.low <= there.value <= there.high <= 1
    assert (-back.value, -back.high, -back.low) == pytest.approx(there, abs=1e-12)
