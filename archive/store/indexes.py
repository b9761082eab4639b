"""What is derived from a table's records, as arrays: kept beside the snapshot, or made when it is first asked for."""

from __future__ import annotations

import json
import re
import unicodedata
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any, Protocol
from zlib import crc32

from archive.model.fields import Record
from archive.model.filters import words_of
from archive.model.kinds import LONG_TEXT
from archive.model.lists import ListOf
from archive.model.tables import STORED
from archive.store.index_file import Column, narrow
from archive.text import fold, sort_key

Raw = Mapping[str, Any]
Arrays = Mapping[str, "memoryview | Column"]
_FACTS = repr([(name, list(cls.FACTS)) for name, cls in STORED.items()])
CODE = f"8 {unicodedata.unidata_version} {crc32(_FACTS.encode()):08x}"
"""Arrays that were made by another code are made anew: count it up when they come to mean something else."""
_BETWEEN = "\0"  # no text of a record holds it


def name_of(cls: type[Record], raw: Raw) -> str:
    """What a record is called, "" where its table has no names."""
    return str(raw.get(cls.NAMED_BY, ""))


def day_of(cls: type[Record], raw: Raw) -> str:
    """The day by which a record stands newest first, "" where it has none."""
    return str(raw.get(cls.DAY, ""))


KEYS: dict[str, Callable[[type[Record], Raw], str]] = {
    "uid": lambda cls, raw: str(raw["uid"]),
    "code": lambda cls, raw: str(raw.get("code", "")),
    "name": lambda cls, raw: fold(name_of(cls, raw)),
    "customer": lambda cls, raw: str(raw.get("customer", "")),
}
"""What records are looked up by; records that have none of it share the empty key."""


class Collector(Protocol):
    """Goes through the records of a table once, in order, and ends with arrays."""

    def add(self, row: Raw) -> None:
        """Take the next record in."""

    def arrays(self) -> dict[str, Column]:
        """What is known when all have been taken in."""


class Texts:
    """A text for each record, one after the other in `NAME.text`, where each begins in `NAME.starts`."""

    def __init__(self, text: memoryview | Column, starts: Sequence[int]) -> None:
        self._text, self._starts = memoryview(text), starts

    def __getitem__(self, slot: int) -> str:
        return str(self._text[self._starts[slot] : self._starts[slot + 1] - 1], "utf-8")

    def containing(self, text: str) -> Iterator[int]:
        """The slots of the texts that hold another one; no text is decoded for it."""
        search, starts = re.compile(re.escape(text.encode())).search, self._starts
        found = search(self._text)
        while found:
            slot = bisect_right(starts, found.start()) - 1
            yield slot
            found = search(self._text, starts[slot + 1])

    def all(self) -> list[str]:
        """Every text, in order."""
        return str(self._text, "utf-8").split(_BETWEEN)[:-1]


def text_arrays(name: str, texts: Iterable[str]) -> dict[str, Column]:
    """What `Texts` reads."""
    starts, encoded = array("Q", [0]), []
    for text in texts:
        encoded.append(f"{text}{_BETWEEN}".encode())
        starts.append(starts[-1] + len(encoded[-1]))
    return {f"{name}.text": b"".join(encoded), f"{name}.starts": narrow(starts, starts[-1])}


class TextCollector:
    """Collects `Texts`."""

    def __init__(self, name: str, text_of: Callable[[Raw], str]) -> None:
        self._name, self._text_of = name, text_of
        self._texts: list[str] = []

    def add(self, row: Raw) -> None:
        self._texts.append(self._text_of(row))

    def arrays(self) -> dict[str, Column]:
        return text_arrays(self._name, self._texts)


class OrderCollector:
    """Collects `order`: the slots by name, or newest first where records have no names."""

    def __init__(self, cls: type[Record]) -> None:
        self._cls = cls
        self._keys: list[tuple[str, str]] = []

    def add(self, row: Raw) -> None:
        self._keys.append(order_key(self._cls, row))

    def arrays(self) -> dict[str, Column]:
        slots = sorted(range(len(self._keys)), key=self._keys.__getitem__, reverse=not has_names(self._cls))
        return {"order": array("I", slots)}


def has_names(cls: type[Record]) -> bool:
    """Whether the records of a table stand by name; the others stand newest first."""
    return cls.NAMED_BY in cls.FACTS


def order_key(cls: type[Record], row: Raw) -> tuple[str, str]:
    """What a record stands by in the list of its table."""
    first = sort_key(name_of(cls, row)) if has_names(cls) else day_of(cls, row)
    return first, str(row["uid"])


class LookupCollector:
    """Collects `NAME.hashes`, ascending, and the slot that each of them stands for in `NAME.slots`."""

    def __init__(self, cls: type[Record], name: str) -> None:
        self._cls, self._name, self._key = cls, name, KEYS[name]
        self._hashes = array("I")

    def add(self, row: Raw) -> None:
        self._hashes.append(hashed(self._key(self._cls, row)))

    def arrays(self) -> dict[str, Column]:
        slots = sorted(range(len(self._hashes)), key=self._hashes.__getitem__)
        hashes = array("I", map(self._hashes.__getitem__, slots))
        return {f"{self._name}.hashes": hashes, f"{self._name}.slots": array("I", slots)}


def hashed(key: str) -> int:
    """A number for a text, the same in every process. Different texts may share one."""
    return crc32(key.encode())


def candidates(hashes: Sequence[int], slots: Sequence[int], key: str) -> Iterator[int]:
    """The slots that may have a key; whoever asks compares it."""
    wanted = hashed(key)
    place = bisect_left(hashes, wanted)
    while place < len(hashes) and hashes[place] == wanted:
        yield slots[place]
        place += 1


class ColumnsCollector:
    """Collects a column for each of some keys: each different value once, as JSON in `col.KEY.values`, and by record
    which of them in `col.KEY`. The first value of all is none.
    """

    def __init__(self, keys: Iterable[str]) -> None:
        self._columns: dict[str, tuple[dict[Any, int], array[int]]] = {
            key: ({None: 0}, array("I")) for key in keys
        }
        self._records = 0

    def add(self, row: Raw) -> None:
        columns = self._columns
        for key, value in row.items():
            if key in columns:
                known, places = columns[key]
                if len(places) < self._records:
                    _pad(places, self._records)
                mark = value if type(value) is str else (json.dumps(value),)
                places.append(known.setdefault(mark, len(known)))
        self._records += 1

    def arrays(self) -> dict[str, Column]:
        found: dict[str, Column] = {}
        for key, (known, places) in self._columns.items():
            _pad(places, self._records)
            found[f"col.{key}"] = narrow(places, len(known) - 1)
            values = [json.loads(*mark) if type(mark) is tuple else mark for mark in known]
            found[f"col.{key}.values"] = json.dumps(values, ensure_ascii=False).encode()
        return found


def _pad(places: array[int], records: int) -> None:
    """Records that have no value in a column."""
    places.frombytes(bytes(places.itemsize * (records - len(places))))


def column(places: Sequence[int], values: bytes) -> list[Any]:
    """The value of each record in a column."""
    return list(map(json.loads(values).__getitem__, places))


def column_keys(cls: type[Record]) -> list[str]:
    """The facts that are kept as columns: what questions over the whole archive ask for."""
    facts = cls.FACTS.items()
    return [key for key, fact in facts if fact.kind is not LONG_TEXT and not isinstance(fact.kind, ListOf)]


def lookups(cls: type[Record]) -> list[str]:
    """What the records of a table can be looked up by."""
    has = {
        "uid": True,
        "code": "code" in cls.FACTS,
        "name": has_names(cls),
        "customer": "customer" in cls.FACTS,
    }
    return [name for name in KEYS if has[name]]


LATER = frozenset({"words", "col"})
"""What a first page does not need; the rest is made of all records of a large table at once."""


def collectors(cls: type[Record]) -> dict[str, Callable[[], Collector]]:
    """All that is derived from a table, by how the names of its arrays begin."""
    return {
        "uids": lambda: TextCollector("uids", lambda row: KEYS["uid"](cls, row)),
        "words": lambda: TextCollector("words", lambda row: words_of(cls, row)),
        "order": lambda: OrderCollector(cls),
        **{name: partial(LookupCollector, cls, name) for name in lookups(cls)},
        "col": lambda: ColumnsCollector(column_keys(cls)),
    }
