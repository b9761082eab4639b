"""Which product a few typed words mean."""

from __future__ import annotations

from archive.model.product import Product
from archive.service.archive import Archive
from archive.text import fold


def product_of(archive: Archive, text: str) -> Product | None:
    """The product of this uid, code or name, else the only one with words that begin so: "rice" for "Jasmine rice"."""
    if archive.has("products", text):
        return archive.get(Product, text)
    return archive.find_or_none(Product, text) or (_only_one_like(archive, text) if text.strip() else None)


def _only_one_like(archive: Archive, text: str) -> Product | None:
    wanted = fold(text).split()
    found = [
        product
        for uid in archive.select("products", "")
        if _begins_so(wanted, (product := archive.get(Product, uid)).name)
    ]
    return found[0] if len(found) == 1 else None


def _begins_so(wanted: list[str], name: str) -> bool:
    words = fold(name).split()
    return all(any(word.startswith(begin) for word in words) for begin in wanted)
