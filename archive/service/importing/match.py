"""Match imported rows to customers: by e-mail or phone and name, or by name and organisation."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from archive.model.identity_keys import email_key, phone_key, phone_tail
from archive.text import N_, _, fold

Raw = Mapping[str, Any]
_NAMES = frozenset({"full_name", "family_name", "given_name"})
_SAME_EMAIL, _SAME_PHONE, _SAME_NAME = N_("same e-mail"), N_("same phone"), N_("same name")


class Match(NamedTuple):
    """The uid of the matching record, else "" and the possible matches: the reason by uid."""

    uid: str
    maybe: dict[str, str]


class CustomerIndex:
    """An index of the customers of the archive, and of the rows read so far, by e-mail, phone and name."""

    def __init__(self, rows: Iterable[Raw], region: str, match: Iterable[str]) -> None:
        self._region = region
        self._match = frozenset(match)
        self._names: dict[str, str] = {}
        self._customers: dict[str, Raw] = {}
        self._by_email: dict[str, list[str]] = {}
        self._by_tail: dict[str, list[str]] = {}
        self._by_name: dict[str, list[str]] = {}
        self._phone_keys: dict[str, str] = {}
        rules = (("email", _SAME_EMAIL, self._sharing_email), ("phone", _SAME_PHONE, self._sharing_phone))
        self._sharing = [rule for rule in rules if rule[0] in self._match]
        for raw in rows:
            self.add(raw)

    def add(self, raw: Raw) -> None:
        """Add a record to the index, or update it there."""
        uid, name = raw["uid"], fold(raw.get("full_name", ""))
        if uid not in self._customers:
            self._by_name.setdefault(name, []).append(uid)
        self._customers[uid] = raw
        self._names[uid] = name
        for part in raw.get("emails", ()):
            _put(self._by_email, _email(part), uid)
        for phone in _values(raw, "phones"):
            _put(self._by_tail, phone_tail(phone), uid)

    def find(self, raw: Raw) -> Match:
        """Match the values of a row. The same e-mail or phone is a match only if the names do not differ."""
        name = fold(raw.get("full_name", ""))
        possible: dict[str, str] = {}
        for _rule, why, sharing in self._sharing:
            uids = sharing(raw)
            if uids and (same := self._same_name(name, uids)):
                return Match(same, {})
            for uid in uids:
                possible.setdefault(uid, why)
        namesakes = self._by_name.get(name) if name and "name" in self._match else None
        if namesakes:
            if uid := self._by_name_and_more(raw, namesakes):
                return Match(uid, {})
            for uid in namesakes:
                possible.setdefault(uid, _SAME_NAME)
        return Match("", {uid: _(why) for uid, why in possible.items()})

    def _same_name(self, name: str, uids: Iterable[str]) -> str:
        """Return the first uid with the same name, else the first if either name is missing, else ""."""
        nameless = ""
        for uid in uids:
            if self._names[uid] == name:
                return uid
            if not name or not self._names[uid]:
                nameless = nameless or uid
        return nameless

    def _sharing_email(self, raw: Raw) -> list[str]:
        return [uid for part in raw.get("emails", ()) for uid in self._by_email.get(_email(part), ())]

    def _sharing_phone(self, raw: Raw) -> list[str]:
        uids = []
        for phone in _values(raw, "phones"):
            for uid in self._by_tail.get(phone_tail(phone), ()):
                if any(self._same_phone(phone, other) for other in _values(self._customers[uid], "phones")):
                    uids.append(uid)
        return uids

    def _same_phone(self, first: str, second: str) -> bool:
        return first == second or self._phone_key(first) == self._phone_key(second)

    def _phone_key(self, text: str) -> str:
        if text not in self._phone_keys:
            self._phone_keys[text] = phone_key(text, self._region)
        return self._phone_keys[text]

    def _by_name_and_more(self, raw: Raw, namesakes: Iterable[str]) -> str:
        """Return the uid of a namesake with the same organisation or foreign id, or to which the row adds nothing."""
        organisations = set(_organisations(raw))
        foreign = raw.get("extra", {}).get("id", "")
        for uid in namesakes:
            stored = self._customers[uid]
            other_id = stored.get("extra", {}).get("id", "")
            if foreign and other_id:
                if foreign == other_id:
                    return uid
                continue
            if organisations & set(_organisations(stored)) or _says_nothing_new(raw, stored):
                return uid
        return ""


def _values(raw: Raw, key: str) -> Iterator[str]:
    return (part["value"] for part in raw.get(key, ()) if "value" in part)


def _email(part: Raw) -> str:
    address: str = part.get("value", "")
    return address.lower() if address.isascii() else email_key(address)


def _put(index: dict[str, list[str]], key: str, uid: str) -> None:
    if key and uid not in (uids := index.setdefault(key, [])):
        uids.append(uid)


def _organisations(raw: Raw) -> Iterator[str]:
    """Yield the uid or folded name of each organisation of a customer; an organisation's own name counts as well."""
    if raw.get("kind") == "organisation":
        yield "=" + fold(raw.get("full_name", ""))
    for position in raw.get("positions", ()):
        named = position.get("organisation", "")
        yield named if isinstance(named, str) else fold(named["name"])


def _says_nothing_new(raw: Raw, stored: Raw) -> bool:
    return all(
        _is_same(key, stored.get(key), value)
        for key, value in raw.items()
        if key not in ("uid", "kind", "extra")
    ) and all(stored.get("extra", {}).get(name) == text for name, text in raw.get("extra", {}).items())


def _is_same(key: str, stored: Any, value: Any) -> bool:
    """Return whether two values are equal; names are compared folded."""
    if stored == value or key not in _NAMES:
        return bool(stored == value)
    return stored is not None and fold(stored) == fold(value)
