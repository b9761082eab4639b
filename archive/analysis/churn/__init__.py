"""The churn report: new, lost and won-back customers, how long customers stay, and which are at risk."""

from __future__ import annotations

from collections.abc import Sequence, Set

from archive.analysis.churn import (
    at_risk,
    backtest,
    comparing,
    customer_flow,
    model,
    revenue_bridge,
    survival,
)
from archive.analysis.churn.buying import PurchaseData, purchase_data_of
from archive.analysis.churn.cohorts import cohorts
from archive.analysis.churn.observation import observation
from archive.analysis.churn.reasons import reasons
from archive.analysis.churn.rfm import rfm_section
from archive.analysis.churn.tenure import CustomerTenure, lost_customers, tenures_of
from archive.analysis.common.result import Section, report_of
from archive.analysis.dataset import SalesData
from archive.analysis.report import Report
from archive.analysis.request import Option, ReportRequest, ReportSpec, option
from archive.text import N_

_MODELS = {
    "mbg/cnbd-k": N_("MBG/CNBD-k (rhythms)"),
    "bg/nbd": N_("BG/NBD (classic)"),
}
_PRIORS = {
    "weak": N_("weak prior"),
    "none": N_("none"),
}
_BACKTESTS = {
    "auto": N_("up to 10,000 customers"),
    "yes": N_("always"),
    "no": N_("never"),
}

REPORT = ReportSpec(
    name="churn",
    title=N_("New and lost customers"),
    question=N_("Who joined, who left and why, how long do customers stay, and who is at risk of leaving?"),
    letter="n",
    place=3,
    figures=(
        *customer_flow.KEYS,
        *revenue_bridge.KEYS,
        *survival.KEYS,
        *comparing.KEYS,
        *at_risk.KEYS,
        *model.KEYS,
        *backtest.KEYS,
    ),
    tables=(
        *("silent", "moves", "silent_once", "reasons", "revenue_changes", "groups", "survival"),
        *("backtest", "rfm", "rfm_cuts", "cohorts", "retention"),
    ),
    options=(
        Option("model", N_("Purchase model"), "mbg/cnbd-k", _MODELS),
        Option("prior", N_("Regularisation"), "weak", _PRIORS),
        Option("backtest", N_("Back-test"), "auto", _BACKTESTS),
    ),
    sums=revenue_bridge.KEYS,
    groups=True,
    slow=True,
)


def run(data: SalesData, request: ReportRequest) -> Report:
    """Build the churn report."""
    purchase_data = purchase_data_of(data, request.as_of.toordinal())
    tenures = tenures_of(data, request.as_of, purchase_data.days)
    lost = lost_customers(tenures.all, request.as_of.toordinal())
    groups = comparing.in_groups(data, request, tenures.all)
    observation_start = observation(data, request, tenures.all)
    stays = comparing.stays_of(groups, request, observation_start)
    sections = [
        customer_flow.movement(data, request, tenures),
        reasons(tenures.all, request),
        revenue_bridge.waterfall(data, request),
        comparing.comparison(groups, request, stays),
        survival.survival(tenures.all, request, stays[: comparing.COMPARED], observation_start),
    ]
    request.step(0.2)
    sections += _risk_sections(data, request, purchase_data, tenures.all, lost)
    request.step(0.9)
    since = {tenure.uid: tenure.since for tenure in tenures.all}
    sections += [
        rfm_section(data, request, purchase_data.days, lost),
        cohorts(request, purchase_data.days, since),
    ]
    return report_of(REPORT, data, request, len(tenures.all), sections)


def _risk_sections(
    data: SalesData,
    request: ReportRequest,
    purchase_data: PurchaseData,
    tenures: Sequence[CustomerTenure],
    lost: Set[str],
) -> list[Section]:
    """Build the sections on inactivity: at-risk customers, back-test of the model, and its parameters."""
    name, prior = option(REPORT, request, "model"), option(REPORT, request, "prior")
    fitted_model = model.fit_model(data, request.as_of, name, prior, purchase_data)
    request.step(0.5)
    result = backtest.run_backtest(
        request, purchase_data.days, tenures, fitted_model, option(REPORT, request, "backtest")
    )
    return [
        at_risk.at_risk_section(data, request, purchase_data, lost, fitted_model, result),
        backtest.backtest_section(result),
        model.parameters(fitted_model, purchase_data.histories),
    ]
