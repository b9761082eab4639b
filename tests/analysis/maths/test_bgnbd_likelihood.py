"""Test the likelihood of the models and its gradient."""

import json
from math import exp, factorial, lgamma, log
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stories import histories, models, over_chances, over_rates, phase

from archive.analysis.maths.bgnbd import Model
from archive.analysis.maths.bgnbd_likelihood import log_likelihood
from archive.analysis.maths.histories import History, sample

ORACLE = json.loads((Path(__file__).parents[2] / "data" / "alive_oracle.json").read_text("utf-8"))["cdnow"]


def likelihood(model, days, age):
    """Integrate the likelihood of a customer with these repeat purchases, from the model's assumptions."""
    x, last, m = len(days), max(days, default=0.0), model.chances(len(days))
    k = model.k
    gaps = [later - day for day, later in zip([0.0, *days], days, strict=False)]
    regular = 1.0
    for gap in gaps:
        regular *= gap ** (k - 1) / factorial(k - 1)

    def bought(rate):
        return rate ** (k * x) * exp(-rate * last)

    waits = over_rates(model, lambda rate: bought(rate) * sum(phase(rate, age - last, j) for j in range(k)))
    alive = over_chances(model, lambda p, q: q**m) * waits
    gone = over_chances(model, lambda p, q: p * q ** (m - 1)) * over_rates(model, bought) if m else 0.0
    return regular * (alive + gone)


@pytest.mark.parametrize("k", [1, 2, 3])
@pytest.mark.parametrize("leaves_first", [True, False])
@pytest.mark.parametrize("days", [[], [1.5], [2.0, 3.5, 9.0]])
def test_the_likelihood_equals_the_integral_over_the_latent_parameters(k, leaves_first, days):
    model = Model(0.8, 5.0, 0.9, 2.2, k, leaves_first)
    history = History(len(days), max(days, default=0.0), 12.0)
    logs = sum(log(later - day) for day, later in zip([0.0, *days], days, strict=False))
    found = log_likelihood(model, sample([history], logs))
    assert found.value == pytest.approx(log(likelihood(model, days, 12.0)), abs=1e-8)


def test_log_likelihoods_add_up_over_customers():
    model = Model(0.8, 5.0, 0.9, 2.2)
    one, other = History(2, 3, 9), History(0, 0, 4)
    apart = [log_likelihood(model, sample([each])) for each in (one, other, one)]
    together = log_likelihood(model, sample([one, other, one]))
    assert list(together) == pytest.approx([sum(parts) for parts in zip(*apart, strict=True)])


def test_a_regular_model_requires_known_gaps():
    with pytest.raises(ValueError, match="gaps"):
        log_likelihood(Model(1, 1, 1, 1, 2), sample([History(1, 1, 2)]))


def test_mbg_nbd_matches_its_formula():
    r, alpha, a, b = 0.525, 6.183, 0.891, 1.614
    x, last, age = 3, 8.0, 20.0
    expected = (
        lgamma(r + x)
        - lgamma(r)
        + r * log(alpha)
        + lgamma(a + b)
        - lgamma(b)
        + lgamma(b + x + 1)
        - lgamma(a + b + x + 1)
        + log((alpha + age) ** -(r + x) + a / (b + x) * (alpha + last) ** -(r + x))
    )
    found = log_likelihood(Model(r, alpha, a, b), sample([History(x, last, age)], 0.0))
    assert found.value == pytest.approx(expected)


@given(models, st.lists(histories, min_size=1, max_size=6))
def test_the_gradient_matches_finite_differences(model, customers):
    counted = sample(customers, 1.0)
    slope = log_likelihood(model, counted)
    for name in ("r", "alpha", "a", "b"):
        here = getattr(model, name)
        step = 1e-6 * here
        up = log_likelihood(model._replace(**{name: here + step}), counted).value
        down = log_likelihood(model._replace(**{name: here - step}), counted).value
        scale = abs(slope.value) * 1e-9 / step
        assert getattr(slope, name) == pytest.approx((up - down) / (2 * step), rel=1e-4, abs=1e-4 + scale)


def test_the_oracle_used_the_same_sample(cdnow):
    for name, found in ORACLE.items():
        model = Model(*found["parameters"], leaves_first=name == "mbg/nbd")
        assert log_likelihood(model, cdnow).value == pytest.approx(found["log_likelihood"], abs=1e-6)
