"""Test BG/NBD and MBG/CNBD-k against the papers, the lifetimes package, mpmath and numerical integrals."""

import json
from math import exp
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stories import histories, models, over_chances, over_rates, phase

from archive.analysis.maths.bgnbd import Model, p_alive_of
from archive.analysis.maths.histories import History

ORACLE = json.loads((Path(__file__).parents[2] / "data" / "alive_oracle.json").read_text("utf-8"))[
    "customers"
]
PAPER = Model(0.243, 4.414, 0.793, 2.426, leaves_first=False)
# Estimates for the same sample from the manual of the R package BTYD, very close to the maximum.
BTYD = Model(0.2425967, 4.413659, 0.7929869, 2.426164, leaves_first=False)


def oracle_rows(key):
    return [
        (
            Model(*row.get("parameters", of["parameters"]), leaves_first=name == "mbg/nbd"),
            History(*row["history"]),
            row,
        )
        for name, of in ORACLE.items()
        for row in of[key]
    ]


def test_p_alive_matches_the_published_customer():
    assert PAPER.p_alive(History(23, 39, 39)) == pytest.approx(0.968555454, abs=5e-10)


@pytest.mark.parametrize(
    ("repeats", "printed"), [(10, 0.3474606), (15, 0.04283391), (20, 0.004158973), (25, 0.0003583685)]
)
def test_frequent_buyers_are_less_likely_alive_after_the_same_silence(repeats, printed):
    assert BTYD.expected(History(repeats, 20, 39), 52) == pytest.approx(printed, rel=2e-7)


def test_expected_purchases_of_a_new_customer_match_the_manual():
    assert BTYD.expected(History(0, 0, 0), 52) == pytest.approx(1.444004, abs=5e-7)


@pytest.mark.parametrize(("model", "history", "row"), oracle_rows("rows"))
def test_results_match_lifetimes(model, history, row):
    assert model.p_alive(history) == pytest.approx(row["p_alive"], rel=1e-12)
    assert model.expected(history, 13) == pytest.approx(row["expected_13"], rel=1e-11)
    assert model.expected(history, 39) == pytest.approx(row["expected_39"], rel=1e-11)


@pytest.mark.parametrize(("model", "history", "row"), oracle_rows("mpmath"))
def test_results_are_finite_at_extreme_parameters(model, history, row):
    assert model.p_alive(history) == pytest.approx(row["p_alive"], rel=1e-10)
    assert model.expected(history, row["weeks"]) == pytest.approx(row["expected"], rel=1e-10)


def test_bg_nbd_alone_gives_one_time_buyers_p_alive_1():
    assert PAPER.p_alive(History(0, 0, 300)) == 1
    assert PAPER._replace(leaves_first=True).p_alive(History(0, 0, 300)) < 0.6


def test_an_extreme_silence_does_not_overflow():
    model = Model(2, 1e-3, 1, 1, 3)
    history = History(500, 0.5, 5000)
    assert 0 <= model.p_alive(history) < 1e-300
    assert model.expected(history, 5) < 1e-300
    assert model.expected(History(3000, 999, 1000), 1000) > 100


def test_no_purchases_are_expected_in_zero_time():
    assert PAPER.expected(History(3, 2, 4), 0) == 0
    assert Model(1, 2, 3, 4, 3).expected(History(3, 2, 4), 0) == 0
    with pytest.raises(ValueError, match="ahead"):
        PAPER.expected(History(3, 2, 4), -1)


def test_vectorised_results_equal_single_results():
    customers = [History(2, 30.43, 38.86), History(0, 0, 5), History(2, 30.43, 38.86)]
    assert p_alive_of(BTYD, customers) == [BTYD.p_alive(customer) for customer in customers]


def by_steps(model, history, weeks):
    """Calculate P(alive) and expected purchases directly from the model's assumptions."""
    x, last, age = history
    k, m, wait = model.k, model.chances(x), age - last
    stayed = over_chances(model, lambda p, q: q**m)
    left = over_chances(model, lambda p, q: p * q ** (m - 1)) if m else 0.0
    of_phase = [
        over_rates(model, lambda rate, j=j: rate ** (k * x) * exp(-rate * last) * phase(rate, wait, j))
        for j in range(k)
    ]
    gone = left * over_rates(model, lambda rate: rate ** (k * x) * exp(-rate * last))
    expected = 0.0
    for j in range(k):

        def more_than(rate, parts, j=j):
            few = sum(phase(rate, weeks, i) for i in range(parts))
            return rate ** (k * x) * exp(-rate * last) * phase(rate, wait, j) * (1 - few)

        for n in range(1, 14):
            stays = over_chances(model, lambda p, q, n=n: q ** (m + n - 1))
            expected += stays * over_rates(model, lambda rate, n=n, j=j: more_than(rate, n * k - j))
    total = stayed * sum(of_phase) + gone
    return stayed * sum(of_phase) / total, expected / total


@pytest.mark.parametrize(
    ("model", "history"),
    [
        (Model(0.8, 6.0, 0.7, 2.5, 1, False), History(3, 20, 26)),
        (Model(0.8, 6.0, 0.7, 2.5, 2), History(0, 0, 9)),
        (Model(1.3, 2.8, 0.42, 0.79, 2), History(3, 12, 14)),
        (Model(0.9, 3.0, 1.5, 2.0, 3), History(2, 9, 15)),
    ],
)
def test_regular_timing_matches_numerical_integration(model, history):
    p_alive, expected = by_steps(model, history, 3.0)
    assert model.p_alive(history) == pytest.approx(p_alive, rel=1e-7)
    assert model.expected(history, 3.0) == pytest.approx(expected, rel=1e-5)


@given(models, histories)
def test_p_alive_falls_with_the_silence(model, history):
    longer = history._replace(age=history.age + 1)
    assert 0 <= model.p_alive(longer) <= model.p_alive(history) * (1 + 1e-12) <= 1 + 1e-12


@given(models, histories, st.floats(0, 60), st.floats(0, 60))
def test_expected_purchases_grow_with_the_horizon(model, history, one, other):
    short, long = sorted((one, other))
    assert 0 <= model.expected(history, short) <= model.expected(history, long) * (1 + 1e-9)
