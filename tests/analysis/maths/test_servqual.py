"""Test SERVQUAL gaps: perception minus expectation."""

import pytest

from archive.analysis.maths.servqual import WEIGHTS, gap, gaps, weighted_gap

ORDER = ["tangibles", "reliability", "responsiveness", "assurance", "empathy"]
EXPECTED = dict(zip(ORDER, [4.44, 4.49, 4.48, 4.50, 4.56], strict=True))
PERCEIVED = dict(zip(ORDER, [4.19, 4.36, 4.35, 4.32, 4.40], strict=True))


def test_servqual_matches_the_published_example():
    found = gaps(EXPECTED, PERCEIVED)
    assert found["tangibles"] == pytest.approx(-0.25)
    assert gap(found) == pytest.approx(-0.17)
    assert weighted_gap(found) == pytest.approx(-0.1575)


def test_the_default_weights_sum_to_100():
    assert sum(WEIGHTS.values()) == 100


def test_an_unknown_dimension_is_left_out_with_its_weight():
    found = gaps({**EXPECTED, "empathy": None}, {key: 4.0 for key in ORDER if key != "assurance"})
    assert sorted(found) == ["reliability", "responsiveness", "tangibles"]
    assert gap(found) == pytest.approx(-(0.44 + 0.49 + 0.48) / 3)
    assert weighted_gap(found) == pytest.approx(-(0.44 * 11 + 0.49 * 32 + 0.48 * 22) / 65)


def test_a_custom_dimension_counts_with_its_weight():
    assert weighted_gap({"price": -1.0, "reliability": 1.0}, {"price": 3, "reliability": 1}) == pytest.approx(
        -0.5
    )


def test_without_answers_there_is_no_gap():
    assert gap(gaps({}, PERCEIVED)) is None
    assert weighted_gap({}) is None
    assert weighted_gap({"price": -1.0}) is None
