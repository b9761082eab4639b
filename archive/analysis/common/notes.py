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
    found = [*_without_rate(data, request), *_without_amount(data, request)]
    if data.currency == NO_CURRENCY and data.histories:
        found.append(_("The sales have no currency. Set a home currency in the archive settings."))
    return found


def _without_rate(data: SalesData, request: ReportRequest) -> Iterator[str]:
    for currency, out in data.left_out(request.start.toordinal(), request.end.toordinal()).items():
        first = data.first_rate(currency)
        said = (
            plural(
                "{n} sale in {{currency}}, {{total}} in total, is left out: there is no exchange "
                "rate for {{currency}}.",
                "{n} sales in {{currency}}, {{total}} in total, are left out: there is no "
                "exchange rate for {{currency}}.",
                out.sales,
            )
            if first is None
            else plural(
                "{n} sale in {{currency}}, {{total}} in total, is left out: it is dated before "
                "the first exchange rate, of {{day}}.",
                "{n} sales in {{currency}}, {{total}} in total, are left out: they are dated "
                "before the first exchange rate, of {{day}}.",
                out.sales,
            )
        )
        yield said.format(
            currency=currency, total=f"{out.total:,}", day=date.fromordinal(first) if first else ""
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
    found = data.left_out(start, end)
    rated = {currency: out for currency, out in found.items() if data.first_rate(currency) is not None}
    parts = [
        _sales(sum(out.sales for out in some.values()), listed(some), reason)
        for some, reason in (
            ({c: out for c, out in found.items() if c not in rated}, _("no exchange rate")),
            (rated, _("before the first exchange rate")),
        )
        if some
    ]
    bare = data.without_amount(start, end)
    if bare:
        parts.append(
            plural("{n} sale left out: no amount", "{n} sales left out: no amount", bare),
        )
    return "; ".join(parts)


def listed(names: Iterable[str]) -> str:
    """Join names for a sentence: "EUR", "EUR and USD", "EUR, GBP and USD"."""
    *first, last = names
    return _("{names} and {last}").format(names=", ".join(first), last=last) if first else last


def _sales(count: int, currencies: str, reason: str) -> str:
    said = plural(
        "{n} sale in {{currencies}} left out: {{reason}}",
        "{n} sales in {{currencies}} left out: {{reason}}",
        count,
    )
    return said.format(currencies=currencies, reason=reason)
