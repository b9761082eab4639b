"""Column names: `full_name`, `customer.code`, `phones.1.value`, `extra.Route`; also in Chinese."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from archive.exchange.headers.words_zh import CHINESE
from archive.model.field_types.lists import ListOf
from archive.model.field_types.standard import Link
from archive.model.fields import Field, Item, Record

ID = "id"
EXTRA = "extra"
CODE, NAME = "code", "name"
_MOST_PARTS = 1_000


@dataclass(frozen=True)
class Place:
    """The place of a column's values in a record.

    Attributes:
        key: The key of a field, or ID or EXTRA.
        number: Position in a list, starting at 1; 0 if the field is not a list.
        part: The key of a field of the list's parts.
        side: CODE or NAME of a reference.
        name: The header of a column in EXTRA; "" for several values as JSON.
    """

    key: str
    number: int = 0
    part: str = ""
    side: str = ""
    name: str = ""

    def __str__(self) -> str:
        """Return the key of the column, which `place_of` reads."""
        return ".".join(self._words)

    @property
    def _words(self) -> list[str]:
        number = str(self.number) if self.number else ""
        return [word for word in (self.key, number, self.part, self.side, self.name) if word]

    def header(self, cls: type[Record], language: str = "en") -> str:
        """Return the column's header: its key, or the Chinese equivalent for "zh"."""
        if language == "en":
            return str(self)
        if self.key == EXTRA:
            return ".".join([CHINESE[EXTRA], *self._words[1:]])
        return ".".join(_chinese(self.key, word) for word in self._words)

    def field(self, cls: type[Record]) -> Field | None:
        """Return the field to which the column's cells belong; None for ID and EXTRA."""
        field = cls.FIELDS.get(self.key)
        if field and self.part and isinstance(field.type, ListOf):
            return _fields_of_part(field.type)[self.part]
        return field


def _fields_of_part(kind: ListOf[Any]) -> dict[str, Field]:
    fields: dict[str, Field] = kind.part.FIELDS
    return fields


def _chinese(key: str, word: str) -> str:
    return CHINESE.get(f"{key}.{word}") or CHINESE.get(word) or word


def place_of(cls: type[Record], header: str) -> Place | None:
    """Return the place for a header made of English or Chinese keys; None for any other header."""
    if header in (ID, EXTRA, CHINESE[EXTRA]):
        return Place(ID if header == ID else EXTRA)
    first, dot, rest = header.partition(".")
    if dot and first in (EXTRA, CHINESE[EXTRA]):
        return Place(EXTRA, name=rest) if rest else None
    words = header.split(".")
    field = cls.FIELDS.get(_key(cls, "", words[0]))
    if field is None:
        return None
    return Place(field.key) if len(words) == 1 else _inner(field, words[1:])


def _inner(field: Field, words: list[str]) -> Place | None:
    if isinstance(field.type, Link) and len(words) == 1:
        side = _side(words[0])
        return Place(field.key, side=side) if side else None
    if not isinstance(field.type, ListOf) or len(words) not in (2, 3) or not _is_number(words[0]):
        return None
    part = field.type.part.FIELDS.get(_key(field.type.part, field.key, words[1]))
    side = _side(words[2]) if len(words) == 3 else ""
    if part is None or (len(words) == 3 and not (side and isinstance(part.type, Link))):
        return None
    return Place(field.key, int(words[0]), part.key, side)


def _is_number(word: str) -> bool:
    return word.isascii() and word.isdecimal() and 0 < int(word) <= _MOST_PARTS


def _side(word: str) -> str:
    return {CODE: CODE, NAME: NAME, CHINESE[CODE]: CODE, CHINESE[NAME]: NAME}.get(word, "")


def _key(cls: type[Item], within: str, word: str) -> str:
    if word in cls.FIELDS:
        return word
    return next((key for key in cls.FIELDS if _chinese(within or key, key) == word), "")
