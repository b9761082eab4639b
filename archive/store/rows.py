"""A table of documents as TinyDB reads it: a mapping that decodes what is asked for."""

from __future__ import annotations

import json
import re
from collections.abc import ItemsView, Iterator, Mapping, ValuesView
from typing import Any, Protocol

from archive.store.layered import Layered
from archive.store.lines import dumps

Document = dict[str, Any]
NUMBER = re.compile("0|[1-9][0-9]{0,17}")


class Keeper(Protocol):
    """What has tables."""

    def layered(self, table: str) -> Layered:
        """The documents of a table as they are kept."""


class Rows(Mapping[str, Document]):
    """A table as it is at any time, by number as a text. Each document is decoded when it is asked for, anew."""

    def __init__(self, store: Keeper, table: str) -> None:
        self._store, self._table = store, table

    @property
    def layered(self) -> Layered:
        """The documents as they are kept."""
        return self._store.layered(self._table)

    def is_table(self, store: Keeper, table: str) -> bool:
        """Whether this is that table."""
        return self._store is store and self._table == table

    def __getitem__(self, key: str) -> Document:
        layered = self.layered
        slot = layered.slot(int(key)) if NUMBER.fullmatch(key) else None
        found = None if slot is None else _fresh(layered, slot, layered.over)
        if found is None:
            raise KeyError(key)
        return found

    def __contains__(self, key: object) -> bool:
        layered = self.layered
        slot = layered.slot(int(key)) if isinstance(key, str) and NUMBER.fullmatch(key) else None
        return slot is not None and layered.over.get(slot, True) is not None

    def __iter__(self) -> Iterator[str]:
        layered = self.layered
        return map(str, map(layered.number, list(layered.slots())))

    def __len__(self) -> int:
        return len(self.layered)

    def items(self) -> ItemsView[str, Document]:
        return _Items(self)

    def values(self) -> ValuesView[Document]:
        return _Values(self)

    def as_they_are(self) -> Iterator[tuple[str, Document]]:
        """All of them as they are when this begins, whatever is changed before it ends."""
        layered = self.layered
        over = dict(layered.over)
        for slot in list(layered.slots()) if over else range(len(layered.lines)):
            found = _fresh(layered, slot, over)
            assert found is not None
            yield str(layered.number(slot)), found


class _Items(ItemsView[str, Document]):
    _mapping: Rows

    def __iter__(self) -> Iterator[tuple[str, Document]]:
        return self._mapping.as_they_are()


class _Values(ValuesView[Document]):
    _mapping: Rows

    def __iter__(self) -> Iterator[Document]:
        return (document for _key, document in self._mapping.as_they_are())


def _fresh(layered: Layered, slot: int, over: Mapping[int, Document | None]) -> Document | None:
    """A document that nobody else has, None where it is gone."""
    if slot not in over:
        return layered.lines.row(slot)
    kept = over[slot]
    return None if kept is None else copied(kept)


def copied(document: Document) -> Document:
    """A document like this one, with nothing in it that is the same object."""
    copy: Document = json.loads(dumps(document))
    return copy
