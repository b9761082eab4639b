"""Customer tenure: Kaplan-Meier curves from customer since (or first order) to the lost date, overall and by group."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from archive.analysis.churn.formatting import some
from archive.analysis.churn.observation import Observation
from archive.analysis.churn.tenure import CustomerTenure
from archive.analysis.common.result import Section, customers
from archive.analysis.maths.logrank import Arm
from archive.analysis.maths.survival import Curve, kaplan_meier
from archive.analysis.pictures import Line, Lines, Point
from archive.analysis.report import COUNT, NUMBER, SHARE, TEXT, Column, Figure, Row, Table
from archive.analysis.request import ReportRequest
from archive.text import _

MONTH = 365.25 / 12  # days
AT = (12, 24, 48)
KEYS = ("km.median", *(f"km.{months}" for months in AT))
_TABLE_AT = (0, 3, 6, 12, 18, 24, 36, 48, 60, 72, 96, 120)
_GAPS = 3  # unobserved intervals named in a note
_FACTORS = 4  # factors of the product shown in the explanation
_POINTS = 200  # points per curve; a chart has no more columns


class Stays(NamedTuple):
    """Tenure of customers in months, from `entries` to `months`, and whether each ended in a loss.

    A customer enters observation on the day they became a customer, or when the recording of losses began, if later.
    `before` counts customers lost before that; they are excluded, as similar customers are not on record.
    """

    label: str
    uids: list[str]
    entries: list[float]
    months: list[float]
    lost: list[bool]
    curve: Curve | None
    since: date | None
    before: int

    @property
    def arm(self) -> Arm:
        """The group for the log-rank test."""
        return Arm(self.months, self.lost, self.entries)

    @property
    def late(self) -> int:
        """The number of customers with delayed entry."""
        return sum(entry > 0 for entry in self.entries)

    def at_risk(self, months: float) -> list[str]:
        """Return the customers at risk at a tenure of this many months."""
        lines = zip(self.uids, self.entries, self.months, strict=True)
        return [uid for uid, entry, end in lines if entry <= months <= end]


def stays(tenures: Sequence[CustomerTenure], as_of: int, label: str, observation: Observation) -> Stays:
    """Measure the tenure of every customer, up to the first loss even if the customer was won back."""
    ends = [tenure.first_loss or as_of for tenure in tenures]
    followed = [(tenure, end) for tenure, end in zip(tenures, ends, strict=True) if end >= observation.since]
    months = [(end - tenure.since) / MONTH for tenure, end in followed]
    entries = [max(0, observation.since - tenure.since) / MONTH for tenure, _end in followed]
    lost = [bool(tenure.first_loss) for tenure, _end in followed]
    curve = kaplan_meier(months, lost, entries)
    uids = [tenure.uid for tenure, _end in followed]
    return Stays(label, uids, entries, months, lost, curve, observation.day, len(tenures) - len(followed))


def survival(
    tenures: Sequence[CustomerTenure],
    request: ReportRequest,
    groups: Sequence[Stays],
    observation: Observation,
) -> Section:
    """Build the survival curve of all customers and, if groups were requested, that of each group."""
    overall = stays(tenures, request.as_of.toordinal(), _("All customers"), observation)
    return Section(
        figures=(_median(overall), *(_share(overall, months) for months in AT)),
        tables=(_table([overall, *groups]),),
        pictures=(_picture(groups or [overall]),),
        notes=(*observation.notes(), *_unobserved(overall), *_run_out(overall)),
    )


def _unobserved(overall: Stays) -> list[str]:
    """Return a note on the tenures at which nobody was under observation."""
    gaps = [gap for gap in overall.curve.unobserved() if gap.high - gap.low >= 1] if overall.curve else []
    if not gaps:
        return []
    ranges = [_("{low:.0f} to {high:.0f}").format(low=low, high=high) for low, high in gaps[:_GAPS]]
    months = some(ranges, len(gaps))
    return [
        _(
            "No customer was under observation at {months} months: the curve is unknown "
            "there, and after that it holds only for customers who had stayed that long."
        ).format(months=months)
    ]


def _run_out(overall: Stays) -> list[str]:
    """Return a note if the curve reaches zero although customers with longer tenure are under observation."""
    end = next((step for step in overall.curve.steps if step.survival == 0), None) if overall.curve else None
    later = sum(entry > end.time for entry in overall.entries) if end else 0
    if not end or not later:
        return []
    return [
        _(
            "The curve falls to 0 % at month {month:.0f}, with only {n} at risk, although {later} had been customers"
            " for longer when observation began: there are too few new customers for a reliable curve."
        ).format(month=end.time, n=end.at_risk, later=later)
    ]


def late_entries(stay: Stays) -> str:
    """Return the number of delayed entries and of excluded customers as text."""
    if stay.since is None:
        return ""
    text = _(
        "losses are recorded from {day}: {late} of {n} customers are older and count as "
        "at risk only from then (delayed entry)"
    ).format(day=stay.since, late=stay.late, n=len(stay.uids))
    excluded = _("{n} lost before then are left out").format(n=stay.before) if stay.before else ""
    return "; ".join(filter(None, (text, excluded)))


def median_note(curve: Curve | None) -> str:
    """Return the reason for a missing median, such as "> 72 months" if survival never falls to one half."""
    if curve is None:
        return _("There are no customers yet.")
    return "" if curve.median is not None else _("> {months} mo").format(months=int(curve.longest))


def _median(overall: Stays) -> Figure:
    curve = overall.curve
    low, high = _between(curve)
    why = _(
        "the first month in which the Kaplan-Meier estimate of {n} customers, {left} of them lost, is at most 50 %{at};"
        " customers who are not lost are censored at the as-of day; a month is 365.25 / 12 days"
    ).format(n=len(overall.uids), left=sum(overall.lost), at=_fall(curve))
    return Figure(
        key="km.median",
        label=_("Median lifetime (mo)"),
        value=curve.median if curve else None,
        unit=NUMBER,
        n=len(overall.uids),
        low=low,
        high=high,
        note=_before(overall) or median_note(curve),
        why="; ".join(filter(None, (why, late_entries(overall)))),
        opens=customers(overall.uids),
        top=True,
    )


def _fall(curve: Curve | None) -> str:
    """Return the step at which survival falls to one half: " (52.1 % to 49.8 %, 12 at risk)"."""
    median = curve.median if curve else None
    if curve is None or median is None:
        return ""
    index = next(n for n, step in enumerate(curve.steps) if step.time == median)
    step = curve.steps[index]
    higher = curve.steps[index - 1].survival if index else 1.0
    return _(" ({higher:.1%} to {lower:.1%}, {n} at risk)").format(
        higher=higher, lower=step.survival, n=step.at_risk
    )


def _before(overall: Stays) -> str:
    """Return a note if the recording of losses began after all customers were last seen."""
    if overall.uids or not overall.before or overall.since is None:
        return ""
    return _("Losses are recorded only from {day}.").format(day=overall.since)


def _between(curve: Curve | None) -> tuple[float | None, float | None]:
    """Return the interval of the median; (None, None) if the limits are equal, as when all customers leave at once."""
    low, high = _reached(curve, "low"), _reached(curve, "high")
    return (None, None) if low == high else (low, high)


def _reached(curve: Curve | None, side: str) -> float | None:
    """Return when a limit of the band falls to one half: Brookmeyer and Crowley (1982)."""
    steps = curve.steps if curve else []
    return next((s.time for s in steps if (getattr(s.band, side) if s.band else 0.0) <= 0.5), None)


def _share(overall: Stays, months: int) -> Figure:
    curve = overall.curve
    at_risk = overall.at_risk(months)
    step = curve.step_at(months) if curve else None
    value = curve.at(months) if curve else None
    band = step.band if step and value is not None else None
    return Figure(
        key=f"km.{months}",
        label=_("Still customers after {months} mo").format(months=months),
        value=value,
        unit=SHARE,
        n=len(at_risk),
        low=band.low if band else None,
        high=band.high if band else None,
        note=_before(overall) or _share_note(overall, value, months),
        why="; ".join(filter(None, (_product(curve, months), late_entries(overall)))),
        opens=customers(at_risk),
    )


def _product(curve: Curve | None, months: int) -> str:
    """Return the product-limit formula with its first and last factors."""
    steps = [step for step in curve.steps if step.time <= months] if curve else []
    lost = sum(step.events for step in steps)
    why = _(
        "product of (1 - lost / at risk) over the {left} losses up to month {months} (Kaplan-Meier)"
    ).format(left=lost, months=months)
    factors = [f"(1 - {step.events} / {step.at_risk})" for step in steps]
    if len(factors) > _FACTORS:
        factors = [*factors[: _FACTORS - 1], "…", factors[-1]]
    return f"{why}: {' '.join(factors)} = {steps[-1].survival:.1%}" if steps else why


def _share_note(overall: Stays, value: float | None, months: int) -> str:
    curve = overall.curve
    if curve is None:
        return _("There are no customers yet.")
    if value is None and months <= curve.longest:
        return _("No customer was under observation at {months} months.").format(months=months)
    if value is None:
        return _("No customer has stayed for {months} months yet.").format(months=months)
    return "" if curve.events else _("No customer is recorded as lost.")


def _table(stays: Sequence[Stays]) -> Table:
    return Table(
        key="survival",
        label=_("Share of customers retained"),
        columns=(
            Column("group", _("Group"), TEXT),
            Column("months", _("Months"), COUNT),
            Column("at_risk", _("At risk"), COUNT),
            Column("lost", _("Lost to date"), COUNT),
            Column("survival", _("Still customers"), SHARE),
            Column("low", _("From"), SHARE),
            Column("high", _("To"), SHARE),
        ),
        rows=tuple(row for group in stays if group.curve for row in _rows(group, group.curve)),
        empty=_("There are no customers yet."),
        note=_(
            "Kaplan-Meier estimate with 95 % band on log(-log S). At risk: customers under "
            "observation at that many months; customers from before losses were recorded "
            "enter late."
        ),
    )


def _rows(group: Stays, curve: Curve) -> list[Row]:
    rows = []
    for months in _TABLE_AT:
        value, step = curve.at(months), curve.step_at(months)
        if value is None or months > curve.longest:
            continue
        band = step.band if step else None
        lost = sum(s.events for s in curve.steps if s.time <= months)
        low, high = band or (None, None)
        at_risk = group.at_risk(months)
        rows.append(Row((group.label, months, len(at_risk), lost, value, low, high), customers(at_risk)))
    return rows


def _picture(stays: Sequence[Stays]) -> Lines:
    curves = [(group.label, group.curve) for group in stays]
    return Lines(
        key="survival",
        label=_("Share of customers retained"),
        unit=SHARE,
        empty=_("There are no customers yet."),
        lines=tuple(Line(label, _points(curve), steps=True) for label, curve in curves if curve),
        x_label=_("months"),
        x_step=12.0,
        highest=1.0,
    )


def _points(curve: Curve) -> tuple[Point, ...]:
    points = [Point(0.0, 1.0)]
    stride = max(1, len(curve.steps) // _POINTS)
    steps = curve.steps[stride - 1 :: stride]
    for step in steps if steps[-1:] == curve.steps[-1:] else [*steps, curve.steps[-1]]:
        low, high = step.band or (None, None)
        points.append(Point(step.time, step.survival, low, high))
    last = points[-1]
    if curve.longest > last.x:
        points.append(last._replace(x=curve.longest))
    return tuple(points)
