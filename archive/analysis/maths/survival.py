"""How long customers stay: Kaplan-Meier curves.

Durations are in any one unit of time. A customer who has not left yet is censored: observed is False.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import compress
from math import exp, log, sqrt
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
    """A survival curve: its steps, the number of customers and of losses, and the longest duration.

    `entered` and `ended` are the ascending times at which customers come under observation and leave it.
    """

    steps: list[Step]
    n: int
    events: int
    longest: float
    entered: list[float]
    ended: list[float]

    def step_at(self, time: float) -> Step | None:
        """Return the last step at or before `time`; None before the first."""
        place = bisect_right(self.steps, time, key=lambda step: step.time)
        return self.steps[place - 1] if place else None

    def at_risk(self, time: float) -> int:
        """Count the customers under observation at `time`: entered by then and not ended before."""
        return bisect_right(self.entered, time) - bisect_left(self.ended, time)

    def at(self, time: float) -> float | None:
        """Return the share that stays longer than `time`; None if nobody was observed then and some still stay."""
        step = self.step_at(time)
        survival = 1.0 if step is None else step.survival
        return survival if survival == 0 or self.at_risk(time) else None

    def quantile(self, survival: float) -> float | None:
        """Return the first time at which at most this share stays longer; None if it is not reached."""
        place = bisect_left(self.steps, -survival - _ROUNDING, key=lambda step: -step.survival)
        return self.steps[place].time if place < len(self.steps) else None

    @property
    def median(self) -> float | None:
        """The time by which half have left; None if it is not reached."""
        return self.quantile(0.5)

    def unobserved(self) -> list[Interval]:
        """List the stretches of time from 0 to the longest duration in which nobody was observed."""
        pairs = zip([0.0, *self.ended], self.entered, strict=False)
        return [Interval(end, entry) for end, entry in pairs if entry > end]


def kaplan_meier(
    durations: Sequence[float], observed: Sequence[bool], entries: Sequence[float] | None = None
) -> Curve | None:
    """Estimate the survival curve of customers by the product limit; None for no customers.

    A customer is at risk from its entry, 0 without `entries`, to its duration, both included (delayed entry, left
    truncation). Losses at one time come before the censorings. Kaplan and Meier (1958); Tsai, Jewell and Wang (1987).

    Raises:
        ValueError: The sequences differ in length, a duration is under 0, or an entry is after its duration.
    """
    entries = [0.0] * len(durations) if entries is None else entries
    checked(durations, observed, entries)
    if not durations:
        return None
    leaving = Counter(compress(durations, observed))
    entered, ended = sorted(entries), sorted(durations)
    steps = list(_steps(leaving, entered, ended))
    return Curve(steps, len(durations), leaving.total(), ended[-1], entered, ended)


def checked(durations: Sequence[float], observed: Sequence[bool], entries: Sequence[float]) -> None:
    """Refuse sequences that describe no customers."""
    if len(durations) != len(observed):
        raise ValueError(f"{len(durations)} durations, but {len(observed)} outcomes")
    if len(durations) != len(entries):
        raise ValueError(f"{len(durations)} durations, but {len(entries)} entries")
    if durations and min(durations) < 0:
        raise ValueError(f"a duration of {min(durations)}")
    late = next(((e, d) for e, d in zip(entries, durations, strict=True) if e > d), None)
    if late:
        raise ValueError(f"an entry at {late[0]}, after the duration of {late[1]}")


def _steps(leaving: Counter[float], entered: list[float], ended: list[float]) -> Iterator[Step]:
    survival, greenwood = 1.0, 0.0
    for time, events in sorted(leaving.items()):
        at_risk = bisect_right(entered, time) - bisect_left(ended, time)
        left = at_risk - events
        survival *= left / at_risk
        greenwood += events / (at_risk * left) if left else 0.0
        yield Step(time, at_risk, events, survival, greenwood)
