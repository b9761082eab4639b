"""Test the coverage of survival bands in simulated archives that were begun after most customers came."""

import random
from datetime import date, timedelta
from math import exp, log

import pytest

from archive.analysis.churn.observation import observation
from archive.analysis.churn.purchase_history import purchases
from archive.analysis.churn.survival import AT, MONTH, survival
from archive.analysis.churn.tenure import tenures_of
from tests.analysis.builders import request, sale, sales_data

FIRST, BEGUN, AS_OF = date(2006, 1, 1), date(2021, 1, 1), date(2026, 6, 30)
MEAN = 48.0  # months
MEDIAN = MEAN * log(2)  # 33.3 months: lifetimes are exponential


def archive(seed, n):
    """Simulate customers from 2006 on; customers who left before 2021 are not in the archive."""
    dice = random.Random(seed)
    rows = []
    for number in range(n):
        since = FIRST + timedelta(days=dice.randrange((AS_OF - FIRST).days))
        left = since + timedelta(days=round(dice.expovariate(1 / (MEAN * MONTH))))
        if left >= BEGUN:
            lost = {"lost_on": str(left)} if left <= AS_OF else {}
            rows.append({"uid": str(number), "full_name": "x", "customer_since": str(since), **lost})
    return rows


def figures(rows, observed_since=None):
    asked = request(str(AS_OF), observed_since=observed_since)
    made = sales_data(customers=rows, transactions=[sale(rows[0]["uid"], str(BEGUN))])
    everyone = tenures_of(made, AS_OF, purchases(made, AS_OF.toordinal())).all
    section = survival(everyone, asked, [], observation(made, asked, everyone))
    return {figure.key: figure for figure in section.figures}


def covers(figure, truth):
    return (figure.low or 0.0) <= truth <= (float("inf") if figure.high is None else figure.high)


def test_median_intervals_cover_the_truth_unlike_those_of_survivors_only():
    rows = archive(9, 600)
    median = figures(rows)["km.median"]
    assert covers(median, MEDIAN)
    assert median.value == pytest.approx(MEDIAN, rel=0.25)
    survivors = figures(rows, observed_since=date(1990, 1, 1))["km.median"]
    assert survivors.value > 1.5 * MEDIAN
    assert not covers(survivors, MEDIAN)


@pytest.mark.parametrize(
    ("archives", "within"),
    [(40, (0.85, 1.0)), pytest.param(1000, (0.93, 0.97), marks=pytest.mark.long)],
)
def test_bands_cover_the_truth_in_95_of_100_archives(archives, within):
    """With 1,000 archives, a coverage of 95 % has a standard error of 0.7 points."""
    found = [figures(archive(seed, 400)) for seed in range(archives)]
    covered = {"km.median": sum(covers(figure["km.median"], MEDIAN) for figure in found)}
    for months in AT:
        covered[f"km.{months}"] = sum(covers(figure[f"km.{months}"], exp(-months / MEAN)) for figure in found)
    for key, n in covered.items():
        assert within[0] <= n / archives <= within[1], f"{key}: {n} of {archives}"
