"""A contact and a purchase of a customer from one typed line."""

from __future__ import annotations

from archive.model.fields import Ref
from archive.model.interaction import Interaction
from archive.model.oneline import explain, read_contact, read_purchase
from archive.model.transaction import Transaction
from archive.service.archive import Archive
from archive.service.products import product_of


def contact(archive: Archive, customer: str, text: str) -> Interaction:
    """The contact that a line describes, not saved; BadValue where it describes none."""
    return read_contact(text, archive.ctx).with_values(customer=Ref(uid=customer), by=archive.settings.me)


def purchase(archive: Archive, customer: str, text: str) -> Transaction:
    """The purchase that a line describes, not saved. A price without a currency is in the customer's usual one."""
    order = read_purchase(text, archive.ctx, lambda name: product_of(archive, name))
    priced = order.unit_price is not None or order.amount is not None
    currency = order.currency or (archive.usual_currency(customer) if priced else "")
    return order.with_values(customer=Ref(uid=customer), currency=currency)


def understood(archive: Archive, record: Interaction | Transaction) -> str:
    """What was understood, in one line."""
    uid = record.product.uid if isinstance(record, Transaction) else ""
    return explain(record, archive.ctx, product_of(archive, uid) if uid else None)
