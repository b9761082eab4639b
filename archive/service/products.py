"""Find a product by a few typed words."""

from __future__ import annotations

from archive.model.records.product import Product
from archive.service.archive import Archive
from archive.text import fold


def product_of(archive: Archive, text: str) -> Product | None:
    """Return the product with this uid, code or name, else the only match by word prefixes: "ja ri" for "Jasmine rice".

    None if no product matches, or if several do.
    """
    if archive.has("products", text):
        return archive.get(Product, text)
    return archive.find_or_none(Product, text) or (_only_one_like(archive, text) if text.strip() else None)


def _only_one_like(archive: Archive, text: str) -> Product | None:
    words = fold(text).split()
    columns = archive.columns("products", ("uid", "name"))
    named = zip(columns["uid"], columns["name"], strict=True)
    uids = [uid for uid, name in named if name and _begins_so(words, name)]
    return archive.get(Product, uids[0]) if len(uids) == 1 else None


def _begins_so(begins: list[str], name: str) -> bool:
    words = fold(name).split()
    return all(any(word.startswith(begin) for word in words) for begin in begins)
