"""Suggestions of records for a link field whose text matches none exactly."""

from __future__ import annotations

from typing import NamedTuple

from archive.model.identity_keys import close_keys, name_key, unordered
from archive.model.tables import TABLES
from archive.service.archive import Archive
from archive.text import fold, sort_key

_MOST = 50


class Match(NamedTuple):
    """A suggested record."""

    uid: str
    code: str
    name: str

    @property
    def label(self) -> str:
        """The text in the list of suggestions."""
        return f"{self.name}  {self.code}".strip()


def link_matches(archive: Archive, table: str, text: str) -> list[Match]:
    """Return records whose name or code begins with the words of a text or is spelt similarly, closest first."""
    cls = TABLES[table]
    keys = ("uid", "code", cls.NAMED_BY)
    words, key = fold(text).split(), unordered(name_key(text))
    ranked = []
    for uid, code, name in zip(*archive.columns(table, keys).values(), strict=True):
        match = Match(uid, code or "", name or "")
        if words and (rank := _rank(words, key, match)) is not None:
            ranked.append((rank, sort_key(match.name), match))
    return [match for _rank, _name, match in sorted(ranked)[:_MOST]]


def _rank(typed_words: list[str], key: str, match: Match) -> int | None:
    words = fold(f"{match.name} {match.code}").split()
    if all(any(word.startswith(begin) for word in words) for begin in typed_words):
        return 0
    other = unordered(name_key(match.name))
    if key and other and (key == other or close_keys(key, [other])):
        return 1
    shared = [word for word in name_key(match.name).split() if len(word) > 2 and word in typed_words]
    return 2 if shared else None
