"""Why a search lists a customer: the other records of the customer that contain the words."""

from __future__ import annotations

from collections.abc import Iterator

from archive.errors import BadValue
from archive.model.field_types.base import Context
from archive.model.filters import as_known
from archive.model.query import All, Either, Query, Word, parse
from archive.model.records.customer import Customer
from archive.model.search_words import Needle, needles, words_of
from archive.model.tables import OF_A_CUSTOMER, TABLES
from archive.service.archive import Archive
from archive.text import _


def search_needles(text: str, ctx: Context) -> list[Needle]:
    """Return the words of a customer search; none if it has only filters, or cannot be parsed."""
    try:
        query = as_known(parse(text), Customer, ctx)
    except BadValue:
        return []
    return needles(_words(query), ctx.region)


def _words(query: Query) -> Iterator[str]:
    if isinstance(query, Word):
        yield query.text
    elif isinstance(query, All | Either):
        for part in query.parts:
            yield from _words(part)


def found_in(archive: Archive, uid: str, needles: list[Needle]) -> str:
    """Name the customer's records that contain words missing in the customer itself: "contract K-2026-17".

    Return "" if the customer contains all words, or if there are none.
    """
    own = words_of(Customer, archive.raw("customers", uid) or {})
    missing = [needle for needle in needles if not needle.is_in(own)]
    return ", ".join(dict.fromkeys(filter(None, (_holder(archive, uid, needle) for needle in missing))))


def _holder(archive: Archive, uid: str, needle: Needle) -> str:
    for table in OF_A_CUSTOMER:
        cls = TABLES[table]
        for child in archive.children(table, uid):
            raw = archive.raw(table, child) or {}
            if needle.is_in(words_of(cls, raw)):
                name = raw.get(cls.NAMED_BY) or raw.get("number") or str(raw.get(cls.DAY, ""))[:10]
                return _("{noun} {name}").format(noun=_(cls.NOUN), name=name).strip()
    return ""
