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
from archive.analysis.churn.model import Fitted, too_few
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

    trials: tuple[Fold, ...] = ()
    note: str = ""
    ranking: Difference | None = None
    accuracy: Difference | None = None
    n: int = 0

    @property
    def judged(self) -> list[Fold]:
        """The cuts with enough cases."""
        return [trial for trial in self.trials if trial.is_judged]

    def mean(self, key: str) -> float | None:
        """Return the mean of a measure over the evaluated cuts."""
        found = [getattr(trial, key) for trial in self.judged]
        return fmean(found) if found else None

    @property
    def is_better(self) -> bool:
        """Whether the model clearly ranked better than recency and was clearly more accurate than the base rate."""
        return sign(self.ranking) > 0 and sign(self.accuracy) > 0

    @property
    def holds(self) -> bool:
        """Whether the chance may be shown: clearly more accurate than the base rate, and calibrated at every cut."""
        return sign(self.accuracy) > 0 and all(trial.is_calibrated for trial in self.judged)


def sign(found: Difference | None) -> int:
    """Return 1 for a significant gain, -1 for a significant loss, 0 if the interval includes zero."""
    if found is None or found.low <= 0 <= found.high:
        return 0
    return 1 if found.low > 0 else -1


def tried(
    request: ReportRequest, bought: Purchases, everyone: Sequence[CustomerTenure], found: Fitted, wanted: str
) -> BacktestResult:
    """Run the back-test.

    Args:
        request: The report's request.
        bought: The purchase days.
        everyone: The tenure of all customers.
        found: The fitted model.
        wanted: "yes", "no", or "auto" to run it only with up to 10,000 customers.
    """
    if found.model is None:
        return BacktestResult(note=found.note)
    if wanted == "no":
        return BacktestResult(note=_("The model was not back-tested. Set backtest=yes to back-test it."))
    if wanted == "auto" and found.n > MANY:
        note = _(
            "With more than {n} customers, the model is back-tested only on request. Set "
            "backtest=yes to back-test it."
        )
        return BacktestResult(note=note.format(n=f"{MANY:,}"))
    trials, parts = [], []
    for at, days in enumerate(CUTS):
        request.step(0.5 + 0.15 * at)
        trial, moved = _trial(bought, request.as_of, days, everyone, found, found.model)
        trials.append(trial)
        parts += [moved] if moved else []
    if not parts:
        return BacktestResult(tuple(trials), _("The archive has too little history to back-test the model."))
    verdict = BacktestResult(tuple(trials), n=len(set().union(*(part.accuracy for part in parts))))
    return verdict._replace(
        ranking=_difference(verdict, "auc", "auc_recency", [part.ranking for part in parts]),
        accuracy=_difference(verdict, "brier_base", "brier", [part.accuracy for part in parts]),
    )


def _difference(
    verdict: BacktestResult, one: str, other: str, parts: Sequence[Mapping[str, float]]
) -> Difference:
    value = (verdict.mean(one) or 0.0) - (verdict.mean(other) or 0.0)
    half = Z95 * spread(parts)
    return Difference(value, value - half, value + half)


# The back-test of each data's model, cached as long as the model is.
_kept: WeakKeyDictionary[SalesData, tuple[Fitted, BacktestResult]] = WeakKeyDictionary()


def verdict_on(
    data: SalesData,
    request: ReportRequest,
    bought: Purchases,
    everyone: Sequence[CustomerTenure],
    found: Fitted,
) -> BacktestResult:
    """Return the back-test of a fitted model; the result is cached until the model is fitted again."""
    kept = _kept.get(data)
    if kept and kept[0] is found:
        return kept[1]
    verdict = tried(request, bought, everyone, found, "auto")
    _kept[data] = (found, verdict)
    return verdict


def _trial(
    bought: Purchases, as_of: date, days: int, everyone: Sequence[CustomerTenure], found: Fitted, start: Model
) -> tuple[Fold, Parts | None]:
    cut = as_of - timedelta(days=days)
    past = histories(bought, cut.toordinal())
    lost = lost_customers(everyone, cut.toordinal())
    known = {uid: history for uid, history in past.items() if uid not in lost}
    first, last = cut.toordinal() + 1, as_of.toordinal()
    came = [any_between(bought[uid], first, last) for uid in known]
    trial = Fold(days, cut, len(known), sum(came), base_rate(came))
    if note := too_few(past.values()):
        return trial._replace(note=note), None
    if not FEW <= trial.bought <= trial.n - FEW:
        note = _(
            "Fewer than {n} customers bought, or fewer than {n} did not: too few to judge a forecast."
        ).format(n=FEW)
        return trial._replace(note=note), None
    again = refit(_sample(past, bought, cut.toordinal()), start, found.prior)
    assert again is not None
    if not again.is_settled:
        return trial._replace(note=_("The model does not fit: its parameters diverged.")), None
    return _marked(trial, again.model, known, came)


def _sample(past: Mapping[str, History], bought: Purchases, cut: int) -> Sample:
    """Take a systematic sample of customers ordered by history, with at most about 2,000 distinct histories."""
    every = -(-len(set(past.values())) // _FIT)
    uids = sorted(past, key=lambda uid: (past[uid], uid))[::every]
    return sample((past[uid] for uid in uids), sum(log_gaps(bought[uid], cut) for uid in uids))


def _marked(
    trial: Fold, model: Model, known: Mapping[str, History], came: Sequence[bool]
) -> tuple[Fold, Parts]:
    weeks = trial.days / DAYS_A_WEEK
    chances = {history: buys(model, history, weeks) for history in set(known.values())}
    forecast = [chances[history] for history in known.values()]
    # In whole days: float weeks of equal age differ in the last digit, which would break ties.
    recency = [round((history.last - history.age) * DAYS_A_WEEK) for history in known.values()]
    base = trial.bought / trial.n
    gains = [(base - yes) ** 2 - (chance - yes) ** 2 for chance, yes in zip(forecast, came, strict=True)]
    ours, theirs = auc_parts(forecast, came) or [], auc_parts(recency, came) or []
    ranking = map(sub, ours, theirs)
    marked = trial._replace(
        auc=auc(forecast, came),
        auc_recency=auc(recency, came),
        brier=brier(forecast, came),
        brier_base=base_brier(came),
        brier_recency=brier(_rates(recency, came), came),
        forecast=fmean(forecast),
        k=model.k,
    )
    parts = Parts(dict(zip(known, ranking, strict=True)), dict(zip(known, mean_parts(gains), strict=True)))
    return marked, parts


def _rates(recency: Sequence[float], came: Sequence[bool]) -> list[float]:
    """Return, for each customer, the purchase rate of their recency quintile: recency as an in-sample forecast."""
    at = cuts(recency)
    fifth = [score(value, at) for value in recency]
    sizes, buyers = Counter(fifth), Counter(compress(fifth, came))
    return [buyers[place] / sizes[place] for place in fifth]


def proof(verdict: BacktestResult) -> Section:
    """Build the section: the measures of the model, averaged over the evaluated cuts, and a table of the cuts."""
    return Section(figures=(*_marks(verdict), *_differences(verdict)), tables=(_table(verdict),))


def _marks(verdict: BacktestResult) -> list[Figure]:
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
            value=verdict.mean(mark),
            unit=NUMBER,
            n=verdict.n,
            note=verdict.note,
            why=_why(verdict, mark),
        )
        for key, (mark, label) in labels.items()
    ]


def _why(verdict: BacktestResult, mark: str) -> str:
    """Return the explanation of a measure, with its value at each cut."""
    why = _(
        "the model fitted to the data of {cuts} days ago, its predicted likelihood of a "
        "purchase since then against actual purchases; mean of these cuts"
    ).format(cuts=", ".join(str(trial.days) for trial in verdict.judged) or "-")
    each = ", ".join(
        _("{value:.3f} at {days} days ({bought} of {n} bought)").format(
            value=getattr(trial, mark), days=trial.days, bought=trial.bought, n=trial.n
        )
        for trial in verdict.judged
    )
    return f"{why}: {each}" if each else why


def _differences(verdict: BacktestResult) -> list[Figure]:
    lines = (
        ("backtest.auc.difference", _("AUC, model minus recency"), verdict.ranking),
        ("backtest.brier.difference", _("Brier, base rate minus model"), verdict.accuracy),
    )
    why = _(
        "mean of the cuts with its 95 % interval (DeLong for the AUC); each of the {n} "
        "customers counts once, even if in several cuts"
    ).format(n=verdict.n)
    return [
        Figure(
            key=key,
            label=label,
            value=found.value if found else None,
            unit=NUMBER,
            n=verdict.n,
            low=found.low if found else None,
            high=found.high if found else None,
            note=verdict.note or answer(found),
            why=why,
        )
        for key, label, found in lines
    ]


def answer(found: Difference | None) -> str:
    """Say in words whether the model did better."""
    return {1: _("The model is better."), 0: _("No clear difference."), -1: _("The model is worse.")}[
        sign(found)
    ]


def why_hidden(verdict: BacktestResult) -> str:
    """Return why the chance is not shown; "" if it is."""
    if verdict.note or verdict.holds:
        return verdict.note.removesuffix(".")
    off = [trial for trial in verdict.judged if not trial.is_calibrated]
    if not off:
        return _("the model was not clearly more accurate than the base rate")
    each = ", ".join(
        _("{forecast:.0%} against {rate:.0%} at {days} days").format(
            forecast=trial.forecast, rate=trial.rate, days=trial.days
        )
        for trial in off
    )
    return _("forecast and outcome differ ({each})").format(each=each)


def _table(verdict: BacktestResult) -> Table:
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
        rows=tuple(Row(tuple(trial)) for trial in verdict.trials),
        empty=verdict.note,
        note=_(
            "AUC: 0.5 is chance, 1 is perfect. Brier: 0 is perfect; the base rate and the "
            "rate of each recency quintile are actual results, known only afterwards."
        ),
    )
