"""Test measures of concentration."""

from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.analysis.maths.concentration import abc, cr, gini, hhi, lorenz

amounts = st.lists(st.floats(0, 1e9), min_size=1, max_size=80).filter(lambda values: sum(values) > 1e-6)


@pytest.mark.parametrize("values", [[], [0], [0, 0], [5, -1], [float("inf"), 1], [float("nan")]])
def test_without_shares_concentration_is_undefined(values):
    assert cr(values, 1) is None
    assert hhi(values) is None
    assert gini(values) is None
    assert lorenz(values) is None
    assert abc(values) is None


def test_a_single_customer_is_full_concentration():
    assert cr([7], 5) == 1
    assert hhi([7]) == 10_000
    assert gini([7]) == 0
    assert lorenz([7]) == [(0, 0), (1, 1)]
    assert abc([7]) == ["A"]


def test_equal_customers_have_gini_zero():
    assert cr([3] * 10, 1) == pytest.approx(0.1)
    assert hhi([3] * 10) == pytest.approx(1000)
    assert gini([3] * 10) == pytest.approx(0)
    assert abc([3] * 20) == ["A"] * 16 + ["B"] * 3 + ["C"]


def test_known_distributions_have_known_indices():
    assert cr([50, 30, 20], 2) == pytest.approx(0.8)
    assert cr([50, 30, 20], 0) == 0
    assert hhi([50, 30, 20]) == pytest.approx(3800)
    assert gini([1, 2, 3, 4]) == pytest.approx(0.25)
    assert gini([0, 0, 0, 8]) == pytest.approx(0.75)


def test_a_class_includes_the_value_that_reaches_its_limit():
    assert abc([0.8, 0.15, 0.05]) == ["A", "B", "C"], "exactly at the limit"
    tenths = [Decimal("0.10")] * 8
    assert abc([*tenths, Decimal("0.15"), Decimal("0.05")]) == ["A"] * 7 + ["B", "A", "C"], "75 % and 85 %"
    assert abc([50, 45, 5]) == ["A", "A", "C"], "one value that crosses both limits leaves no B"


def test_the_largest_customer_is_in_class_a():
    assert abc([10, 90]) == ["B", "A"]
    assert abc([1, 97, 2]) == ["C", "A", "C"]


def test_the_lorenz_curve_starts_with_the_smallest():
    assert lorenz([3, 1]) == [(0, 0), (0.5, 0.25), (1, 1)]


@given(amounts, st.integers(1, 20))
def test_the_lorenz_curve_is_thinned_monotone_and_below_the_diagonal(values, most):
    points = lorenz(values, most)
    assert points is not None
    assert points[0] == (0, 0)
    assert points[-1] == (1, 1)
    assert len(points) <= max(most, 2)
    assert points == sorted(points)
    assert len({x for x, _ in points}) == len(points)
    assert all(y <= x + 1e-9 for x, y in points)


@given(amounts)
def test_the_area_under_the_lorenz_curve_gives_gini(values):
    points = lorenz(values, len(values) + 1)
    assert points is not None
    area = sum((x - u) * (y + v) for (u, v), (x, y) in pairwise(points))
    assert gini(values) == pytest.approx(1 - area, abs=1e-9)


@given(amounts)
def test_indices_stay_within_their_ranges(values):
    n = len(values)
    assert 10_000 / n <= hhi(values) * (1 + 1e-12)
    assert hhi(values) <= 10_000 * (1 + 1e-12)
    assert 0 <= gini(values) <= (n - 1) / n + 1e-12
    shares = [cr(values, i) for i in range(n + 1)]
    assert shares == sorted(shares)
    assert shares[-1] == 1


@given(amounts)
def test_smaller_amounts_never_get_a_better_class(values):
    classes = abc(values)
    assert classes is not None
    by_size = [
        name for _, name in sorted(zip(values, classes, strict=True), key=lambda pair: (-pair[0], pair[1]))
    ]
    assert by_size == sorted(by_size)
    members = sorted((v for v, name in zip(values, classes, strict=True) if name == "A"), reverse=True)
    assert sum(members[:-1]) <= 0.8 * sum(values) * (1 + 1e-9), "all before the crossing one are within 80 %"
    assert sum(members) >= 0.8 * sum(values) * (1 - 1e-9)
