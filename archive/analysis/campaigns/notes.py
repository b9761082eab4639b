"""Notes on what campaign figures leave out, and on their reliability."""

from __future__ import annotations

from collections.abc import Iterator

from archive.analysis.campaigns.results import Result
from archive.analysis.request import ReportRequest
from archive.text import _, plural


def notes(ask: ReportRequest, found: list[Result], window: int) -> Iterator[str]:
    """Yield the notes of the report; `window` is its option."""
    yield from _of_time(ask, found, window)
    yield from _of_cost(found)
    yield from _of_lift(found)


def _of_time(ask: ReportRequest, found: list[Result], window: int) -> Iterator[str]:
    recent = sum(r.effort.last > ask.as_of.toordinal() - window for r in found)
    early = sum(len(r.effort.early) for r in found)
    if recent:
        yield plural(
            "{n} campaign is still running or ended less than {{window}} days before: it may bring more.",
            "{n} campaigns are still running or ended less than {{window}} days before: they may bring more.",
            recent,
        ).format(window=window)
    if early:
        yield plural(
            "{n} transaction that names a campaign is dated before it began: not counted as a response.",
            "{n} transactions that name a campaign are dated before it began: not counted as responses.",
            early,
        )


def _of_cost(found: list[Result]) -> Iterator[str]:
    without = sum(r.effort.campaign.cost is None for r in found)
    foreign = sum(r.effort.cost is None and r.effort.campaign.cost is not None for r in found)
    other = sum(not r.effort.is_sale for r in found)
    if without:
        yield plural(
            "{n} campaign has no cost: it is in no ratio of costs.",
            "{n} campaigns have no cost: they are in no ratio of costs.",
            without,
        )
    if foreign:
        yield plural(
            "{n} campaign has a cost without an exchange rate on its first day: it is in no ratio of costs.",
            "{n} campaigns have a cost without an exchange rate on their first day: they are in no ratio of costs.",
            foreign,
        )
    if other:
        yield plural(
            "{n} campaign is a notice or a win-back: left out of campaign ROI, of the costs per enquiry and per new "
            "customer, and of the pooled lift.",
            "{n} campaigns are notices or win-backs: left out of campaign ROI, of the costs per enquiry and per new "
            "customer, and of the pooled lift.",
            other,
        )


def _of_lift(found: list[Result]) -> Iterator[str]:
    unmatched = sum(r.lift.unmatched for r in found)
    if unmatched:
        yield plural(
            "{n} customer in an audience has no counterpart to compare with.",
            "{n} customers in an audience have no counterpart to compare with.",
            unmatched,
        )
    if any(r.lift.observational and r.lift.compared for r in found):
        yield _(
            "Without a control group the comparison is observational: it may reflect who was chosen rather than what "
            "was done."
        )
