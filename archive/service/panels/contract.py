"""The read view of a contract: what is due next, and the progress and deliveries of each term."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from archive.model.contract_status import (
    CONTRACT_STATUS,
    TERM_STATUS,
    Delivered,
    Fulfilment,
    contract_status,
    current_end,
    is_binding,
    notice_deadline,
    running_period,
)
from archive.model.dates import age, show_date
from archive.model.field_types.standard import QUANTITY
from archive.model.money import show_money
from archive.model.records.contract import DUTY, Contract, Term
from archive.service.agreements import fulfilments_of
from archive.service.archive import Archive
from archive.service.panels.base import DIM, WARN, Item, Panel
from archive.text import _

TABLE = Contract.TABLE
SHOWN = frozenset({"terms"})
_BAR = 20  # cells of the bar of a term
_FULL, _EMPTY, _ELAPSED = "━", "·", "|"


def panels(archive: Archive, uid: str) -> list[Panel]:
    """Return the head and the terms of a contract."""
    contract = archive.get(Contract, uid)
    fulfilments = fulfilments_of(archive, contract)
    return [
        Panel(_("Status"), list(_head(contract, fulfilments, archive))),
        Panel(_("Progress"), list(_terms(contract, fulfilments, archive))),
    ]


def _head(contract: Contract, fulfilments: list[Fulfilment], archive: Archive) -> Iterator[Item]:
    today = archive.ctx.today
    done = _("{done} of {n} terms fulfilled").format(
        done=sum(term.is_done for term in fulfilments), n=len(fulfilments)
    )
    status = CONTRACT_STATUS.show(contract_status(contract, today), archive.ctx)
    yield Item(_("Status"), " · ".join([status, done] if fulfilments else [status]))
    yield from _due_terms(contract, fulfilments, archive)
    notice, end = notice_deadline(contract, today), current_end(contract, today)
    if notice and notice >= today:
        yield Item(_("Notice by"), show_date(notice))
    if end and contract.renews and not contract.cancelled_on:
        yield Item(_("Renews after"), show_date(end))


def _due_terms(contract: Contract, fulfilments: list[Fulfilment], archive: Archive) -> Iterator[Item]:
    """Yield the overdue terms of a binding contract, and the term that is due next."""
    today = archive.ctx.today
    if not is_binding(contract, today):
        return
    terms = [
        (term, state)
        for term, state in zip(contract.terms, fulfilments, strict=True)
        if not (state.is_done or state.status == "lapsed")
    ]
    late = [term for term, state in terms if state.status == "overdue"]
    coming = [term for term, _state in terms if term.due_on and term.due_on >= today]
    for term in late:
        yield Item(_("Overdue !"), _named(term, today), WARN, key=term.key, field="terms")
    for term in sorted(coming, key=lambda term: term.due_on or today)[:1]:
        yield Item(_("Next"), _named(term, today), key=term.key, field="terms")


def _named(term: Term, today: date) -> str:
    due = f"{show_date(term.due_on)} · {age(term.due_on, today)}" if term.due_on else ""
    return " · ".join(filter(None, [f"{term.key} {term.requirement}", due]))


def _terms(contract: Contract, fulfilments: list[Fulfilment], archive: Archive) -> Iterator[Item]:
    for term, state in zip(contract.terms, fulfilments, strict=True):
        yield from _term(contract, term, state, archive)


def _term(contract: Contract, term: Term, state: Fulfilment, archive: Archive) -> Iterator[Item]:
    ctx = archive.ctx
    late = state.status == "overdue" and is_binding(contract, ctx.today)
    status = TERM_STATUS.show(state.status, ctx) + (" !" if late else "")
    due = _("due {day}").format(day=show_date(term.due_on)) if term.due_on else ""
    parts = [status, due, DUTY.show(term.duty, ctx) if term.duty else ""]
    text = " · ".join(filter(None, parts))
    tone = WARN if late else DIM if state.is_done else ""
    yield Item(term.key, f"{term.requirement}\n{text}", tone, key=term.key, field="terms")
    if state.committed:
        delivered = state.delivered or Decimal(0)
        sums = _("{delivered} of {committed}").format(
            delivered=_measured(delivered, state.measure, contract, term, archive),
            committed=_measured(state.committed, state.measure, contract, term, archive),
        )
        elapsed = _elapsed(contract, term, ctx.today)
        yield Item(
            "",
            f"{bar(delivered / state.committed, elapsed)}  {sums}",
            DIM if state.is_done else "",
            key=term.key,
            field="terms",
        )
    for delivery in state.deliveries:
        yield Item("", _delivery(delivery, contract, term, archive), DIM, key=term.key, field="terms")


def _delivery(delivery: Delivered, contract: Contract, term: Term, archive: Archive) -> str:
    measured = [("quantity", delivery.quantity), ("amount", delivery.amount)]
    parts = [_measured(value, name, contract, term, archive) for name, value in measured if value is not None]
    return "  ".join([show_date(delivery.on), *parts])


def _measured(value: Decimal, measure: str, contract: Contract, term: Term, archive: Archive) -> str:
    ctx = archive.ctx
    if measure == "amount":
        return show_money(value, contract.currency or ctx.currency, ctx.decimal)
    return f"{QUANTITY.show(value, ctx)} {term.unit}".strip()


def _elapsed(contract: Contract, term: Term, today: date) -> Decimal | None:
    """Return the share of the time until a term is due that has passed, or None if it has no dates."""
    start, end = running_period(contract, today)
    end = term.due_on or end
    if not start or not end or end <= start:
        return None
    return Decimal((today - start).days) / (end - start).days


def bar(share: Decimal, elapsed: Decimal | None) -> str:
    """Draw a share as a bar, with a mark where the time stands."""
    filled = _cells(share)
    cells = [_FULL] * filled + [_EMPTY] * (_BAR - filled)
    if elapsed is not None:
        cells.insert(_cells(elapsed), _ELAPSED)
    return "".join(cells)


def _cells(share: Decimal) -> int:
    return int(min(max(share, Decimal(0)), Decimal(1)) * _BAR)
