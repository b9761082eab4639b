"""Contracts in force and open quotations of a customer, one line each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from archive.analysis.common.insight import WARN, Insight
from archive.analysis.dataset import SalesData
from archive.analysis.fulfilment.obligations import Agreement, agreements
from archive.analysis.money import to_decimal
from archive.analysis.request import ReportRequest
from archive.model.contract_status import current_end, notice_deadline, renews
from archive.model.dates import age, show_date
from archive.model.records.contract import Contract
from archive.text import _, plural

SOON = 30  # days before the end of a contract or its notice deadline from which it is a warning
OPEN = (None, "", "open")


class Running(NamedTuple):
    """A contract that is active, signed but not begun, or unsigned. Amounts are minor units, None if unknown.

    `begins` is the first day of a signed contract that has not begun.
    """

    is_signed: bool
    value: int | None
    overdue: int  # overdue terms of both sides
    next_day: date | None  # the earlier of its end and its notice deadline
    next_word: str
    begins: date | None = None


class Offer(NamedTuple):
    """An open quotation."""

    on: date | None
    expected_on: date | None
    value: int | None


class Pending(NamedTuple):
    """Open contracts and quotations by customer, as of a day."""

    as_of: date
    currency: str
    contracts: Mapping[str, Sequence[Running]]
    offers: Mapping[str, Sequence[Offer]]


def pending(data: SalesData, request: ReportRequest) -> Pending:
    """Collect the open contracts and quotations of every customer who has any."""
    return Pending(request.as_of, data.currency, _contracts(data, request), _offers(data, request.as_of))


def _contracts(data: SalesData, request: ReportRequest) -> Mapping[str, list[Running]]:
    found: defaultdict[str, list[Running]] = defaultdict(list)
    for one in agreements(data, request):
        if one.status in ("active", "signed", "unsigned"):
            found[one.contract.customer.uid].append(_running(data, one, request.as_of))
    return found


def _running(data: SalesData, one: Agreement, as_of: date) -> Running:
    contract, is_signed = one.contract, one.status == "active"
    days = sorted(_days(one, as_of)) if is_signed else []
    next_day, next_word = days[0] if days else (None, "")
    return Running(
        is_signed=is_signed,
        value=data.amount(contract.value, contract.currency, contract.start or as_of),
        overdue=sum(duty.found.status == "overdue" for duty in one.duties) if is_signed else 0,
        next_day=next_day,
        next_word=next_word,
        begins=contract.start if one.status == "signed" else None,
    )


def _days(one: Agreement, as_of: date) -> Iterator[tuple[date, str]]:
    end, notice = current_end(one.contract, as_of), notice_deadline(one.contract, as_of)
    if end and end >= as_of:
        yield end, _end_words(one.contract)
    if notice and notice >= as_of:
        yield notice, _("notice by {day}")


def _end_words(contract: Contract) -> str:
    if contract.cancelled_on:
        return _("ends {day}")
    return _("renews after {day}") if renews(contract) else _("until {day}")


def _offers(data: SalesData, as_of: date) -> Mapping[str, list[Offer]]:
    found: defaultdict[str, list[Offer]] = defaultdict(list)
    d = data.dealings
    outcomes, expected = data.columns("transactions", "outcome", "expected_on")
    for place, (kind, outcome) in enumerate(zip(d.type, outcomes, strict=True)):
        if kind == "quotation" and outcome in OPEN and d.day[place] <= as_of.toordinal():
            day, amount = d.day[place], d.amount[place]
            found[d.customer[place]].append(
                Offer(
                    on=date.fromordinal(day) if day else None,
                    expected_on=date.fromisoformat(expected[place]) if expected[place] else None,
                    value=None if amount is None else data.minor(amount, d.currency[place], day),
                )
            )
    return found


def contracts_line(known: Pending, uid: str) -> Insight | None:
    """Return how many contracts are in force, their value, and the next end or notice deadline."""
    running = known.contracts.get(uid)
    if not running:
        return None
    signed = [one for one in running if one.is_signed]
    begins = [one.begins for one in running if one.begins]
    unsigned = len(running) - len(signed) - len(begins)
    overdue = sum(one.overdue for one in running)
    nearest = min(((one.next_day, one.next_word) for one in signed if one.next_day), default=None)
    parts = [  # the warning first, because a line may be truncated
        plural("{n} term overdue !", "{n} terms overdue !", overdue) if overdue else "",
        _("{n} active").format(n=len(signed)) if signed else "",
        _value([one.value for one in signed], known.currency),
        nearest[1].format(day=show_date(nearest[0])) if nearest else "",
        _("{n} signed, starting {day}").format(n=len(begins), day=show_date(min(begins))) if begins else "",
        _("{n} unsigned").format(n=unsigned) if unsigned else "",
    ]
    is_soon = nearest is not None and (nearest[0] - known.as_of).days <= SOON
    why = _(
        "signed contracts that are neither ended nor cancelled on {day}, with their total "
        "value; the next end of a period or notice deadline; overdue terms of both "
        "parties"
    ).format(day=show_date(known.as_of))
    return Insight(
        _("Contracts"), ", ".join(filter(None, parts)), WARN if overdue or is_soon else "", why, "fulfilment"
    )


def offers_line(known: Pending, uid: str) -> Insight | None:
    """Return how many quotations are open, their value, and the date of the oldest."""
    offers = known.offers.get(uid)
    if not offers:
        return None
    oldest = min((one.on for one in offers if one.on), default=None)
    late = sum(one.expected_on is not None and one.expected_on < known.as_of for one in offers)
    parts = [
        plural("{n} overdue !", "{n} overdue !", late) if late else "",
        _("{n} open").format(n=len(offers)),
        _value([one.value for one in offers], known.currency),
        _("oldest {day}, {age}").format(day=show_date(oldest), age=age(oldest, known.as_of))
        if oldest
        else "",
    ]
    why = _(
        "quotations made by {day} that are still undecided, with their total amount; "
        "overdue: the decision was expected before {day}"
    ).format(day=show_date(known.as_of))
    return Insight(_("Quotations"), ", ".join(filter(None, parts)), WARN if late else "", why, "competitors")


def _value(values: Sequence[int | None], currency: str) -> str:
    """Format the sum of the known values; unknown ones are counted, not treated as zero."""
    known = [value for value in values if value is not None]
    if not known:
        return _("value unknown") if values else ""
    said = f"{to_decimal(sum(known), currency):,.0f} {currency}"
    unknown = len(values) - len(known)
    return f"{said} {_('(+ {n} of unknown value)').format(n=unknown)}" if unknown else said
