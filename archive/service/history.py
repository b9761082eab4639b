"""The change history as people read it: lines for the list, and the old and new values of each change."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import zip_longest
from typing import Any, NamedTuple

from archive.errors import ArchiveError
from archive.model.currencies import NO_CURRENCY
from archive.model.field_types.base import Context
from archive.model.field_types.standard import Money
from archive.model.fields import Field
from archive.model.tables import OF_A_CUSTOMER, STORED
from archive.service.archive import Archive
from archive.service.change_labels import changed_keys, fields_of, subject
from archive.store import Change
from archive.text import _, plural

MOST_RECORDS = 20
_HIDDEN = {"uid"}


class Past(NamedTuple):
    """A change in the list of the history. Its old and new values are read when they are shown."""

    number: int
    label: str
    at: datetime
    undone: bool
    is_first: bool
    """Whether it is the newest change of its day."""


class Value(NamedTuple):
    """A value, or an item of a list, before and after a change; "" before it was there, or after it was removed."""

    title: str
    """The title of the field; "" if the line above has the same."""
    old: str
    new: str


class Changed(NamedTuple):
    """A record of a change, with its changed values."""

    name: str
    values: Sequence[Value]


class Details(NamedTuple):
    """What a change did, for the user."""

    counts: str
    """The number of added, changed and deleted records."""
    records: Sequence[Changed]
    """The first records."""
    more: int
    """The number of the other records."""


def past(archive: Archive) -> Iterator[Past]:
    """Yield the changes of the history, newest first, without reading their values."""
    day = None
    for number, head in archive.heads():
        at = datetime.fromisoformat(head.at)
        yield Past(number, head.label, at, head.undone, at.date() != day)
        day = at.date()


def details(changes: Sequence[Change], archive: Archive) -> Details:
    """Return what changes did: counts, and the values of the first MOST_RECORDS records."""
    ctx = archive.ctx._replace(name_of=_Names(changes, archive).name_of)
    records = [_changed(change, ctx) for change in changes[:MOST_RECORDS]]
    return Details(_counts(changes), records, max(0, len(changes) - MOST_RECORDS))


def customers_of(changes: Iterable[Change]) -> list[str]:
    """Return the uids, without repetition, of the customers that changes affect, directly or in their records."""
    touched = []
    for change in changes:
        for raw in (change.new, change.old):
            if raw:
                touched.append(change.uid if change.table == "customers" else str(raw.get("customer", "")))
    return [uid for uid in dict.fromkeys(touched) if uid]


class _Names:
    """The names of records: from the archive, or if they were deleted, from the changes themselves."""

    def __init__(self, changes: Iterable[Change], archive: Archive) -> None:
        self._archive = archive
        self._changes = changes
        self._names: dict[str, str] | None = None

    def name_of(self, table: str, uid: str) -> str:
        if self._archive.has(table, uid):
            return self._archive.name(table, uid)
        if self._names is None:  # made only if a record was deleted
            self._names = {change.uid: _own_name(change) for change in self._changes}
        return self._names.get(uid) or _("(deleted)")


def _own_name(change: Change) -> str:
    cls = STORED.get(change.table)
    return str((change.old or change.new or {}).get(cls.NAMED_BY, "")) if cls else ""


def _counts(changes: Sequence[Change]) -> str:
    kinds = Counter(_kind(change) for change in changes)
    words = {
        "added": plural("{n} record added", "{n} records added", kinds["added"]),
        "changed": plural("{n} record changed", "{n} records changed", kinds["changed"]),
        "deleted": plural("{n} record deleted", "{n} records deleted", kinds["deleted"]),
    }
    return ", ".join(sentence for kind, sentence in words.items() if kinds[kind])


def _kind(change: Change) -> str:
    return "added" if change.old is None else "deleted" if change.new is None else "changed"


def _changed(change: Change, ctx: Context) -> Changed:
    return Changed(
        _name(change, ctx), [value for key in changed_keys(change) for value in _values(change, key, ctx)]
    )


def _name(change: Change, ctx: Context) -> str:
    name = subject(change.table, change.new or change.old or {}, ctx)
    if change.table not in OF_A_CUSTOMER:
        return name
    return _("{noun} {name}").format(noun=_(STORED[change.table].NOUN), name=name)


def _values(change: Change, key: str, ctx: Context) -> list[Value]:
    """Return the lines for one key: one line, or one for each item of a list."""
    if key in _HIDDEN:
        return []
    field = fields_of(change.table).get(key)
    before, after = change.old or {}, change.new or {}
    if key == "extra":
        return _of_columns(_columns(before), _columns(after))
    title = field.title if field else key.replace("_", " ")
    old, new = (_items(field, raw, key, ctx) for raw in (before, after))
    pairs = _differing(old, new) or [("; ".join(old), "; ".join(new))]  # only the order differs
    return [Value("" if n else title, *pair) for n, pair in enumerate(pairs)]


def _of_columns(old: Mapping[str, str], new: Mapping[str, str]) -> list[Value]:
    return [
        Value(name, old.get(name, ""), new.get(name, ""))
        for name in {**old, **new}
        if old.get(name) != new.get(name)
    ]


def _columns(raw: Mapping[str, Any]) -> Mapping[str, str]:
    columns = raw.get("extra", {})
    return {str(name): str(value) for name, value in columns.items()} if isinstance(columns, dict) else {}


def _differing(old: Sequence[str], new: Sequence[str]) -> list[tuple[str, str]]:
    """Return the items that differ: each removed item with its replacement."""
    removed = [item for item in old if item not in new]
    added = [item for item in new if item not in old]
    return list(zip_longest(removed, added, fillvalue=""))


def _items(field: Field | None, raw: Mapping[str, Any], key: str, ctx: Context) -> list[str]:
    """Return the items of a stored value, as the user reads them; other values have a single item."""
    if key not in raw:
        return []
    stored = raw[key]
    if field is not None:
        try:
            return _shown(field, field.type.load(stored), ctx.within(str(raw.get("currency", ""))))
        except ArchiveError:  # written by another version of the program
            pass
    return [_("a value of another version") if isinstance(stored, dict | list) else str(stored)]


def _shown(field: Field, value: Any, ctx: Context) -> list[str]:
    if type(value) is tuple:  # a list; a value such as a date may be a named tuple
        return [field.type.show((item,), ctx) for item in value]
    text = field.type.show(value, ctx)
    if text and isinstance(field.type, Money) and ctx.currency != NO_CURRENCY:
        text = f"{text} {ctx.currency}"
    return [text] if text else []
