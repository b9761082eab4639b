"""Quantity, unit and product in the line of a purchase: "20 bags rice", "rice 20 bags", 大米20袋."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from archive.errors import BadValue
from archive.model.fields import Context
from archive.model.numbers import parse_number
from archive.model.oneline_signs import NUMBER
from archive.model.patterns import Pattern
from archive.model.product import Product
from archive.model.units import UNIT, is_unit, same_unit
from archive.model.widths import narrow

ProductOf = Callable[[str], Product | None]

_COUNT_FIRST = Pattern(rf"({NUMBER})(?P<gap>\s*(?:(?:x(?=\s)|[×*])\s*)?)(?P<rest>.+)", re.IGNORECASE)
_COUNT_LAST = Pattern(
    rf"(?P<rest>.*?[^\d.,'])(?:(?P<times>(?<=\s)x\s?|[×*]\s?)|(?<![a-z]))(?P<count>{NUMBER})\s*(?P<unit>[^\W\d_]*)",
    re.IGNORECASE,
)
_COUNT_ONLY = Pattern(rf"{NUMBER}\s*(?:{UNIT})?", re.IGNORECASE)
_UNIT_FIRST = Pattern(rf"({UNIT})\.?\s*(?:of\b)?\s*(.+)", re.IGNORECASE)
_WORD_FIRST = Pattern(r"([^\W\d_]+)\s+(?:of\s+)?(.+)", re.IGNORECASE)


@dataclass(frozen=True)
class Goods:
    """One way to read such words; a way that is not `sure` counts only where a product proves it."""

    quantity: Decimal | None
    unit: str
    words: str
    sure: bool = True
    product: Product | None = None


def read_goods(text: str, ctx: Context, product_of: ProductOf) -> Goods | None:
    """The reading of `text` that finds a product, else the likeliest; None where no product is named."""
    readings = list(_readings(text, ctx))
    for reading in readings:
        product = product_of(reading.words)
        if product and (reading.sure or not reading.unit or same_unit(reading.unit, product.unit)):
            return replace(reading, product=product)
    return next((reading for reading in readings if reading.sure), None)


def _readings(text: str, ctx: Context) -> Iterator[Goods]:
    plain = narrow(text)
    if not text or is_unit(plain):
        return
    only_count = _COUNT_ONLY.fullmatch(plain) is not None
    yield Goods(None, "", text, sure=False)
    if found := _COUNT_FIRST.fullmatch(plain):
        is_apart = bool(found["gap"]) or not found["rest"][0].isascii()
        yield from _counted(found[1], text[found.start("rest") :], is_apart and not only_count, ctx)
    if found := _COUNT_LAST.fullmatch(plain):
        yield from _counted_last(found, text, ctx)
    if not only_count:
        yield Goods(None, "", text)


def _counted(number: str, rest: str, is_apart: bool, ctx: Context) -> Iterator[Goods]:
    quantity = _number(number, ctx)
    if quantity is None:
        return
    if found := _UNIT_FIRST.fullmatch(rest):
        yield Goods(quantity, found[1], found[2])
    if found := _WORD_FIRST.fullmatch(rest):
        yield Goods(quantity, found[1], found[2], sure=False)
    yield Goods(quantity, "", rest, sure=is_apart)


def _counted_last(found: re.Match[str], text: str, ctx: Context) -> Iterator[Goods]:
    """ "rice x20" and "rice 20 bags" are sure; "iPhone 15" is one only where that is a known product."""
    quantity = _number(found["count"], ctx)
    if quantity is not None:
        words = text[: found.end("rest")].strip()
        unit = found["unit"]
        yield Goods(quantity, unit, words, sure=is_unit(unit) if unit else bool(found["times"]))


def _number(text: str, ctx: Context) -> Decimal | None:
    try:
        return parse_number(text, ctx.decimal)
    except BadValue:
        return None
