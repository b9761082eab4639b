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
WITHIN = (30, 90)  # days


class Conversion(NamedTuple):
    """Customers who reached a stage through campaigns, how many converted, and the curve of waiting days."""

    customers: list[str]
    converted: int
    curve: Curve | None


def conversion_between(efforts: list[Effort], before: str, after: str, request: ReportRequest) -> Conversion:
    """Measure the conversion between two stages, with each customer counted once per campaign.

    The waiting time runs from the first `before` to the first `after` on that day or later.
    """
    waits, converted, customers = [], [], []
    for effort in efforts:
        first_day: dict[str, int] = {}
        for response in effort.of(before):
            first_day.setdefault(response.customer, response.day)
        for customer, day in first_day.items():
            later = [r.day for r in effort.of(after) if r.customer == customer and r.day >= day]
            customers.append(customer)
            converted.append(bool(later))
            waits.append(float((min(later) if later else request.as_of.toordinal()) - day))
    return Conversion(customers, sum(converted), kaplan_meier(waits, converted))


def stages(efforts: list[Effort], request: ReportRequest) -> Section:
    """Build the table of stages."""
    rows = []
    for label, before, after in STAGES:
        result = conversion_between(efforts, before, after, request)
        within = [_converted_within(result.curve, float(days)) for days in WITHIN]
        median = result.curve.median if result.curve else None
        cells = (_(label), len(result.customers), result.converted, *within, median)
        why = _(
            "Kaplan-Meier estimate of the waiting time; customers not converted by {day} still may be"
        ).format(day=request.as_of)
        rows.append(Row(cells, Opens("customers", tuple(result.customers)), why))
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


def _converted_within(curve: Curve | None, days: float) -> float | None:
    """Return the share that converts within these days; None if nobody was observed that long."""
    survival = curve.at(days) if curve else None
    return None if survival is None else 1 - survival
