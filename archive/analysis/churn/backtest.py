"""Back-test of the model: forecasts as of 30, 90 and 180 days ago against actual purchases."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from itertools import compress
from operator import sub
from statistics import fmean
from typing import NamedTuple
from weakref import WeakKeyDictionary

from archive.analysis.churn.buying import histories
from archive.analysis.churn.formatting import band
from archive.analysis.churn.model import FittedModel, too_few
from archive.analysis.churn.p_alive import buys
from archive.analysis.churn.purchase_history import Purchases, any_between
from archive.analysis.churn.tenure import CustomerTenure, lost_customers
from archive.analysis.common.result import Section
from archive.analysis.dataset import SalesData
from archive.analysis.maths.bgnbd import Model
from archive.analysis.maths.bgnbd_fit import refit
from archive.analysis.maths.histories import DAYS_A_WEEK, History, Sample, log_gaps, sample
from archive.analysis.maths.metrics import (
    auc,
    auc_parts,
    base_brier,
    base_rate,
    brier,
    mean_parts,
    spread,
)
from archive.analysis.maths.proportions import Z95, Difference
from archive.analysis.maths.rfm import cuts, score
from archive.analysis.report import COUNT, DATE, NUMBER, SHARE, TEXT, Column, Figure, Row, Table
from archive.analysis.request import ReportRequest
from archive.text import _

KEYS = (
    *("backtest.auc", "backtest.auc.recency"),
    *("backtest.brier", "backtest.brier.base", "backtest.brier.recency"),
    *("backtest.auc.difference", "backtest.brier.difference"),
)
CUTS = (30, 90, 180)  # days ago
NEAR = 0.05  # tolerance between the mean forecast and the actual share
FEW = 5  # minimum number of buyers, and of non-buyers, for a meaningful ranking
MANY = 10_000  # with more customers, the back-test runs only on request
_FIT = 2_000  # distinct histories to which the model of a cut is fitted


class Fold(NamedTuple):
    """The forecasts of one cut against the outcome.

    `recency` refers to a forecast by days since the last purchase only; `forecast` is the model's mean forecast, to
    be compared with `rate`; `k` is the regularity fitted at the cut.
    """

    days: int
    on: date
    n: int
    bought: int
    rate: float | None = None
    auc: float | None = None
    auc_recency: float | None = None
    brier: float | None = None
    brier_base: float | None = None
    brier_recency: float | None = None
    forecast: float | None = None
    k: int | None = None
    note: str = ""

    @property
    def is_judged(self) -> bool:
        """Whether there were enough cases to evaluate the model."""
        return not self.note

    @property
    def is_calibrated(self) -> bool:
        """Whether the mean forecast is within 5 points of the actual share, or within its interval."""
        low, high = band(self.bought, self.n)
        if self.forecast is None or low is None or high is None:
            return False
        return abs(self.forecast - self.bought / self.n) <= NEAR or low <= self.forecast <= high


class Parts(NamedTuple):
    """Contribution of each customer to the differences of a cut in AUC (ranking) and Brier score (accuracy)."""

    ranking: Mapping[str, float]
    accuracy: Mapping[str, float]


class BacktestResult(NamedTuple):
    """The result of the back-test; `note` gives the reason if there is none.

    `ranking` is the AUC of the model minus that of recency, `accuracy` the Brier score of the base rate minus that of
    the model; both are means over the evaluated cuts. The intervals treat the cuts of one customer as correlated; `n`
    is the number of distinct customers.
    """

    folds: tuple[Fold, ...] = ()
    note: str = ""
    ranking: Difference | None = None
    accuracy: Difference | None = None
    n: int = 0

    @property
    def judged(self) -> list[Fold]:
        """The cuts with enough cases."""
        return [fold for fold in self.folds if fold.is_judged]

    def mean(self, key: str) -> float | None:
        """Return the mean of a measure over the evaluated cuts."""
        values = [getattr(fold, key) for fold in self.judged]
        return fmean(values) if values else None

    @property
    def is_better(self) -> bool:
        """Whether the model clearly ranked better than recency and was clearly more accurate than the base rate."""
        return sign(self.ranking) > 0 and sign(self.accuracy) > 0

    @property
    def holds(self) -> bool:
        """Whether the chance may be shown: clearly more accurate than the base rate, and calibrated at every cut."""
        return sign(self.accuracy) > 0 and all(fold.is_calibrated for fold in self.judged)


def sign(difference: Difference | None) -> int:
    """Return 1 for a significant gain, -1 for a significant loss, 0 if the interval includes zero."""
    if difference is None or difference.low <= 0 <= difference.high:
        return 0
    return 1 if difference.low > 0 else -1


def run_backtest(
    request: ReportRequest,
    purchase_days: Purchases,
    tenures: Sequence[CustomerTenure],
    fitted_model: FittedModel,
    mode: str,
) -> BacktestResult:
    """Run the back-test.

    Args:
        request: The report's request.
        purchase_days: The purchase days.
        tenures: The tenure of all customers.
        fitted_model: The fitted model.
        mode: "yes", "no", or "auto" to run it only with up to 10,000 customers.
    """
    if fitted_model.model is None:
        return BacktestResult(note=fitted_model.note)
    if mode == "no":
        return BacktestResult(note=_("The model was not back-tested. Set backtest=yes to back-test it."))
    if mode == "auto" and fitted_model.n > MANY:
        note = _(
            "With more than {n} customers, the model is back-tested only on request. Set "
            "backtest=yes to back-test it."
        )
        return BacktestResult(note=note.format(n=f"{MANY:,}"))
    folds, parts = [], []
    for index, days in enumerate(CUTS):
        request.step(0.5 + 0.15 * index)
        fold, fold_parts = _fold(
            purchase_days, request.as_of, days, tenures, fitted_model, fitted_model.model
        )
        folds.append(fold)
        parts += [fold_parts] if fold_parts else []
    if not parts:
        return BacktestResult(tuple(folds), _("The archive has too little history to back-test the model."))
    result = BacktestResult(tuple(folds), n=len(set().union(*(part.accuracy for part in parts))))
    return result._replace(
        ranking=_difference(result, "auc", "auc_recency", [part.ranking for part in parts]),
        accuracy=_difference(result, "brier_base", "brier", [part.accuracy for part in parts]),
    )


def _difference(
    result: BacktestResult, key: str, other_key: str, parts: Sequence[Mapping[str, float]]
) -> Difference:
    value = (result.mean(key) or 0.0) - (result.mean(other_key) or 0.0)
    half = Z95 * spread(parts)
    return Difference(value, value - half, value + half)


# The back-test of each data's model, cached as long as the model is.
_cache: WeakKeyDictionary[SalesData, tuple[FittedModel, BacktestResult]] = WeakKeyDictionary()


def cached_backtest(
    data: SalesData,
    request: ReportRequest,
    purchase_days: Purchases,
    tenures: Sequence[CustomerTenure],
    fitted_model: FittedModel,
) -> BacktestResult:
    """Return the back-test of a fitted model; the result is cached until the model is fitted again."""
    cached = _cache.get(data)
    if cached and cached[0] is fitted_model:
        return cached[1]
    result = run_backtest(request, purchase_days, tenures, fitted_model, "auto")
    _cache[data] = (fitted_model, result)
    return result


def _fold(
    purchase_days: Purchases,
    as_of: date,
    days: int,
    tenures: Sequence[CustomerTenure],
    fitted_model: FittedModel,
    start: Model,
) -> tuple[Fold, Parts | None]:
    cut = as_of - timedelta(days=days)
    past = histories(purchase_days, cut.toordinal())
    lost = lost_customers(tenures, cut.toordinal())
    current = {uid: history for uid, history in past.items() if uid not in lost}
    first, last = cut.toordinal() + 1, as_of.toordinal()
    outcomes = [any_between(purchase_days[uid], first, last) for uid in current]
    fold = Fold(days, cut, len(current), sum(outcomes), base_rate(outcomes))
    if note := too_few(past.values()):
        return fold._replace(note=note), None
    if not FEW <= fold.bought <= fold.n - FEW:
        note = _(
            "Fewer than {n} customers bought, or fewer than {n} did not: too few to judge a forecast."
        ).format(n=FEW)
        return fold._replace(note=note), None
    new_fit = refit(_sample(past, purchase_days, cut.toordinal()), start, fitted_model.prior)
    assert new_fit is not None
    if not new_fit.is_settled:
        return fold._replace(note=_("The model does not fit: its parameters diverged.")), None
    return _evaluate(fold, new_fit.model, current, outcomes)


def _sample(past: Mapping[str, History], purchase_days: Purchases, cut: int) -> Sample:
    """Take a systematic sample of customers ordered by history, with at most about 2,000 distinct histories."""
    step = -(-len(set(past.values())) // _FIT)
    uids = sorted(past, key=lambda uid: (past[uid], uid))[::step]
    return sample((past[uid] for uid in uids), sum(log_gaps(purchase_days[uid], cut) for uid in uids))


def _evaluate(
    fold: Fold, model: Model, current: Mapping[str, History], outcomes: Sequence[bool]
) -> tuple[Fold, Parts]:
    weeks = fold.days / DAYS_A_WEEK
    chances = {history: buys(model, history, weeks) for history in set(current.values())}
    forecast = [chances[history] for history in current.values()]
    # In whole days: float weeks of equal age differ in the last digit, which would break ties.
    recency = [round((history.last - history.age) * DAYS_A_WEEK) for history in current.values()]
    base = fold.bought / fold.n
    gains = [
        (base - outcome) ** 2 - (chance - outcome) ** 2
        for chance, outcome in zip(forecast, outcomes, strict=True)
    ]
    model_parts, recency_parts = auc_parts(forecast, outcomes) or [], auc_parts(recency, outcomes) or []
    ranking = map(sub, model_parts, recency_parts)
    measured = fold._replace(
        auc=auc(forecast, outcomes),
        auc_recency=auc(recency, outcomes),
        brier=brier(forecast, outcomes),
        brier_base=base_brier(outcomes),
        brier_recency=brier(_rates(recency, outcomes), outcomes),
        forecast=fmean(forecast),
        k=model.k,
    )
    parts = Parts(
        dict(zip(current, ranking, strict=True)), dict(zip(current, mean_parts(gains), strict=True))
    )
    return measured, parts


def _rates(recency: Sequence[float], outcomes: Sequence[bool]) -> list[float]:
    """Return, for each customer, the purchase rate of their recency quintile: recency as an in-sample forecast."""
    limits = cuts(recency)
    quintiles = [score(value, limits) for value in recency]
    sizes, buyers = Counter(quintiles), Counter(compress(quintiles, outcomes))
    return [buyers[quintile] / sizes[quintile] for quintile in quintiles]


def backtest_section(result: BacktestResult) -> Section:
    """Build the section: the measures of the model, averaged over the evaluated cuts, and a table of the cuts."""
    return Section(figures=(*_measures(result), *_differences(result)), tables=(_table(result),))


def _measures(result: BacktestResult) -> list[Figure]:
    labels = {
        "backtest.auc": ("auc", _("AUC of the model")),
        "backtest.auc.recency": ("auc_recency", _("AUC of days since the last purchase alone")),
        "backtest.brier": ("brier", _("Brier score of the model")),
        "backtest.brier.base": ("brier_base", _("Brier score of the base rate")),
        "backtest.brier.recency": ("brier_recency", _("Brier score of the rate by recency")),
    }
    return [
        Figure(
            key=key,
            label=label,
            value=result.mean(measure),
            unit=NUMBER,
            n=result.n,
            note=result.note,
            why=_why(result, measure),
        )
        for key, (measure, label) in labels.items()
    ]


def _why(result: BacktestResult, measure: str) -> str:
    """Return the explanation of a measure, with its value at each cut."""
    why = _(
        "the model fitted to the data of {cuts} days ago, its predicted likelihood of a "
        "purchase since then against actual purchases; mean of these cuts"
    ).format(cuts=", ".join(str(fold.days) for fold in result.judged) or "-")
    by_fold = ", ".join(
        _("{value:.3f} at {days} days ({bought} of {n} bought)").format(
            value=getattr(fold, measure), days=fold.days, bought=fold.bought, n=fold.n
        )
        for fold in result.judged
    )
    return f"{why}: {by_fold}" if by_fold else why


def _differences(result: BacktestResult) -> list[Figure]:
    lines = (
        ("backtest.auc.difference", _("AUC, model minus recency"), result.ranking),
        ("backtest.brier.difference", _("Brier, base rate minus model"), result.accuracy),
    )
    why = _(
        "mean of the cuts with its 95 % interval (DeLong for the AUC); each of the {n} "
        "customers counts once, even if in several cuts"
    ).format(n=result.n)
    return [
        Figure(
            key=key,
            label=label,
            value=difference.value if difference else None,
            unit=NUMBER,
            n=result.n,
            low=difference.low if difference else None,
            high=difference.high if difference else None,
            note=result.note or answer(difference),
            why=why,
        )
        for key, label, difference in lines
    ]


def answer(difference: Difference | None) -> str:
    """Say in words whether the model did better."""
    return {1: _("The model is better."), 0: _("No clear difference."), -1: _("The model is worse.")}[
        sign(difference)
    ]


def why_hidden(result: BacktestResult) -> str:
    """Return why the chance is not shown; "" if it is."""
    if result.note or result.holds:
        return result.note.removesuffix(".")
    uncalibrated = [fold for fold in result.judged if not fold.is_calibrated]
    if not uncalibrated:
        return _("the model was not clearly more accurate than the base rate")
    by_fold = ", ".join(
        _("{forecast:.0%} against {rate:.0%} at {days} days").format(
            forecast=fold.forecast, rate=fold.rate, days=fold.days
        )
        for fold in uncalibrated
    )
    return _("forecast and outcome differ ({each})").format(each=by_fold)


def _table(result: BacktestResult) -> Table:
    return Table(
        key="backtest",
        label=_("Back-test of the model"),
        columns=(
            Column("days", _("Days ago"), COUNT),
            Column("on", _("Cut date"), DATE),
            Column("customers", _("Customers"), COUNT),
            Column("bought", _("Bought since"), COUNT),
            Column("rate", _("Share"), SHARE),
            Column("auc", _("AUC, model"), NUMBER),
            Column("auc_recency", _("AUC, recency"), NUMBER),
            Column("brier", _("Brier, model"), NUMBER),
            Column("brier_base", _("Brier, base rate"), NUMBER),
            Column("brier_recency", _("Brier, recency"), NUMBER),
            Column("forecast", _("Mean forecast"), SHARE),
            Column("k", _("k"), COUNT),
            Column("note", _("Note"), TEXT),
        ),
        rows=tuple(Row(tuple(fold)) for fold in result.folds),
        empty=result.note,
        note=_(
            "AUC: 0.5 is chance, 1 is perfect. Brier: 0 is perfect; the base rate and the "
            "rate of each recency quintile are actual results, known only afterwards."
        ),
    )
