"""Log-likelihood of BG/NBD and MBG/CNBD-k with its gradient, over counted histories.

For a customer with x repeat purchases and (t_x, T), let q = r + k x and let m be the number of chances to drop out
(x, or x + 1 if dropout at the first purchase is possible). Up to the factor of the individual gaps (`_gaps_part`):

    L = Gamma(q) / Gamma(r) alpha^r B(a, b + m) / B(a, b) (S + D)
    S = (alpha + T)^-q  sum over j < k of  (q)_j / j! y^j,   y = (T - t_x) / (alpha + T)       still active
    D = a / (b + m - 1) (alpha + t_x)^-q                                                       left at t_x, if m > 0

Fader, Hardie and Lee (2005), formula 6; Platzer and Reutterer (2016), formula 5.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import exp, inf, lgamma, log, log1p
from typing import NamedTuple

from archive.analysis.maths.bgnbd import Model
from archive.analysis.maths.histories import RepeatGroup, Sample
from archive.analysis.maths.special_functions import digamma


class Slope(NamedTuple):
    """Log-likelihood and its partial derivatives with respect to r, alpha, a and b."""

    value: float
    r: float
    alpha: float
    a: float
    b: float


class _Times(NamedTuple):
    """The distinct times of a sample, with log(alpha + time) and 1 / (alpha + time) of each."""

    plain: Sequence[float]
    logs: Sequence[float]
    inverses: Sequence[float]


class _Sums(NamedTuple):
    """Sums over customers with equal repeats: log(S + D), its derivatives in q and alpha, expected dropouts."""

    value: float
    q: float
    alpha: float
    dropouts: float


def log_likelihood(model: Model, sample: Sample) -> Slope:
    """Return the log-likelihood of the sample and its gradient.

    With k > 1 the factor of the individual gaps is included, so that the values of different k can be compared.

    Raises:
        ValueError: k > 1, but the sample has no `log_gaps`.
    """
    r, alpha, a, b, k, _ = model
    value = _gaps_part(model, sample)
    by_r = by_alpha = by_a = by_b = 0.0
    shifted = [alpha + time for time in sample.times]
    times = _Times(sample.times, list(map(log, shifted)), [1 / time for time in shifted])
    of_ab = lgamma(a + b) - lgamma(b), digamma(a + b), digamma(b)
    of_r = r * log(alpha) - lgamma(r), log(alpha) - digamma(r)
    for group in sample.groups:
        n, q, m = group.n, r + k * group.repeats, model.chances(group.repeats)
        leaving_odds = log(a / (b + m - 1)) if m else -inf
        sums = (_exponential if k == 1 else _erlang)(group, times, q, leaving_odds, k)
        value += sums.value + n * (lgamma(q) + of_r[0])
        by_r += sums.q + n * (digamma(q) + of_r[1])
        by_alpha += sums.alpha + n * r / alpha
        if m:
            digamma_sum = digamma(a + b + m)
            value += n * (of_ab[0] + lgamma(b + m) - lgamma(a + b + m))
            by_a += n * (of_ab[1] - digamma_sum) + sums.dropouts / a
            by_b += n * (of_ab[1] - of_ab[2] + digamma(b + m) - digamma_sum) - sums.dropouts / (b + m - 1)
    return Slope(value, by_r, by_alpha, by_a, by_b)


def _gaps_part(model: Model, sample: Sample) -> float:
    if model.k == 1:
        return 0.0
    if sample.log_gaps is None:
        raise ValueError("regular gaps need the logarithms of the gaps")
    return (model.k - 1) * sample.log_gaps - sample.repeats * lgamma(model.k)


def _exponential(group: RepeatGroup, times: _Times, q: float, leaving_odds: float, k: int) -> _Sums:
    """Sum a group with exponential gaps (k = 1), for which S is (alpha + T)^-q."""
    _, logs, inverses = times
    value = logs_sum = inverses_sum = dropout_sum = 0.0
    for last, age, n in group.rows:
        log_age = logs[age]
        log_ratio = log_age - logs[last]
        odds = leaving_odds + q * log_ratio
        if odds < 0:
            ratio = exp(odds)
            value += n * (log1p(ratio) - q * log_age)
            dropouts = n * ratio / (1 + ratio)
        else:
            inverse_ratio = exp(-odds)
            value += n * (log1p(inverse_ratio) + odds - q * log_age)
            dropouts = n / (1 + inverse_ratio)
        logs_sum += n * log_age - dropouts * log_ratio
        inverses_sum += n * inverses[age] + dropouts * (inverses[last] - inverses[age])
        dropout_sum += dropouts
    return _Sums(value, -logs_sum, -q * inverses_sum, dropout_sum)


def _erlang(group: RepeatGroup, times: _Times, q: float, leaving_odds: float, k: int) -> _Sums:
    """Sum a group with Erlang gaps (k > 1), for which S is a polynomial over the phases of the current gap."""
    plain, logs, inverses = times
    polynomial = _phases(q, k)
    value = q_sum = alpha_sum = dropout_sum = 0.0
    for last, age, n in group.rows:
        y = (plain[age] - plain[last]) * inverses[age]
        phases = of_q = of_y = 0.0
        for c, d in polynomial:
            of_y = of_y * y + phases
            phases = phases * y + c
            of_q = of_q * y + d
        log_age, log_phases = logs[age], log(phases)
        log_ratio = log_age - logs[last]
        odds = leaving_odds + q * log_ratio - log_phases
        sign = 1 if odds < 0 else -1
        ratio = exp(sign * odds)
        dropouts = (ratio if odds < 0 else 1.0) / (1 + ratio)
        alive = 1 - dropouts
        value += n * (log1p(ratio) + max(odds, 0.0) + log_phases - q * log_age)
        q_sum += n * (alive * of_q / phases + dropouts * log_ratio - log_age)
        alpha_sum -= n * (alive * (q + of_y * y / phases) * inverses[age] + dropouts * q * inverses[last])
        dropout_sum += n * dropouts
    return _Sums(value, q_sum, alpha_sum, dropout_sum)


def _phases(q: float, k: int) -> list[tuple[float, float]]:
    """Return (q)_j / j! for j < k with its derivative in q, highest j first."""
    coefficients, slope = [(1.0, 0.0)], 0.0
    for j in range(1, k):
        slope += 1 / (q + j - 1)
        coefficient = coefficients[-1][0] * (q + j - 1) / j
        coefficients.append((coefficient, coefficient * slope))
    return coefficients[::-1]
