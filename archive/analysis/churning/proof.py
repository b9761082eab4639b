"""Whether the model is any good here: what it would have said 30, 90 and 180 days ago, beside what came."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta
from itertools import compress
from statistics import fmean
from typing import NamedTuple

from archive.analysis.churning.buying import histories
from archive.analysis.churning.chance import buys
from archive.analysis.churning.lives import Life, lost_customers
from archive.analysis.churning.model import Fitted, too_few
from archive.analysis.churning.purchases import Purchases, any_between
from archive.analysis.maths.alive import Model
from archive.analysis.maths.alive_fit import refit
from archive.analysis.maths.backtest import auc, base_brier, base_rate, brier
from archive.analysis.maths.histories import DAYS_A_WEEK, History, sample
from archive.analysis.maths.rfm import cuts, score
from archive.analysis.parts.result import Section
from archive.analysis.question import Ask
from archive.analysis.report import COUNT, DATE, NUMBER, SHARE, TEXT, Column, Figure, Row, Table
from archive.text import _

KEYS = (
    *("backtest.auc", "backtest.auc.recency"),
    *("backtest.brier", "backtest.brier.base", "backtest.brier.recency"),
)
CUTS = (30, 90, 180)  # days ago
FEW = 5  # who bought, and who did not: with fewer a ranking says nothing
MANY = 10_000  # customers from which on it is run only when it is asked for
_FIT = 1_000  # histories to which the model of the past is fitted


class Trial(NamedTuple):
    """The forecasts of one cut beside what came: `score` by the model, `recency` by the last purchase alone."""

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
    note: str = ""

    @property
    def is_judged(self) -> bool:
        """Whether there was enough to tell."""
        return not self.note


class Verdict(NamedTuple):
    """The trials, and whether the model may sort the list; `note` says why not, or why there was no trial."""

    trials: tuple[Trial, ...] = ()
    note: str = ""

    def mean(self, key: str) -> float | None:
        """A mark of all trials that could be judged."""
        found = [getattr(trial, key) for trial in self.trials if trial.is_judged]
        return fmean(found) if found else None

    @property
    def is_better(self) -> bool:
        """Whether the model ranked better than recency alone and was nearer than the base rate."""
        marks = [self.mean(key) for key in ("auc", "auc_recency", "brier", "brier_base")]
        mine, recency, missed, base = (0.0 if mark is None else mark for mark in marks)
        return mine > recency and missed < base


def tried(ask: Ask, bought: Purchases, everyone: Sequence[Life], found: Fitted, wanted: str) -> Verdict:
    """The back-test; `wanted` is yes, no, or auto: only where it takes no time to speak of."""
    if found.model is None:
        return Verdict(note=found.note)
    if wanted == "no":
        return Verdict(note=_("The model was not tried on the past: backtest=yes does it."))
    if wanted == "auto" and found.n > MANY:
        note = _("With more than {n} customers the model is tried on the past only when asked: backtest=yes.")
        return Verdict(note=note.format(n=f"{MANY:,}"))
    trials = []
    for at, days in enumerate(CUTS):
        ask.step(0.5 + 0.15 * at)
        trials.append(_trial(bought, ask.as_of, days, everyone, found, found.model))
    if any(trial.is_judged for trial in trials):
        return Verdict(tuple(trials))
    return Verdict(tuple(trials), _("The archive's past is too short or too small to try the model on it."))


def _trial(
    bought: Purchases, as_of: date, days: int, everyone: Sequence[Life], found: Fitted, start: Model
) -> Trial:
    cut = as_of - timedelta(days=days)
    past = histories(bought, cut.toordinal())
    lost = lost_customers(everyone, cut.toordinal())
    known = {uid: history for uid, history in past.items() if uid not in lost}
    first, last = cut.toordinal() + 1, as_of.toordinal()
    came = [any_between(bought[uid], first, last) for uid in known]
    told = Trial(days, cut, len(known), sum(came), base_rate(came))
    if note := too_few(past.values()):
        return told._replace(note=note)
    if not FEW <= told.bought <= told.n - FEW:
        return told._replace(note=_("Too few bought, or too few did not, to tell a good forecast."))
    again = refit(sample(past.values()).thinned(_FIT), start, found.prior)
    assert again is not None
    if not again.is_settled:
        return told._replace(note=_("The model does not fit: its parameters ran away."))
    return _marked(told, again.model, list(known.values()), came)


def _marked(told: Trial, model: Model, known: Sequence[History], came: Sequence[bool]) -> Trial:
    weeks = told.days / DAYS_A_WEEK
    chances = {history: buys(model, history, weeks) for history in set(known)}
    forecast = [chances[history] for history in known]
    recency = [history.last - history.age for history in known]
    by_fifth = _rates(recency, came)
    return told._replace(
        auc=auc(forecast, came),
        auc_recency=auc(recency, came),
        brier=brier(forecast, came),
        brier_base=base_brier(came),
        brier_recency=brier(by_fifth, came),
    )


def _rates(recency: Sequence[float], came: Sequence[bool]) -> list[float]:
    """Of each customer the share of their fifth by recency who bought: recency alone as a forecast, in hindsight."""
    at = cuts(recency)
    fifth = [score(value, at) for value in recency]
    sizes, buyers = Counter(fifth), Counter(compress(fifth, came))
    return [buyers[place] / sizes[place] for place in fifth]


def proof(verdict: Verdict) -> Section:
    """The marks of the model, the mean of the cuts that could be judged, and each cut by itself."""
    judged = [trial for trial in verdict.trials if trial.is_judged]
    n = sum(trial.n for trial in judged)
    cuts = ", ".join(str(trial.days) for trial in judged)
    why = _(
        "the model fitted to what was known {cuts} days ago, its chance of a purchase since beside the purchases that"
        " came; the mean of these cuts"
    ).format(cuts=cuts or "-")
    labels = {
        "backtest.auc": ("auc", _("Model told buyers from others (AUC)")),
        "backtest.auc.recency": ("auc_recency", _("Days since the last purchase alone (AUC)")),
        "backtest.brier": ("brier", _("Distance of the forecast (Brier)")),
        "backtest.brier.base": ("brier_base", _("Distance of the base rate (Brier)")),
        "backtest.brier.recency": ("brier_recency", _("Distance of the rate by recency (Brier)")),
    }
    return Section(
        figures=tuple(
            Figure(
                key=key,
                label=label,
                value=verdict.mean(mark),
                unit=NUMBER,
                n=n,
                note=verdict.note,
                why=why,
            )
            for key, (mark, label) in labels.items()
        ),
        tables=(_table(verdict),),
    )


def _table(verdict: Verdict) -> Table:
    return Table(
        key="backtest",
        label=_("The model tried on the past"),
        columns=(
            Column("days", _("Days ago"), COUNT),
            Column("on", _("Seen on"), DATE),
            Column("customers", _("Customers"), COUNT),
            Column("bought", _("Bought since"), COUNT),
            Column("rate", _("Share"), SHARE),
            Column("auc", _("AUC, model"), NUMBER),
            Column("auc_recency", _("AUC, recency"), NUMBER),
            Column("brier", _("Brier, model"), NUMBER),
            Column("brier_base", _("Brier, base rate"), NUMBER),
            Column("brier_recency", _("Brier, recency"), NUMBER),
            Column("note", _("Note"), TEXT),
        ),
        rows=tuple(Row(tuple(trial)) for trial in verdict.trials),
        empty=verdict.note,
        note=_(
            "AUC: 0.5 is chance, 1 is perfect. Brier: 0 is perfect; the base rate, and the rate of each fifth by"
            " recency, are what came, known only afterwards."
        ),
    )
