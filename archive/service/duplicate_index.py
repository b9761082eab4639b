"""The duplicate index: customers by e-mail, last digits of phone numbers, name, and prefixes of its words."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple
from weakref import WeakKeyDictionary

from archive.model.identity_keys import email_key, name_key, phone_tail, unordered
from archive.service.archive import Archive

_BEGINNING = 4  # letters per prefix


class IndexedCustomer(NamedTuple):
    """A customer's name, phones and e-mails as stored."""

    name: str | None
    phones: list[dict[str, Any]] | None
    emails: list[dict[str, Any]] | None


class LikenessIndex:
    """An index of an archive's customers. `follow` updates only the entries of customers that changed."""

    def __init__(self) -> None:
        self.customers: dict[str, IndexedCustomer] = {}
        self.keys: dict[str, str] = {}  # name_key of each uid
        self.emails: dict[str, set[str]] = {}
        self.numbers: dict[str, set[str]] = {}  # by their last digits
        self.names: dict[str, set[str]] = {}  # by their sorted words
        self.beginnings: dict[str, set[str]] = {}
        self._revision = -1

    def follow(self, archive: Archive) -> None:
        """Update the index with the changes since the last call."""
        if archive.revision == self._revision:
            return
        columns = archive.columns("customers", ("uid", "full_name", "phones", "emails"))
        now = dict(zip(columns["uid"], map(IndexedCustomer, *list(columns.values())[1:]), strict=True))
        stale = [uid for uid, entry in self.customers.items() if now.get(uid) != entry]
        for uid in stale:
            self._remove(uid)
        for uid in now.keys() - self.customers.keys():
            self._add(uid, now[uid])
        self._revision = archive.revision

    def _add(self, uid: str, entry: IndexedCustomer) -> None:
        self.customers[uid] = entry
        self.keys[uid] = name_key(entry.name or "")
        for index, key in self._places(uid):
            index.setdefault(key, set()).add(uid)

    def _remove(self, uid: str) -> None:
        for index, key in self._places(uid):
            index[key].discard(uid)
        del self.customers[uid], self.keys[uid]

    def _places(self, uid: str) -> Iterator[tuple[dict[str, set[str]], str]]:
        entry, name = self.customers[uid], self.keys[uid]
        for email in entry.emails or ():
            yield self.emails, email_key(email.get("value", ""))
        for phone in entry.phones or ():
            yield self.numbers, phone_tail(phone.get("value", ""))
        if name:
            yield self.names, unordered(name)
            for beginning in beginnings(name):
                yield self.beginnings, beginning


_INDEXES: WeakKeyDictionary[Archive, LikenessIndex] = WeakKeyDictionary()


def likeness_of(archive: Archive) -> LikenessIndex:
    """Return the up-to-date index of an archive."""
    index = _INDEXES.setdefault(archive, LikenessIndex())
    index.follow(archive)
    return index


def beginnings(key: str) -> set[str]:
    """Return the prefix of each word of a name key."""
    return {word[:_BEGINNING] for word in key.split()}
