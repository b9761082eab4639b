"""Test transitions between main suppliers."""

from itertools import chain, repeat

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.analysis.maths.transition_matrix import of_counts, stationary, switching

NAMES = ["dannon", "hiland", "weight", "yoplait"]
YOGURT = [[822, 16, 19, 71], [17, 30, 6, 14], [18, 5, 473, 44], [65, 17, 41, 654]]


def test_the_transition_matrix_matches_the_published_yogurt_panel():
    found = of_counts(NAMES, YOGURT)
    assert found.n == 2312
    assert found.stationary == pytest.approx([0.3890, 0.0298, 0.2336, 0.3476], abs=0.00005)
    assert found.net == [-6, 1, -1, 6]
    assert found.rows[1] == pytest.approx([17 / 67, 30 / 67, 6 / 67, 14 / 67])


def test_customer_moves_are_counted():
    moves = chain.from_iterable(
        repeat((NAMES[i], NAMES[j]), n) for i, row in enumerate(YOGURT) for j, n in enumerate(row)
    )
    assert switching(moves) == of_counts(NAMES, YOGURT)


def test_no_customers_give_no_moves():
    assert switching([]) == ([], [], 0, [], [], None)


def test_a_single_supplier_retains_everybody():
    found = switching([("a", "a")])
    assert found.stationary == [1]
    assert found.net == [0]


def test_a_supplier_without_cases_has_no_row():
    found = switching([("a", "b"), ("a", "a")])
    assert found.rows == [[0.5, 0.5], None]
    assert found.net == [-1, 1]
    assert found.stationary is None


def test_two_absorbing_suppliers_have_no_unique_stationary_share():
    assert switching([("a", "a"), ("b", "b")]).stationary is None


def test_all_customers_end_at_an_absorbing_supplier():
    assert switching([("a", "b"), ("a", "a"), ("b", "b")]).stationary == [0, 1]


def test_cyclic_moves_settle_evenly():
    assert switching([("a", "b"), ("b", "c"), ("c", "a")]).stationary == pytest.approx([1 / 3] * 3)


@given(
    st.integers(1, 6).flatmap(
        lambda n: st.lists(st.lists(st.integers(0, 9), min_size=n, max_size=n), min_size=n, max_size=n)
    )
)
def test_the_stationary_distribution_is_a_fixed_point(counts):
    shares = stationary(counts)
    if shares is None:
        return
    assert sum(shares) == pytest.approx(1)
    moved = [
        sum(share * row[j] / sum(row) for share, row in zip(shares, counts, strict=True))
        for j in range(len(counts))
    ]
    assert moved == pytest.approx(shares, abs=1e-9)
    assert min(shares) >= 0
