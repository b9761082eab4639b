"""Generate customers with hypothesis, and integrate the models numerically instead of by their formulas."""

from math import exp, factorial

from hypothesis import strategies as st

from archive.analysis.maths.bgnbd import Model
from archive.analysis.maths.histories import History

ages = st.floats(0.5, 200)
histories = ages.flatmap(
    lambda age: st.one_of(
        st.just(History(0, 0.0, age)),
        st.builds(History, st.integers(1, 60), st.floats(0.1, age), st.just(age)),
    )
)
parameters = st.floats(0.05, 20)
models = st.builds(Model, parameters, parameters, parameters, parameters, st.integers(1, 4), st.booleans())


LOG_RATES = [i / 5 for i in range(-300, 25)]
LOG_ODDS = [i / 5 for i in range(-400, 400)]


def over_rates(model, figure):
    """Integrate a function over the gamma distribution of rates, in equal steps of the log-rate."""
    weights = [(exp(u), exp(model.r * u - model.alpha * exp(u))) for u in LOG_RATES]
    return sum(w * figure(rate) for rate, w in weights) / sum(w for _, w in weights)


def over_chances(model, figure):
    """Integrate a function of (p, 1 - p) over the beta distribution of dropout, in equal steps of the log-odds."""
    pairs = [(1 / (1 + exp(-u)), 1 / (1 + exp(u))) for u in LOG_ODDS]
    weights = [p**model.a * q**model.b for p, q in pairs]
    return sum(w * figure(p, q) for w, (p, q) in zip(weights, pairs, strict=True)) / sum(weights)


def phase(rate, wait, j):
    return exp(-rate * wait) * (rate * wait) ** j / factorial(j)
