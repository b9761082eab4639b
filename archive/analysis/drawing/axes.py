"""Axis scaling and round tick values."""

from __future__ import annotations

import math

_LEAST = 1e-290
_FARTHEST = 1e300
_ROUND = (1.0, 2.0, 2.5, 5.0, 10.0)


def step_for(span: float, most: int) -> float:
    """Return the smallest round step with at most `most` ticks over a span, ends included; 1 for an empty span."""
    if span <= 0 or not math.isfinite(span):
        return 1.0
    exact_step = span / max(1, most - 1)
    power = 10.0 ** math.floor(math.log10(exact_step))
    return next(power * factor for factor in _ROUND if power * factor >= exact_step * (1 - 1e-9))


def marks(low: float, high: float, most: int, natural: float = 0.0) -> list[float]:
    """Return at most `most` round tick values from `low` to `high`, as multiples of a `natural` step if given."""
    step = step_for(high - low, most)
    if natural > 0:
        step = natural * max(1, math.ceil(step / natural - 1e-9))
    first = math.ceil(low / step - 1e-9)
    last = math.floor(high / step + 1e-9)
    return [number * step for number in range(first, last + 1)][:most] or [low]


def rounded_up(high: float, low: float) -> float:
    """Return the end of an axis at or above `high`, at a multiple of a round step."""
    step = step_for(high - low, 5)
    return math.ceil(high / step - 1e-9) * step


def finite(value: float | None) -> float:
    """Return a finite number for calculating lengths: 0 for None, NaN and tiny values; infinity is clamped."""
    if value is None or math.isnan(value) or abs(value) < _LEAST:
        return 0.0
    return max(-_FARTHEST, min(_FARTHEST, float(value)))
