"""Test the churn report: at-risk customers, the purchase model, and its back-test."""

import random
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.analysis.churn import model as models
from archive.analysis.churn import run
from archive.analysis.churn.at_risk import at_risk_section
from archive.analysis.churn.backtest import MANY, BacktestResult, Fold, answer, backtest_section, run_backtest
from archive.analysis.churn.buying import purchase_data_of
from archive.analysis.churn.interpurchase_time import middle
from archive.analysis.churn.p_alive import buys
from archive.analysis.maths.bgnbd import Model
from archive.analysis.maths.histories import History
from archive.analysis.maths.proportions import Difference
from archive.analysis.maths.quantiles import median
from tests.analysis.builders import customers, request, sale, sales_data

AS_OF = date(2026, 11, 21)
CDNOW = Path(__file__).parents[1] / "data" / "cdnow_sample.txt"
TRIAL = Fold(90, AS_OF, 50, 20, 0.4, 0.9, 0.6, 0.1, 0.24, forecast=0.41)
GAIN, LOSS, UNCLEAR = (
    Difference(0.14, 0.1, 0.18),
    Difference(-0.14, -0.18, -0.1),
    Difference(0.01, -0.1, 0.12),
)
BETTER = BacktestResult((TRIAL,), ranking=GAIN, accuracy=GAIN, n=50)
WORSE = BacktestResult((TRIAL._replace(auc=0.6, auc_recency=0.9),), ranking=LOSS, accuracy=GAIN, n=50)
FALSE = BacktestResult((TRIAL._replace(forecast=0.7),), ranking=GAIN, accuracy=GAIN, n=50)


def ago(who, *days, **more):
    """Return a customer's purchases, given in days before the as-of day."""
    return [sale(who, str(AS_OF - timedelta(days=n)), **more) for n in days]


def bought(*sales):
    return sales_data(customers=customers(*{row["customer"] for row in sales}), transactions=sales)


def fitted(made, model=None, name="mbg/cnbd-k", note=""):
    return models.FittedModel(name, "weak", model, -1.0, 1, AS_OF, note)


def silent(made, lost=frozenset(), found=None, verdict=WORSE):
    return at_risk_section(
        made, request(), purchase_data_of(made, AS_OF.toordinal()), lost, found or fitted(made), verdict
    )


def people(n=60, leaves=0.15, seed=1, regular=False):
    """Return customers who buy about monthly over three years; after each purchase, some leave."""
    dice = random.Random(seed)
    rows = []
    for one in range(n):
        left = dice.randrange(30, 1095)
        pace = dice.uniform(15, 60)
        while left >= 0:
            rows += ago(f"c{one:03}", left)
            if dice.random() < leaves:
                break
            left -= max(1, round(dice.gauss(pace, pace / 8) if regular else dice.expovariate(1 / pace)))
    return rows


# At-risk customers


def test_the_expected_gap_is_shrunk_towards_the_archives_median():
    made = bought(*ago("a", 300, 290, 280), *ago("b", 400, 360, 320), *ago("c", 30))
    section = silent(made)
    figures = {figure.key: figure for figure in section.figures}
    assert figures["gap.typical"].value == 25.0
    assert figures["gap.typical"].n == 4
    assert figures["gap.typical"].why.endswith(": 4 gaps of 2 customers, 10 to 40 days")
    assert "their last purchase was 10.1 to 17.7 usual gaps ago" in figures["silent"].why
    assert (figures["silent"].value, figures["silent"].n) == (2, 2)
    table, once = section.tables
    cells = {row.cells[0]: row.cells for row in (*table.rows, *once.rows)}
    assert cells["a"][1:5] == (date(2026, 2, 14), 280, round((10 * 10 * 25 * 25) ** 0.25, 1), 17.71)
    assert cells["b"][3] == round((40 * 40 * 25 * 25) ** 0.25, 1)
    assert cells["c"][3] == 25.0
    assert [row.cells[0] for row in once.rows] == ["c"]
    assert "not enough to estimate a buying rhythm" in once.note
    assert table.rows[0].opens.uids == ("b",)
    assert table.rows[0].why == (
        "320 days since the last purchase / 31.6 expected, the geometric mean of 2 own gaps and two of 25.0 days"
        " = 10.12 gaps"
    )


def test_only_overdue_customers_who_are_not_lost_are_listed():
    made = bought(*ago("a", 60, 30, 1), *ago("b", 300, 270))
    section = silent(made, lost={"b"})
    assert section.tables[0].rows == ()
    assert section.figures[0].value == 0
    assert section.figures[0].n == 1


def test_orders_of_a_day_are_one_purchase_and_returns_are_none():
    made = bought(*ago("a", 90, 60), *ago("a", 60, amount="1.00"), *ago("a", 5, type="return"))
    (row,) = silent(made).tables[0].rows
    assert row.cells[1:4] == (date(2026, 9, 22), 60, 30.0)
    assert row.cells[6] == Decimal("11.00")


def test_the_list_is_sorted_by_the_model_if_the_model_proved_better():
    made = bought(*ago("regular", *range(95, 400, 5)), *ago("slow", 300, 200, 100))
    model = Model(1.0, 4.0, 1.0, 4.0)
    by_model = silent(made, found=fitted(made, model), verdict=BETTER)
    by_recency = silent(made, found=fitted(made, model), verdict=WORSE)
    assert [row.cells[0] for row in by_model.tables[0].rows] == ["regular", "slow"]
    assert [row.cells[0] for row in by_recency.tables[0].rows] == ["slow", "regular"]
    assert by_model.notes == (
        "Customers at risk are sorted by the model: in the back-test on 50 customers, it was clearly better than"
        " days since the last purchase (AUC 0.900 against 0.600, difference +0.100 to +0.180) and than the base"
        " rate (Brier 0.100 against 0.240, difference +0.100 to +0.180).",
    )
    assert by_recency.notes == (
        "Customers at risk are sorted by days since the last purchase: in the back-test on 50 customers, the"
        " model was not clearly better (AUC 0.600 against 0.900, difference -0.180 to -0.100; Brier 0.100 against"
        " 0.240, difference +0.100 to +0.180).",
    )


def test_an_insignificant_gain_does_not_sort_the_list():
    assert not BETTER._replace(ranking=UNCLEAR).is_better
    assert not BETTER._replace(accuracy=UNCLEAR).is_better
    assert [answer(found) for found in (GAIN, UNCLEAR, LOSS)] == [
        "The model is better.",
        "No clear difference.",
        "The model is worse.",
    ]


def test_the_order_probability_is_shown_only_if_the_back_test_holds():
    made = bought(*ago("a", 300, 200))
    model = fitted(made, Model(1.0, 4.0, 1.0, 4.0))
    for verdict in (BETTER, WORSE):
        table, _once = silent(made, found=model, verdict=verdict).tables
        expected = buys(model.model, History(1, 100 / 7, 300 / 7), 90 / 7)
        assert table.rows[0].cells[5] == pytest.approx(expected)
        assert "Orders within 90 days" in table.note
    cases = {
        FALSE: "forecast and outcome differ (70% against 40% at 90 days).",
        WORSE._replace(accuracy=UNCLEAR): "the model was not clearly more accurate than the base rate.",
    }
    for verdict, reason in cases.items():
        section = silent(made, found=model, verdict=verdict)
        assert section.tables[0].rows[0].cells[5] is None
        assert "Orders within" not in section.tables[0].note
        assert section.notes[-1] == f"No likelihood to order is shown: {reason}"
    assert not BacktestResult((TRIAL._replace(forecast=None),), accuracy=GAIN).holds


def test_p_alive_is_in_exports_and_explanations():
    made = bought(*ago("a", 300, 200))
    table, _once = silent(made, found=fitted(made, Model(1.0, 4.0, 1.0, 4.0))).tables
    alive = Model(1.0, 4.0, 1.0, 4.0).p_alive(History(1, 100 / 7, 300 / 7))
    assert table.rows[0].cells[7] == pytest.approx(alive)
    assert f"P(alive) {alive:.0%} by MBG/CNBD-K" in table.rows[0].why
    assert [column.key for column in table.columns][-1] == "alive"
    shown = table.on_screen()
    assert "alive" not in [column.key for column in shown.columns]
    assert len(shown.rows[0].cells) == len(shown.columns) == 7
    assert shown.on_screen() is shown


def test_a_probability_is_never_shown_as_a_certainty():
    made = bought(*ago("often", *range(900, 1000)), *ago("slow", 300, 200))
    section = silent(made, found=fitted(made, Model(1.0, 1e-6, 1.0, 1.0)))
    shown = {row.cells[0]: (row.cells[5], row.cells[7]) for row in section.tables[0].rows}
    assert shown["often"] == (0.01, 0.01)
    section = silent(made, found=fitted(made, Model(1.0, 1e6, 1e-9, 1.0)))
    assert {row.cells[7] for row in section.tables[0].rows} == {0.99}


def test_bg_nbd_gives_no_probability_for_one_time_buyers():
    made = bought(*ago("once", 300), *ago("twice", 300, 200))
    model = Model(1.0, 4.0, 1.0, 4.0, leaves_first=False)
    section = silent(made, found=fitted(made, model, "bg/nbd"), verdict=BETTER)
    again, once = section.tables
    assert 0.01 < again.rows[0].cells[5] < again.rows[0].cells[7] < 0.99
    assert once.rows[0].cells[5] is once.rows[0].cells[7] is None
    assert once.note == "BG/NBD treats every one-time buyer as still active, so it is not used here."
    assert silent(made, found=fitted(made, model._replace(leaves_first=True))).tables[1].rows[0].cells[7]


def test_without_repeat_buyers_nobody_is_overdue():
    figures = {figure.key: figure for figure in silent(bought(*ago("a", 10), *ago("b", 500))).figures}
    assert figures["silent"].value is None
    assert figures["silent"].note == "No customer has bought twice yet."
    assert figures["one_time"].value == 1.0
    assert figures["one_time"].k == figures["one_time"].n
    empty = {figure.key: figure for figure in silent(sales_data()).figures}
    assert {figure.value for figure in empty.values()} == {None}
    assert empty["one_time"].note == "There are no purchases yet."


def test_a_long_list_of_overdue_customers_is_complete():
    rows = [row for n in range(1002) for row in ago(f"c{n}", 300, 200)]
    assert len(silent(bought(*rows)).tables[0].rows) == 1002


@given(st.lists(st.integers(1, 30), max_size=30))
def test_the_median_of_counted_values_is_correct(values):
    assert middle({value: values.count(value) for value in set(values)}) == median(values)


# Model


def test_too_few_customers_or_purchases_make_no_model():
    made = bought(*ago("a", 30, 20))
    report = run(made, request())
    for key in ("model.r", "model.k", "model.log_likelihood", "model.fitted", "backtest.auc"):
        figure = report.figure(key)
        assert figure.value is None
        assert figure.note == (
            "Too little data for a model: 1 customers with 1 repeat purchases; at least 20 and 10 are required."
        )
    assert report.figure("model.n").value == 1
    assert any("sorted by days since" in note and "Too little data" in note for note in report.notes)
    many = bought(*[row for n in range(30) for row in ago(f"c{n}", 30)])
    assert "30 customers with 0 repeat purchases" in run(many, request()).figure("model.r").note


def test_a_diverging_model_is_not_shown():
    rows = [row for n in range(30) for row in ago(f"c{n}", *range(100 + n, n, -10))]
    report = run(bought(*rows), request(options={"model": "bg/nbd", "prior": "none"}))
    assert report.figure("model.r").value is None
    assert report.figure("model.r").note == (
        "The model does not fit: its parameters diverged. Set prior=weak to prevent this."
    )
    assert report.figure("backtest.auc").note == report.figure("model.r").note
    kept = run(bought(*rows), request(options={"model": "bg/nbd"}))
    assert kept.figure("model.r").value is not None


def test_the_parameters_are_cached_until_histories_change():
    rows = people(120)
    made = bought(*rows)

    def parameters(as_of=AS_OF):
        return models.fit_model(made, as_of, "mbg/cnbd-k", "weak", purchase_data_of(made, as_of.toordinal()))

    first = parameters()
    assert parameters() is first
    assert parameters(AS_OF + timedelta(days=30)) is first
    assert parameters(AS_OF + timedelta(days=31)).on == AS_OF + timedelta(days=31)
    again = parameters()
    assert again == first
    made.follow("c001", [*(row for row in rows if row["customer"] == "c001"), *ago("c001", 0)])
    assert parameters(AS_OF + timedelta(days=1)) is again
    assert parameters() is not again
    latest = parameters()
    for who in ("c002", "c003"):
        made.follow(who, [])
    assert parameters(AS_OF + timedelta(days=1)) is not latest


# Back-test


@pytest.mark.parametrize("leaves_first", [True, False])
def test_with_random_gaps_the_purchase_probability_matches_the_paper(leaves_first):
    model = Model(0.5, 6.0, 0.9, 1.6, leaves_first=leaves_first)
    seen = History(2, 30.43, 38.86)
    stays = ((6 + 38.86) / (6 + 38.86 + 10)) ** 2.5
    assert buys(model, seen, 10.0) == pytest.approx(model.p_alive(seen) * (1 - stays))
    assert buys(model, seen, 0.0) == pytest.approx(0.0, abs=1e-12)


@pytest.mark.parametrize("k", [1, 2, 3])
def test_the_purchase_probability_matches_simulation(k):
    model = Model(2.0, 5.0, 0.5, 3.0, k=k)
    dice = random.Random(7)
    now, weeks, met, came = 6.0, 4.0, 0, 0
    for _ in range(40_000):
        rate, leaves = dice.gammavariate(model.r, 1 / model.alpha), dice.betavariate(model.a, model.b)
        at, last, repeats, alive = 0.0, 0.0, 0, dice.random() >= leaves
        while alive:
            at += dice.gammavariate(k, 1 / rate)
            if at > now:
                break
            last, repeats, alive = at, repeats + 1, dice.random() >= leaves
        if repeats == 1 and 2.0 < last < 3.0:
            met += 1
            came += alive and at <= now + weeks
    assert met > 500
    expected = buys(model, History(1, 2.5, now), weeks)
    assert came / met == pytest.approx(expected, abs=0.06)


def test_the_back_test_has_three_folds():
    report = run(bought(*people(150)), request())
    table = report.table("backtest")
    assert [row.cells[:2] for row in table.rows] == [
        (30, date(2026, 10, 22)),
        (90, date(2026, 8, 23)),
        (180, date(2026, 5, 25)),
    ]
    assert report.figure("backtest.auc").value == pytest.approx(sum(row.cells[5] for row in table.rows) / 3)
    assert 0.5 < report.figure("backtest.auc").value <= 1
    assert report.figure("backtest.brier").value < report.figure("backtest.brier.base").value
    assert report.figure("backtest.brier.recency").value < report.figure("backtest.brier.base").value
    assert "30, 90, 180 days ago" in report.figure("backtest.auc").why
    assert any("sorted by the model" in note or "not clearly better" in note for note in report.notes)
    assert "at 30 days" in report.figure("backtest.auc").why
    for row in table.rows:
        assert abs(row.cells[10] - row.cells[4]) < 0.1
        assert row.cells[11] == report.figure("model.k").value
    difference = report.figure("backtest.auc.difference")
    assert difference.low < difference.value < difference.high
    assert difference.value == pytest.approx(
        report.figure("backtest.auc").value - report.figure("backtest.auc.recency").value
    )


def test_a_customer_in_three_folds_counts_once():
    """All three cuts contain about the same customers, so n does not add up over cuts, nor does the interval narrow."""
    rows = people(150)
    report = run(bought(*rows), request())
    customers_at = [row.cells[2] for row in report.table("backtest").rows]
    assert max(customers_at) <= report.figure("backtest.auc").n <= 150 < sum(customers_at)


def test_the_cdnow_model_is_calibrated():
    """Of 2,357 customers, 514 (.2181) bought in the 180 days to 30 June 1998; the forecast is .202.

    The counts are from the published data. The Brier score is not worse than recency's; the AUC does not differ.
    """
    lines = (line.split() for line in CDNOW.read_text("utf-8").splitlines())
    rows = [sale(who, f"{day[:4]}-{day[4:6]}-{day[6:]}", amount) for _id, who, day, _count, amount in lines]
    report = run(bought(*rows), request("1998-06-30"))
    half_a_year = report.table("backtest").rows[2].cells
    assert half_a_year[2:4] == (2357, 514)
    assert half_a_year[4] == pytest.approx(0.2181, abs=0.0001)
    assert half_a_year[10] == pytest.approx(0.202, abs=0.001)
    assert half_a_year[7] <= half_a_year[9]
    assert report.figure("backtest.auc.difference").note == "No clear difference."
    assert report.figure("backtest.brier.difference").note == "The model is better."
    assert report.figure("backtest.brier.difference").n == 2357
    assert not any("No chance" in note for note in report.notes)
    assert any(row.cells[5] for row in report.table("silent").rows)


def test_regular_buyers_are_back_tested_with_their_regularity():
    report = run(bought(*people(80, leaves=0.05, regular=True)), request())
    assert report.figure("model.k").value > 1
    assert report.figure("backtest.auc").value > 0.5


def test_lost_customers_are_not_forecast():
    rows = people(100)
    gone = [
        {**customer, "customer_since": "2020-01-01", "lost_on": "2026-01-01"} if n < 40 else customer
        for n, customer in enumerate(customers(*sorted({row["customer"] for row in rows})))
    ]
    report = run(sales_data(customers=gone, transactions=rows), request())
    assert all(row.cells[2] <= 60 for row in report.table("backtest").rows)


def test_a_long_back_test_runs_only_on_request():
    found = fitted(None, Model(1.0, 4.0, 1.0, 4.0))._replace(n=MANY + 1)
    auto = run_backtest(request(), {}, [], found, "auto")
    assert auto.note == (
        "With more than 10,000 customers, the model is back-tested only on request. Set backtest=yes to back-test it."
    )
    never = run(bought(*people(60)), request(options={"backtest": "no"}))
    assert (
        never.figure("backtest.auc").note
        == "The model was not back-tested. Set backtest=yes to back-test it."
    )
    assert never.table("backtest").rows == ()
    assert not auto.is_better


def test_too_little_history_gives_no_back_test():
    young = run(bought(*[row for n in range(30) for row in ago(f"c{n}", 25, 20, 15)]), request())
    assert young.figure("backtest.auc").value is None
    assert young.figure("backtest.auc").note == ("The archive has too little history to back-test the model.")
    assert {row.cells[-1][:12] for row in young.table("backtest").rows} == {"Too little d"}
    quiet = run(bought(*[row for n in range(30) for row in ago(f"c{n}", 500 + n, 400 + 2 * n)]), request())
    assert {row.cells[-1] for row in quiet.table("backtest").rows} == {
        "Fewer than 5 customers bought, or fewer than 5 did not: too few to judge a forecast."
    }
    assert backtest_section(BacktestResult()).figures[0].value is None


def test_a_fold_with_a_diverging_model_is_skipped():
    """Nobody leaves before the cut: without a prior, the fitted dropout probability diverges towards 0."""
    rows = [row for n in range(30) for row in ago(f"c{n}", *range(500 + n, 30 if n % 2 else 95, -10))]
    made = bought(*rows)
    found = fitted(made, Model(1.0, 4.0, 1.0, 4.0, leaves_first=False), "bg/nbd")._replace(prior="none")
    verdict = run_backtest(request(), purchase_data_of(made, AS_OF.toordinal()).days, [], found, "yes")
    assert "The model does not fit: its parameters diverged." in {trial.note for trial in verdict.folds}


def test_the_back_test_can_be_cancelled():
    class Stop(Exception):
        pass

    def stop(done):
        if done > 0.4:
            raise Stop

    with pytest.raises(Stop):
        run(bought(*people(60)), request(on_step=stop))


def test_equal_silences_are_ties_for_recency():
    """At the cut 30 days ago, every last purchase was 35 days old: recency has AUC .5, though half bought again."""
    rows = [
        sale
        for one in range(40)
        for sale in ago(f"c{one}", 65, 65 + 11 + 7 * one + one % 5, *([10] if one % 2 else []))
    ]
    table = run(bought(*rows), request(options={"backtest": "yes"})).table("backtest")
    cells = dict(zip([column.key for column in table.columns], table.rows[0].cells, strict=True))
    assert (cells["customers"], cells["bought"]) == (40, 20)
    assert cells["auc_recency"] == 0.5
    assert cells["brier_recency"] == pytest.approx(cells["brier_base"])
