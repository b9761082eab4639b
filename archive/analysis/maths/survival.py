"""Kaplan-Meier survival curves: how long customers stay.

Durations are in any single unit of time. Customers who have not left are right-censored: `observed` is False.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import compress
from math import exp, log, sqrt
from typing import NamedTuple

from archive.analysis.maths.proportions import Z95, Interval

_ROUNDING = 1e-12  # tolerance: a product of fractions that equals one half may be slightly above it


class Step(NamedTuple):
    """A time at which at least one customer left.

    Of `at_risk` customers just before it, `events` left; `survival` is the share that stays longer; `greenwood` is
    the sum of events / (at risk * remaining) over all steps so far.
    """

    time: float
    at_risk: int
    events: int
    survival: float
    greenwood: float

    @property
    def error(self) -> float:
        """The standard error of the survival (Greenwood's formula)."""
        return self.survival * sqrt(self.greenwood)

    @property
    def band(self) -> Interval | None:
        """The 95 % interval of the survival, on the log(-log S) scale so that it stays between 0 and 1.

        None if nobody remains. Kalbfleisch and Prentice (2002), 1.4.1.
        """
        if self.survival == 0:
            return None
        hazard = -log(self.survival)
        spread = exp(Z95 * sqrt(self.greenwood) / hazard)
        return Interval(exp(-hazard * spread), exp(-hazard / spread))


class Curve(NamedTuple):
    """A survival curve: its steps, the number of customers and losses, and the longest duration.

    `entry_times` and `end_times` are the ascending times at which customers enter and leave observation.
    """

    steps: list[Step]
    n: int
    events: int
    longest: float
    entry_times: list[float]
    end_times: list[float]

    def step_at(self, time: float) -> Step | None:
        """Return the last step at or before `time`; None before the first step."""
        index = bisect_right(self.steps, time, key=lambda step: step.time)
        return self.steps[index - 1] if index else None

    def at_risk(self, time: float) -> int:
        """Return the number of customers at risk at `time`: entered by then and not ended before."""
        return bisect_right(self.entry_times, time) - bisect_left(self.end_times, time)

    def at(self, time: float) -> float | None:
        """Return the share that stays longer than `time`; None if nobody was observed then but some remain."""
        step = self.step_at(time)
        survival = 1.0 if step is None else step.survival
        return survival if survival == 0 or self.at_risk(time) else None

    def quantile(self, survival: float) -> float | None:
        """Return the first time at which survival is at or below this share; None if it is not reached."""
        index = bisect_left(self.steps, -survival - _ROUNDING, key=lambda step: -step.survival)
        return self.steps[index].time if index < len(self.steps) else None

    @property
    def median(self) -> float | None:
        """The median survival time; None if it is not reached."""
        return self.quantile(0.5)

    def unobserved(self) -> list[Interval]:
        """Return the intervals between 0 and the longest duration in which nobody was observed."""
        pairs = zip([0.0, *self.end_times], self.entry_times, strict=False)
        return [Interval(end, entry) for end, entry in pairs if entry > end]


def kaplan_meier(
    durations: Sequence[float], observed: Sequence[bool], entries: Sequence[float] | None = None
) -> Curve | None:
    """Estimate the survival curve by the product-limit method; None if there are no customers.

    A customer is at risk from the entry (0 without `entries`) to the duration, both included (delayed entry, left
    truncation). Losses precede censorings at the same time. Kaplan and Meier (1958); Tsai, Jewell and Wang (1987).

    Raises:
        ValueError: The sequences differ in length, a duration is negative, or an entry is after its duration.
    """
    entries = [0.0] * len(durations) if entries is None else entries
    check_durations(durations, observed, entries)
    if not durations:
        return None
    losses = Counter(compress(durations, observed))
    entry_times, end_times = sorted(entries), sorted(durations)
    steps = list(_steps(losses, entry_times, end_times))
    return Curve(steps, len(durations), losses.total(), end_times[-1], entry_times, end_times)


def check_durations(durations: Sequence[float], observed: Sequence[bool], entries: Sequence[float]) -> None:
    """Validate the input of a survival estimate.

    Raises:
        ValueError: The sequences differ in length, a duration is negative, or an entry is after its duration.
    """
    if len(durations) != len(observed):
        raise ValueError(f"{len(durations)} durations, but {len(observed)} outcomes")
    if len(durations) != len(entries):
        raise ValueError(f"{len(durations)} durations, but {len(entries)} entries")
    if durations and min(durations) < 0:
        raise ValueError(f"a duration of {min(durations)}")
    invalid = next(((e, d) for e, d in zip(entries, durations, strict=True) if e > d), None)
    if invalid:
        raise ValueError(f"an entry at {invalid[0]}, after the duration of {invalid[1]}")


def _steps(losses: Counter[float], entry_times: list[float], end_times: list[float]) -> Iterator[Step]:
    survival, greenwood = 1.0, 0.0
    for time, events in sorted(losses.items()):
        at_risk = bisect_right(entry_times, time) - bisect_left(end_times, time)
        remaining = at_risk - events
        survival *= remaining / at_risk
        greenwood += events / (at_risk * remaining) if remaining else 0.0
        yield Step(time, at_risk, events, survival, greenwood)
