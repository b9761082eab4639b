"""Test every key of every report against a recount from CSV exports that shares no code with the program.

The archives are the two samples and twenty invented ones. The periods are the 12 months to today, a past year, the
current quarter, and the 12 months to the end of a past February.
"""

import ast
import shutil
from datetime import date
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from archive.analysis.export import as_json
from archive.analysis.request import make_request
from archive.service.reporting import Reporting
from tests.independent import (
    recount_campaigns,
    recount_churn,
    recount_competitors,
    recount_fulfilment,
    recount_share,
)
from tests.independent.comparing import NOT_COMPARED, Comparison
from tests.independent.exported import export, make, opened
from tests.independent.invented_people import TODAY
from tests.independent.ledger import Ledger, Period

HERE = Path(__file__).parent
SAMPLE = HERE.parents[1] / "sample_data" / "sample.archive.json"
HOSTILE = SAMPLE.with_name("hostile.archive.json")
PERIODS = (
    Period(date(2025, 11, 22), TODAY, TODAY),
    Period(date(2025, 1, 1), date(2025, 12, 31), TODAY),
    Period(date(2026, 10, 1), date(2026, 12, 31), TODAY),
    Period(date(2025, 3, 1), date(2026, 2, 28), date(2026, 2, 28)),
)
REPORTS: dict[str, ModuleType] = {
    "share": recount_share,
    "competitors": recount_competitors,
    "fulfilment": recount_fulfilment,
    "campaigns": recount_campaigns,
    "churn": recount_churn,
}
OWN = {
    path.stem for path in HERE.glob("*.py") if path.stem.startswith(("recount", "ledger", "plain_", "stays"))
}


def answers(path: Path, period: Period, *, by: str, tries: bool) -> dict[str, dict[str, Any]]:
    """Return the output of `archive report --format json` for every report."""
    found = {}
    with opened(path) as archive:
        reporting = Reporting(archive)
        for name in REPORTS:
            options = _options(name, period, tries=tries)
            field = by if name in ("share", "churn") else ""
            request = make_request(
                TODAY, as_of=period.as_of, start=period.first, end=period.end, by=field, options=options
            )
            found[name] = as_json(reporting.run(name, request))
    return found


def _options(name: str, period: Period, *, tries: bool) -> dict[str, str]:
    """Return the options of a report; the past year has options other than the defaults."""
    if name == "churn":
        return {} if tries else {"backtest": "no"}
    is_other = period is PERIODS[1]
    if name == "share":
        return {"possible": "500", "level": "2" if is_other else "1"}
    return {"window": "60"} if name == "campaigns" and is_other else {}


def recounted(
    ledger: Ledger, report: dict[str, Any], period: Period, *, by: str, tries: bool
) -> dict[str, Any]:
    """Recalculate a report."""
    name = report["report"]
    more: dict[str, Any] = {}
    if name == "share":
        options = _options(name, period, tries=tries)
        more = {"by": by or "account_manager", **{key: int(value) for key, value in options.items()}}
    if name == "campaigns":
        more = {key: int(value) for key, value in _options(name, period, tries=tries).items()}
    if name == "churn":
        more = {"by": by, "told": report["figures"], "is_tried": tries}
    head = {
        "as_of": period.as_of.isoformat(),
        "period": {"from": period.first.isoformat(), "to": period.last.isoformat()},
        "currency": ledger.home,
    }
    return {**head, **REPORTS[name].recounted(ledger, period, **more)}


def compare(path: Path, comparison: Comparison, *, where: str) -> None:
    """Compare all reports of an archive for all periods, the first period also by category and with the back-test."""
    export(path, path.parent / "csv")
    ledger = Ledger(path.parent / "csv")
    for place, period in enumerate(PERIODS):
        by, tries = ("category", True) if place == 0 else ("", False)
        for report in answers(path, period, by=by, tries=tries).values():
            there = f"{where} {period.first}..{period.end} as of {period.as_of}"
            comparison.report(report, recounted(ledger, report, period, by=by, tries=tries), there)


@pytest.mark.parametrize("seed", range(1, 21))
def test_every_report_of_an_invented_archive_agrees_with_the_recount(seed, tmp_path):
    make(seed, tmp_path / "archive.json")
    comparison = Comparison()
    compare(tmp_path / "archive.json", comparison, where=f"seed {seed}")
    assert comparison.found == []
    assert comparison.compared > 5_000


def test_every_report_of_the_sample_agrees_and_no_exception_is_idle(tmp_path):
    shutil.copy(SAMPLE, tmp_path / "archive.json")
    comparison = Comparison()
    compare(tmp_path / "archive.json", comparison, where="sample")
    assert comparison.found == []
    assert comparison.excused == set(NOT_COMPARED)


def test_every_report_of_the_hostile_sample_agrees(tmp_path):
    shutil.copy(HOSTILE, tmp_path / "archive.json")
    comparison = Comparison()
    compare(tmp_path / "archive.json", comparison, where="hostile sample")
    assert comparison.found == []
    assert comparison.compared > 5_000


def test_a_key_that_is_neither_compared_nor_excused_is_a_difference():
    plain = {"value": 1, "n": None, "low": None, "high": None, "k": None, "before": None, "note": ""}
    head = {"report": "share", "as_of": "", "period": {}, "currency": "", "n": 0}
    comparison = Comparison()
    report = {**head, "figures": {"new_one": plain}, "tables": {"new_table": []}, "new_part": 1}
    comparison.report(report, {**head, "figures": {}, "tables": {}})
    assert [line.partition(" is ")[0].split()[-1] for line in comparison.found] == [
        *("new_part", "new_one", "new_table"),
    ]


@pytest.mark.parametrize("name", sorted(OWN))
def test_the_recount_uses_the_standard_library_only(name):
    tree = ast.parse((HERE / f"{name}.py").read_text("utf-8"))
    modules = {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    modules |= {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    library = {
        "ast",
        "collections",
        "csv",
        "dataclasses",
        "datetime",
        "decimal",
        "functools",
        "itertools",
        "json",
    }
    library |= {"math", "pathlib", "statistics", "typing", "collections.abc"}
    own = {f"tests.independent.{other}" for other in OWN}
    assert modules <= library | own
