"""What is derived from the records of a table and kept beside them: search words, codes, names, and who has what."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from archive.model.fields import Record
from archive.model.filters import words_of
from archive.model.summary import NOTHING, Summary, summarise
from archive.model.tables import OF_A_CUSTOMER
from archive.text import fold

Rows = Mapping[str, Mapping[str, Any]]  # by uid


class TableIndex:
    """Derived from one table. Each part is built when it is first asked for, and then follows the changes."""

    def __init__(self, cls: type[Record], rows: Rows) -> None:
        self._cls = cls
        self._rows = rows
        self._words: dict[str, str] | None = None
        self._names: dict[str, set[str]] | None = None
        self._codes: dict[str, str] | None = None
        self._children: dict[str, set[str]] | None = None

    @property
    def words(self) -> Mapping[str, str]:
        """The folded words of every record, by uid."""
        if self._words is None:
            self._words = {uid: words_of(self._cls, raw) for uid, raw in self._rows.items()}
        return self._words

    @property
    def codes(self) -> Mapping[str, str]:
        """The uid of each code."""
        if self._codes is None:
            self._codes = {raw["code"]: uid for uid, raw in self._rows.items() if "code" in raw}
        return self._codes

    @property
    def names(self) -> Mapping[str, set[str]]:
        """The uids that share a folded name."""
        if self._names is None:
            self._names = {}
            for uid, raw in self._rows.items():
                self._names.setdefault(fold(name_of(self._cls, raw)), set()).add(uid)
        return self._names

    @property
    def children(self) -> Mapping[str, set[str]]:
        """The uids of this table's records for each customer's uid."""
        if self._children is None:
            self._children = {}
            for uid, raw in self._rows.items():
                self._children.setdefault(raw.get("customer", ""), set()).add(uid)
        return self._children

    def changed(self, uid: str, old: Mapping[str, Any] | None, new: Mapping[str, Any] | None) -> None:
        """Follow the change of one record; `_rows` already holds `new`."""
        if self._words is not None:
            self._words.pop(uid, None)
            if new is not None:
                self._words[uid] = words_of(self._cls, new)
        for raw, add in ((old, False), (new, True)):
            if raw is not None:
                self._follow(uid, raw, add)

    def _follow(self, uid: str, raw: Mapping[str, Any], add: bool) -> None:
        if self._codes is not None and "code" in raw:
            if add:
                self._codes[raw["code"]] = uid
            elif self._codes.get(raw["code"]) == uid:
                del self._codes[raw["code"]]
        name = fold(name_of(self._cls, raw))
        for sets, key in ((self._names, name), (self._children, raw.get("customer", ""))):
            if sets is not None:
                members = sets.setdefault(key, set())
                members.add(uid) if add else members.discard(uid)


def name_of(cls: type[Record], raw: Mapping[str, Any]) -> str:
    """What a record is called, "" where its table has no names."""
    return str(raw.get(cls.NAMED_BY, ""))


def day_of(cls: type[Record], raw: Mapping[str, Any]) -> str:
    """The day by which a record stands newest first, "" where it has none."""
    return str(raw.get(cls.DAY, ""))


class Summaries:
    """The summary of each customer's dealings; a new order costs the work of one customer."""

    def __init__(self, rows: Mapping[str, Rows], indexes: Mapping[str, TableIndex]) -> None:
        self._rows = rows
        self._indexes = indexes
        self._kept: dict[str, Summary] = {}

    def of(self, customer: str) -> Summary:
        """What is known of the dealings with a customer."""
        found = self._kept.get(customer)
        if found is None:
            found = self._kept[customer] = self._work_out(customer)
        return found

    def forget(self, customer: str) -> None:
        """Something of this customer changed."""
        self._kept.pop(customer, None)

    def _work_out(self, customer: str) -> Summary:
        parts = []
        for table in ("transactions", "interactions"):
            rows = self._rows[table]
            parts.append([rows[uid] for uid in self._indexes[table].children.get(customer, ())])
        return summarise(*parts) if any(parts) else NOTHING


def customers_touched(table: str, *versions: Mapping[str, Any] | None) -> set[str]:
    """The customers whose summary depends on a changed record."""
    return {raw["customer"] for raw in versions if raw and table in OF_A_CUSTOMER and "customer" in raw}
