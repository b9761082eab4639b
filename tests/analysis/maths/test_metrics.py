"""Test measures of forecast quality."""

from math import sqrt
from random import Random
from statistics import fmean, stdev

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.analysis.maths.metrics import auc, auc_parts, base_brier, base_rate, brier, mean_parts, spread

forecasts = st.lists(st.tuples(st.integers(0, 8), st.booleans()), min_size=1, max_size=40)


def test_auc_is_1_for_perfect_0_for_reversed_and_half_for_no_order():
    assert auc([1, 2, 3, 4], [False, False, True, True]) == 1
    assert auc([1, 2, 3, 4], [True, True, False, False]) == 0
    assert auc([1, 1, 1], [True, False, True]) == 0.5


def test_auc_matches_a_known_value():
    assert auc([0.1, 0.4, 0.35, 0.8], [False, False, True, True]) == 0.75


@pytest.mark.parametrize("happened", [[], [True, True], [False]])
def test_auc_is_undefined_for_a_single_outcome(happened):
    assert auc([0.5] * len(happened), happened) is None


def test_unequal_lengths_are_refused():
    with pytest.raises(ValueError, match="shorter"):
        auc([1, 2], [True])
    with pytest.raises(ValueError, match="shorter"):
        brier([1, 2], [True])


def test_brier_score_matches_a_known_value():
    assert brier([1, 0], [True, False]) == 0
    assert brier([0, 1], [True, False]) == 1
    assert brier([0.9, 0.2, 0.6], [True, False, False]) == pytest.approx((0.01 + 0.04 + 0.36) / 3)


def test_no_forecasts_give_no_score():
    assert brier([], []) is None
    assert base_rate([]) is None
    assert base_brier([]) is None


@given(forecasts)
def test_auc_is_the_share_of_concordant_pairs(rows):
    scores, happened = zip(*rows, strict=True)
    pairs = [(yes > no) + (yes == no) / 2 for yes, it in rows if it for no, was in rows if not was]
    expected = sum(pairs) / len(pairs) if pairs else None
    assert auc(scores, happened) == (None if expected is None else pytest.approx(expected))


@given(st.lists(st.booleans(), min_size=1))
def test_the_base_rate_forecast_has_its_brier_score(happened):
    rate = base_rate(happened)
    assert base_brier(happened) == pytest.approx(brier([rate] * len(happened), happened))


# Uncertainty


def test_auc_components_are_delongs_placements():
    """By hand: scores 3 and 1 bought, 2 and 1 did not. Placements: 1 and 1/4 for buyers, 1/2 and 3/4 for the others.

    AUC = 5/8; parts (1 - 5/8) / 2, (1/4 - 5/8) / 2, (1/2 - 5/8) / 2, (3/4 - 5/8) / 2.
    """
    parts = auc_parts([3, 1, 2, 1], [True, True, False, False])
    assert auc([3, 1, 2, 1], [True, True, False, False]) == 5 / 8
    assert parts == [3 / 16, -3 / 16, -1 / 16, 1 / 16]
    assert auc_parts([1, 2], [True, True]) is None


@given(st.lists(st.tuples(st.integers(0, 9), st.booleans()), min_size=2, max_size=40))
def test_auc_components_sum_to_zero(pairs):
    parts = auc_parts(*zip(*pairs, strict=True))
    assert parts is None or sum(parts) == pytest.approx(0, abs=1e-12)


def test_the_standard_error_of_a_mean_is_correct():
    parts = mean_parts([1.0, 0.0, 0.0, 1.0])
    assert spread([dict(enumerate(parts))]) == pytest.approx(sqrt(0.25 / 4))


def test_a_case_in_several_folds_counts_once():
    one = dict(enumerate(mean_parts([1.0, 0.0, 0.0, 1.0])))
    others = {case + 100: part for case, part in one.items()}
    assert spread([one, one, one]) == pytest.approx(spread([one])), "three times the same is no more"
    assert spread([one, others]) == pytest.approx(spread([one]) / sqrt(2)), "twice as many cases are"


def test_the_standard_error_of_an_auc_matches_simulation():
    """For normal scores 1 apart, 400 samples of 80 cases vary as their parts predict, within 10 %."""
    dice = Random(3)
    areas, spreads = [], []
    for _ in range(400):
        came = [n % 2 == 0 for n in range(80)]
        scores = [dice.gauss(float(yes), 1.0) for yes in came]
        areas.append(auc(scores, came))
        spreads.append(spread([dict(enumerate(auc_parts(scores, came)))]))
    assert fmean(spreads) == pytest.approx(stdev(areas), rel=0.1)
