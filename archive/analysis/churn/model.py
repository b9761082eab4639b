"""Fit the repeat-buying model to the archive's customers, with explanations if it cannot be fitted."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple, cast
from weakref import WeakKeyDictionary

from archive.analysis.churn.buying import Buying, Histories
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


class Fitted(NamedTuple):
    """The model as fitted on a day; `model` is None if there is none, and `note` gives the reason."""

    name: Name
    prior: Prior
    model: Model | None
    log_likelihood: float | None
    n: int
    on: date
    note: str = ""


class _Kept(NamedTuple):
    histories: Histories
    fitted: Fitted


# Fitted parameters by data, model and prior, as long as the data is in use.
_kept: WeakKeyDictionary[SalesData, dict[tuple[Name, Prior], _Kept]] = WeakKeyDictionary()


def too_few(everyone: Iterable[History]) -> str:
    """Return why a model cannot be fitted to these histories; "" if it can."""
    repeats = [history.repeats for history in everyone]
    if len(repeats) >= FEW_CUSTOMERS and sum(repeats) >= FEW_REPEATS:
        return ""
    return _(
        "Too little data for a model: {n} customers with {repeats} repeat purchases; at "
        "least {customers} and {least} are required."
    ).format(n=len(repeats), repeats=sum(repeats), customers=FEW_CUSTOMERS, least=FEW_REPEATS)


def fitted(data: SalesData, as_of: date, name: str, prior: str, bought: Buying) -> Fitted:
    """Return the model fitted to purchases up to `as_of`.

    The parameters are cached until more than 1 % of the customers have a changed history, or for 30 days.
    """
    key = cast("tuple[Name, Prior]", (name, prior))
    kept = _kept.setdefault(data, {})
    if key in kept and not _outdated(kept[key], as_of, bought.histories):
        return kept[key].fitted
    made = _anew(as_of, *key, bought)
    kept[key] = _Kept(bought.histories, made)
    return made


def _outdated(kept: _Kept, as_of: date, known: Histories) -> bool:
    if not 0 <= (as_of - kept.fitted.on).days <= _OLD:
        return True
    if as_of == kept.fitted.on:
        return kept.histories != known
    old = kept.histories
    changed = sum(uid not in old or old[uid][:2] != now[:2] for uid, now in known.items())
    gone = sum(uid not in known for uid in old)
    return changed + gone > _CHANGED * len(known)


def _anew(as_of: date, name: Name, prior: Prior, bought: Buying) -> Fitted:
    known = bought.histories
    note = too_few(known.values())
    if note:
        return Fitted(name, prior, None, None, len(known), as_of, note)
    counted: Sample = sample(known.values(), bought.gaps.logs)
    found = fit(counted, name, prior)
    assert found is not None  # there are customers
    return _settled(found, name, prior, as_of)


def _settled(found: Fit, name: Name, prior: Prior, as_of: date) -> Fitted:
    if found.is_settled:
        return Fitted(name, prior, found.model, found.log_likelihood, found.n, as_of)
    note = _("The model does not fit: its parameters diverged.")
    hint = _("Set prior=weak to prevent this.") if prior == "none" else ""
    return Fitted(name, prior, None, None, found.n, as_of, f"{note} {hint}".strip())


def parameters(found: Fitted, known: Histories) -> Section:
    """Build the figures of the parameters, for comparison with other programs. Without a model they are None, with the
    reason.
    """
    model = found.model
    why = _(
        "{name} fitted to {n} customers by maximum likelihood, {prior}; time in weeks "
        "(days / 7), at most one purchase per day"
    ).format(name=found.name.upper(), n=found.n, prior=_PRIORS[found.prior]())
    values: dict[str, tuple[str, float | int | None, str]] = {
        f"model.{key}": (_(label), getattr(model, key) if model else None, COUNT if key == "k" else NUMBER)
        for key, label in _PARAMETERS.items()
    }
    values["model.log_likelihood"] = (_("Log-likelihood"), found.log_likelihood, NUMBER)
    return Section(
        figures=(
            *(
                Figure(key=key, label=label, value=value, unit=unit, n=found.n, note=found.note, why=why)
                for key, (label, value, unit) in values.items()
            ),
            Figure(
                key="model.n",
                label=_("Customers in the model"),
                value=found.n,
                why=why,
                opens=customers(known),
            ),
            Figure(
                key="model.fitted",
                label=_("Fitted on"),
                value=found.on if model else None,
                unit=DATE,
                note=found.note,
                why=why,
            ),
        )
    )


_PRIORS = {
    "weak": lambda: _("with weak log-normal priors as regularisation"),
    "none": lambda: _("without a prior"),
}
