"""Test minimising a smooth function."""

from math import exp, inf, log

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.analysis.maths.optimise import minimise


def valley(point):
    """Return Rosenbrock's function, whose minimum is at (1, 1)."""
    x, y = point
    return (1 - x) ** 2 + 100 * (y - x * x) ** 2, [
        -2 * (1 - x) - 400 * x * (y - x * x),
        200 * (y - x * x),
    ]


def bowl(point):
    return sum((i + 1) * (x - i) ** 2 for i, x in enumerate(point)), [
        2 * (i + 1) * (x - i) for i, x in enumerate(point)
    ]


def test_rosenbrocks_valley_is_minimised():
    end = minimise(valley, [-1.2, 1.0])
    assert end.is_flat
    assert end.point == pytest.approx([1, 1], abs=1e-6)
    assert end.value == pytest.approx(0, abs=1e-10)


@given(st.lists(st.floats(-10, 10), min_size=1, max_size=4))
def test_a_quadratic_is_minimised(start):
    end = minimise(bowl, start)
    assert end.is_flat
    assert end.point == pytest.approx(range(len(start)), abs=1e-6)


def test_a_start_at_the_minimum_stays_there():
    assert minimise(bowl, [0, 1]).point == [0, 1]


def test_a_warm_start_needs_fewer_steps():
    calls = []

    def counted(point):
        calls.append(point)
        return valley(point)

    learnt = minimise(counted, [-1.2, 1.0])
    first, calls[:] = len(calls), []
    minimise(counted, [0.99, 0.98], inverse=learnt.inverse)
    assert len(calls) < first / 2


def test_an_unbounded_slope_is_abandoned():
    end = minimise(lambda point: (exp(-point[0]), [-exp(-point[0])]), [0.0], flat=0, far=7)
    assert end.point[0] > 7
    assert not end.is_flat


def test_too_few_steps_do_not_converge():
    assert not minimise(valley, [-1.2, 1.0], steps=3).is_flat


def test_a_wrong_gradient_ends_the_search():
    end = minimise(lambda point: (point[0], [-1.0]), [0.0])
    assert end.point == [0]
    assert not end.is_flat


def test_a_step_outside_the_domain_is_shortened():
    def cliff(point):
        (x,) = point
        return (x - log(x), [1 - 1 / x]) if x > 0 else (inf, [0.0])

    end = minimise(cliff, [3.0], inverse=[[100.0]])
    assert end.is_flat
    assert end.point == pytest.approx([1], abs=1e-6)


def test_negative_curvature_is_left():
    def wave(point):
        (x,) = point
        return x**4 / 4 - x**2 / 2, [x**3 - x]

    end = minimise(wave, [0.05])
    assert end.point == pytest.approx([1], abs=1e-6)
