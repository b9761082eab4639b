"""Notes on what campaign figures leave out, and on their reliability."""

from __future__ import annotations

from collections.abc import Iterator

from archive.analysis.campaigns.results import Result
from archive.analysis.request import ReportRequest
from archive.text import _, plural


def notes(request: ReportRequest, results: list[Result], window: int) -> Iterator[str]:
    """Yield the notes of the report; `window` is its option."""
    yield from _of_time(request, results, window)
    yield from _of_cost(results)
    yield from _of_lift(results)


def _of_time(request: ReportRequest, results: list[Result], window: int) -> Iterator[str]:
    recent = sum(result.effort.last > request.as_of.toordinal() - window for result in results)
    early = sum(len(result.effort.early) for result in results)
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


def _of_cost(results: list[Result]) -> Iterator[str]:
    without_cost = sum(result.effort.campaign.cost is None for result in results)
    without_rate = sum(
        result.effort.cost is None and result.effort.campaign.cost is not None for result in results
    )
    not_sales = sum(not result.effort.is_sale for result in results)
    if without_cost:
        yield plural(
            "{n} campaign has no cost and is left out of cost ratios.",
            "{n} campaigns have no cost and are left out of cost ratios.",
            without_cost,
        )
    if without_rate:
        yield plural(
            "{n} campaign has a cost without an exchange rate on its first day and is left "
            "out of cost ratios.",
            "{n} campaigns have a cost without an exchange rate on their first day and are "
            "left out of cost ratios.",
            without_rate,
        )
    if not_sales:
        yield plural(
            "{n} campaign is a notice or a win-back and is left out of campaign ROI, cost per "
            "enquiry, cost per new customer and pooled lift.",
            "{n} campaigns are notices or win-backs and are left out of campaign ROI, cost "
            "per enquiry, cost per new customer and pooled lift.",
            not_sales,
        )


def _of_lift(results: list[Result]) -> Iterator[str]:
    unmatched = sum(result.lift.unmatched for result in results)
    if unmatched:
        yield plural(
            "{n} customer in an audience has no matching customer to compare with.",
            "{n} customers in an audience have no matching customers to compare with.",
            unmatched,
        )
    if any(result.lift.observational and result.lift.compared for result in results):
        yield _(
            "Without a control group, the comparison is observational: it may reflect how "
            "customers were selected rather than the effect of the campaign."
        )
