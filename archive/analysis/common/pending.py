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


class OpenContract(NamedTuple):
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
    contracts: Mapping[str, Sequence[OpenContract]]
    offers: Mapping[str, Sequence[Offer]]


def pending(data: SalesData, request: ReportRequest) -> Pending:
    """Collect the open contracts and quotations of every customer who has any."""
    return Pending(request.as_of, data.currency, _contracts(data, request), _offers(data, request.as_of))


def _contracts(data: SalesData, request: ReportRequest) -> Mapping[str, list[OpenContract]]:
    contracts: defaultdict[str, list[OpenContract]] = defaultdict(list)
    for agreement in agreements(data, request):
        if agreement.status in ("active", "signed", "unsigned"):
            contracts[agreement.contract.customer.uid].append(_open_contract(data, agreement, request.as_of))
    return contracts


def _open_contract(data: SalesData, agreement: Agreement, as_of: date) -> OpenContract:
    contract, is_signed = agreement.contract, agreement.status == "active"
    days = sorted(_days(agreement, as_of)) if is_signed else []
    next_day, next_word = days[0] if days else (None, "")
    return OpenContract(
        is_signed=is_signed,
        value=data.amount(contract.value, contract.currency, contract.start or as_of),
        overdue=sum(obligation.fulfilment.status == "overdue" for obligation in agreement.obligations)
        if is_signed
        else 0,
        next_day=next_day,
        next_word=next_word,
        begins=contract.start if agreement.status == "signed" else None,
    )


def _days(agreement: Agreement, as_of: date) -> Iterator[tuple[date, str]]:
    end, notice = current_end(agreement.contract, as_of), notice_deadline(agreement.contract, as_of)
    if end and end >= as_of:
        yield end, _end_words(agreement.contract)
    if notice and notice >= as_of:
        yield notice, _("notice by {day}")


def _end_words(contract: Contract) -> str:
    if contract.cancelled_on:
        return _("ends {day}")
    return _("renews after {day}") if renews(contract) else _("until {day}")


def _offers(data: SalesData, as_of: date) -> Mapping[str, list[Offer]]:
    offers: defaultdict[str, list[Offer]] = defaultdict(list)
    d = data.transactions
    outcomes, expected = data.columns("transactions", "outcome", "expected_on")
    for position, (kind, outcome) in enumerate(zip(d.type, outcomes, strict=True)):
        if kind == "quotation" and outcome in OPEN and d.day[position] <= as_of.toordinal():
            day, amount = d.day[position], d.amount[position]
            offers[d.customer[position]].append(
                Offer(
                    on=date.fromordinal(day) if day else None,
                    expected_on=date.fromisoformat(expected[position]) if expected[position] else None,
                    value=None if amount is None else data.minor(amount, d.currency[position], day),
                )
            )
    return offers


def contracts_line(pending_items: Pending, uid: str) -> Insight | None:
    """Return how many contracts are in force, their value, and the next end or notice deadline."""
    running = pending_items.contracts.get(uid)
    if not running:
        return None
    signed = [contract for contract in running if contract.is_signed]
    begins = [contract.begins for contract in running if contract.begins]
    unsigned = len(running) - len(signed) - len(begins)
    overdue = sum(contract.overdue for contract in running)
    nearest = min(
        ((contract.next_day, contract.next_word) for contract in signed if contract.next_day), default=None
    )
    parts = [  # the warning first, because a line may be truncated
        plural("{n} term overdue !", "{n} terms overdue !", overdue) if overdue else "",
        _("{n} active").format(n=len(signed)) if signed else "",
        _value([contract.value for contract in signed], pending_items.currency),
        nearest[1].format(day=show_date(nearest[0])) if nearest else "",
        _("{n} signed, starting {day}").format(n=len(begins), day=show_date(min(begins))) if begins else "",
        _("{n} unsigned").format(n=unsigned) if unsigned else "",
    ]
    is_soon = nearest is not None and (nearest[0] - pending_items.as_of).days <= SOON
    why = _(
        "signed contracts that are neither ended nor cancelled on {day}, with their total "
        "value; the next end of a period or notice deadline; overdue terms of both "
        "parties"
    ).format(day=show_date(pending_items.as_of))
    return Insight(
        _("Contracts"), ", ".join(filter(None, parts)), WARN if overdue or is_soon else "", why, "fulfilment"
    )


def offers_line(pending_items: Pending, uid: str) -> Insight | None:
    """Return how many quotations are open, their value, and the date of the oldest."""
    offers = pending_items.offers.get(uid)
    if not offers:
        return None
    oldest = min((offer.on for offer in offers if offer.on), default=None)
    late = sum(offer.expected_on is not None and offer.expected_on < pending_items.as_of for offer in offers)
    parts = [
        plural("{n} overdue !", "{n} overdue !", late) if late else "",
        _("{n} open").format(n=len(offers)),
        _value([offer.value for offer in offers], pending_items.currency),
        _("oldest {day}, {age}").format(day=show_date(oldest), age=age(oldest, pending_items.as_of))
        if oldest
        else "",
    ]
    why = _(
        "quotations made by {day} that are still undecided, with their total amount; "
        "overdue: the decision was expected before {day}"
    ).format(day=show_date(pending_items.as_of))
    return Insight(_("Quotations"), ", ".join(filter(None, parts)), WARN if late else "", why, "competitors")


def _value(values: Sequence[int | None], currency: str) -> str:
    """Format the sum of the known values; unknown ones are counted, not treated as zero."""
    known = [value for value in values if value is not None]
    if not known:
        return _("value unknown") if values else ""
    text = f"{to_decimal(sum(known), currency):,.0f} {currency}"
    unknown = len(values) - len(known)
    return f"{text} {_('(+ {n} of unknown value)').format(n=unknown)}" if unknown else text
