"""The log-rank test: whether the survival curves of groups of customers differ."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Sequence
from itertools import compress
from typing import NamedTuple

from archive.analysis.maths.special_functions import chi2_sf
from archive.analysis.maths.survival import check_durations

_SINGULAR = 1e-10  # a variance this small relative to the largest is a rounding error


class LogRank(NamedTuple):
    """Chi-square statistic with its degrees of freedom and p-value."""

    chi2: float
    dof: int
    p: float


class Arm(NamedTuple):
    """A group: durations, whether each ended in a loss, and the entry times (None: all at 0)."""

    durations: Sequence[float]
    lost: Sequence[bool]
    entries: Sequence[float] | None = None


Group = Arm | tuple[Sequence[float], Sequence[bool]]


def log_rank(groups: Sequence[Group]) -> LogRank | None:
    """Compare the survival of two or more groups by observed and expected losses under a common hazard.

    Mantel (1966), Peto and Peto (1972): chi2 = (O - E)' V^-1 (O - E) with hypergeometric variances. Groups without an
    expected loss are ignored. Customers are at risk as in `kaplan_meier`.

    Returns:
        None if fewer than two groups remain or the variance is zero.

    Raises:
        ValueError: The sequences of a group are invalid, as for `kaplan_meier`.
    """
    excess, variance = _excess_and_variance([Arm(*group) for group in groups])
    solution = _solve(variance, excess)
    if solution is None:
        return None
    chi2 = max(0.0, sum(a * b for a, b in zip(excess, solution, strict=True)))
    return LogRank(chi2, len(excess), chi2_sf(chi2, len(excess)))


def _excess_and_variance(groups: Sequence[Arm]) -> tuple[list[float], list[list[float]]]:
    """Return O - E and its covariance, excluding groups without an expected loss, and the last (redundant) group."""
    losses = [_losses(*arm) for arm in groups]
    end_times = [sorted(arm.durations) for arm in groups]
    entry_times = [sorted(arm.entries or [0.0] * len(arm.durations)) for arm in groups]
    events = sum(losses, Counter())
    indices = range(len(groups))
    expected, excess = [0.0] * len(groups), [0.0] * len(groups)
    variance = [[0.0] * len(groups) for _ in groups]
    for time, total_losses in sorted(events.items()):
        at_risk = [bisect_right(entry_times[g], time) - bisect_left(end_times[g], time) for g in indices]
        total = sum(at_risk)
        spread = total_losses * (total - total_losses) / (total - 1) if total > 1 else 0.0
        shares = [n / total for n in at_risk]
        for g in indices:
            expected[g] += total_losses * shares[g]
            excess[g] += losses[g].get(time, 0) - total_losses * shares[g]
            for h in range(g + 1):
                variance[g][h] += spread * shares[g] * ((g == h) - shares[h])
    compared = [g for g in indices if expected[g] > 0][:-1]
    return [excess[g] for g in compared], [
        [variance[max(g, h)][min(g, h)] for h in compared] for g in compared
    ]


def _losses(
    times: Sequence[float], observed: Sequence[bool], entries: Sequence[float] | None
) -> Counter[float]:
    check_durations(times, observed, [0.0] * len(times) if entries is None else entries)
    return Counter(compress(times, observed))


def _solve(matrix: list[list[float]], right: list[float]) -> list[float] | None:
    """Solve a linear system with a covariance matrix by elimination without pivoting; None if empty or singular."""
    rows = [[*row, value] for row, value in zip(matrix, right, strict=True)]
    size = len(rows)
    largest = max((matrix[i][i] for i in range(size)), default=0.0)
    for i in range(size):
        if rows[i][i] <= _SINGULAR * largest:
            return None
        for below in rows[i + 1 :]:
            factor = below[i] / rows[i][i]
            below[i:] = [value - factor * above for value, above in zip(below[i:], rows[i][i:], strict=True)]
    x = [0.0] * size
    for i in reversed(range(size)):
        x[i] = (rows[i][size] - sum(rows[i][j] * x[j] for j in range(i + 1, size))) / rows[i][i]
    return x if size else None
