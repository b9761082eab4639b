"""Quick entry: activities and purchases from a line of text."""

from __future__ import annotations

from archive.model.field_types.base import Ref
from archive.model.quick_entry.line import explain, read_contact, read_purchase
from archive.model.records.interaction import Interaction
from archive.model.records.transaction import Transaction, worked_out_amount
from archive.service.archive import Archive
from archive.service.defaults import transaction_with_defaults
from archive.service.products import product_of


def contact(archive: Archive, customer: str, text: str) -> Interaction:
    """Return the activity that a line describes, not saved; raise BadValue if it describes none."""
    return read_contact(text, archive.ctx).with_values(customer=Ref(uid=customer), by=archive.settings.me)


def purchase(archive: Archive, customer: str, text: str) -> Transaction:
    """Return the purchase that a line describes, not saved, with the same defaults as any other transaction."""
    order = read_purchase(text, archive.ctx, lambda name: product_of(archive, name))
    if order.amount == worked_out_amount(order):
        order = order.with_values(amount=None)  # recalculate it in the currency's minor unit
    return transaction_with_defaults(archive, order.with_values(customer=Ref(uid=customer)))


def understood(archive: Archive, record: Interaction | Transaction) -> str:
    """Return a line that shows how the entry was understood."""
    uid = record.product.uid if isinstance(record, Transaction) else ""
    return explain(record, archive.ctx, product_of(archive, uid) if uid else None)
