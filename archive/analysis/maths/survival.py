"""How long customers stay: Kaplan-Meier curves.

Durations are in any one unit of time. A customer who has not left yet is censored: observed is False.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Sequence
from itertools import compress
from math import exp, log, sqrt
from typing import NamedTuple

from archive.analysis.maths.proportions import Z95, Interval

_ROUNDING = 1e-12  # a product of fractions that should be one half may end a hair above it


class Step(NamedTuple):
    """A time at which somebody left.

    Of `at_risk` customers just before it `events` left; `survival` is the share that stays longer, `error` its
    standard error, `band` its 95 % interval: None when nobody is left.
    """

    time: float
    at_risk: int
    events: int
    survival: float
    error: float
    band: Interval | None


class Curve(NamedTuple):
    """A survival curve: its steps, how many customers and leavings it is made of, and the longest duration."""

    steps: list[Step]
    n: int
    events: int
    longest: float

    def step_at(self, time: float) -> Step | None:
        """The last step at or before `time`; None before the first."""
        place = bisect_right(self.steps, time, key=lambda step: step.time)
        return self.steps[place - 1] if place else None

    def at(self, time: float) -> float | None:
        """The share that stays longer than `time`; None when nobody was observed so long and some still stay."""
        step = self.step_at(time)
        survival = 1.0 if step is None else step.survival
        return None if time > self.longest and survival > 0 else survival

    def quantile(self, survival: float) -> float | None:
        """The first time at which at most this share stays longer; None when it is not reached."""
        place = bisect_left(self.steps, -survival - _ROUNDING, key=lambda step: -step.survival)
        return self.steps[place].time if place < len(self.steps) else None

    @property
    def median(self) -> float | None:
        """The time by which half have left; None when it is not reached."""
        return self.quantile(0.5)


def kaplan_meier(durations: Sequence[float], observed: Sequence[bool], z: float = Z95) -> Curve | None:
    """The survival curve of customers by the product-limit estimate; None for no customers.

    Kaplan and Meier (1958); the error by Greenwood; the band on log(-log S) (Kalbfleisch and Prentice 2002,
    1.4.1), so that it stays between 0 and 1. A leaving and a censoring at one time: the leaving is first.
    ValueError for sequences of unlike length or a duration under 0.
    """
    everyone, leavers = _tallies(durations, observed)
    if not everyone:
        return None
    at_risk, survival, summed = len(durations), 1.0, 0.0
    steps: list[Step] = []
    for time in sorted(everyone):
        events = leavers.get(time, 0)
        if events:
            staying = at_risk - events
            survival *= staying / at_risk
            summed += events / (at_risk * staying) if staying else 0.0
            steps.append(
                Step(time, at_risk, events, survival, survival * sqrt(summed), _band(survival, summed, z))
            )
        at_risk -= everyone[time]
    return Curve(steps, len(durations), sum(leavers.values()), max(everyone))


def _tallies(durations: Sequence[float], observed: Sequence[bool]) -> tuple[Counter[float], Counter[float]]:
    if len(durations) != len(observed):
        raise ValueError(f"{len(durations)} durations, but {len(observed)} outcomes")
    if durations and min(durations) < 0:
        raise ValueError(f"a duration of {min(durations)}")
    return Counter(durations), Counter(compress(durations, observed))


def _band(survival: float, summed: float, z: float) -> Interval | None:
    if survival == 0:
        return None
    hazard = -log(survival)
    spread = exp(z * sqrt(summed) / hazard)
    return Interval(exp(-hazard * spread), exp(-hazard / spread))
