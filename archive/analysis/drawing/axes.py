"""Numbers as places on a screen, and round numbers along an axis."""

from __future__ import annotations

import math

_LEAST = 1e-290
_FARTHEST = 1e300
_ROUND = (1.0, 2.0, 2.5, 5.0, 10.0)


def step_for(span: float, most: int) -> float:
    """The least round step by which a span has at most so many marks, both its ends counted; 1 for no span."""
    if span <= 0 or not math.isfinite(span):
        return 1.0
    wanted = span / max(1, most - 1)
    power = 10.0 ** math.floor(math.log10(wanted))
    return next(power * factor for factor in _ROUND if power * factor >= wanted * (1 - 1e-9))


def marks(low: float, high: float, most: int, natural: float = 0.0) -> list[float]:
    """The round numbers from `low` to `high`, at most so many: multiples of a `natural` step where there is one."""
    step = step_for(high - low, most)
    if natural > 0:
        step = natural * max(1, math.ceil(step / natural - 1e-9))
    first = math.ceil(low / step - 1e-9)
    last = math.floor(high / step + 1e-9)
    return [number * step for number in range(first, last + 1)][:most] or [low]


def rounded_up(high: float, low: float) -> float:
    """The end of an axis at or above `high`: the next quarter of a round step."""
    step = step_for(high - low, 5)
    return math.ceil(high / step - 1e-9) * step


def finite(value: float | None) -> float:
    """A number that lengths can be made of: what is not known has none, what has no end is very long, and what is too
    little to be divided is nothing.
    """
    if value is None or math.isnan(value) or abs(value) < _LEAST:
        return 0.0
    return max(-_FARTHEST, min(_FARTHEST, float(value)))
