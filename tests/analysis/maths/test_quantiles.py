"""Test medians and percentiles."""

import statistics
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.analysis.maths.quantiles import median, p90, quantile, quantiles

values = st.lists(st.floats(-1e9, 1e9), min_size=1)


def test_quantiles_of_no_values_are_undefined():
    assert median([]) is None
    assert quantiles([], 0.2, 0.8) == [None, None]


@pytest.mark.parametrize("p", [-0.01, 1.01])
def test_a_share_outside_zero_to_one_is_refused(p):
    with pytest.raises(ValueError, match="not between"):
        quantile([1], p)


def test_a_single_value_is_every_quantile():
    assert quantiles([7], 0, 0.5, 0.9, 1) == [7, 7, 7, 7]


def test_quantiles_use_definition_seven():
    assert quantiles([1, 2, 3, 4], 0.5, 0.9, 0.25) == pytest.approx([2.5, 3.7, 1.75])
    assert p90(range(1, 11)) == pytest.approx(9.1)


def test_decimal_values_are_accepted():
    assert median([Decimal("1.10"), Decimal("1.20")]) == pytest.approx(1.15)


@given(values)
def test_the_half_quantile_is_the_median(numbers):
    assert median(numbers) == pytest.approx(statistics.median(numbers), rel=1e-12, abs=1e-6)


@given(values, st.floats(0, 1), st.floats(0, 1))
def test_quantiles_are_monotone_and_within_the_values(numbers, p, q):
    low, high = quantiles(numbers, *sorted((p, q)))
    assert min(numbers) <= low <= high <= max(numbers)


@given(st.lists(st.floats(-1e9, 1e9), min_size=2, max_size=50))
def test_deciles_match_the_standard_library(numbers):
    assert p90(numbers) == pytest.approx(
        statistics.quantiles(numbers, n=10, method="inclusive")[8], rel=1e-9, abs=1e-6
    )
