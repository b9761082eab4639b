"""Test Kaplan-Meier curves and the log-rank test against published figures and lifelines."""

import csv
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.analysis.maths.logrank import Arm, log_rank
from archive.analysis.maths.survival import kaplan_meier

DATA = Path(__file__).parents[2] / "data"
AML = list(csv.DictReader((DATA / "km_aml.csv").open(encoding="utf-8")))
ORACLE = json.loads((DATA / "km_oracle.json").read_text("utf-8"))

customers = st.lists(st.tuples(st.integers(0, 40), st.booleans()), min_size=1, max_size=60)


def arm(group):
    rows = [row for row in AML if row["group"] == group]
    return [int(row["time"]) for row in rows], [row["cens"] == "1" for row in rows]


def split(sample, group=None):
    rows = zip(sample["durations"], sample["observed"], sample["groups"], strict=True)
    kept = [(time, left) for time, left, of in rows if group is None or of == group]
    return [time for time, _ in kept], [left for _, left in kept]


def test_kaplan_meier_matches_the_published_maintained_arm():
    curve = kaplan_meier(*arm("1"))
    assert curve is not None
    assert [step.time for step in curve.steps] == [9, 13, 18, 23, 31, 34, 48]
    assert [step.survival for step in curve.steps] == pytest.approx(
        [0.9091, 0.8182, 0.7159, 0.6136, 0.4909, 0.3682, 0.1841], abs=0.00005
    )
    assert [step.at_risk for step in curve.steps] == [11, 10, 8, 7, 5, 4, 2]
    assert curve.steps[0].band == pytest.approx((0.5081, 0.9867), abs=0.00005)
    assert curve.steps[0].error == pytest.approx(0.0867, abs=0.00005)
    assert curve.median == 31
    assert (curve.n, curve.events, curve.longest) == (11, 7, 161)


def test_the_log_rank_test_matches_the_published_result():
    found = log_rank([arm("1"), arm("2")])
    assert found is not None
    assert found.chi2 == pytest.approx(3.3964, abs=0.00005)
    assert found.dof == 1
    assert found.p == pytest.approx(0.0653, abs=0.00005)


@pytest.mark.parametrize("sample", ORACLE.values(), ids=ORACLE)
def test_curves_match_lifelines(sample):
    oracles = [(None, sample["all"]), *((int(group), curve) for group, curve in sample["by_group"].items())]
    for group, oracle in oracles:
        curve = kaplan_meier(*split(sample, group))
        assert curve is not None
        assert curve.median == oracle["median"]
        for step, (time, at_risk, events, survival, low, high) in zip(
            curve.steps, oracle["steps"], strict=True
        ):
            assert (step.time, step.at_risk, step.events) == (time, at_risk, events)
            assert step.survival == pytest.approx(survival, abs=1e-9)
            if step.band is not None:
                assert step.band == pytest.approx((low, high), abs=1e-9)


@pytest.mark.parametrize("sample", ORACLE.values(), ids=ORACLE)
def test_the_log_rank_test_matches_lifelines(sample):
    groups = sorted(set(sample["groups"]))
    found = log_rank([split(sample, group) for group in groups])
    assert found is not None
    assert found.chi2 == pytest.approx(sample["log_rank"]["chi2"], rel=1e-9)
    assert found.p == pytest.approx(sample["log_rank"]["p"], rel=1e-9)
    assert found.dof == len(groups) - 1


def test_no_customers_give_no_curve():
    assert kaplan_meier([], []) is None


def test_without_losses_the_curve_has_no_steps():
    curve = kaplan_meier([3, 5], [False, False])
    assert curve is not None
    assert curve.steps == []
    assert curve.median is None
    assert curve.at(5) == 1
    assert curve.at(5.1) is None
    assert curve.step_at(5) is None


def test_the_curve_reaches_zero_if_everybody_left():
    curve = kaplan_meier([2, 2], [True, True])
    assert curve is not None
    (step,) = curve.steps
    assert (step.survival, step.error, step.band) == (0, 0, None)
    assert curve.median == 2
    assert curve.at(1.9) == 1
    assert curve.at(2) == 0
    assert curve.at(99) == 0


def test_the_value_at_a_time_is_that_of_the_last_step():
    curve = kaplan_meier(*arm("1"))
    assert curve is not None
    assert curve.at(12.9) == pytest.approx(10 / 11)
    assert curve.at(13) == pytest.approx(9 / 11)
    assert curve.at(161) == pytest.approx(0.1841, abs=0.00005)
    assert curve.at(162) is None
    assert curve.step_at(100).at_risk == 2


def test_a_curve_at_exactly_half_is_at_its_median():
    curve = kaplan_meier([1, 2, 3, 4, 5, 6], [True] * 6)
    assert curve is not None
    assert curve.median == 3
    assert curve.quantile(0.9) == 1
    assert curve.quantile(0) == 6


def test_a_median_may_not_be_reached():
    curve = kaplan_meier([1, 2, 3, 4], [True, False, False, False])
    assert curve is not None
    assert curve.median is None


@pytest.mark.parametrize(("times", "left"), [([1, 2], [True]), ([-1], [True])])
def test_invalid_columns_are_refused(times, left):
    with pytest.raises(ValueError, match="duration"):
        kaplan_meier(times, left)


def test_the_log_rank_test_refuses_invalid_columns():
    with pytest.raises(ValueError, match="durations"):
        log_rank([([1, 2], [True]), ([1], [True])])


@pytest.mark.parametrize(
    "groups",
    [
        [],
        [([1, 2], [True, True])],
        [([1, 2], [True, True]), ([], [])],
        [([1], [False]), ([2], [False])],
        [([1], [True]), ([1], [True])],
        [([0], [False]), ([5], [True])],
    ],
)
def test_the_log_rank_test_is_undefined_without_comparable_groups(groups):
    assert log_rank(groups) is None


def test_a_group_that_was_never_at_risk_is_ignored():
    two = [([1, 4, 6], [True, True, False]), ([2, 3, 9], [True, True, True])]
    assert log_rank([*two, ([0, 0], [False, False])]) == log_rank(two)
    assert log_rank([([], []), *two]) == log_rank(two)


# Delayed entry


LATE = ([120, 130, 5, 18, 42], [True, False, True, True, False], [100, 100, 0, 0, 0])


def test_late_entries_are_at_risk_only_from_their_entry():
    """By hand: at risk are 3 at time 5, 2 at 18 and, having entered at 100, 2 at 120: 2/3, 1/3, 1/6."""
    curve = kaplan_meier(*LATE)
    assert curve is not None
    assert [(step.time, step.at_risk, step.events) for step in curve.steps] == [
        (5, 3, 1),
        (18, 2, 1),
        (120, 2, 1),
    ]
    assert [step.survival for step in curve.steps] == pytest.approx([2 / 3, 1 / 3, 1 / 6])
    assert curve.steps[-1].greenwood == pytest.approx(1 / 6 + 1 / 2 + 1 / 2)
    assert [curve.at_risk(time) for time in (0, 5, 6, 99, 100, 120, 121)] == [3, 3, 2, 0, 2, 2, 1]


def test_the_curve_is_unknown_while_nobody_is_observed():
    curve = kaplan_meier(*LATE)
    assert curve is not None
    assert curve.unobserved() == [(42, 100)]
    assert curve.at(42) == pytest.approx(1 / 3)
    assert curve.at(48) is None
    assert curve.at(100) == pytest.approx(1 / 3)
    late = kaplan_meier([130, 140], [True, False], [120, 125])
    assert late is not None
    assert late.unobserved() == [(0, 120)]
    assert late.at(12) is None


def test_a_loss_on_the_day_of_entry_counts():
    curve = kaplan_meier([7, 9], [True, False], [7, 0])
    assert curve is not None
    assert curve.steps[0].at_risk == 2
    assert curve.at(8) == 0.5


def test_entries_at_zero_change_nothing():
    times, left = arm("1")
    assert kaplan_meier(times, left, [0.0] * len(times)) == kaplan_meier(times, left)


@pytest.mark.parametrize("entries", [[1], [1, 6]])
def test_impossible_entries_are_refused(entries):
    with pytest.raises(ValueError, match="entr"):
        kaplan_meier([5, 5], [True, True], entries)


def test_the_log_rank_test_counts_only_observed_customers():
    """By hand: at time 5, 2 of each group are at risk (another of B enters at 6); at time 8, 1 of A and 3 of B.

    O - E of A = 1 - 2/4 + 0 - 1/4 = 1/4; V = 1/4 + 3/16 = 7/16; chi2 = (1/4)^2 / (7/16) = 1/7.
    """
    found = log_rank([([5, 9], [True, False]), Arm([8, 9, 9], [True, False, False], [0, 0, 6])])
    assert found is not None
    assert found.chi2 == pytest.approx(1 / 7)


@given(customers)
def test_a_curve_falls_within_its_band(rows):
    curve = kaplan_meier(*zip(*rows, strict=True))
    assert curve is not None
    survivals = [step.survival for step in curve.steps]
    assert survivals == sorted(survivals, reverse=True)
    for step in curve.steps:
        if step.band:
            assert 0 <= step.band.low <= step.survival <= step.band.high <= 1


@given(st.lists(st.integers(0, 40), min_size=1))
def test_without_censoring_the_curve_is_the_empirical_distribution(times):
    curve = kaplan_meier(times, [True] * len(times))
    assert curve is not None
    for time in range(41):
        assert curve.at(time) == pytest.approx(sum(other > time for other in times) / len(times))


@given(customers, customers, customers)
def test_the_order_of_the_groups_does_not_matter(first, second, third):
    groups = [tuple(zip(*rows, strict=True)) for rows in (first, second, third)]
    one, other = log_rank(groups), log_rank(groups[::-1])
    assert (one is None) == (other is None)
    if one and other:
        assert one.chi2 == pytest.approx(other.chi2, rel=1e-6, abs=1e-9)
        assert 0 <= one.p <= 1
