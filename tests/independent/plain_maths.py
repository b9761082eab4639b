"""Implement statistics from their published formulas with the standard library."""

import math
from collections.abc import Sequence
from statistics import NormalDist

Z = NormalDist().inv_cdf(0.975)


def wilson(k: float, n: float) -> tuple[float | None, float | None]:
    """Return the score interval of the proportion k / n (Wilson 1927)."""
    if not n:
        return None, None
    p, zz = k / n, Z * Z
    centre, half = p + zz / (2 * n), Z * math.sqrt(p * (1 - p) / n + zz / (4 * n * n))
    low, high = (centre - half) / (1 + zz / n), (centre + half) / (1 + zz / n)
    return low if k else 0.0, high if k < n else 1.0


def newcombe(k1: float, n1: float, k0: float, n0: float) -> tuple[float, float]:
    """Return the interval of k1/n1 - k0/n0 (Newcombe 1998, method 10)."""
    p1, p0 = k1 / n1, k0 / n0
    (l1, u1), (l0, u0) = wilson(k1, n1), wilson(k0, n0)
    d = p1 - p0
    return d - math.hypot(p1 - l1, u0 - p0), d + math.hypot(u1 - p1, p0 - l0)


def gini(values: Sequence[float]) -> float | None:
    """Return the Gini coefficient: sum of (2i - n - 1) x_i / (n sum of x_i), with x ascending."""
    ordered, n = sorted(values), len(values)
    total = sum(ordered)
    if not total:
        return None
    return sum((2 * i - n - 1) * x for i, x in enumerate(ordered, 1)) / (n * total)


def percentile(values: Sequence[float], share: float) -> float | None:
    """Return the percentile at position 1 + share (n - 1) in ascending order, linearly interpolated."""
    if not values:
        return None
    ordered = sorted(values)
    position = share * (len(ordered) - 1)
    low = math.floor(position)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (position - low)


def proportion(k: int, n: int) -> dict[str, object]:
    """Return a proportion with its interval, k and n, as a report's figure has them."""
    low, high = wilson(k, n)
    return {"value": k / n if n else None, "n": n, "low": low, "high": high, "k": k}


Strata = Sequence[tuple[float, float, float, float]]  # k1 of n1 treated, k0 of n0 controls


def mantel_haenszel(strata: Strata) -> tuple[float, float, float] | None:
    """Return the pooled risk difference with Sato's interval (1989, eq. 3); a single stratum gets Newcombe's."""
    if not strata:
        return None
    if len(strata) == 1:
        k1, n1, k0, n0 = strata[0]
        return k1 / n1 - k0 / n0, *newcombe(k1, n1, k0, n0)
    whole = sum(n1 * n0 / (n1 + n0) for _k1, n1, _k0, n0 in strata)
    value = sum((k1 * n0 - k0 * n1) / (n1 + n0) for k1, n1, k0, n0 in strata) / whole
    p = sum(
        (n1 * n1 * k0 - n0 * n0 * k1 + n1 * n0 * (n0 - n1) / 2) / (n1 + n0) ** 2 for k1, n1, k0, n0 in strata
    )
    q = sum((k1 * (n0 - k0) + k0 * (n1 - k1)) / (2 * (n1 + n0)) for k1, n1, k0, n0 in strata)
    half = Z * math.sqrt(max(0.0, value * p + q)) / whole
    return value, max(-1.0, value - half), min(1.0, value + half)


def matched(strata: Strata) -> tuple[float, float, float, float] | None:
    """Return the control rate weighted by the treated, the difference, and its interval.

    The interval is Newcombe's with effective sample sizes p (1 - p) / V (Korn and Graubard 1998). V is the variance
    of the weighted rate; each stratum's rate is shrunk towards the overall rate by two pseudo-cases.
    """
    whole = sum(n1 for _k1, n1, _k0, _n0 in strata)
    if not whole:
        return None
    weights = [n1 / whole for _k1, n1, _k0, _n0 in strata]
    p1, m1 = _effective(weights, [(k1, n1) for k1, n1, _k0, _n0 in strata])
    p0, m0 = _effective(weights, [(k0, n0) for _k1, _n1, k0, n0 in strata])
    low, high = newcombe(p1 * m1, m1, p0 * m0, m0)
    return p0, p1 - p0, low, high


def _effective(weights: Sequence[float], groups: Sequence[tuple[float, float]]) -> tuple[float, float]:
    p = sum(w * k / n for w, (k, n) in zip(weights, groups, strict=True))
    if all(k == n for k, n in groups):
        p = 1.0  # the weights may not add up to exactly 1
    if not 0 < p < 1:
        return p, 1 / sum(w * w / n for w, (_k, n) in zip(weights, groups, strict=True))
    rates = [(k + 2 * p) / (n + 2) for k, n in groups]
    variance = sum(w * w * r * (1 - r) / n for w, r, (_k, n) in zip(weights, rates, groups, strict=True))
    return p, p * (1 - p) / variance


class Curve:
    """A Kaplan-Meier curve with delayed entry: cases are (entry, exit, is an event), at risk from entry to exit."""

    def __init__(self, cases: Sequence[tuple[float, float, bool]]) -> None:
        self.cases = cases
        self.steps: list[tuple[float, int, int, float]] = []  # time, lost, at risk, survival after
        left = 1.0
        for time in sorted({end for _entry, end, ended in cases if ended}):
            risk = self.risk(time)
            lost = sum(ended and end == time for _entry, end, ended in cases)
            left *= 1 - lost / risk
            self.steps.append((time, lost, risk, left))

    def risk(self, time: float) -> int:
        """Return the number at risk at a time; cases are at risk at the time of entry itself."""
        return sum(entry <= time <= end for entry, end, _ended in self.cases)

    def at(self, time: float) -> float | None:
        """Return the survival after a time; None if nobody is at risk then, unless the survival is 0."""
        left = next((left for when, _lost, _risk, left in reversed(self.steps) if when <= time), 1.0)
        return left if left == 0 or self.risk(time) else None

    def band(self, time: float) -> tuple[float | None, float | None]:
        """Return the 95 % interval of the survival after the last step: log(-log S) with Greenwood's sum."""
        steps = [step for step in self.steps if step[0] <= time]
        if not steps or steps[-1][3] <= 0:
            return None, None
        spread = math.sqrt(sum(lost / (risk * (risk - lost)) for _time, lost, risk, _left in steps))
        hazard = -math.log(steps[-1][3])
        factor = math.exp(Z * spread / hazard)
        return math.exp(-hazard * factor), math.exp(-hazard / factor)

    def median(self) -> float | None:
        """Return the first time with a survival of at most one half."""
        return next((time for time, _lost, _risk, left in self.steps if left <= 0.5 + 1e-12), None)

    def median_band(self) -> tuple[float | None, float | None]:
        """Return the times at which the band's limits fall to one half; none if both are the same."""
        low = next((step[0] for step in self.steps if (self.band(step[0])[0] or 0.0) <= 0.5), None)
        high = next((step[0] for step in self.steps if (self.band(step[0])[1] or 0.0) <= 0.5), None)
        return (None, None) if low == high else (low, high)


Case = tuple[float, float, bool]  # entry, exit, is an event


def log_rank(arms: Sequence[Sequence[Case]]) -> tuple[float, float, int] | None:
    """Return chi-square, p-value and degrees of freedom of the log-rank test with delayed entry.

    Groups without expected losses are left out; the result is None if fewer than two groups remain.
    """
    every = [case for arm in arms for case in arm]
    times = sorted({end for _entry, end, ended in every if ended})
    arms = [arm for arm in arms if any(_at_risk(arm, time) for time in times)]
    size = len(arms) - 1
    if size < 1:
        return None
    score, variance = [0.0] * size, [[0.0] * size for _ in range(size)]
    for time in times:
        risks = [_at_risk(arm, time) for arm in arms]
        losses = [sum(ended and end == time for _entry, end, ended in arm) for arm in arms]
        n, d = sum(risks), sum(losses)
        for i in range(size):
            score[i] += losses[i] - d * risks[i] / n
            for j in range(size):
                if n > 1:
                    part = risks[i] / n * ((i == j) - risks[j] / n)
                    variance[i][j] += part * d * (n - d) / (n - 1)
    solved = solve(variance, score)
    if solved is None:
        return None
    chi2 = sum(a * b for a, b in zip(score, solved, strict=True))
    return chi2, chi2_tail(chi2, size), size


def _at_risk(arm: Sequence[Case], time: float) -> int:
    return sum(entry <= time <= end for entry, end, _ended in arm)


def chi2_tail(x: float, dof: int) -> float:
    """Return the upper tail probability of chi-square at x, by recursion over the degrees of freedom."""
    half, known = x / 2, 2 - dof % 2
    tail = math.erfc(math.sqrt(half)) if known == 1 else math.exp(-half)
    while known < dof:
        tail += half ** (known / 2) * math.exp(-half) / math.gamma(known / 2 + 1)
        known += 2
    return tail


def auc(scores: Sequence[float], came: Sequence[bool]) -> float | None:
    """Return the area under the ROC curve: the share of pairs that the scores rank correctly; a tie counts half."""
    yes = [score for score, did in zip(scores, came, strict=True) if did]
    no = [score for score, did in zip(scores, came, strict=True) if not did]
    if not yes or not no:
        return None
    return sum((a > b) + (a == b) / 2 for a in yes for b in no) / (len(yes) * len(no))


def solve(matrix: Sequence[Sequence[float]], right: Sequence[float]) -> list[float] | None:
    """Solve linear equations by elimination; None if the solution is not unique."""
    rows = [[*row, value] for row, value in zip(matrix, right, strict=True)]
    for place in range(len(rows)):
        best = max(range(place, len(rows)), key=lambda at: abs(rows[at][place]))
        if abs(rows[best][place]) < 1e-12:
            return None
        rows[place], rows[best] = rows[best], rows[place]
        for other in range(len(rows)):
            if other != place:
                factor = rows[other][place] / rows[place][place]
                rows[other] = [a - factor * b for a, b in zip(rows[other], rows[place], strict=True)]
    return [row[-1] / row[place] for place, row in enumerate(rows)]
