"""Completion: values in the archive that match the beginning of what the user types into a field."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from heapq import nsmallest
from typing import Any, NamedTuple
from weakref import WeakKeyDictionary

from archive.model.field_types.base import FieldType
from archive.model.field_types.lists import ListOf
from archive.model.field_types.standard import Choice, Link, LongText, Tags, Text
from archive.model.spelling import by_usual_spelling
from archive.model.tables import STORED
from archive.service.archive import Archive
from archive.text import _, fold, sort_key

_NAMES = frozenset({"full_name", "family_name", "given_name"})
_SUPPLIERS = frozenset(
    {"suppliers.name", "lost_to", "earlier_losses.lost_to"}
)  # spellings of a name are merged


class _Candidate(NamedTuple):
    folded: str
    value: str
    uses: int


_CACHE: WeakKeyDictionary[Archive, tuple[int, dict[tuple[str, str], list[_Candidate]]]] = WeakKeyDictionary()


def completions(archive: Archive, table: str, key: str, begin: str, limit: int = 8) -> list[str]:
    """Return values for a field that begin with `begin`, or contain a word that does, most used first.

    Dates, numbers and long texts are not completed, nor are names, because a name rarely occurs in a second record.

    Args:
        archive: The archive.
        table: The table of the record.
        key: The field, or the field of a list's entries, such as `positions.organisation`.
        begin: The text typed so far.
        limit: The maximum number of values.
    """
    if key in _NAMES or key == STORED[table].NAMED_BY:
        return []
    matches = _matcher(fold(begin))
    matching = (candidate for candidate in _candidates(archive, table, key) if matches(candidate.folded))
    return [
        candidate.value
        for candidate in nsmallest(
            limit, matching, key=lambda candidate: (-candidate.uses, sort_key(candidate.folded))
        )
    ]


def _matcher(begin: str) -> Callable[[str], bool]:
    if not begin.isascii():
        return lambda folded: begin in folded  # a Chinese word may begin at any character
    inner = f" {begin}"
    return lambda folded: folded.startswith(begin) or inner in folded


def _candidates(archive: Archive, table: str, key: str) -> list[_Candidate]:
    revision, lists = _CACHE.get(archive, (-1, {}))
    if revision != archive.revision:
        lists = {}
        _CACHE[archive] = (archive.revision, lists)
    if (table, key) not in lists:
        uses = _uses(archive, table, key)
        lists[table, key] = [_Candidate(fold(value), value, count) for value, count in uses.items()]
    return lists[table, key]


def _uses(archive: Archive, table: str, key: str) -> Mapping[str, int]:
    head, _dot, part = key.partition(".")
    kind = STORED[table].FIELDS[head].type
    values: Iterable[Any] = (raw for raw in archive.columns(table, (head,))[head] if raw is not None)
    if part and isinstance(kind, ListOf):
        values = (item[part] for items in values for item in items if part in item)
        kind = kind.part.FIELDS[part].type
    return by_usual_spelling(values) if key in _SUPPLIERS else _of_kind(archive, kind, values)


def _of_kind(archive: Archive, kind: FieldType[Any], values: Iterable[Any]) -> Mapping[str, int]:
    if isinstance(kind, Link):
        return _linked(archive, kind.table, values)
    if isinstance(kind, Choice):
        labels = list(map(_, kind.options.values()))
        return {label: len(labels) - rank for rank, label in enumerate(labels)}
    if isinstance(kind, Tags):
        return Counter(tag for tags in values for tag in tags)
    return Counter(values) if isinstance(kind, Text) and not isinstance(kind, LongText) else {}


def _linked(archive: Archive, table: str, links: Iterable[Any]) -> Mapping[str, int]:
    """Count the uses of each name, linked or not. Codes have the count -1, so that they come last."""
    codes = archive.columns(table, ("code",))["code"]
    uses = {code: -1 for code in codes if code} | dict.fromkeys(archive.names(table), 0)
    for uid_or_name, count in Counter(raw if isinstance(raw, str) else raw["name"] for raw in links).items():
        name = archive.name(table, uid_or_name)
        uses[name] = uses.get(name, 0) + count
    return uses
