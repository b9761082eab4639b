"""Notes on what campaign figures leave out, and on their reliability."""

from __future__ import annotations

from collections.abc import Iterator

from archive.analysis.campaigns.results import Result
from archive.analysis.request import ReportRequest
from archive.text import _, plural


def notes(request: ReportRequest, found: list[Result], window: int) -> Iterator[str]:
    """Yield the notes of the report; `window` is its option."""
    yield from _of_time(request, found, window)
    yield from _of_cost(found)
    yield from _of_lift(found)


def _of_time(request: ReportRequest, found: list[Result], window: int) -> Iterator[str]:
    recent = sum(r.effort.last > request.as_of.toordinal() - window for r in found)
    early = sum(len(r.effort.early) for r in found)
    if recent:
        yield plural(
            "{n} campaign is still running or ended less than {{window}} days before the "
            "report date: more orders may follow.",
            "{n} campaigns are still running or ended less than {{window}} days before the "
            "report date: more orders may follow.",
            recent,
        ).format(window=window)
    if early:
        yield plural(
            "{n} transaction is dated before the start of its campaign and is not counted as a response.",
            "{n} transactions are dated before the start of their campaign and are not counted as responses.",
            early,
        )


def _of_cost(found: list[Result]) -> Iterator[str]:
    without = sum(r.effort.campaign.cost is None for r in found)
    foreign = sum(r.effort.cost is None and r.effort.campaign.cost is not None for r in found)
    other = sum(not r.effort.is_sale for r in found)
    if without:
        yield plural(
            "{n} campaign has no cost and is left out of cost ratios.",
            "{n} campaigns have no cost and are left out of cost ratios.",
            without,
        )
    if foreign:
        yield plural(
            "{n} campaign has a cost without an exchange rate on its first day and is left "
            "out of cost ratios.",
            "{n} campaigns have a cost without an exchange rate on their first day and are "
            "left out of cost ratios.",
            foreign,
        )
    if other:
        yield plural(
            "{n} campaign is a notice or a win-back and is left out of campaign ROI, cost per "
            "enquiry, cost per new customer and pooled lift.",
            "{n} campaigns are notices or win-backs and are left out of campaign ROI, cost "
            "per enquiry, cost per new customer and pooled lift.",
            other,
        )


def _of_lift(found: list[Result]) -> Iterator[str]:
    unmatched = sum(r.lift.unmatched for r in found)
    if unmatched:
        yield plural(
            "{n} customer in an audience has no matching customer to compare with.",
            "{n} customers in an audience have no matching customers to compare with.",
            unmatched,
        )
    if any(r.lift.observational and r.lift.compared for r in found):
        yield _(
            "Without a control group, the comparison is observational: it may reflect how "
            "customers were selected rather than the effect of the campaign."
        )
