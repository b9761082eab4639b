"""The product category of each sale: that of the transaction, or that of its product."""

from __future__ import annotations

from collections.abc import Container, Iterator
from functools import lru_cache
from typing import NamedTuple

from archive.analysis.dataset import SalesData
from archive.model.summary import SIGN
from archive.text import fold

SEPARATOR = " / "


class CategorySale(NamedTuple):
    """A sale with its category. `amount` is signed, in minor units of the data's currency; None if unknown or without a
    rate.
    """

    uid: str
    customer: str
    day: int
    category: str  # "" if neither transaction nor product has a category
    amount: int | None


def categories(data: SalesData) -> list[str]:
    """Return the category of each transaction, in the order of `data.transactions`; "" if it has none."""
    products, own = data.columns("transactions", "product", "category")
    of_product = data.values("products", "category")
    return [
        category or (of_product.get(product, "") if isinstance(product, str) else "")
        for product, category in zip(products, own, strict=True)
    ]


def category_sales(
    data: SalesData, start: int, end: int, customers: Container[str]
) -> Iterator[CategorySale]:
    """Yield the sales to these customers in a period, with their categories."""
    d = data.transactions
    lines = zip(d.uid, d.customer, d.day, d.type, categories(data), data.signed, strict=True)
    for uid, customer, day, kind, category, amount in lines:
        if kind in SIGN and start <= day <= end and customer in customers:
            yield CategorySale(uid, customer, day, category, amount)


@lru_cache(maxsize=100_000)
def within(category: str, parent: str) -> bool:
    """Return whether a category is the wanted one or below it: "Rice / Basmati" is within "Rice"."""
    return fold(f"{category}{SEPARATOR}").startswith(fold(f"{parent}{SEPARATOR}"))


@lru_cache(maxsize=10_000)
def level(category: str, depth: int = 1) -> str:
    """Return the first levels of a category."""
    return SEPARATOR.join(category.split(SEPARATOR)[:depth])
