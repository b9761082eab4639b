"""Conversion from enquiry to order, with waiting times. Customers who may still convert are censored."""

from __future__ import annotations

from typing import NamedTuple

from archive.analysis.campaigns.responses import Effort
from archive.analysis.common.result import Section
from archive.analysis.maths.survival import Curve, kaplan_meier
from archive.analysis.report import COUNT, DAYS, SHARE, Column, Opens, Row, Table
from archive.analysis.request import ReportRequest
from archive.text import N_, _

STAGES = (
    (N_("enquiry to quotation"), "enquiry", "quotation"),
    (N_("quotation to order"), "quotation", "order"),
    (N_("enquiry to order"), "enquiry", "order"),
)
SEEN = (30, 90)  # days


class Passage(NamedTuple):
    """Customers who reached a stage through campaigns, how many converted, and the curve of waiting days."""

    came: list[str]
    went_on: int
    curve: Curve | None


def passage(efforts: list[Effort], before: str, after: str, request: ReportRequest) -> Passage:
    """Measure the conversion between two stages, with each customer counted once per campaign.

    The waiting time runs from the first `before` to the first `after` on that day or later.
    """
    waits, went_on, came = [], [], []
    for effort in efforts:
        first: dict[str, int] = {}
        for response in effort.of(before):
            first.setdefault(response.customer, response.day)
        for customer, day in first.items():
            later = [r.day for r in effort.of(after) if r.customer == customer and r.day >= day]
            came.append(customer)
            went_on.append(bool(later))
            waits.append(float((min(later) if later else request.as_of.toordinal()) - day))
    return Passage(came, sum(went_on), kaplan_meier(waits, went_on))


def stages(efforts: list[Effort], request: ReportRequest) -> Section:
    """Build the table of stages."""
    rows = []
    for label, before, after in STAGES:
        found = passage(efforts, before, after, request)
        within = [_gone_on(found.curve, float(days)) for days in SEEN]
        median = found.curve.median if found.curve else None
        cells = (_(label), len(found.came), found.went_on, *within, median)
        why = _(
            "Kaplan-Meier estimate of the waiting time; customers not converted by {day} still may be"
        ).format(day=request.as_of)
        rows.append(Row(cells, Opens("customers", tuple(found.came)), why))
    columns = (
        Column("stage", _("Stage")),
        Column("came", _("Customers"), COUNT),
        Column("went_on", _("Converted"), COUNT),
        Column("within_30", _("Within 30 days"), SHARE),
        Column("within_90", _("Within 90 days"), SHARE),
        Column("median", _("Median (days)"), DAYS),
    )
    label = _("Conversion from enquiry to order")
    return Section(tables=(Table(key="stages", label=label, columns=columns, rows=tuple(rows)),))


def _gone_on(curve: Curve | None, days: float) -> float | None:
    """Return the share that converts within these days; None if nobody was observed that long."""
    waiting = curve.at(days) if curve else None
    return None if waiting is None else 1 - waiting
