"""Notes of every report on excluded sales."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from archive.analysis.dataset import SalesData
from archive.analysis.request import ReportRequest
from archive.model.currencies import NO_CURRENCY
from archive.text import _, plural


def money_notes(data: SalesData, request: ReportRequest) -> list[str]:
    """Return notes on sales of the period that are in no sum, with the reason, and on a missing currency."""
    notes = [*_without_rate(data, request), *_without_amount(data, request)]
    if data.currency == NO_CURRENCY and data.histories:
        notes.append(_("The sales have no currency. Set a home currency in the archive settings."))
    return notes


def _without_rate(data: SalesData, request: ReportRequest) -> Iterator[str]:
    for currency, omission in data.left_out(request.start.toordinal(), request.end.toordinal()).items():
        first_day = data.first_rate(currency)
        text = (
            plural(
                "{n} sale in {{currency}}, {{total}} in total, is left out: there is no exchange "
                "rate for {{currency}}.",
                "{n} sales in {{currency}}, {{total}} in total, are left out: there is no "
                "exchange rate for {{currency}}.",
                omission.sales,
            )
            if first_day is None
            else plural(
                "{n} sale in {{currency}}, {{total}} in total, is left out: it is dated before "
                "the first exchange rate, of {{day}}.",
                "{n} sales in {{currency}}, {{total}} in total, are left out: they are dated "
                "before the first exchange rate, of {{day}}.",
                omission.sales,
            )
        )
        yield text.format(
            currency=currency,
            total=f"{omission.total:,}",
            day=date.fromordinal(first_day) if first_day else "",
        )


def _without_amount(data: SalesData, request: ReportRequest) -> Iterator[str]:
    count = data.without_amount(request.start.toordinal(), request.end.toordinal())
    if count:
        yield plural(
            "{n} sale has no amount and counts as an order, but not in totals.",
            "{n} sales have no amount and count as orders, but not in totals.",
            count,
        )


def sales_left_out(data: SalesData, request: ReportRequest) -> str:
    """Return a summary of the period's sales that are in no sum, for the line below a figure; "" if there are none."""
    start, end = request.start.toordinal(), request.end.toordinal()
    omissions = data.left_out(start, end)
    too_early = {
        currency: omission
        for currency, omission in omissions.items()
        if data.first_rate(currency) is not None
    }
    parts = [
        _sales(sum(omission.sales for omission in group.values()), listed(group), reason)
        for group, reason in (
            ({c: omission for c, omission in omissions.items() if c not in too_early}, _("no exchange rate")),
            (too_early, _("before the first exchange rate")),
        )
        if group
    ]
    without_amount = data.without_amount(start, end)
    if without_amount:
        parts.append(
            plural("{n} sale left out: no amount", "{n} sales left out: no amount", without_amount),
        )
    return "; ".join(parts)


def listed(names: Iterable[str]) -> str:
    """Join names for a sentence: "EUR", "EUR and USD", "EUR, GBP and USD"."""
    *first, last = names
    return _("{names} and {last}").format(names=", ".join(first), last=last) if first else last


def _sales(count: int, currencies: str, reason: str) -> str:
    text = plural(
        "{n} sale in {{currencies}} left out: {{reason}}",
        "{n} sales in {{currencies}} left out: {{reason}}",
        count,
    )
    return text.format(currencies=currencies, reason=reason)
