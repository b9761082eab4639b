"""Possible duplicates among customers: of a customer that is being entered, and in the whole archive."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain
from typing import NamedTuple

from archive.model.identity_keys import close_keys, email_key, name_keys, phone_key, phone_tail, unordered
from archive.model.records.customer import Customer
from archive.service.archive import Archive
from archive.service.duplicate_index import LikenessIndex, beginnings, likeness_of
from archive.text import _, sort_key

_TOO_COMMON = 5_000  # a prefix shared by more customers than this is ignored


class Suspect(NamedTuple):
    """A possible duplicate, and the reasons, as text."""

    uid: str
    why: str


class _Reason(NamedTuple):
    weight: int
    words: str


def possible_duplicates(archive: Archive, draft: Customer, limit: int = 3) -> list[Suspect]:
    """Return the customers of which `draft` may be a duplicate, most likely first, without itself.

    A shared e-mail or phone is only a hint, whatever the names are, because colleagues share a switchboard.
    """
    index = likeness_of(archive)
    reasons: dict[str, list[_Reason]] = {}
    matches = chain(
        _by_name(index, draft), _by_email(index, draft), _by_phone(index, draft, archive.ctx.region)
    )
    for uid, reason in matches:
        if uid != draft.uid:
            reasons.setdefault(uid, []).append(reason)
    likeliest = sorted(reasons, key=lambda uid: (-_weight(reasons[uid]), sort_key(index.keys[uid]), uid))
    return [Suspect(uid, ", ".join(reason.words for reason in reasons[uid])) for uid in likeliest[:limit]]


def _weight(reasons: Iterable[_Reason]) -> int:
    return sum(reason.weight for reason in reasons)


def _by_email(index: LikenessIndex, draft: Customer) -> Iterator[tuple[str, _Reason]]:
    keys = {email_key(email.value) for email in draft.emails} - {""}
    for uid in dict.fromkeys(uid for email in keys for uid in index.emails.get(email, ())):
        yield uid, _Reason(4, _("same e-mail"))


def _by_phone(index: LikenessIndex, draft: Customer, region: str) -> Iterator[tuple[str, _Reason]]:
    keys = {phone_key(phone.value, region) for phone in draft.phones} - {""}
    ends = {phone_tail(phone.value) for phone in draft.phones}
    for uid in dict.fromkeys(uid for end in ends for uid in index.numbers.get(end, ())):
        phones = index.customers[uid].phones or ()
        if keys & {phone_key(phone.get("value", ""), region) for phone in phones}:
            yield uid, _Reason(3, _("same phone"))


def _by_name(index: LikenessIndex, draft: Customer) -> Iterator[tuple[str, _Reason]]:
    keys = name_keys(draft)
    same = {uid for key in keys for uid in index.names.get(unordered(key), ())}
    for uid in same:
        in_order = index.keys[uid] in keys
        yield (
            uid,
            _Reason(3, _("same name"))
            if in_order
            else _Reason(2, _("same name, words in a different order")),
        )
    for uid in _with_close_name(index, keys) - same:
        yield uid, _Reason(1, _("similar name"))


def _with_close_name(index: LikenessIndex, keys: Iterable[str]) -> set[str]:
    close_uids: set[str] = set()
    for key in keys:
        uid_sets = [index.beginnings.get(beginning, set()) for beginning in beginnings(key)]
        names = {uid: index.keys[uid] for uids in uid_sets if len(uids) <= _TOO_COMMON for uid in uids}
        close = close_keys(key, set(names.values()))
        close_uids.update(uid for uid, other in names.items() if other in close)
    return close_uids


def duplicate_groups(archive: Archive) -> list[tuple[str, list[str]]]:
    """Return all groups of customers that share an e-mail, a phone or a name: the reason, and the uids by name."""
    index, region = likeness_of(archive), archive.ctx.region
    groups = [(_("same e-mail"), uids) for email, uids in index.emails.items() if email]
    groups += [(_("same phone"), uids) for uids in _by_whole_number(index, region)]
    groups += [(_("same name"), uids) for uids in index.names.values()]
    return [
        (why, sorted(uids, key=lambda uid: (sort_key(index.keys[uid]), uid)))
        for why, uids in groups
        if len(uids) > 1
    ]


def _by_whole_number(index: LikenessIndex, region: str) -> Iterator[set[str]]:
    """Yield groups of customers with the same phone number. Only numbers with equal last digits are parsed."""
    for end, uids in index.numbers.items():
        if len(uids) < 2:
            continue
        same: dict[str, set[str]] = {}
        for uid in uids:
            for phone in index.customers[uid].phones or ():
                if phone_tail(phone.get("value", "")) == end:
                    same.setdefault(phone_key(phone["value"], region), set()).add(uid)
        yield from same.values()
