"""Test the churn report as a whole: its keys, published figures, and archives with little data."""

import csv
import json
from datetime import date
from pathlib import Path

import pytest

from archive.analysis.churn import REPORT, run
from archive.analysis.churn.backtest import run_backtest
from archive.analysis.churn.model import FittedModel
from archive.analysis.churn.purchase_history import purchases
from archive.analysis.churn.tenure import tenures_of
from archive.analysis.export import as_json
from archive.analysis.maths.bgnbd import Model
from archive.cli import run as command
from tests.analysis.builders import customers, request, sale, sales_data

CDNOW = Path(__file__).parents[1] / "data" / "cdnow_sample.txt"


def lost(uid, on="2026-01-01", **more):
    return {"uid": uid, "full_name": uid, "customer_since": "2020-01-01", "lost_on": on, **more}


ARCHIVES = {
    "an empty archive": {},
    "one customer": {"customers": customers("a")},
    "one purchase": {"customers": customers("a"), "transactions": [sale("a", "2026-01-01")]},
    "one purchase each": {
        "customers": customers(*map(str, range(40))),
        "transactions": [sale(str(n), f"2026-{n % 10 + 1:02}-{n % 28 + 1:02}") for n in range(40)],
    },
    "all lost": {
        "customers": [lost(str(n)) for n in range(30)],
        "transactions": [sale(str(n), f"2025-{m:02}-0{n % 9 + 1}") for n in range(30) for m in (1, 5)],
    },
    "all on one day": {
        "customers": customers(*map(str, range(30))),
        "transactions": [sale(str(n), "2026-11-21") for n in range(30)],
    },
    "amounts of nothing and below": {
        "customers": customers("a", "b"),
        "transactions": [
            sale("a", "2026-01-01", "0.00"),
            sale("a", "2026-02-01", "-5.00"),
            sale("b", "2026-02-01", None),
        ],
    },
    "refunds over sales": {
        "customers": customers("a"),
        "transactions": [sale("a", "2025-01-01", "5.00"), sale("a", "2026-02-01", "50.00", type="return")],
    },
    "only returns": {
        "customers": customers("a"),
        "transactions": [sale("a", "2026-02-01", "50.00", type="return")],
    },
    "only the future": {
        "customers": customers("a", customer_since="2027-01-01", lost_on="2028-01-01"),
        "transactions": [sale("a", "2027-02-01")],
    },
    "leap days": {
        "customers": [lost("a", "2024-02-29", customer_since="2020-02-29", won_back_on="2024-02-29")],
        "transactions": [sale("a", "2020-02-29"), sale("a", "2024-02-29"), sale("a", "2024-03-31")],
    },
    "dealings of nobody": {"transactions": [sale("gone", "2026-01-01"), sale("gone", "2025-01-01")]},
    "orders without a day": {"customers": customers("a"), "transactions": [sale("a", "")]},
    "several currencies": {
        "customers": customers("a"),
        "transactions": [sale("a", "2026-01-01"), sale("a", "2026-01-01", currency="JPY")],
    },
}


@pytest.mark.parametrize("tables", ARCHIVES.values(), ids=ARCHIVES)
@pytest.mark.parametrize("options", [{}, {"model": "bg/nbd", "prior": "none", "backtest": "yes"}])
@pytest.mark.parametrize("by", ["", "manager"])
def test_any_archive_gets_every_figure_or_a_reason(tables, options, by):
    report = run(sales_data(**tables), request(options=options, by=by))
    assert [figure.key for figure in report.figures] == list(REPORT.figures)
    assert sorted(table.key for table in report.tables) == sorted(REPORT.tables)
    for figure in report.figures:
        assert figure.value is not None or figure.note, figure.key
        assert figure.label
        assert figure.why, figure.key
    for table in report.tables:
        assert table.rows or table.empty, table.key
        assert all(len(row.cells) == len(table.columns) for row in table.rows)
    for picture in report.pictures:
        assert picture.label
        assert picture.empty
    json.dumps(as_json(report), allow_nan=False)


@pytest.mark.parametrize(("as_of", "start"), [("2024-02-29", ""), ("2026-11-21", "2026-11-21")])
def test_leap_days_and_single_days_are_valid_periods(as_of, start):
    report = run(sales_data(**ARCHIVES["leap days"]), request(as_of, start=start))
    assert report.figure("closing").value == 1


def test_all_documented_figure_keys_exist():
    assert set(REPORT.figures) >= set(
        "opening new won_back lost closing logo_churn grr nrr km.median km.12 km.24 km.48 model.k model.r"
        " model.alpha model.a model.b model.log_likelihood model.n backtest.auc backtest.brier".split()
    )
    assert {option.key: tuple(option.choices) for option in REPORT.options} == {
        "model": ("mbg/cnbd-k", "bg/nbd"),
        "prior": ("weak", "none"),
        "backtest": ("auto", "yes", "no"),
    }


def test_four_to_six_figures_are_on_top():
    report = run(sales_data(), request())
    assert 4 <= sum(figure.top for figure in report.figures) <= 6


def test_a_diverging_back_test_model_proves_nothing():
    rows = [sale(str(n), f"2026-{m:02}-01") for n in range(30) for m in range(1, 11 if n < 20 else 5)]
    made, asked = sales_data(customers=customers(*map(str, range(30))), transactions=rows), request()
    bought = purchases(made, asked.as_of.toordinal())
    far = FittedModel("bg/nbd", "none", Model(1e9, 1e9, 1e9, 1e9), -1.0, 30, date(2026, 11, 21))
    verdict = run_backtest(asked, bought, tenures_of(made, asked.as_of, bought).all, far, "yes")
    assert verdict.folds[2].note == "The model does not fit: its parameters diverged."
    assert not verdict.is_better


def test_the_published_fit_comes_from_an_imported_file(tmp_path, capsys):
    file, path = tmp_path / "cdnow.csv", tmp_path / "cdnow.json"
    with file.open("w", encoding="utf-8", newline="") as out:
        lines = csv.writer(out)
        lines.writerow(["customer", "on", "quantity", "amount"])
        for line in CDNOW.read_text("utf-8").splitlines():
            master, _, day, quantity, amount = line.split()
            lines.writerow([master, f"{day[:4]}-{day[4:6]}-{day[6:]}", quantity, amount])
    words = ("--table", "transactions", "--create-customers", "--archive", str(path))
    assert command(["import", str(file), *words]) == 0
    capsys.readouterr()
    options = ("--option", "model=bg/nbd", "--option", "prior=none", "--format", "json")
    assert command(["report", "churn", "--as-of", "1997-09-30", *options, "--archive", str(path)]) == 0
    figures = json.loads(capsys.readouterr().out)["figures"]
    found = {key: figure["value"] for key, figure in figures.items()}
    assert (found["new"], found["closing"], found["model.n"]) == (2357, 2357, 2357)
    parameters = [found[f"model.{name}"] for name in ("r", "alpha", "a", "b")]
    assert parameters == pytest.approx([0.2426, 4.4136, 0.7929, 2.4259], abs=5e-5)
    assert found["model.log_likelihood"] == pytest.approx(-9582.43, abs=5e-3)
    assert 0.7 < found["backtest.auc"] < 0.74
    assert found["backtest.auc"] > found["backtest.auc.recency"]
    assert found["backtest.brier"] < found["backtest.brier.base"]


def test_revenue_figures_name_excluded_sales():
    rows = [sale("a", "2026-01-01"), sale("a", "2026-01-02", currency="USD")]
    found = run(sales_data(customers=customers("a"), transactions=rows), request())
    for key in ("revenue", "grr", "nrr"):
        assert found.figure(key).omitted == "1 sale in USD left out: no exchange rate"
    assert found.figure("lost").omitted == ""
