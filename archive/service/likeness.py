"""Customers by what duplicates share: e-mail, the end of a number, a name, the beginning of a word of it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple
from weakref import WeakKeyDictionary

from archive.model.match import email_key, name_key, phone_tail, unordered
from archive.service.archive import Archive

_BEGINNING = 4  # letters


class Kept(NamedTuple):
    """What an archive keeps of a customer's name, numbers and addresses, not decoded."""

    name: str | None
    phones: list[dict[str, Any]] | None
    emails: list[dict[str, Any]] | None


class LikenessIndex:
    """Follows an archive: `of` brings it up to date at the cost of the customers that changed."""

    def __init__(self) -> None:
        self.kept: dict[str, Kept] = {}
        self.keys: dict[str, str] = {}  # name_key of each uid
        self.emails: dict[str, set[str]] = {}
        self.numbers: dict[str, set[str]] = {}  # by their last digits
        self.names: dict[str, set[str]] = {}  # whatever the order of their words
        self.beginnings: dict[str, set[str]] = {}
        self._revision = -1

    def follow(self, archive: Archive) -> None:
        """Take in what changed since the last time."""
        if archive.revision == self._revision:
            return
        columns = archive.columns("customers", ("uid", "full_name", "phones", "emails"))
        now = dict(zip(columns["uid"], map(Kept, *list(columns.values())[1:]), strict=True))
        gone_or_new = [uid for uid, kept in self.kept.items() if now.get(uid) != kept]
        for uid in gone_or_new:
            self._remove(uid)
        for uid in now.keys() - self.kept.keys():
            self._add(uid, now[uid])
        self._revision = archive.revision

    def _add(self, uid: str, kept: Kept) -> None:
        self.kept[uid] = kept
        self.keys[uid] = name_key(kept.name or "")
        for index, key in self._places(uid):
            index.setdefault(key, set()).add(uid)

    def _remove(self, uid: str) -> None:
        for index, key in self._places(uid):
            index[key].discard(uid)
        del self.kept[uid], self.keys[uid]

    def _places(self, uid: str) -> Iterator[tuple[dict[str, set[str]], str]]:
        kept, name = self.kept[uid], self.keys[uid]
        for email in kept.emails or ():
            yield self.emails, email_key(email.get("value", ""))
        for phone in kept.phones or ():
            yield self.numbers, phone_tail(phone.get("value", ""))
        if name:
            yield self.names, unordered(name)
            for beginning in beginnings(name):
                yield self.beginnings, beginning


_INDEXES: WeakKeyDictionary[Archive, LikenessIndex] = WeakKeyDictionary()


def likeness_of(archive: Archive) -> LikenessIndex:
    """The index of an archive as it is now."""
    index = _INDEXES.setdefault(archive, LikenessIndex())
    index.follow(archive)
    return index


def beginnings(key: str) -> set[str]:
    """The first letters of each word of a name's key."""
    return {word[:_BEGINNING] for word in key.split()}
