"""Quick entry: parse an activity or purchase from a line of text, and describe the result."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from archive.model.contact_details import CHANNEL
from archive.model.dates import show_date
from archive.model.field_types.base import Context
from archive.model.field_types.standard import PERCENT, QUANTITY
from archive.model.money import show_money
from archive.model.quick_entry.contact import read_contact
from archive.model.quick_entry.purchase import read_purchase
from archive.model.records.interaction import DIRECTION, REACHED, Interaction
from archive.model.records.product import Product
from archive.model.records.transaction import TYPE, Transaction
from archive.text import _

__all__ = ["explain", "read_contact", "read_purchase"]


def explain(record: Interaction | Transaction, ctx: Context, product: Product | None = None) -> str:
    """Return one line that describes the parsed record; `product` is the product record that was found, if any."""
    parts = _contact(record, ctx) if isinstance(record, Interaction) else _purchase(record, ctx, product)
    return " · ".join(part for part in parts if part)


def _contact(contact: Interaction, ctx: Context) -> Iterator[str]:
    yield CHANNEL.show(contact.channel, ctx)
    yield DIRECTION.show("in", ctx) if contact.direction == "in" else ""
    yield _("{n} min").format(n=contact.minutes) if contact.minutes is not None else ""
    yield REACHED.show(contact.outcome, ctx) if contact.outcome != "reached" else ""
    yield f'"{contact.summary}"' if contact.summary else ""
    yield show_date(contact.at.date()) if contact.at and contact.at.date() != ctx.today else ""
    yield _follow_up(contact)


def _follow_up(contact: Interaction) -> str:
    if not contact.follow_up_on:
        return ""
    day = show_date(contact.follow_up_on)
    if not contact.follow_up:
        return _("follow-up {day}").format(day=day)
    return _("follow-up {day}: {what}").format(day=day, what=contact.follow_up)


def _purchase(order: Transaction, ctx: Context, product: Product | None) -> Iterator[str]:
    yield TYPE.show(order.type, ctx)
    yield f"{QUANTITY.show(order.quantity, ctx)} {order.unit}".strip() if order.quantity is not None else ""
    yield _product(order, ctx, product)
    yield _money(order.unit_price, order, ctx)
    yield f"-{PERCENT.show(order.discount, ctx)}" if order.discount else ""
    yield _money(order.amount, order, ctx) or _what_is_missing(order)
    yield order.terms
    yield show_date(order.on) if order.on else ""
    yield f'"{order.note}"' if order.note else ""


def _product(order: Transaction, ctx: Context, product: Product | None) -> str:
    if not order.product.uid:
        return _("{name} (new product name)").format(name=order.product.name)
    if product is None:
        return ctx.name_of("products", order.product.uid)
    return _("{name} ({code})").format(name=product.name, code=product.code)


def _money(value: Decimal | None, order: Transaction, ctx: Context) -> str:
    return show_money(value, order.currency or ctx.currency, ctx.decimal)


def _what_is_missing(order: Transaction) -> str:
    return _("no price") if order.unit_price is None else _("no quantity")
