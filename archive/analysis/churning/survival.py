"""How long customers stay: Kaplan-Meier from customer since (else the first order) to lost on, by group too."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from archive.analysis.churning.lives import Life
from archive.analysis.maths.survival import Curve, kaplan_meier
from archive.analysis.parts.result import Section, customers
from archive.analysis.pictures import Line, Lines, Point
from archive.analysis.question import Ask
from archive.analysis.report import COUNT, NUMBER, SHARE, TEXT, Column, Figure, Row, Table
from archive.text import _

MONTH = 365.25 / 12  # days
AT = (12, 24, 48)
KEYS = ("km.median", *(f"km.{months}" for months in AT))
_TABLE_AT = (0, 3, 6, 12, 18, 24, 36, 48, 60, 72, 96, 120)
_POINTS = 200  # a picture has no more columns than that


class Stays(NamedTuple):
    """Customers' months with us up to their first loss or to the as-of day, and who had left by then."""

    label: str
    uids: list[str]
    months: list[float]
    left: list[bool]
    curve: Curve | None

    def there(self, months: float) -> list[str]:
        """Who was a customer for at least so long: those at risk."""
        return [uid for uid, stayed in zip(self.uids, self.months, strict=True) if stayed >= months]


def stays(everyone: Sequence[Life], as_of: int, label: str) -> Stays:
    """The months of every customer. The first loss counts, also of one who was won back."""
    months = [((life.lost or as_of) - life.since) / MONTH for life in everyone]
    left = [bool(life.lost) for life in everyone]
    return Stays(label, [life.uid for life in everyone], months, left, kaplan_meier(months, left))


def survival(everyone: Sequence[Life], ask: Ask, groups: Sequence[Stays]) -> Section:
    """The curve of all customers and, where the question has groups, of each of them."""
    whole = stays(everyone, ask.as_of.toordinal(), _("All customers"))
    return Section(
        figures=(_median(whole), *(_share(whole, months) for months in AT)),
        tables=(_table([whole, *groups]),),
        pictures=(_picture(groups or [whole]),),
    )


def median_note(curve: Curve | None) -> str:
    """Why there is no median: "> 72 months" where more than half stay longer than anyone was observed to leave."""
    if curve is None:
        return _("There is no customer yet.")
    return "" if curve.median is not None else _("> {months} months").format(months=int(curve.longest))


def _median(whole: Stays) -> Figure:
    curve = whole.curve
    low, high = _between(curve)
    why = _(
        "the first month in which the Kaplan-Meier estimate of {n} customers, {left} of them lost, is at most 50 %;"
        " who is not lost is censored at the as-of day; a month is 365.25 / 12 days"
    )
    return Figure(
        key="km.median",
        label=_("Median stay, months"),
        value=curve.median if curve else None,
        unit=NUMBER,
        n=len(whole.uids),
        low=low,
        high=high,
        note=median_note(curve),
        why=why.format(n=len(whole.uids), left=sum(whole.left)),
        opens=customers(whole.uids),
        top=True,
    )


def _between(curve: Curve | None) -> tuple[float | None, float | None]:
    """The interval of the median; none where the curve falls from all to nobody at once, which says nothing of it."""
    low, high = _reached(curve, "low"), _reached(curve, "high")
    return (None, None) if low == high else (low, high)


def _reached(curve: Curve | None, side: str) -> float | None:
    """When a side of the band falls to one half: the interval of the median (Brookmeyer and Crowley 1982)."""
    steps = curve.steps if curve else []
    return next((s.time for s in steps if (getattr(s.band, side) if s.band else 0.0) <= 0.5), None)


def _share(whole: Stays, months: int) -> Figure:
    curve = whole.curve
    there = whole.there(months)
    step = curve.step_at(months) if curve else None
    value = curve.at(months) if curve else None
    band = step.band if step and value is not None else None
    left = sum(step.events for step in curve.steps if step.time <= months) if curve else 0
    why = _("product of (1 - lost / at risk) over the {left} losses up to month {months} (Kaplan-Meier)")
    return Figure(
        key=f"km.{months}",
        label=_("Still customers after {months} months").format(months=months),
        value=value,
        unit=SHARE,
        n=len(there),
        low=band.low if band else None,
        high=band.high if band else None,
        note=_share_note(curve, value, months),
        why=why.format(left=left, months=months),
        opens=customers(there),
    )


def _share_note(curve: Curve | None, value: float | None, months: int) -> str:
    if curve is None:
        return _("There is no customer yet.")
    if value is None:
        return _("No customer has been with us for {months} months yet.").format(months=months)
    return "" if curve.events else _("No customer is recorded as lost.")


def _table(every: Sequence[Stays]) -> Table:
    return Table(
        key="survival",
        label=_("Share that is still a customer"),
        columns=(
            Column("group", _("Group"), TEXT),
            Column("months", _("Months"), COUNT),
            Column("at_risk", _("At risk"), COUNT),
            Column("lost", _("Lost so far"), COUNT),
            Column("survival", _("Still customers"), SHARE),
            Column("low", _("From"), SHARE),
            Column("high", _("To"), SHARE),
        ),
        rows=tuple(row for group in every if group.curve for row in _rows(group, group.curve)),
        empty=_("There is no customer yet."),
        note=_(
            "Kaplan-Meier with the 95 % band on log(-log S). At risk: customers observed for at least so many months."
        ),
    )


def _rows(group: Stays, curve: Curve) -> list[Row]:
    found = []
    for months in _TABLE_AT:
        value, step = curve.at(months), curve.step_at(months)
        if value is None or months > curve.longest:
            break
        band = step.band if step else None
        lost = sum(s.events for s in curve.steps if s.time <= months)
        low, high = band or (None, None)
        there = group.there(months)
        found.append(Row((group.label, months, len(there), lost, value, low, high), customers(there)))
    return found


def _picture(every: Sequence[Stays]) -> Lines:
    curves = [(group.label, group.curve) for group in every]
    return Lines(
        key="survival",
        label=_("Share that is still a customer"),
        unit=SHARE,
        empty=_("There is no customer yet."),
        lines=tuple(Line(label, _points(curve), steps=True) for label, curve in curves if curve),
        x_label=_("months"),
        x_step=12.0,
        highest=1.0,
    )


def _points(curve: Curve) -> tuple[Point, ...]:
    found = [Point(0.0, 1.0)]
    every = max(1, len(curve.steps) // _POINTS)
    kept = curve.steps[every - 1 :: every]
    for step in kept if kept[-1:] == curve.steps[-1:] else [*kept, curve.steps[-1]]:
        low, high = step.band or (None, None)
        found.append(Point(step.time, step.survival, low, high))
    last = found[-1]
    if curve.longest > last.x:
        found.append(last._replace(x=curve.longest))
    return tuple(found)
