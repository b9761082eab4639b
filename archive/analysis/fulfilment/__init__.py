"""The fulfilment report: whether both sides keep their contracts, and upcoming deadlines."""

from __future__ import annotations

from archive.analysis.common.result import report_of
from archive.analysis.dataset import SalesData
from archive.analysis.fulfilment import deadlines, otif, progress
from archive.analysis.fulfilment.obligations import agreements
from archive.analysis.report import Report
from archive.analysis.request import ReportRequest, ReportSpec
from archive.text import N_

REPORT = ReportSpec(
    name="fulfilment",
    title=N_("Contract fulfilment"),
    question=N_("Do we and our customers meet our contracts, and what is due next?"),
    letter="f",
    place=4,
    figures=(*progress.KEYS, *otif.KEYS, *deadlines.KEYS),
    tables=("coming", "terms", "contracts", "promises"),
)


def run(data: SalesData, request: ReportRequest) -> Report:
    """Build the fulfilment report."""
    contracts = agreements(data, request)
    request.step(0.4)
    earlier_contracts = agreements(data, request.before())
    request.step(0.8)
    sections = [
        otif.otif_section(data, request, contracts, earlier_contracts),
        deadlines.deadlines(data, request, contracts),
        progress.contracts(data, request, contracts),
    ]
    return report_of(REPORT, data, request, len(contracts), sections)
