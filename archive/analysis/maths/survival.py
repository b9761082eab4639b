"""How long customers stay: Kaplan-Meier curves.

Durations are in any one unit of time. A customer who has not left yet is censored: observed is False.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import compress
from math import exp, log, sqrt
from operator import not_
from typing import NamedTuple

from archive.analysis.maths.proportions import Z95, Interval

_ROUNDING = 1e-12  # a product of fractions that should be one half may end a hair above it


class Step(NamedTuple):
    """A time at which somebody left.

    Of `at_risk` customers just before it `events` left; `survival` is the share that stays longer, `greenwood` the
    sum of events / (at risk * staying) over the steps up to it.
    """

    time: float
    at_risk: int
    events: int
    survival: float
    greenwood: float

    @property
    def error(self) -> float:
        """The standard error of the survival, by Greenwood's formula."""
        return self.survival * sqrt(self.greenwood)

    @property
    def band(self) -> Interval | None:
        """The 95 % interval of the survival, made on log(-log S) so that it stays between 0 and 1.

        None when nobody is left. Kalbfleisch and Prentice (2002), 1.4.1.
        """
        if self.survival == 0:
            return None
        hazard = -log(self.survival)
        spread = exp(Z95 * sqrt(self.greenwood) / hazard)
        return Interval(exp(-hazard * spread), exp(-hazard / spread))


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


def kaplan_meier(durations: Sequence[float], observed: Sequence[bool]) -> Curve | None:
    """The survival curve of customers by the product-limit estimate; None for no customers.

    Kaplan and Meier (1958). A leaving and a censoring at one time: the leaving is first. ValueError for sequences of
    unlike length or a duration under 0.
    """
    if len(durations) != len(observed):
        raise ValueError(f"{len(durations)} durations, but {len(observed)} outcomes")
    leaving, staying = (
        Counter(compress(durations, observed)),
        Counter(compress(durations, map(not_, observed))),
    )
    times = sorted(leaving.keys() | staying.keys())
    if not times:
        return None
    if times[0] < 0:
        raise ValueError(f"a duration of {times[0]}")
    return Curve(list(_steps(times, leaving, staying)), len(durations), leaving.total(), times[-1])


def _steps(times: list[float], leaving: Counter[float], staying: Counter[float]) -> Iterator[Step]:
    at_risk, survival, greenwood = leaving.total() + staying.total(), 1.0, 0.0
    for time in times:
        events = leaving.get(time, 0)
        if events:
            left = at_risk - events
            survival *= left / at_risk
            greenwood += events / (at_risk * left) if left else 0.0
            yield Step(time, at_risk, events, survival, greenwood)
            at_risk = left
        at_risk -= staying.get(time, 0)
