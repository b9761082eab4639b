"""Defaults filled in when a record is saved: amounts, currencies, and the numbers of a contract's terms."""

from __future__ import annotations

from collections.abc import Container, Mapping
from typing import Any

from archive.model.field_types.lists import ListOf
from archive.model.field_types.standard import MONEY
from archive.model.fields import Item, Record
from archive.model.losses import keep_earlier_loss
from archive.model.records.campaign import Campaign
from archive.model.records.contract import Contract, numbered
from archive.model.records.customer import Customer
from archive.model.records.transaction import Transaction, worked_out_amount
from archive.model.records.wallet import Wallet
from archive.model.summary import currency_of
from archive.service.reader import ArchiveReader


def with_defaults(archive: ArchiveReader, record: Record) -> Record:
    """Fill in a record's defaults. Amounts get the customer's usual currency, or else the home currency."""
    record = _one_preferred(record)
    if isinstance(record, Transaction):
        return transaction_with_defaults(archive, record)
    if isinstance(record, Customer):
        return _with_earlier_loss(archive, record)
    if isinstance(record, Contract):
        record = _with_term_keys(archive, record)
    if isinstance(record, Contract | Wallet | Campaign) and not record.currency and _has_money(record):
        usual = "" if isinstance(record, Campaign) else archive.usual_currency(record.customer.uid)
        return record.with_values(currency=usual or archive.home)
    return record


def _one_preferred(record: Record) -> Record:
    """Keep a single preferred phone, e-mail, messenger and address. Earlier versions allowed several."""
    settled = {
        key: field.type.one_preferred(value)
        for key, field in record.FIELDS.items()
        if isinstance(field.type, ListOf) and field.type.prefers and len(value := getattr(record, key)) > 1
    }
    return record.with_values(**settled) if settled else record


def transaction_with_defaults(archive: ArchiveReader, record: Transaction) -> Transaction:
    """Fill in type and currency of a transaction, and calculate its amount, rounded to the currency's minor unit."""
    if not record.currency and _has_money(record):
        record = record.with_values(currency=currency_for(archive, record.customer.uid, record.product.uid))
    amount = worked_out_amount(record) if record.amount is None else record.amount
    return record.with_values(type=record.type or "order", amount=amount)


def currency_for(archive: ArchiveReader, customer: str, product: str) -> str:
    """Return a transaction's default currency: the product's, else the customer's usual currency, else home.

    Args:
        archive: The archive.
        customer: The uid of the customer, or "".
        product: The uid of the product, or "".
    """
    product_row = (archive.raw("products", product) if product else None) or {}
    of_product = currency_of(product_row) if "usual_price" in product_row else ""
    return of_product or (archive.usual_currency(customer) if customer else "") or archive.home


def _with_earlier_loss(archive: ArchiveReader, record: Customer) -> Customer:
    """Move the stored loss to the earlier losses if the customer was lost again."""
    old = archive.raw("customers", record.uid) if record.lost_on else None
    return lost_again(old, record) if old else record


def lost_again(old: Mapping[str, Any], record: Customer, explicit: Container[str] = ()) -> Customer:
    """Apply `keep_earlier_loss` to a customer that is to be saved.

    Args:
        old: The customer as stored.
        record: The customer to be saved.
        explicit: The keys that the user changed.
    """
    raw = record.dump()
    moved = keep_earlier_loss(old, raw, explicit)
    return record if moved is raw else Customer.load(moved)


def _with_term_keys(archive: ArchiveReader, record: Contract) -> Contract:
    """Number the terms. The number of a deleted term is not used again if a transaction refers to it."""
    if all(term.key for term in record.terms):
        return record
    transactions = (
        archive.raw("transactions", uid) for uid in archive.children("transactions", record.customer.uid)
    )
    named = [row.get("term", "") for row in transactions if row and row.get("contract") == record.uid]
    return record.with_values(terms=numbered(record.terms, named))


def _has_money(item: Item) -> bool:
    """Return whether a record or an entry in its lists has an amount of money."""
    return any(_is_money(field.type, getattr(item, key)) for key, field in item.FIELDS.items())


def _is_money(kind: Any, value: Any) -> bool:
    if isinstance(kind, ListOf):
        return any(map(_has_money, value))
    return kind is MONEY and value is not None
