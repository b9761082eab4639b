"""Quick entry of a delivery: what a line means for a term of a contract."""

from __future__ import annotations

from decimal import Decimal

from archive.errors import NotFound
from archive.model.dates import show_date
from archive.model.field_types.standard import QUANTITY
from archive.model.quick_entry.delivery import delivered_more, read_delivery
from archive.model.records.contract import Contract, Term
from archive.service.agreements import fulfilments_of
from archive.service.archive import Archive
from archive.text import _


def term_of(archive: Archive, contract: str, key: str) -> Term:
    """Return a term of a contract by its number.

    Raises:
        NotFound: The contract has no such term.
    """
    for term in archive.get(Contract, contract).terms:
        if term.key == key:
            return term
    raise NotFound(_("The contract has no term {key} any more.").format(key=key))


def with_delivery(archive: Archive, contract: str, key: str, text: str) -> Contract:
    """Return the contract with the delivery that a line describes on a term, not saved."""
    delivery = read_delivery(text, term_of(archive, contract, key), archive.ctx)
    record = archive.get(Contract, contract)
    terms = (
        term.with_values(deliveries=(*term.deliveries, delivery)) if term.key == key else term
        for term in record.terms
    )
    return record.with_values(terms=tuple(terms))


def delivery_words(archive: Archive, contract: str, key: str, text: str) -> str:
    """Return a line that shows how the entry was understood, with what is unusual about it."""
    ctx, term = archive.ctx, term_of(archive, contract, key)
    delivery = read_delivery(text, term, ctx)
    value = delivery.quantity if delivery.quantity is not None else delivery.amount or Decimal(0)
    over = delivered_more(term, _delivered(archive, contract, key), value)
    shown = QUANTITY.show(value, ctx)
    parts = [
        f"{shown} {term.unit}".strip(),
        show_date(delivery.on) if delivery.on else "",
        f'"{delivery.note}"' if delivery.note else "",
        _("in the future !") if delivery.on and delivery.on > ctx.today else "",
        _("{n} more than agreed !").format(n=QUANTITY.show(over, ctx)) if over else "",
    ]
    return " · ".join(filter(None, parts))


def _delivered(archive: Archive, uid: str, key: str) -> Decimal:
    contract = archive.get(Contract, uid)
    states = zip(contract.terms, fulfilments_of(archive, contract), strict=True)
    return next((state.delivered or Decimal(0) for term, state in states if term.key == key), Decimal(0))
