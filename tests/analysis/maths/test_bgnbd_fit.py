"""Test fitting the models: published and simulated parameters, and uninformative samples."""

import json
from math import log
from pathlib import Path
from random import Random

import pytest

from archive.analysis.maths.bgnbd import Model
from archive.analysis.maths.bgnbd_fit import fit, refit
from archive.analysis.maths.bgnbd_likelihood import log_likelihood
from archive.analysis.maths.histories import History, sample

ORACLE = json.loads((Path(__file__).parents[2] / "data" / "alive_oracle.json").read_text("utf-8"))["cdnow"]


def made_up(model, n, seed, weeks=(10.0, 70.0)):
    """Simulate customers from the model; return them with the sum of the logarithms of their gaps."""
    dice, histories, logs = Random(seed), [], 0.0
    for _ in range(n):
        rate, leaves = dice.gammavariate(model.r, 1 / model.alpha), dice.betavariate(model.a, model.b)
        age, last, repeats = dice.uniform(*weeks), 0.0, 0
        stays = not (model.leaves_first and dice.random() < leaves)
        while stays:
            gap = dice.gammavariate(model.k, 1 / rate)
            if last + gap > age:
                break
            last, repeats, logs = last + gap, repeats + 1, logs + log(gap)
            stays = dice.random() >= leaves
        histories.append(History(repeats, last, age))
    return sample(histories, logs)


def test_bg_nbd_reproduces_the_published_cdnow_fit(cdnow):
    assert cdnow.n == 2357
    found = fit(cdnow, "bg/nbd", "none")
    assert found is not None
    assert found.is_settled
    assert found.n == 2357
    assert found.model[:4] == pytest.approx((0.2426, 4.4136, 0.7929, 2.4259), abs=0.00005)
    assert found.log_likelihood == pytest.approx(-9582.43, abs=0.005)
    customer = History(2, 30.43, 38.86)
    assert found.model.p_alive(customer) == pytest.approx(0.726609, abs=5e-7)
    assert found.model.expected(customer, 39) == pytest.approx(1.2259, abs=0.00005)


@pytest.mark.parametrize(("name", "oracle"), [("bg/nbd", "bg/nbd"), ("mbg/cnbd-k", "mbg/nbd")])
def test_the_fit_is_at_least_as_likely_as_that_of_lifetimes(cdnow, name, oracle):
    found = fit(cdnow, name, "none")
    assert found is not None
    assert found.log_likelihood >= ORACLE[oracle]["log_likelihood"] - 1e-8
    assert found.model[:4] == pytest.approx(ORACLE[oracle]["parameters"], rel=1e-5)
    assert found.model.k == 1


@pytest.mark.parametrize("name", ["bg/nbd", "mbg/cnbd-k"])
def test_a_weak_prior_changes_little_with_informative_data(cdnow, name):
    plain, held = fit(cdnow, name, "none"), fit(cdnow, name)
    assert plain is not None
    assert held is not None
    assert held.model[:4] == pytest.approx(plain.model[:4], rel=0.05)
    assert plain.log_likelihood - 0.02 < held.log_likelihood <= plain.log_likelihood


@pytest.mark.parametrize("k", [1, 2, 3])
def test_simulated_parameters_are_recovered(k):
    truth = Model(0.9, 3.0, 0.8, 2.4, k)
    customers = made_up(truth, 2000, seed=k)
    found = fit(customers)
    assert found is not None
    assert found.is_settled
    assert found.model.k == k
    assert found.model[:4] == pytest.approx(truth[:4], rel=0.2)
    assert found.log_likelihood >= log_likelihood(truth, customers).value - 0.1


def test_the_regularity_is_limited_to_four():
    found = fit(made_up(Model(2.0, 0.3, 0.5, 4.0, 9), 300, seed=1))
    assert found is not None
    assert found.model.k == 4


def test_random_timing_is_assumed_without_known_gaps():
    customers = made_up(Model(0.9, 3.0, 0.8, 2.4, 3), 300, seed=1)._replace(log_gaps=None)
    found = fit(customers)
    assert found is not None
    assert found.model.k == 1


def test_the_unit_of_time_does_not_matter():
    customers = made_up(Model(0.9, 3.0, 0.8, 2.4), 400, seed=2)
    in_days = customers._replace(times=[7 * time for time in customers.times], log_gaps=None)
    weeks, days = fit(customers._replace(log_gaps=None)), fit(in_days)
    assert weeks is not None
    assert days is not None
    assert days.model[:4] == pytest.approx(
        (weeks.model.r, 7 * weeks.model.alpha, weeks.model.a, weeks.model.b), rel=1e-4
    )


@pytest.mark.parametrize("name", ["bg/nbd", "mbg/cnbd-k"])
@pytest.mark.parametrize("seed", range(6))
def test_with_the_prior_twenty_customers_give_a_stable_fit(name, seed):
    found = fit(made_up(Model(0.7, 6.0, 0.8, 2.5, 1, name != "bg/nbd"), 20, seed), name)
    assert found is not None
    assert found.is_settled
    assert all(0.01 < value < 300 for value in found.model[:4])


@pytest.mark.parametrize("name", ["bg/nbd", "mbg/cnbd-k"])
@pytest.mark.parametrize(
    "customers",
    [
        [History(0, 0, 0)],
        [History(0, 0, 30)] * 50,
        [History(1, 30, 30)],
        [History(5, 20, 20)] * 10,
        [History(400, 1000, 1000), History(0, 0, 0.1)],
    ],
)
def test_with_the_prior_uninformative_customers_give_a_stable_fit(name, customers):
    found = fit(sample(customers, 0.0), name)
    assert found is not None
    assert found.is_settled
    assert all(0 <= found.model.p_alive(customer) <= 1 for customer in customers)


def test_without_a_prior_a_diverging_fit_is_reported():
    found = fit(sample([History(0, 0, 30)] * 50), "bg/nbd", "none")
    assert found is not None
    assert not found.is_settled


def test_no_customers_give_no_fit():
    assert fit(sample([])) is None


def test_a_warm_start_converges_to_the_same_parameters(cdnow):
    start = Model(0.4, 8.0, 0.5, 3.0, leaves_first=False)
    again, anew = refit(cdnow, start, "none"), fit(cdnow, "bg/nbd", "none")
    assert again is not None
    assert anew is not None
    assert again.is_settled
    assert again.model[:4] == pytest.approx(anew.model[:4], rel=1e-4)


def test_a_warm_start_keeps_the_regularity():
    whole = made_up(Model(3.0, 6.0, 0.6, 4.0, k=3), 400, 3)
    like = fit(whole)
    assert like is not None
    for seen in (whole, whole.thinned(200)):
        again = refit(seen, like.model)
        assert again is not None
        assert again.model.k == like.model.k > 1
        assert again.model[:4] == pytest.approx(like.model[:4], rel=0.5)
    assert refit(sample([]), like.model) is None


@pytest.mark.parametrize("k", [1, 2, 4])
def test_a_warm_start_at_another_regularity_finds_the_right_one(k):
    whole = made_up(Model(3.0, 6.0, 0.6, 4.0, k=3), 400, 3)
    like, best = fit(whole), fit(whole)
    again = refit(whole, like.model._replace(k=k, alpha=like.model.alpha * k / like.model.k))
    assert again.model.k == best.model.k
    assert again.log_likelihood == pytest.approx(best.log_likelihood, abs=0.5)
