"""Test scores for recency, frequency and monetary value."""

from collections import defaultdict

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.analysis.maths.rfm import cuts, rfm, score

columns = st.lists(st.integers(0, 12), min_size=1, max_size=60)


def test_five_different_values_get_five_scores():
    at = cuts([50, 10, 40, 20, 30])
    assert at == (10, 20, 30, 40)
    assert [score(value, at) for value in (10, 20, 30, 40, 50, 999, 0)] == [1, 2, 3, 4, 5, 5, 1]


def test_equal_values_get_the_same_score():
    at = cuts([1, 1, 1, 1, 1, 1, 2, 2, 3, 9])
    assert at == (1, 1, 1, 2)
    assert [score(value, at) for value in (1, 2, 3, 9)] == [1, 4, 5, 5]


@pytest.mark.parametrize("values", [[], [4], [4, 4, 4]])
def test_equal_columns_are_not_ranked(values):
    assert cuts(values) is None
    assert score(4, cuts(values)) is None


def test_each_column_is_cut_separately():
    found = rfm([1, 2, 3, 4, 5], [5, 4, 3, 2, 1], [7, 7, 7, 7, 7])
    assert found.scores[0] == (1, 5, None)
    assert found.scores[4] == (5, 1, None)
    assert (found.recency, found.frequency, found.money) == ((1, 2, 3, 4), (1, 2, 3, 4), None)


def test_no_customers_get_no_scores():
    assert rfm([], [], []) == ([], None, None, None)


def test_columns_of_different_lengths_are_refused():
    with pytest.raises(ValueError, match="shorter"):
        rfm([1, 2], [1], [1, 2])


@given(columns)
def test_a_larger_value_never_scores_lower(values):
    at = cuts(values)
    if at is None:
        return
    scores = [score(value, at) for value in sorted(values)]
    assert scores == sorted(scores)
    assert set(at) <= set(values)
    assert scores[0] == 1


@given(st.lists(st.integers(), min_size=5, unique=True))
def test_different_values_fall_into_even_parts(values):
    at, sizes = cuts(values), defaultdict(int)
    for value in values:
        sizes[score(value, at)] += 1
    assert sorted(sizes) == [1, 2, 3, 4, 5]
    assert max(sizes.values()) - min(sizes.values()) <= 1
