"""The product category of each sale: what the dealing says, else its product."""

from __future__ import annotations

from collections.abc import Iterator
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
    lines = zip(d.uid, d.customer, d.day, d.type, d.amount, d.currency, products, categories, strict=True)
    for uid, customer, day, kind, amount, currency, product, category in lines:
        if amount is None or kind not in SIGN or not start <= day <= end:
            continue
        known = book.minor(amount, currency, day)
        if known is not None:
            named = category or (of_product.get(product, "") if isinstance(product, str) else "")
            yield CategorySale(uid, customer, day, named, SIGN[kind] * known)


def within(category: str, wanted: str) -> bool:
    """Whether a category is the wanted one or below it: "Rice / Basmati" is within "Rice"."""
    return fold(f"{category}{SEPARATOR}").startswith(fold(f"{wanted}{SEPARATOR}"))


def level(category: str, depth: int = 1) -> str:
    """The first levels of a category."""
    return SEPARATOR.join(category.split(SEPARATOR)[:depth])
