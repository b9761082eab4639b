"""How good a forecast was."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.analysis.maths.backtest import auc, base_brier, base_rate, brier

forecasts = st.lists(st.tuples(st.integers(0, 8), st.booleans()), min_size=1, max_size=40)


def test_a_perfect_order_a_reversed_one_and_none():
    assert auc([1, 2, 3, 4], [False, False, True, True]) == 1
    assert auc([1, 2, 3, 4], [True, True, False, False]) == 0
    assert auc([1, 1, 1], [True, False, True]) == 0.5


def test_a_known_area():
    assert auc([0.1, 0.4, 0.35, 0.8], [False, False, True, True]) == 0.75


@pytest.mark.parametrize("happened", [[], [True, True], [False]])
def test_one_outcome_alone_has_no_area(happened):
    assert auc([0.5] * len(happened), happened) is None


def test_unlike_lengths_are_refused():
    with pytest.raises(ValueError, match="shorter"):
        auc([1, 2], [True])
    with pytest.raises(ValueError, match="shorter"):
        brier([1, 2], [True])


def test_briers_score():
    assert brier([1, 0], [True, False]) == 0
    assert brier([0, 1], [True, False]) == 1
    assert brier([0.9, 0.2, 0.6], [True, False, False]) == pytest.approx((0.01 + 0.04 + 0.36) / 3)


def test_nothing_forecast_nothing_scored():
    assert brier([], []) is None
    assert base_rate([]) is None
    assert base_brier([]) is None


@given(forecasts)
def test_the_area_is_the_share_of_pairs_in_order(rows):
    scores, happened = zip(*rows, strict=True)
    pairs = [(yes > no) + (yes == no) / 2 for yes, it in rows if it for no, was in rows if not was]
    expected = sum(pairs) / len(pairs) if pairs else None
    assert auc(scores, happened) == (None if expected is None else pytest.approx(expected))


@given(st.lists(st.booleans(), min_size=1))
def test_the_base_rate_forecast_has_its_brier_score(happened):
    rate = base_rate(happened)
    assert base_brier(happened) == pytest.approx(brier([rate] * len(happened), happened))
