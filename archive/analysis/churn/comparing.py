"""Comparison of customer groups: customer flow and tenure of each, and a log-rank test of the difference."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from itertools import repeat

from archive.analysis.churn.customer_flow import churn_rate, flow_of
from archive.analysis.churn.formatting import band
from archive.analysis.churn.observation import Observation
from archive.analysis.churn.survival import Stays, median_note, stays
from archive.analysis.churn.tenure import CustomerTenure
from archive.analysis.common.groups import grouped, title
from archive.analysis.common.result import Section, customers
from archive.analysis.dataset import SalesData
from archive.analysis.maths.logrank import LogRank, log_rank
from archive.analysis.report import COUNT, NUMBER, SHARE, TEXT, Column, Figure, Row, Table
from archive.analysis.request import ReportRequest
from archive.text import _

KEYS = ("km.log_rank", "km.log_rank.p")
COMPARED = 8  # groups in the chart and the test; more curves are not legible

Groups = Mapping[str, Sequence[CustomerTenure]]


def in_groups(data: SalesData, request: ReportRequest, tenures: Sequence[CustomerTenure]) -> Groups:
    """Group customers by the requested field, largest group first; empty if no grouping was requested."""
    if not request.by:
        return {}
    group_of = grouped(data, request.by)
    groups: defaultdict[str, list[CustomerTenure]] = defaultdict(list)
    for tenure in tenures:
        groups[title(request.by, group_of[tenure.uid])].append(tenure)
    return dict(sorted(groups.items(), key=lambda item: (-len(item[1]), item[0])))


def stays_of(groups: Groups, request: ReportRequest, observation: Observation) -> list[Stays]:
    """Measure the tenure of the customers in each group."""
    as_of = request.as_of.toordinal()
    return [stays(tenures, as_of, label, observation) for label, tenures in groups.items()]


def comparison(groups: Groups, request: ReportRequest, stays: Sequence[Stays]) -> Section:
    """Build the log-rank test of the largest groups and a table of all groups."""
    largest = stays[:COMPARED]
    test = log_rank([group.arm for group in largest])
    note = _note(request, test, len(largest))
    why = _("log-rank test of {n} groups: {names}").format(
        n=len(largest), names=", ".join(group.label for group in largest)
    )
    if test:
        why = f"{why}; {_losses(largest)}"
    n = sum(len(group.uids) for group in largest) if largest else None
    figures = (
        Figure(
            key="km.log_rank",
            label=_("Difference between groups (log-rank chi-square)"),
            value=test.chi2 if test else None,
            unit=NUMBER,
            n=n,
            note=note,
            why=why,
        ),
        Figure(
            key="km.log_rank.p",
            label=_("Probability of this difference by chance (p-value)"),
            value=test.p if test else None,
            unit=NUMBER,
            n=n,
            note=note,
            why=why,
        ),
    )
    left_out = len(groups) - len(largest)
    text = _("Only the {n} largest groups are compared; the table has {rest} more.")
    return Section(
        figures=figures,
        tables=(_table(groups, stays, request),),
        notes=(text.format(n=len(largest), rest=left_out),) if left_out else (),
    )


def _losses(largest: Sequence[Stays]) -> str:
    """Return the numbers of the test: losses in each group, and delayed entries."""
    by_group = ", ".join(
        _("{lost} of {n} lost").format(lost=sum(group.lost), n=len(group.uids)) for group in largest
    )
    late = sum(group.late for group in largest)
    return _("{each}; {late} entered late").format(each=by_group, late=late)


def _note(request: ReportRequest, test: LogRank | None, n: int) -> str:
    if not request.by:
        return _("No grouping was chosen, for example by category, manager or source.")
    if test is None:
        return _("There are fewer than two groups with expected losses.")
    return _("{dof} degrees of freedom, {n} groups").format(dof=test.dof, n=n)


def _table(groups: Groups, stays: Sequence[Stays], request: ReportRequest) -> Table:
    return Table(
        key="groups",
        label=_("By group"),
        columns=(
            Column("group", _("Group"), TEXT),
            Column("opening", _("Start"), COUNT),
            Column("new", _("New"), COUNT),
            Column("won_back", _("Won back"), COUNT),
            Column("lost", _("Lost"), COUNT),
            Column("closing", _("End"), COUNT),
            Column("logo_churn", _("Lost (share)"), SHARE),
            Column("low", _("From"), SHARE),
            Column("high", _("To"), SHARE),
            Column("median", _("Lifetime (mo)"), NUMBER),
            Column("note", _("Note"), TEXT),
        ),
        rows=tuple(map(_row, groups.values(), stays, repeat(request))),
        empty=_("No grouping was chosen."),
    )


def _row(tenures: Sequence[CustomerTenure], stay: Stays, request: ReportRequest) -> Row:
    now = flow_of(tenures, request)
    counts = [len(part) for part in now]
    low, high = band(len(now.lost_from_start), len(now.opening))
    median = stay.curve.median if stay.curve else None
    cells = (stay.label, *counts, churn_rate(now), low, high, median, median_note(stay.curve))
    return Row(cells, customers(tenure.uid for tenure in tenures))
