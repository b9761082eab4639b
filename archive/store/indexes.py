"""Indexes of a table as flat arrays: sort order, lookups, search words and columns.

They are stored in the index file beside the snapshot, or built from the records on first use.
"""

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

from archive.model.field_types.lists import ListOf
from archive.model.field_types.standard import LONG_TEXT
from archive.model.fields import Record
from archive.model.filters import words_of
from archive.model.tables import STORED
from archive.store.index_file import Column, narrow
from archive.text import fold, sort_key

Raw = Mapping[str, Any]
_FIELDS = repr([(name, list(cls.FIELDS)) for name, cls in STORED.items()])
CODE = f"8 {unicodedata.unidata_version} {crc32(_FIELDS.encode()):08x}"
"""Version of the arrays. Increment the leading number when their meaning changes: old index files are then rebuilt."""
_BETWEEN = "\0"  # separator of texts; no text of a record contains it


def name_of(cls: type[Record], raw: Raw) -> str:
    """Return the name of a record, or "" if it has none."""
    return str(raw.get(cls.NAMED_BY, ""))


def day_of(cls: type[Record], raw: Raw) -> str:
    """Return the date by which a record is sorted newest first, or "" if it has none."""
    return str(raw.get(cls.DAY, ""))


KEYS: dict[str, Callable[[type[Record], Raw], str]] = {
    "uid": lambda cls, raw: str(raw["uid"]),
    "code": lambda cls, raw: str(raw.get("code", "")),
    "name": lambda cls, raw: fold(name_of(cls, raw)),
    "customer": lambda cls, raw: str(raw.get("customer", "")),
}
"""The lookups and how each gets its key from a record. Records without the value share the key ""."""


class Collector(Protocol):
    """Builds arrays in a single pass over the records of a table."""

    def add(self, row: Raw) -> None:
        """Process the next record."""

    def arrays(self) -> dict[str, Column]:
        """Return the arrays after all records were added."""


class Texts:
    """A text for each record: all texts joined in `NAME.text`, the offset of each in `NAME.starts`."""

    def __init__(self, text: memoryview | Column, starts: Sequence[int]) -> None:
        self._text, self._starts = memoryview(text), starts

    def __getitem__(self, slot: int) -> str:
        return str(self._text[self._starts[slot] : self._starts[slot + 1] - 1], "utf-8")

    def containing(self, text: str) -> Iterator[int]:
        """Yield the slots whose text contains `text`; searches the encoded bytes without decoding them."""
        search, starts = re.compile(re.escape(text.encode())).search, self._starts
        match = search(self._text)
        while match:
            slot = bisect_right(starts, match.start()) - 1
            yield slot
            match = search(self._text, starts[slot + 1])

    def all(self) -> list[str]:
        """Return every text in order."""
        return str(self._text, "utf-8").split(_BETWEEN)[:-1]


def text_arrays(name: str, texts: Iterable[str]) -> dict[str, Column]:
    """Return the two arrays from which `Texts` reads."""
    starts, encoded = array("Q", [0]), []
    for text in texts:
        encoded.append(f"{text}{_BETWEEN}".encode())
        starts.append(starts[-1] + len(encoded[-1]))
    return {f"{name}.text": b"".join(encoded), f"{name}.starts": narrow(starts, starts[-1])}


class TextCollector:
    """Builds the arrays of `Texts`."""

    def __init__(self, name: str, text_of: Callable[[Raw], str]) -> None:
        self._name, self._text_of = name, text_of
        self._texts: list[str] = []

    def add(self, row: Raw) -> None:
        self._texts.append(self._text_of(row))

    def arrays(self) -> dict[str, Column]:
        return text_arrays(self._name, self._texts)


class OrderCollector:
    """Builds `order`: the slots sorted by name, or newest first if the records of the table have no names."""

    def __init__(self, cls: type[Record]) -> None:
        self._cls = cls
        self._keys: list[tuple[str, str]] = []

    def add(self, row: Raw) -> None:
        self._keys.append(order_key(self._cls, row))

    def arrays(self) -> dict[str, Column]:
        slots = sorted(range(len(self._keys)), key=self._keys.__getitem__, reverse=not has_names(self._cls))
        return {"order": array("I", slots)}


def has_names(cls: type[Record]) -> bool:
    """Return whether the records of a table have names and are sorted by them, instead of newest first."""
    return cls.NAMED_BY in cls.FIELDS


def order_key(cls: type[Record], row: Raw) -> tuple[str, str]:
    """Return the sort key of a record in the list of its table."""
    first = sort_key(name_of(cls, row)) if has_names(cls) else day_of(cls, row)
    return first, str(row["uid"])


class LookupCollector:
    """Builds a lookup: the ascending hashes of the keys in `NAME.hashes`, the slot of each in `NAME.slots`."""

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
    """Return a hash that is the same in every process, unlike Python's own. Different texts may collide."""
    return crc32(key.encode())


def candidates(hashes: Sequence[int], slots: Sequence[int], key: str) -> Iterator[int]:
    """Yield the slots whose key has the same hash; the caller has to compare the keys themselves."""
    key_hash = hashed(key)
    index = bisect_left(hashes, key_hash)
    while index < len(hashes) and hashes[index] == key_hash:
        yield slots[index]
        index += 1


class ColumnsCollector:
    """Builds a dictionary-encoded column for each of some keys.

    `col.KEY.values` has the distinct values as a JSON list, and `col.KEY` the index into it for each record. Index 0
    is None, for records without a value.
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
                codes, places = columns[key]
                if len(places) < self._records:
                    _pad(places, self._records)
                # Other values than text are wrapped, so that they are hashable and never equal to a text.
                mark = value if type(value) is str else (json.dumps(value),)
                places.append(codes.setdefault(mark, len(codes)))
        self._records += 1

    def arrays(self) -> dict[str, Column]:
        columns: dict[str, Column] = {}
        for key, (codes, places) in self._columns.items():
            _pad(places, self._records)
            columns[f"col.{key}"] = narrow(places, len(codes) - 1)
            values = [json.loads(*mark) if type(mark) is tuple else mark for mark in codes]
            columns[f"col.{key}.values"] = json.dumps(values, ensure_ascii=False).encode()
        return columns


def _pad(places: array[int], records: int) -> None:
    """Append index 0 (None) for the records without a value, up to `records` entries."""
    places.frombytes(bytes(places.itemsize * (records - len(places))))


def column(places: Sequence[int], values: bytes) -> list[Any]:
    """Decode a column: return the value of each record."""
    return list(map(json.loads(values).__getitem__, places))


def column_keys(cls: type[Record]) -> list[str]:
    """Return the fields that have a column: all except long texts and lists. Reports and sorting read columns."""
    fields = cls.FIELDS.items()
    return [
        key for key, field in fields if field.type is not LONG_TEXT and not isinstance(field.type, ListOf)
    ]


def lookups(cls: type[Record]) -> list[str]:
    """Return the names of the lookups that a table has."""
    has = {
        "uid": True,
        "code": "code" in cls.FIELDS,
        "name": has_names(cls),
        "customer": "customer" in cls.FIELDS,
    }
    return [name for name in KEYS if has[name]]


LATER = frozenset({"words", "col"})
"""Arrays that the first page of a list does not need. For a large table, all others are built in a single pass."""


def collectors(cls: type[Record]) -> dict[str, Callable[[], Collector]]:
    """Return the collectors for all arrays of a table, by the prefix of the arrays' names."""
    return {
        "uids": lambda: TextCollector("uids", lambda row: KEYS["uid"](cls, row)),
        "words": lambda: TextCollector("words", lambda row: words_of(cls, row)),
        "order": lambda: OrderCollector(cls),
        **{name: partial(LookupCollector, cls, name) for name in lookups(cls)},
        "col": lambda: ColumnsCollector(column_keys(cls)),
    }
