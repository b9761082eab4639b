"""Search all tables at once: the records that contain the words, with the text around them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Set
from typing import Any, NamedTuple

from archive.errors import ArchiveError
from archive.model.excerpts import Span, spans
from archive.model.fields import Record
from archive.model.search_words import Needle, needles, words_of
from archive.model.tables import OF_A_CUSTOMER, TABLES, by_rank
from archive.service.archive import Archive
from archive.service.extra import PREFIX
from archive.store import Searched

MOST = 6  # records shown for each table, so that several tables fit on a screen
SHORTEST = 2  # characters; of other scripts, such as Chinese, one is enough
_FIRST = ("customers", "interactions", "contracts", "transactions")


class Hit(NamedTuple):
    """A record that contains the words, and the first field that does."""

    table: str
    uid: str
    customer: str
    """The uid of the customer it belongs to, or of the customer itself; "" if there is none."""
    name: str
    """The name of the customer, or of the record if it has no customer."""
    day: str
    key: str
    """The key of the field, "" if none contains a word literally."""
    label: str
    text: str
    spans: list[Span]
    """Where the text contains the words."""


class Hits(NamedTuple):
    """The records of a table that contain the words: how many, and the first ones."""

    table: str
    total: int
    hits: list[Hit]


def order() -> list[str]:
    """Return the tables in the order in which they are searched and shown."""
    others = [cls.TABLE for cls in by_rank() if cls.TABLE not in _FIRST]
    return [*_FIRST, *others]


def is_enough(text: str) -> bool:
    """Return whether a text is long enough to search for."""
    words = text.split()
    return bool(words) and all(len(word) >= SHORTEST or not word.isascii() for word in words)


def search_everything(
    archive: Archive, text: str, cancelled: Callable[[], bool] = lambda: False
) -> Iterator[Hits]:
    """Yield the records of each table that contain the words; a customer's records may leave words to its name."""
    words = text.split()
    searched_for = needles(words, archive.ctx.region)
    named = [_named(archive, needle) for needle in searched_for] if len(searched_for) > 1 else []
    searched = Searched(words, searched_for, named)
    for table in order():
        if cancelled():
            return
        total, uids = archive.containing(table, searched, MOST, cancelled)
        found = [hit for uid in uids if (hit := _hit(archive, table, uid, searched_for))]
        if found and not cancelled():
            yield Hits(table, total, found)


def _named(archive: Archive, needle: Needle) -> Set[str]:
    """Return the uids of the customers whose name contains a needle."""
    return frozenset(archive.by_name("customers", " ".join(forms[0] for forms in needle.words)))


def _hit(archive: Archive, table: str, uid: str, searched_for: list[Needle]) -> Hit | None:
    """Return what to show of a record; None if it was deleted or is damaged."""
    cls = TABLES[table]
    try:
        raw = archive.raw(table, uid)
        if raw is None:
            return None
        key, label, text = _first_field(cls, raw, searched_for)
    except ArchiveError:
        return None
    customer = uid if table == "customers" else str(raw.get("customer", "")) if table in OF_A_CUSTOMER else ""
    name = archive.name("customers", customer) if customer else str(raw.get(cls.NAMED_BY, ""))
    forms = [form for needle in searched_for for word in needle.words for form in word]
    return Hit(
        table, uid, customer, name, str(raw.get(cls.DAY, ""))[:10], key, label, text, spans(text, forms)
    )


def _first_field(
    cls: type[Record], raw: Mapping[str, Any], searched_for: list[Needle]
) -> tuple[str, str, str]:
    """Return key, label and text of the field with the most needles; the first of them, if there are several."""
    best, most = ("", "", ""), 0
    for key, label, values, text in _texts(cls, raw):
        inside = sum(needle.is_in(values) for needle in searched_for)
        if inside > most:
            best, most = (key, label, text), inside
    return best


def _texts(cls: type[Record], raw: Mapping[str, Any]) -> Iterator[tuple[str, str, str, str]]:
    """Yield key, label, searchable text and shown text of each field; long lists are shown from the first words on."""
    for key, field in cls.FIELDS.items():
        if key in raw and (searchable := words_of(cls, {key: raw[key]})):
            yield key, field.title, searchable, " · ".join(map(str, field.type.words(raw[key])))
    for name, value in raw.get("extra", {}).items():
        yield PREFIX + name, name, words_of(cls, {"extra": {name: value}}), str(value)
