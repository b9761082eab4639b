"""Test pooled and weighted differences of proportions."""

import random

import pytest

from archive.analysis.maths.proportions import newcombe
from archive.analysis.maths.stratified import Stratum, mantel_haenszel, matched_difference


def test_without_comparable_strata_there_is_no_result():
    assert mantel_haenszel([]) is None
    assert mantel_haenszel([Stratum(1, 2, 0, 0), Stratum(0, 0, 1, 2)]) is None
    assert matched_difference([Stratum(1, 2, 0, 0)]) is None


def test_a_single_stratum_gives_newcombes_difference():
    """56 of 70 against 48 of 80 gives .0524 to .3339 (Newcombe 1998, table II)."""
    for found in (mantel_haenszel([Stratum(56, 70, 48, 80)]), matched_difference([Stratum(56, 70, 48, 80)])):
        assert found.difference == pytest.approx(newcombe(56, 70, 48, 80), abs=1e-9)
        assert found.difference.low == pytest.approx(0.0524, abs=5e-5)


def test_the_pooled_difference_is_mantel_haenszels_with_satos_variance():
    """By hand: weights 30 * 20 / 50 = 12 and 10 * 40 / 50 = 8; differences .5 - .3 and .4 - .35.

    P = (900 * 6 - 400 * 15 + 600 * (20 - 30) / 2) / 2500 = -1.44 and (100 * 14 - 1600 * 4 + 400 * 30 / 2) / 2500 = .4;
    Q = (15 * 14 + 6 * 15) / 100 = 3 and (4 * 26 + 14 * 6) / 100 = 1.88; variance (.14 * -1.04 + 4.88) / 20^2.
    """
    found = mantel_haenszel([Stratum(15, 30, 6, 20), Stratum(4, 10, 14, 40)])
    assert found.difference.value == pytest.approx((12 * 0.2 + 8 * 0.05) / 20)
    assert found.first - found.second == pytest.approx(found.difference.value)
    half = 1.959964 * ((0.14 * -1.04 + 4.88) ** 0.5) / 20
    assert found.difference.low == pytest.approx(0.14 - half, abs=1e-6)
    assert found.difference.high == pytest.approx(0.14 + half, abs=1e-6)


def test_limits_stay_within_minus_1_and_1():
    found = mantel_haenszel([Stratum(2, 2, 0, 2), Stratum(2, 2, 1, 2)])
    assert found.difference.high == 1
    assert mantel_haenszel([Stratum(0, 2, 2, 2), Stratum(1, 2, 2, 2)]).difference.low == -1


def test_controls_are_weighted_by_the_distribution_of_the_treated():
    """With 8 and 2 treated, control rates .25 and .5 are weighted .8 and .2."""
    found = matched_difference([Stratum(4, 8, 5, 20), Stratum(1, 2, 5, 10)])
    assert found.first == pytest.approx(0.5)
    assert found.second == pytest.approx(0.8 * 0.25 + 0.2 * 0.5)
    assert found.difference.value == pytest.approx(0.2)
    assert found.difference.low < 0.2 < found.difference.high


def test_uneven_weights_widen_the_interval():
    """Thirty controls, three with nearly all the weight, are less informative than thirty of equal weight."""
    even = matched_difference([Stratum(5, 10, 3, 30)])
    uneven = matched_difference([Stratum(4, 8, 1, 3), Stratum(1, 2, 2, 27)])
    assert uneven.difference.high - uneven.difference.low > even.difference.high - even.difference.low


@pytest.mark.parametrize("k", [0, 1])
def test_the_interval_has_width_even_if_all_or_none_responded(k):
    found = matched_difference([Stratum(4 * k, 4, 9 * k, 9), Stratum(2 * k, 2, 7 * k, 7)])
    assert found.difference.value == 0
    assert found.difference.low < 0 < found.difference.high


# n1, true rate of the treated, n0, true rate of the controls
EXPERIMENTS = [(40, 0.30, 20, 0.20), (60, 0.15, 30, 0.10), (25, 0.50, 25, 0.40)]
STRATA = [(30, 0.05, 100, 0.04), (20, 0.30, 60, 0.20), (10, 0.80, 30, 0.70), (5, 0.95, 10, 0.90)]


def coverage(method, design, weights, runs):
    """Return how often the interval covers the true weighted difference in simulated trials."""
    rng = random.Random(20261130)
    true = sum(w * (p1 - p0) for w, (_n1, p1, _n0, p0) in zip(weights, design, strict=True)) / sum(weights)
    covered = 0
    for _run in range(runs):
        strata = [
            Stratum(
                sum(rng.random() < p1 for _ in range(n1)), n1, sum(rng.random() < p0 for _ in range(n0)), n0
            )
            for n1, p1, n0, p0 in design
        ]
        found = method(strata).difference
        covered += found.low <= true <= found.high
    return covered / runs


@pytest.mark.parametrize("runs", [600, pytest.param(20_000, marks=pytest.mark.long)])
def test_simulated_intervals_of_pooled_lift_cover_the_truth_in_93_to_97_percent(runs):
    weights = [n1 * n0 / (n1 + n0) for n1, _p1, n0, _p0 in EXPERIMENTS]
    assert 0.93 <= coverage(mantel_haenszel, EXPERIMENTS, weights, runs) <= 0.97


@pytest.mark.parametrize("runs", [600, pytest.param(20_000, marks=pytest.mark.long)])
def test_simulated_intervals_of_matched_lift_cover_the_truth_in_93_to_97_percent(runs):
    weights = [n1 for n1, _p1, _n0, _p0 in STRATA]
    assert 0.93 <= coverage(matched_difference, STRATA, weights, runs) <= 0.97


def test_full_response_in_all_strata_is_exactly_1():
    # 1/6 + 4/6 + 1/6 is 0.9999999999999999 in floating point, which must still count as 1
    found = matched_difference([Stratum(1, 1, 0, 2), Stratum(4, 4, 1, 4), Stratum(1, 1, 1, 2)])
    assert found is not None
    assert found.first == 1.0
    assert found.difference.value == 1.0 - found.second
