"""Test special functions that the standard library lacks."""

from math import lgamma

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.analysis.maths.special_functions import chi2_sf, digamma


@pytest.mark.parametrize(
    ("x", "dof", "p"),
    [
        (3.841458820694124, 1, 0.05),
        (5.991464547107979, 2, 0.05),
        (18.307038053275146, 10, 0.05),
        (11.344866730144373, 3, 0.01),
    ],
)
def test_chi_square_tails_match_tables(x, dof, p):
    assert chi2_sf(x, dof) == pytest.approx(p, rel=1e-8)


def test_the_chi_square_tail_at_zero_is_one():
    assert chi2_sf(0, 7) == 1
    assert chi2_sf(0, 2) == 1


@pytest.mark.parametrize(("x", "dof"), [(-1, 1), (1, 0), (float("nan"), 1)])
def test_chi_square_refuses_invalid_arguments(x, dof):
    with pytest.raises(ValueError, match="chi-square"):
        chi2_sf(x, dof)


@given(st.floats(0, 1e6), st.integers(1, 60))
def test_the_tail_is_a_probability_that_grows_with_the_degrees_of_freedom(x, dof):
    assert 0 <= chi2_sf(x, dof) <= chi2_sf(x, dof + 2) <= 1


@pytest.mark.parametrize(
    ("x", "value"),
    [
        (1, -0.5772156649015329),
        (0.5, -1.9635100260214235),
        (10, 2.251752589066721),
        (1e-3, -1000.5755719318103),
        (0.2425945, -4.358461945518363),
        (1e6, 13.815510057964192),
    ],
)
def test_digamma_matches_tables(x, value):
    assert digamma(x) == pytest.approx(value, rel=1e-14)


@given(st.floats(1e-3, 1e5))
def test_digamma_is_the_derivative_of_log_gamma(x):
    h = 1e-5 * x
    assert digamma(x) == pytest.approx((lgamma(x + h) - lgamma(x - h)) / (2 * h), rel=1e-5, abs=1e-5)


@given(st.floats(1e-6, 1e6))
def test_digamma_satisfies_its_recurrence(x):
    assert digamma(x + 1) - digamma(x) == pytest.approx(1 / x, rel=1e-9, abs=1e-12)


@pytest.mark.parametrize("x", [0, -1, float("nan")])
def test_digamma_refuses_non_positive_numbers(x):
    with pytest.raises(ValueError, match="digamma"):
        digamma(x)
