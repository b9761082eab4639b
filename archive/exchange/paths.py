"""The names of columns: `full_name`, `customer.code`, `phones.1.value`, `extra.Route`; also in Chinese."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from archive.exchange.words_zh import CHINESE
from archive.model.fields import Fact, Item, Record
from archive.model.kinds import Link
from archive.model.lists import ListOf

ID = "id"
EXTRA = "extra"
CODE, NAME = "code", "name"
HEADERS = ("en", "zh")
_MOST_PARTS = 1_000


@dataclass(frozen=True)
class Place:
    """Where the values of a column stand in a record.

    `key` is a fact's, or ID or EXTRA. `number` counts the parts of a list from 1, `part` is the fact of one; `side`
    is CODE or NAME of a link. `name` is the column's own name in EXTRA, "" for several of them as JSON.
    """

    key: str
    number: int = 0
    part: str = ""
    side: str = ""
    name: str = ""

    def __str__(self) -> str:
        """The key of the column: `place_of` reads it back."""
        return ".".join(self._words)

    @property
    def _words(self) -> list[str]:
        number = str(self.number) if self.number else ""
        return [word for word in (self.key, number, self.part, self.side, self.name) if word]

    def header(self, cls: type[Record], language: str = "en") -> str:
        """The column's header: its key, or for "zh" the same in Chinese words."""
        if language == "en":
            return str(self)
        if self.key == EXTRA:
            return ".".join([CHINESE[EXTRA], *self._words[1:]])
        return ".".join(_chinese(self.key, word) for word in self._words)

    def fact(self, cls: type[Record]) -> Fact | None:
        """The fact that a cell of the column is a value of; None for ID and EXTRA."""
        fact = cls.FACTS.get(self.key)
        if fact and self.part and isinstance(fact.kind, ListOf):
            return _facts_of_part(fact.kind)[self.part]
        return fact


def _facts_of_part(kind: ListOf[Any]) -> dict[str, Fact]:
    facts: dict[str, Fact] = kind.part.FACTS
    return facts


def _chinese(key: str, word: str) -> str:
    return CHINESE.get(f"{key}.{word}") or CHINESE.get(word) or word


def place_of(cls: type[Record], header: str) -> Place | None:
    """The place that a header names by its keys, in English or in Chinese words; None for any other."""
    if header in (ID, EXTRA, CHINESE[EXTRA]):
        return Place(ID if header == ID else EXTRA)
    first, dot, rest = header.partition(".")
    if dot and first in (EXTRA, CHINESE[EXTRA]):
        return Place(EXTRA, name=rest) if rest else None
    words = header.split(".")
    fact = cls.FACTS.get(_key(cls, "", words[0]))
    if fact is None:
        return None
    return Place(fact.key) if len(words) == 1 else _inner(fact, words[1:])


def _inner(fact: Fact, words: list[str]) -> Place | None:
    if isinstance(fact.kind, Link) and len(words) == 1:
        side = _side(words[0])
        return Place(fact.key, side=side) if side else None
    if not isinstance(fact.kind, ListOf) or len(words) not in (2, 3) or not _is_number(words[0]):
        return None
    part = fact.kind.part.FACTS.get(_key(fact.kind.part, fact.key, words[1]))
    side = _side(words[2]) if len(words) == 3 else ""
    if part is None or (len(words) == 3 and not (side and isinstance(part.kind, Link))):
        return None
    return Place(fact.key, int(words[0]), part.key, side)


def _is_number(word: str) -> bool:
    return word.isascii() and word.isdecimal() and 0 < int(word) <= _MOST_PARTS


def _side(word: str) -> str:
    return {CODE: CODE, NAME: NAME, CHINESE[CODE]: CODE, CHINESE[NAME]: NAME}.get(word, "")


def _key(cls: type[Item], within: str, word: str) -> str:
    if word in cls.FACTS:
        return word
    return next((key for key in cls.FACTS if _chinese(within or key, key) == word), "")
