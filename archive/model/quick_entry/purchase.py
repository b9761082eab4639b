"""Quick entry of a purchase: "20 bags rice @35.50 net30 yesterday", "20袋大米 @35.5 昨天"."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from functools import partial

from archive.errors import BadValue
from archive.model.dates import parse_date, trailing_date
from archive.model.field_types.base import Context, Ref
from archive.model.field_types.standard import LONG_TEXT, TEXT
from archive.model.fullwidth import narrow
from archive.model.lazy_re import Pattern
from archive.model.quick_entry.goods import Goods, ProductOf, read_goods
from archive.model.quick_entry.signs import Signs, cut_terms, read_signs
from archive.model.records.transaction import TYPE, Transaction, worked_out_amount
from archive.model.units import same_unit, unit_name
from archive.model.weekdays import SHORT
from archive.text import _, fold

_SHORT_WEEKDAYS = frozenset(name.lower() for name in SHORT)
_BETWEEN = " \u3000,;:，；："
# Ambiguous words need a number or colon after them: "Return label" and "Credit card holder" are products.
_RETURNED = Pattern(
    r"""\s*(?: (?:(?:refund(?:ed|s)?|credit[ -]?notes?|credit[ ]memos?|gutschrift)(?![\w-])|退货|退款)\s*:?
    | (?:return(?:ed|s)?|retoure|credit|rma|avoir)(?:\s*:|\s+(?=\d)) )\s*(?=[^\s:])""",
    re.IGNORECASE | re.VERBOSE,
)


def read_purchase(text: str, ctx: Context, product_of: ProductOf) -> Transaction:
    """Parse an order or return from one line; the customer is not part of it.

    Missing unit, price and currency are taken from the product, if it is known; an unknown product remains a name.
    Words after the price that have no other meaning become the note. "refund 5 rice", "credit note: rice =50" and "5
    rice @10 returned" are returns.

    Args:
        text: The line.
        ctx: Today, decimal separator and the like.
        product_of: Finds a product by code or name.

    Raises:
        BadValue: The line has no product, or neither quantity nor amount.
    """
    returned = _RETURNED.match(narrow(text))
    if returned and not _is_product(text, ctx, product_of):
        return _read(text[returned.end() :], ctx, product_of).with_values(type="return")
    order = _read(text, ctx, product_of)
    is_returned = "return" in TYPE.by_synonym(fold(order.note))
    return order.with_values(type="return", note="") if is_returned else order


def _is_product(text: str, ctx: Context, product_of: ProductOf) -> bool:
    """Return whether the line names a known product, which may be called "Refund voucher"."""
    try:
        return bool(_read(text, ctx, product_of).product.uid)
    except BadValue:
        return False


def _read(text: str, ctx: Context, product_of: ProductOf) -> Transaction:
    signs, before, after = read_signs(TEXT.parse(text, ctx), ctx)
    note, terms, day = _behind_the_price(after, ctx)
    is_priced = signs.price is not None or signs.total is not None
    read = partial(read_goods, ctx=ctx, product_of=product_of, is_priced=is_priced)
    parsed = _goods(before, ctx, read, bool(terms), bool(day))
    if parsed is None:
        raise BadValue(_("There is no product in: {text}").format(text=text.strip()[:60]), _example())
    goods, goods_terms, goods_day = parsed
    order = _priced(goods, signs)
    _refuse_without_quantity(order, goods)
    return order.with_values(
        on=day or goods_day or ctx.today,
        terms=TEXT.parse(terms or goods_terms, ctx),
        note=LONG_TEXT.parse(note, ctx),
    )


def _refuse_without_quantity(order: Transaction, goods: Goods) -> None:
    name = goods.product.name if goods.product else goods.words
    example = _("Write for example 20 {name}, or the total amount: {name} =700.").format(name=name[:40])
    if order.quantity is None and order.amount is None:
        raise BadValue(
            _("There is neither a quantity nor an amount: how many {name}?").format(name=name[:60]), example
        )
    if order.quantity == 0:
        raise BadValue(_("A purchase cannot have a quantity of 0."), example)


def _example() -> str:
    return _("Write for example: 20 bags rice @35.50 net30 yesterday")


def _ending(text: str, ctx: Context) -> tuple[str, str, date | None]:
    """Split off payment terms and a date at the end of `text`, in either order."""
    rest, day = trailing_date(text, ctx.today, ctx.order, "past")
    rest, terms = cut_terms(rest.strip(_BETWEEN))
    if day is None:
        rest, day = trailing_date(rest, ctx.today, ctx.order, "past")
    if day is None:
        rest, day = _leading_date(rest, ctx)
    return rest.strip(_BETWEEN), terms, day


def _behind_the_price(text: str, ctx: Context) -> tuple[str, str, date | None]:
    """Like `_ending`, for the text after the price; there, a short weekday next to terms is a date: "net30 fri"."""
    note, terms, day = _ending(text, ctx)
    words, _blank, last = note.rpartition(" ")
    if day or last.lower() not in _SHORT_WEEKDAYS:
        return note, terms, day
    words, terms_before = cut_terms(words)
    if words or (terms and terms_before):
        return note, terms, day
    return "", terms or terms_before, parse_date(last, ctx.today, ctx.order, "past")


def _leading_date(text: str, ctx: Context) -> tuple[str, date | None]:
    """Split off a date at the start, the usual place in Chinese: "昨天 20袋大米"."""
    first, _blank, rest = text.partition(" ")
    words, day = trailing_date(first, ctx.today, ctx.order, "past")
    return (rest, day) if rest and not words else (text, None)


def _goods(
    text: str, ctx: Context, read: Callable[[str], Goods | None], has_terms: bool, has_day: bool
) -> tuple[Goods, str, date | None] | None:
    """Return goods, payment terms and date in `text`; terms and date only if they do not follow the price as well."""
    rest, terms, day = _ending(text, ctx)
    full = read(text)
    is_short = (terms or day) and not ((terms and has_terms) or (day and has_day))
    short = read(rest) if is_short else None
    if short and not (full and full.product):
        return short, terms, day
    # "20 kg cod" means the fish, not cash on delivery: otherwise there is no product, as in "20 kg net30".
    if full and (full.product or not is_short or (terms.lower() == "cod" and not day)):
        return full, "", None
    return None


def _priced(goods: Goods, signs: Signs) -> Transaction:
    product = goods.product
    unit = _unit(goods, signs)
    price, currency = signs.price, signs.currency
    if product and price is None and signs.total is None and _is_priced_by(unit, product.unit):
        price = product.usual_price
    if product and not currency and (price is not None or signs.total is not None):
        currency = product.currency if product.usual_price is not None else ""
    order = Transaction(
        type="order",
        product=Ref(uid=product.uid) if product else Ref(name=goods.words),
        quantity=goods.quantity,
        unit=unit,
        unit_price=price,
        discount=signs.discount,
        currency=currency,
    )
    return order.with_values(amount=worked_out_amount(order) if signs.total is None else signs.total)


def _unit(goods: Goods, signs: Signs) -> str:
    unit = goods.unit or signs.per
    if goods.unit and signs.per and not same_unit(goods.unit, signs.per):
        raise BadValue(
            _("The price is per {per}, but the quantity is in {unit}.").format(
                per=signs.per, unit=goods.unit
            ),
            _("Use the same unit for both, or write the total amount as =700."),
        )
    usual = goods.product.unit if goods.product else ""
    return unit_name(unit) if unit and not same_unit(unit, usual) else usual


def _is_priced_by(unit: str, usual: str) -> bool:
    """Return whether the product's usual price, which is per usual unit, applies to this unit."""
    return unit == usual or not usual
