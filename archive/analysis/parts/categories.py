"""The product category of each sale: what the dealing says, else its product."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from archive.analysis.book import Book
from archive.model.summary import SIGN
from archive.text import fold

SEPARATOR = " / "


class CategorySale(NamedTuple):
    """A sale with what it was of. `amount` is in minor units of the book's currency, with its sign."""

    uid: str
    customer: str
    day: int
    category: str  # "" where neither the dealing nor its product has one
    amount: int


def category_sales(book: Book, start: int, end: int) -> Iterator[CategorySale]:
    """The sales of a period that can be summed, with their categories."""
    d = book.dealings
    products, categories = book.columns("transactions", "product", "category")
    of_product = book.values("products", "category")
    for place in [place for place, day in enumerate(d.day) if start <= day <= end]:
        amount, kind = d.amount[place], d.type[place]
        if amount is None or kind not in SIGN:
            continue
        if d.currency[place] != book.currency:
            amount = book.minor(amount, d.currency[place], d.day[place])
        if amount is not None:
            product = products[place]
            named = categories[place] or (of_product.get(product, "") if isinstance(product, str) else "")
            yield CategorySale(d.uid[place], d.customer[place], d.day[place], named, SIGN[kind] * amount)


@lru_cache(maxsize=100_000)
def within(category: str, wanted: str) -> bool:
    """Whether a category is the wanted one or below it: "Rice / Basmati" is within "Rice"."""
    return fold(f"{category}{SEPARATOR}").startswith(fold(f"{wanted}{SEPARATOR}"))


@lru_cache(maxsize=10_000)
def level(category: str, depth: int = 1) -> str:
    """The first levels of a category."""
    return SEPARATOR.join(category.split(SEPARATOR)[:depth])
