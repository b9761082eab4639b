"""The competitor report: who else supplies our customers, who is gaining, and our win rate."""

from __future__ import annotations

from archive.analysis.common.result import report_of
from archive.analysis.competitors import quotations, suppliers
from archive.analysis.dataset import SalesData
from archive.analysis.report import Report
from archive.analysis.request import ReportRequest, ReportSpec
from archive.analysis.share.wallets import Wallets
from archive.text import N_

REPORT = ReportSpec(
    name="competitors",
    title=N_("Competitors"),
    question=N_("Who else supplies our customers, who is gaining share, and to whom do we lose and why?"),
    letter="c",
    place=2,
    figures=(*quotations.KEYS, *suppliers.KEYS),
    tables=("lost", "suppliers", "switching", "switching_matrix"),
)


def run(data: SalesData, request: ReportRequest) -> Report:
    """Build the competitor report."""
    wallets = Wallets(data, request)
    with_rival = {position.wallet.customer.uid for position in wallets.latest() if position.wallet.suppliers}
    sections = [quotations.win_rates(data, request, with_rival)]
    request.step(0.3)
    sections.append(suppliers.suppliers(data, request, wallets))
    request.step(0.9)
    sections.append(quotations.lost_to(data, request))
    return report_of(REPORT, data, request, len(quotations.quotations(data, request)), sections)
