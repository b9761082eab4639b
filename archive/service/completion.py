"""What the archive knows already for a field, while it is typed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import Any, NamedTuple
from weakref import WeakKeyDictionary

from archive.model.fields import Kind
from archive.model.kinds import Choice, Link, LongText, Tags, Text
from archive.model.lists import ListOf
from archive.model.tables import TABLES
from archive.service.archive import Archive
from archive.text import _, fold


class _Known(NamedTuple):
    value: str
    folded: str


_KNOWN: WeakKeyDictionary[Archive, tuple[int, dict[tuple[str, str], list[_Known]]]] = WeakKeyDictionary()


def completions(archive: Archive, table: str, key: str, begin: str, limit: int = 8) -> list[str]:
    """Values for a field that begin with `begin`, or have a word that does, the most used first.

    `key` is a fact's, or that of a part in a list: `positions.organisation`. Fields of dates, numbers and long
    texts have none.
    """
    wanted = fold(begin)
    matches = _matcher(wanted)
    found = (known.value for known in _known(archive, table, key) if matches(known.folded))
    return list(islice(found, limit))


def _matcher(wanted: str) -> Callable[[str], bool]:
    if not wanted.isascii():
        return lambda folded: wanted in folded  # a Chinese word may begin at any character
    return lambda folded: folded.startswith(wanted) or f" {wanted}" in folded


def _known(archive: Archive, table: str, key: str) -> list[_Known]:
    revision, lists = _KNOWN.get(archive, (-1, {}))
    if revision != archive.revision:
        lists = {}
        _KNOWN[archive] = (archive.revision, lists)
    if (table, key) not in lists:
        values = dict.fromkeys(_values(archive, table, key))
        lists[table, key] = [_Known(value, fold(value)) for value in values]
    return lists[table, key]


def _values(archive: Archive, table: str, key: str) -> Iterable[str]:
    head, _dot, part = key.partition(".")
    kind = TABLES[table].FACTS[head].kind
    kept: Iterable[Any] = (raw for raw in archive.columns(table, (head,))[head] if raw is not None)
    if part and isinstance(kind, ListOf):
        kept = (item[part] for items in kept for item in items if part in item)
        kind = kind.part.FACTS[part].kind
    return _of_kind(archive, kind, kept)


def _of_kind(archive: Archive, kind: Kind[Any], kept: Iterable[Any]) -> Iterable[str]:
    if isinstance(kind, Link):
        return _linked(archive, kind.table, kept)
    if isinstance(kind, Choice):
        return [_(label) for label in kind.options.values()]
    if isinstance(kind, Tags):
        return _most_used(tag for tags in kept for tag in tags)
    if isinstance(kind, Text) and not isinstance(kind, LongText):
        return _most_used(kept)
    return ()


def _most_used(values: Iterable[str]) -> list[str]:
    counts = Counter(values)
    return sorted(counts, key=lambda value: (-counts[value], fold(value)))


def _linked(archive: Archive, table: str, kept: Iterable[Any]) -> Iterator[str]:
    """Names of the linked records, and those that are only names; then the codes."""
    used = Counter(raw if isinstance(raw, str) else raw["name"] for raw in kept)
    codes = archive.columns(table, ("code",))["code"]
    uses: Counter[str] = Counter(dict.fromkeys(archive.names(table), 0))
    for uid_or_name, count in used.items():
        uses[archive.name(table, uid_or_name)] += count
    yield from sorted(uses, key=lambda name: (-uses[name], fold(name)))
    yield from sorted(code for code in codes if code)
