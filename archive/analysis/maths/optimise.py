"""Minimise a smooth function of a few variables (BFGS)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import isfinite
from typing import NamedTuple

Function = Callable[[Sequence[float]], tuple[float, list[float]]]
"""Maps a point to the value and gradient there."""

_LONGEST_STEP = 2.0  # in any variable; variables are logarithms, so this is a factor of seven
_ENOUGH = 1e-4  # share of the decrease predicted by the slope (Armijo condition)
_SHORTEST = 1e-6  # step length at which the line search gives up


class Minimum(NamedTuple):
    """End point of a search, whether the gradient vanishes there, and the approximate inverse Hessian."""

    point: list[float]
    value: float
    is_flat: bool
    inverse: list[list[float]]


def minimise(
    function: Function,
    start: Sequence[float],
    *,
    inverse: list[list[float]] | None = None,
    flat: float = 1e-7,
    steps: int = 200,
    far: float = 12.0,
) -> Minimum:
    """Minimise a function by BFGS from `start`, until no component of the gradient exceeds `flat`.

    The search also ends if the line search finds no decrease. Nocedal and Wright (2006), Numerical Optimization,
    algorithm 6.1, with a backtracking line search.

    Args:
        function: The function with its gradient.
        start: The starting point.
        inverse: The inverse Hessian from a similar search, to save steps.
        flat: The gradient tolerance.
        steps: The maximum number of steps.
        far: The search ends when a variable is further than this from 0.
    """
    point = list(start)
    value, gradient = function(point)
    inverse = inverse or _identity(len(point))
    for _ in range(steps):
        if _largest(gradient) <= flat or _largest(point) > far:
            break
        result = _step(function, point, value, gradient, _direction(inverse, gradient))
        if result is None:
            break
        next_point, value, next_gradient = result
        step = [new - old for new, old in zip(next_point, point, strict=True)]
        change = [new - old for new, old in zip(next_gradient, gradient, strict=True)]
        inverse = _bfgs_update(inverse, step, change)
        point, gradient = next_point, next_gradient
    return Minimum(point, value, _largest(gradient) <= max(flat, 1e-5) and _largest(point) <= far, inverse)


def _step(
    function: Function, point: list[float], value: float, gradient: list[float], direction: list[float]
) -> tuple[list[float], float, list[float]] | None:
    """Line search: return a lower point with its value and gradient; None if no step length gives a lower value."""
    slope = _dot(gradient, direction)
    length = min(1.0, _LONGEST_STEP / _largest(direction))
    while length > _SHORTEST:
        candidate = [x + length * d for x, d in zip(point, direction, strict=True)]
        candidate_value, candidate_gradient = function(candidate)
        if isfinite(candidate_value) and candidate_value <= value + _ENOUGH * length * slope:
            return candidate, candidate_value, candidate_gradient
        length *= _shorter(value, length * slope, candidate_value)
    return None


def _shorter(value: float, predicted: float, actual: float) -> float:
    """Return the factor for shortening a step: to the minimum of the fitted parabola, but between 0.1 and 0.5."""
    curvature = actual - value - predicted
    return min(max(-predicted / (2 * curvature), 0.1), 0.5) if isfinite(curvature) else 0.1


def _direction(inverse: list[list[float]], gradient: list[float]) -> list[float]:
    return [-_dot(row, gradient) for row in inverse]


def _bfgs_update(inverse: list[list[float]], step: list[float], change: list[float]) -> list[list[float]]:
    """Return the BFGS update of the inverse Hessian after a step and its change of gradient (formula 6.17)."""
    curvature = _dot(step, change)
    if curvature <= 0:
        return inverse
    if inverse == _identity(len(step)):
        scale = curvature / _dot(change, change)
        inverse = [[scale * x for x in row] for row in inverse]
    inverse_change = [_dot(row, change) for row in inverse]
    weight = (1 + _dot(change, inverse_change) / curvature) / curvature
    return [
        [
            h + weight * si * sj - (ti * sj + si * tj) / curvature
            for h, sj, tj in zip(row, step, inverse_change, strict=True)
        ]
        for row, si, ti in zip(inverse, step, inverse_change, strict=True)
    ]


def _identity(size: int) -> list[list[float]]:
    return [[float(i == j) for j in range(size)] for i in range(size)]


def _dot(a: Sequence[float], b: Sequence[float]) -> float:
    return sum(x * y for x, y in zip(a, b, strict=True))


def _largest(values: Sequence[float]) -> float:
    return max(map(abs, values))
