"""Compare a report with its recount. A key that is not compared must have a reason in NOT_COMPARED."""

import json
from collections import Counter
from typing import Any

ATTRIBUTES = ("value", "n", "low", "high", "k", "before")
WORDS = "text, tested in tests/analysis; here, a figure without a value only needs a note"

# Parts of reports that are not recounted, with the reason, by (report, part, key). "*" means all reports.
NOT_COMPARED = {
    ("*", "report", "notes"): WORDS,
    ("*", "report", "table_notes"): WORDS,
    ("*", "report", "pictures"): "drawn from the tables' values; tested in tests/analysis/drawing",
    ("*", "figure", "unit"): WORDS,
    ("*", "figure", "note"): WORDS,
    ("*", "figure", "omitted"): WORDS,
    ("*", "figure", "why"): WORDS,
    ("*", "column", "why"): WORDS,
    ("share", "column", "wallets.remark"): WORDS,
    ("churn", "column", "groups.note"): WORDS,
    ("churn", "column", "backtest.note"): WORDS,
    ("churn", "figures", "model.k"): "fitted; the likelihood at it is compared",
    ("churn", "figures", "model.r"): "fitted; the likelihood at it is compared",
    ("churn", "figures", "model.alpha"): "fitted; the likelihood at it is compared",
    ("churn", "figures", "model.a"): "fitted; the likelihood at it is compared",
    ("churn", "figures", "model.b"): "fitted; the likelihood at it is compared",
    ("churn", "figures", "backtest.auc"): "the models fitted to the past are not printed",
    ("churn", "figures", "backtest.auc.recency"): "a mean over cuts, which are compared in the table",
    ("churn", "figures", "backtest.auc.difference"): "the models fitted to the past are not printed",
    ("churn", "figures", "backtest.brier"): "the models fitted to the past are not printed",
    ("churn", "figures", "backtest.brier.base"): "a mean over cuts, which are compared in the table",
    ("churn", "figures", "backtest.brier.recency"): "quintiles of recency; tested in tests/analysis/maths",
    ("churn", "figures", "backtest.brier.difference"): "the models fitted to the past are not printed",
    ("churn", "column", "backtest.auc"): "the models fitted to the past are not printed",
    ("churn", "column", "backtest.brier"): "the models fitted to the past are not printed",
    ("churn", "column", "backtest.brier_recency"): "quintiles of recency; tested in tests/analysis/maths",
    ("churn", "column", "backtest.forecast"): "the models fitted to the past are not printed",
    ("churn", "column", "backtest.k"): "the models fitted to the past are not printed",
    ("churn", "column", "silent.chance"): "an integral over the model; simulated in tests/analysis/maths",
    (
        "churn",
        "column",
        "silent_once.chance",
    ): "an integral over the model; simulated in tests/analysis/maths",
    (
        "competitors",
        "column",
        "switching.stationary",
    ): "the limit of a Markov chain; tested against published values in tests/analysis",
}


class Comparison:
    """Collect the differences between reports and recounts, and the exceptions that were used."""

    def __init__(self) -> None:
        self.found: list[str] = []
        self.excused: set[tuple[str, str, str]] = set()
        self.compared = 0

    def report(self, report: dict[str, Any], recounted: dict[str, Any], where: str = "") -> None:
        """Compare every key of an exported report with its recount."""
        name = report["report"]
        self._where = f"{where} {name}"
        for key in report:
            if key not in ("report", "as_of", "period", "currency", "n", "figures", "tables"):
                self._excuse(name, "report", key)
        for key in ("as_of", "period", "currency", "n"):
            self._same(key, report[key], recounted[key])
        for key, figure in report["figures"].items():
            self._figure(name, key, figure, recounted["figures"])
        for key, rows in report["tables"].items():
            if key in recounted["tables"]:
                self._table(name, key, rows, recounted["tables"][key])
            else:
                self._excuse(name, "tables", key)

    def _figure(self, name: str, key: str, figure: dict[str, Any], recounted: dict[str, Any]) -> None:
        if key not in recounted:
            self._excuse(name, "figures", key)
            return
        for attribute in figure:
            if attribute not in ATTRIBUTES:
                self._excuse(name, "figure", attribute)
        for attribute in ATTRIBUTES:
            if attribute in recounted[key] or figure[attribute] is not None:
                self._same(f"{key}.{attribute}", figure[attribute], recounted[key].get(attribute))
        if figure["value"] is None and not figure["note"]:
            self.found.append(f"{self._where} {key}: no value, and no reason")

    def _table(
        self, name: str, key: str, rows: list[dict[str, Any]], recounted: list[dict[str, Any]]
    ) -> None:
        columns = list(recounted[0]) if recounted else []
        for column in {column for row in rows for column in row} - set(columns) if recounted else ():
            self._excuse(name, "column", column if column == "why" else f"{key}.{column}")
        theirs, ours = (Counter(_line(row, columns) for row in each) for each in (rows, recounted))
        self.compared += len(rows) * len(columns)
        for sign, lines in (("only in the report", theirs - ours), ("only recounted", ours - theirs)):
            self.found += [f"{self._where} {key} {sign}: {line}" for line in lines]

    def _excuse(self, name: str, part: str, key: str) -> None:
        for excuse in ((name, part, key), ("*", part, key)):
            if excuse in NOT_COMPARED:
                self.excused.add(excuse)
                return
        self.found.append(f"{self._where}: {part} {key} is neither compared nor named in NOT_COMPARED")

    def _same(self, key: str, report: Any, recounted: Any) -> None:
        self.compared += 1
        if _rounded(report) != _rounded(recounted):
            self.found.append(f"{self._where} {key}: the report says {report!r}, the recount {recounted!r}")


def _line(row: dict[str, Any], columns: list[str]) -> str:
    return json.dumps({column: _rounded(row.get(column)) for column in columns}, ensure_ascii=False)


def _rounded(value: Any) -> Any:
    """Round to nine significant digits and twelve decimals, so that the order of additions does not matter."""
    return float(f"{round(value, 12):.9g}") + 0.0 if isinstance(value, float | int) else value
