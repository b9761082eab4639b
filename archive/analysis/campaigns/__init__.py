"""Campaign performance: cost, responses and return, and whether customers ordered because of the campaigns."""

from __future__ import annotations

from archive.analysis.campaigns import results
from archive.analysis.campaigns.funnel import stages
from archive.analysis.campaigns.goals import contacts, reach
from archive.analysis.campaigns.incrementality import lift
from archive.analysis.campaigns.responses import efforts
from archive.analysis.campaigns.results import Result
from archive.analysis.campaigns.timeline import lines
from archive.analysis.common.result import report_of
from archive.analysis.dataset import SalesData
from archive.analysis.report import Report
from archive.analysis.request import Option, ReportRequest, ReportSpec, option
from archive.errors import UsageError
from archive.text import N_, _

REPORT = ReportSpec(
    name="campaigns",
    title=N_("Campaign performance"),
    question=N_("What did our campaigns cost and earn, and did customers order because of them?"),
    letter="m",
    place=5,
    figures=results.KEYS,
    tables=("campaigns", "lift", "channels", "stages"),
    options=(Option("window", N_("Attribution window (days)"), "30"),),
)
_DIGITS = 4  # maximum length of the option `window`


def run(data: SalesData, request: ReportRequest) -> Report:
    """Build the campaign report.

    Raises:
        UsageError: The option `window` is not a number of days.
    """
    window = option(REPORT, request, "window")
    if not window.isdecimal() or len(window) > _DIGITS:
        raise UsageError(
            _("The option window must be a number of days, not {text}.").format(text=window),
            _("Enter for example 30."),
        )
    campaign_efforts = efforts(data, request)
    contact_days = contacts(data, campaign_efforts)
    campaign_results = []
    for index, effort in enumerate(campaign_efforts):
        goal = reach(data, effort, request, contact_days, int(window))
        campaign_results.append(Result(effort, lift(data, effort, request, int(window)), goal))
        request.step(index / len(campaign_efforts))
    sections = [
        results.results(data, campaign_results),
        lines(data, request, campaign_results, int(window)),
        stages(campaign_efforts, request),
    ]
    return report_of(REPORT, data, request, len(campaign_efforts), sections)
