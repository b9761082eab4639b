"""Fit BG/NBD and MBG/CNBD-k by maximum a posteriori; weak priors keep the parameters from diverging."""

from __future__ import annotations

from collections.abc import Sequence
from math import exp, inf, log
from typing import Literal, NamedTuple

from archive.analysis.maths.bgnbd import Model
from archive.analysis.maths.bgnbd_likelihood import log_likelihood
from archive.analysis.maths.histories import Sample
from archive.analysis.maths.optimise import Minimum, minimise

Name = Literal["mbg/cnbd-k", "bg/nbd"]
Prior = Literal["weak", "none"]

SPREAD = 1.5
"""Standard deviation of the log-normal priors: 95 % of the mass is within a factor of 19 of the median."""
MIDDLES = (1.0, 1.0, 0.5, 2.0)
"""Prior medians of r, alpha (in units of the mean weeks per phase), a and b."""
MOST_REGULAR = 4

_STARTS = (
    (0.0, 0.0, 0.0, 0.0),
    (-1.5, -1.0, 1.0, 1.0),
    (1.5, 1.5, -1.0, 1.0),
)  # log parameters relative to the prior medians
_FEW = 200  # histories in the subsample on which all starting points are tried
_ROUGH = 1e-3  # gradient tolerance of a coarse search
_CLOSE = 1e-3  # log-likelihood per customer that refining a coarse search may still gain
_FAR = 7.0  # log distance from the median, a factor of 1,100: the parameter is diverging


class Fit(NamedTuple):
    """A fitted model, its log-likelihood (without the prior) and the number of customers.

    `is_settled` is False if a parameter diverged or the search did not converge; the fit is then unreliable.
    """

    model: Model
    log_likelihood: float
    n: int
    is_settled: bool


def fit(sample: Sample, name: Name = "mbg/cnbd-k", prior: Prior = "weak") -> Fit | None:
    """Fit a model to a sample; None if the sample is empty.

    For MBG/CNBD-k, the regularity k is increased from 1 to at most 4 until the likelihood falls; a sample without
    `log_gaps` gets k = 1.

    Args:
        sample: The purchase histories.
        name: The model to fit.
        prior: "weak" for log-normal priors around MIDDLES, which do not depend on the unit of time; "none" for plain
            maximum likelihood.
    """
    if not sample.n:
        return None
    leaves_first = name != "bg/nbd"
    start = _coarse(_Problem(sample.thinned(_FEW), 1, leaves_first, prior))
    best, end = _fit(_Problem(sample, 1, leaves_first, prior), start)
    while leaves_first and best.model.k < MOST_REGULAR and sample.log_gaps is not None and sample.repeats:
        problem = _Problem(sample, best.model.k + 1, leaves_first, prior)
        candidate, end = _fit(problem, end, best.log_likelihood)
        if candidate.log_likelihood <= best.log_likelihood:
            break
        best = candidate
    return best


def refit(sample: Sample, fitted_model: Model, prior: Prior = "weak") -> Fit | None:
    """Fit a sample similar to that of a fitted model; the search starts from its parameters and k.

    Returns None if the sample is empty. k does not change if the sample has no `log_gaps`.
    """
    if not sample.n:
        return None
    comparable = sample if sample.log_gaps is not None else sample._replace(log_gaps=0.0)
    problem = _Problem(comparable, fitted_model.k, fitted_model.leaves_first, prior)
    best, end = _fit(
        problem, minimise(problem, problem.point_of(fitted_model), flat=_ROUGH, steps=40, far=_FAR)
    )
    if sample.log_gaps is None or not fitted_model.leaves_first or not sample.repeats:
        return best
    for step in (1, -1):
        if best.model.k != fitted_model.k:
            break  # a higher k fitted better, so lower ones need no test
        while 1 <= best.model.k + step <= MOST_REGULAR:
            problem = _Problem(comparable, best.model.k + step, fitted_model.leaves_first, prior)
            candidate, end = _fit(problem, end, best.log_likelihood)
            if candidate.log_likelihood <= best.log_likelihood:
                break
            best = candidate
    return best


class _Problem:
    """The objective: minus the log-posterior per customer, as a function of the log parameters relative to the prior
    medians.
    """

    def __init__(self, sample: Sample, k: int, leaves_first: bool, prior: Prior) -> None:
        self.sample, self.k, self.leaves_first = sample, k, leaves_first
        typical = (sample.weeks or 1.0) / (sample.repeats + 1) / k
        r, alpha, a, b = MIDDLES
        self.medians = (r, alpha * typical, a, b)
        self.precision = 1 / SPREAD**2 if prior == "weak" else 0.0

    def __call__(self, point: Sequence[float]) -> tuple[float, list[float]]:
        likelihood = log_likelihood(self.model_at(point), self.sample)
        parameters = [middle * exp(x) for middle, x in zip(self.medians, point, strict=True)]
        slope = [p * d for p, d in zip(parameters, likelihood[1:], strict=True)]
        value = likelihood.value - self.precision / 2 * sum(x * x for x in point)
        n = self.sample.n
        return -value / n, [(self.precision * x - d) / n for x, d in zip(point, slope, strict=True)]

    def model_at(self, point: Sequence[float]) -> Model:
        r, alpha, a, b = (middle * exp(x) for middle, x in zip(self.medians, point, strict=True))
        return Model(r, alpha, a, b, self.k, self.leaves_first)

    def point_of(self, model: Model) -> list[float]:
        return [log(value / middle) for value, middle in zip(model[:4], self.medians, strict=True)]


def _coarse(problem: _Problem) -> Minimum:
    """Return the best result of a coarse search from several starting points."""
    ends = [minimise(problem, start, flat=_ROUGH, steps=40, far=_FAR) for start in _STARTS]
    return min(ends, key=lambda end: end.value)


def _fit(problem: _Problem, start: Minimum, to_beat: float = -inf) -> tuple[Fit, Minimum]:
    """Fit from the end of a similar search; stop at the coarse result if it cannot reach `to_beat`."""
    sample = problem.sample
    end = minimise(problem, start.point, inverse=start.inverse, flat=_ROUGH, far=_FAR)
    if log_likelihood(problem.model_at(end.point), sample).value > to_beat - _CLOSE * sample.n:
        end = minimise(problem, end.point, inverse=end.inverse, far=_FAR)
    model = problem.model_at(end.point)
    return Fit(model, log_likelihood(model, sample).value, sample.n, end.is_flat), end
