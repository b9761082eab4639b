"""Fit the repeat-buying model to the archive's customers, with explanations if it cannot be fitted."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple, cast
from weakref import WeakKeyDictionary

from archive.analysis.churn.buying import Histories, PurchaseData
from archive.analysis.common.result import Section, customers
from archive.analysis.dataset import SalesData
from archive.analysis.maths.bgnbd import Model
from archive.analysis.maths.bgnbd_fit import Fit, Name, Prior, fit
from archive.analysis.maths.histories import History, Sample, sample
from archive.analysis.report import COUNT, DATE, NUMBER, Figure
from archive.text import N_, _

_PARAMETERS = {
    "k": N_("Regularity (k)"),
    "r": N_("Purchase rate, shape (r)"),
    "alpha": N_("Purchase rate, scale in weeks (alpha)"),
    "a": N_("Dropout rate, shape (a)"),
    "b": N_("Dropout rate, shape (b)"),
}
KEYS = (*(f"model.{name}" for name in _PARAMETERS), "model.log_likelihood", "model.n", "model.fitted")
FEW_CUSTOMERS, FEW_REPEATS = 20, 10  # minimum data for fitting four parameters
_CHANGED = 0.01  # share of customers with a changed history at which the model is refitted
_OLD = 30  # days after which it is refitted anyway, because time without orders is information too


class FittedModel(NamedTuple):
    """The model as fitted on a day; `model` is None if there is none, and `note` gives the reason."""

    name: Name
    prior: Prior
    model: Model | None
    log_likelihood: float | None
    n: int
    on: date
    note: str = ""


class _CacheEntry(NamedTuple):
    histories: Histories
    fitted: FittedModel


# Fitted parameters by data, model and prior, as long as the data is in use.
_cache: WeakKeyDictionary[SalesData, dict[tuple[Name, Prior], _CacheEntry]] = WeakKeyDictionary()


def too_few(histories: Iterable[History]) -> str:
    """Return why a model cannot be fitted to these histories; "" if it can."""
    repeats = [history.repeats for history in histories]
    if len(repeats) >= FEW_CUSTOMERS and sum(repeats) >= FEW_REPEATS:
        return ""
    return _(
        "Too little data for a model: {n} customers with {repeats} repeat purchases; at "
        "least {customers} and {least} are required."
    ).format(n=len(repeats), repeats=sum(repeats), customers=FEW_CUSTOMERS, least=FEW_REPEATS)


def fit_model(
    data: SalesData, as_of: date, name: str, prior: str, purchase_data: PurchaseData
) -> FittedModel:
    """Return the model fitted to purchases up to `as_of`.

    The parameters are cached until more than 1 % of the customers have a changed history, or for 30 days.
    """
    key = cast("tuple[Name, Prior]", (name, prior))
    entries = _cache.setdefault(data, {})
    if key in entries and not _outdated(entries[key], as_of, purchase_data.histories):
        return entries[key].fitted
    fitted_model = _fit_new(as_of, *key, purchase_data)
    entries[key] = _CacheEntry(purchase_data.histories, fitted_model)
    return fitted_model


def _outdated(entry: _CacheEntry, as_of: date, histories: Histories) -> bool:
    if not 0 <= (as_of - entry.fitted.on).days <= _OLD:
        return True
    if as_of == entry.fitted.on:
        return entry.histories != histories
    old = entry.histories
    changed = sum(uid not in old or old[uid][:2] != now[:2] for uid, now in histories.items())
    missing = sum(uid not in histories for uid in old)
    return changed + missing > _CHANGED * len(histories)


def _fit_new(as_of: date, name: Name, prior: Prior, purchase_data: PurchaseData) -> FittedModel:
    histories = purchase_data.histories
    note = too_few(histories.values())
    if note:
        return FittedModel(name, prior, None, None, len(histories), as_of, note)
    statistics: Sample = sample(histories.values(), purchase_data.gaps.logs)
    result = fit(statistics, name, prior)
    assert result is not None  # there are customers
    return _converged(result, name, prior, as_of)


def _converged(result: Fit, name: Name, prior: Prior, as_of: date) -> FittedModel:
    if result.is_settled:
        return FittedModel(name, prior, result.model, result.log_likelihood, result.n, as_of)
    note = _("The model does not fit: its parameters diverged.")
    hint = _("Set prior=weak to prevent this.") if prior == "none" else ""
    return FittedModel(name, prior, None, None, result.n, as_of, f"{note} {hint}".strip())


def parameters(fitted_model: FittedModel, histories: Histories) -> Section:
    """Build the figures of the parameters, for comparison with other programs. Without a model they are None, with the
    reason.
    """
    model = fitted_model.model
    why = _(
        "{name} fitted to {n} customers by maximum likelihood, {prior}; time in weeks "
        "(days / 7), at most one purchase per day"
    ).format(name=fitted_model.name.upper(), n=fitted_model.n, prior=_PRIORS[fitted_model.prior]())
    values: dict[str, tuple[str, float | int | None, str]] = {
        f"model.{key}": (_(label), getattr(model, key) if model else None, COUNT if key == "k" else NUMBER)
        for key, label in _PARAMETERS.items()
    }
    values["model.log_likelihood"] = (_("Log-likelihood"), fitted_model.log_likelihood, NUMBER)
    return Section(
        figures=(
            *(
                Figure(
                    key=key,
                    label=label,
                    value=value,
                    unit=unit,
                    n=fitted_model.n,
                    note=fitted_model.note,
                    why=why,
                )
                for key, (label, value, unit) in values.items()
            ),
            Figure(
                key="model.n",
                label=_("Customers in the model"),
                value=fitted_model.n,
                why=why,
                opens=customers(histories),
            ),
            Figure(
                key="model.fitted",
                label=_("Fitted on"),
                value=fitted_model.on if model else None,
                unit=DATE,
                note=fitted_model.note,
                why=why,
            ),
        )
    )


_PRIORS = {
    "weak": lambda: _("with weak log-normal priors as regularisation"),
    "none": lambda: _("without a prior"),
}
