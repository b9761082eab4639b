"""Quick entry: quantity, unit and product in a purchase line: "20 bags rice", "rice 20 bags", 大米20袋."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from archive.errors import BadValue
from archive.model.field_types.base import Context
from archive.model.fullwidth import narrow
from archive.model.lazy_re import Pattern
from archive.model.numbers import parse_number
from archive.model.quick_entry.signs import NUMBER, UNSIGNED
from archive.model.records.product import Product
from archive.model.units import UNIT, is_unit, same_unit
from archive.text import _, fold

ProductOf = Callable[[str], Product | None]

_COUNT_FIRST = Pattern(rf"({NUMBER})(?P<gap>\s*(?:(?:x(?=\s)|[×*])\s*)?)(?P<rest>.+)", re.IGNORECASE)
_COUNT_LAST = Pattern(
    rf"(?P<rest>.*?[^\d.,'])(?:(?P<times>(?<=\s)x\s?|[×*]\s?)|(?<![a-z]))(?P<count>{NUMBER})\s*(?P<unit>[^\W\d_]*)",
    re.IGNORECASE,
)
_COUNT_ONLY = Pattern(rf"{NUMBER}\s*(?:{UNIT})?", re.IGNORECASE)
_UNIT_FIRST = Pattern(rf"({UNIT})\.?\s*(?:of\b)?\s*(.+)", re.IGNORECASE)
_JOINED = frozenset("GHM")  # in capitals and without a blank, part of a name: 3M tape, 5G router
_AROUND = " \u3000,;:，；："
_WORD_FIRST = Pattern(r"([^\W\d_]+)\s+(?:of\s+)?(.+)", re.IGNORECASE)


@dataclass(frozen=True)
class Goods:
    """A possible interpretation of the words.

    Unless it is `sure`, it requires a known product; if it is `strict`, the product's full name or code.
    """

    quantity: Decimal | None
    unit: str
    words: str
    sure: bool = True
    strict: bool = False
    product: Product | None = None


def read_goods(text: str, ctx: Context, product_of: ProductOf, *, is_priced: bool = False) -> Goods | None:
    """Return the interpretation that finds a product, or the most likely one; None if no product is named.

    A product's full name takes precedence, so that "Rice 5 kg" and "7 Up" keep the numbers in their names. Of several
    interpretations that match a full name, the one with a quantity is preferred.

    Raises:
        BadValue: The line has no price sign (not `is_priced`) and the number at its end is ambiguous: price, quantity
            or part of a name.
    """
    readings = list(_readings(text, ctx))
    with_product = [
        replace(reading, product=product)
        for reading in readings
        if (product := _product(reading, product_of))
    ]
    name_matches = [
        reading for reading in with_product if reading.product and _is_called(reading.product, reading.words)
    ]
    counted = [reading for reading in name_matches if reading.quantity is not None]
    likely = [*counted, *name_matches, *with_product, *(reading for reading in readings if reading.sure)]
    if not likely:
        return None
    if not is_priced:
        _refuse_unsigned(likely[0], text)
    return likely[0]


def _refuse_unsigned(goods: Goods, text: str) -> None:
    """Reject "Rice 5 kg 12.50" and "20 rice 700 EUR": it is unclear what the amount is for."""
    match = UNSIGNED.search(narrow(text))
    is_name = goods.product is not None and goods.words == text[-len(goods.words) :]
    if match and not is_name:
        amount = text[match.start("amount") :]
        number = amount.lstrip("atforàATFOR ")
        raise BadValue(
            _("{amount} could be the unit price, the total or the quantity.").format(amount=amount),
            _(
                "Write @{number} for the unit price, ={number} for the total, x {number} for the quantity."
            ).format(number=number),
        )


def _product(reading: Goods, product_of: ProductOf) -> Product | None:
    product = product_of(reading.words)
    if product is None or reading.sure:
        return product
    if reading.strict:
        return product if _is_called(product, reading.words) else None
    return product if not reading.unit or same_unit(reading.unit, product.unit) else None


def _is_called(product: Product, words: str) -> bool:
    """Return whether the words are a product's code or full name, not just a prefix of it."""
    return fold(words) in (fold(product.name), fold(product.code))


def _readings(text: str, ctx: Context) -> Iterator[Goods]:
    """Yield all possible interpretations, the most likely first in case no full product name matches."""
    plain = narrow(text)
    if not text or is_unit(plain):
        return
    only_count = _COUNT_ONLY.fullmatch(plain) is not None
    match = _COUNT_LAST.fullmatch(plain)
    last = list(_counted_last(match, text, ctx)) if match else []
    # In "0.5 l beer x 24" the quantity is 24, but "5 frames 20 x 30" ends with dimensions.
    has_times_sign = bool(match and match["times"] and not match["rest"].rstrip()[-1:].isdigit())
    if has_times_sign:
        yield from last
    if match := _COUNT_FIRST.fullmatch(plain):
        is_apart = bool(match["gap"]) or not match["rest"][0].isascii()
        rest = text[match.start("rest") :]
        yield from _counted(match[1], rest, ctx, sure=is_apart and not only_count, strict=not is_apart)
    yield from (reading for reading in last if reading.sure and not has_times_sign)
    yield Goods(None, "", text, sure=False)
    yield from (reading for reading in last if not reading.sure)
    if not only_count:
        yield Goods(None, "", text)


def _counted(number: str, rest: str, ctx: Context, *, sure: bool, strict: bool) -> Iterator[Goods]:
    quantity = _number(number, ctx)
    if quantity is None:
        return
    match = _UNIT_FIRST.fullmatch(rest)
    if match and not (strict and match[1] in _JOINED):
        yield Goods(quantity, match[1], match[2].strip(_AROUND))
    if match := _WORD_FIRST.fullmatch(rest):
        yield Goods(quantity, match[1], match[2], sure=False)
    yield Goods(quantity, "", rest, sure=sure, strict=strict)


def _counted_last(match: re.Match[str], text: str, ctx: Context) -> Iterator[Goods]:
    """Yield the interpretation with the quantity last.

    "rice x20" and "rice 20 bags" are sure; "iPhone 15" requires a known product "iPhone".
    """
    quantity = _number(match["count"], ctx)
    if quantity is not None:
        words = text[: match.end("rest")].strip(_AROUND)
        unit = match["unit"]
        yield Goods(quantity, unit, words, sure=is_unit(unit) if unit else bool(match["times"]))


def _number(text: str, ctx: Context) -> Decimal | None:
    try:
        return parse_number(text, ctx.decimal)
    except BadValue:
        return None
