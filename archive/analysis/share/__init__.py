"""The share report: our share of each customer's spend, and how concentrated our revenue is."""

from __future__ import annotations

from archive.analysis.common.result import Section, report_of
from archive.analysis.dataset import SalesData
from archive.analysis.report import Report
from archive.analysis.request import Option, ReportRequest, ReportSpec, option
from archive.analysis.share import concentration, share_of_wallet
from archive.analysis.share.breakdown import by_category, by_group, penetration
from archive.analysis.share.sales import sales
from archive.analysis.share.wallets import Wallets
from archive.text import N_

_LEVELS = {"1": N_("level 1"), "2": N_("levels 1 and 2"), "3": N_("levels 1 to 3")}

REPORT = ReportSpec(
    name="share",
    title=N_("Customer share"),
    question=N_("What share of each customer's business is ours, and how concentrated is our revenue?"),
    letter="s",
    place=1,
    figures=(*share_of_wallet.KEYS, *concentration.KEYS, "penetration"),
    tables=("wallets", "customers", "categories", "groups"),
    options=(
        Option("level", N_("Category levels"), "1", _LEVELS),
        Option("possible", N_("Number of potential customers"), ""),
    ),
    sums=(
        *(
            "share.coverage_revenue",
            "revenue",
            "cr1",
            "cr5",
            "cr10",
            "hhi",
            "gini",
            "abc.a",
            "abc.b",
            "abc.c",
        ),
        "regulars.share",
    ),
    groups=True,
)


def run(data: SalesData, request: ReportRequest) -> Report:
    """Build the share report."""
    wallets, period_sales = Wallets(data, request), sales(data, request)
    sections = [share_of_wallet.share_of_wallet(data, request, wallets, period_sales)]
    request.step(0.4)
    sections.append(concentration.concentration(data, period_sales))
    request.step(0.7)
    sections.append(by_category(data, request, int(option(REPORT, request, "level")), period_sales))
    request.step(0.9)
    sections.append(by_group(data, request.by or "account_manager", wallets, period_sales))
    sections.append(Section(figures=(penetration(data, request, option(REPORT, request, "possible")),)))
    buyers = len(sections[1].tables[0].rows)
    return report_of(REPORT, data, request, buyers, sections)
